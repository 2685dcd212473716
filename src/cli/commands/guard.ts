// The commands of the first week: observe, allow, pause, resume, log. Their options and help; what they do stands in a file each. Implements spec/cli.md section 11.

import type { Command } from "commander";
import type { ExitStatus } from "../exit.js";
import { withFilters } from "../record-filter.js";
import type { Terminal } from "../terminal.js";
import { type AllowOptions, allow } from "./allow.js";
import { type LogOptions, log } from "./log.js";
import { type ObserveOptions, observeOff, observeOn, observeState } from "./observe.js";
import { observeReport } from "./observe-report.js";
import { type PauseOptions, pause, resume } from "./pause.js";

type Ends = (status: ExitStatus) => void;

const REASON = "why; it is recorded";

export function guardCommands(program: Command, terminal: Terminal, ends: Ends): void {
  withFilters(program.command("log").description("the last decisions, one line each, and with --follow every one that comes"))
    .option("--limit <n>", "how many of the last", "20")
    .option("-f, --follow", "show what comes; in a terminal: arrows choose, enter tells all, q ends")
    .option("--json", "print JSON lines")
    .action(async (options: LogOptions) => ends(await log(terminal, options)));
  observeCommands(program, terminal, ends);
  program
    .command("allow")
    .argument("[decision_id]", "a decision that was stopped, or the beginning of its id; without one, the last that was stopped")
    .description("except what was stopped, as narrowly as it can be said, until an end; for people")
    .option("--until <time>", "`2h`, `7d` or a moment in UTC; at most 90 days from now")
    .option("--reason <text>", REASON)
    .option("--list", "what is excepted on this host")
    .option("--remove <exception_id>", "take an exception away")
    .option("--json", "print JSON")
    .action((id: string | undefined, options: AllowOptions) => ends(allow(terminal, id ?? "", options)));
  program
    .command("pause")
    .description("stop nothing for a while, but what nobody may except; for people")
    .option("--for <length>", "`10m`; an hour at most")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((options: PauseOptions) => ends(pause(terminal, options)));
  program
    .command("resume")
    .description("end a pause")
    .option("--json", "print JSON")
    .action((options: { json?: boolean }) => ends(resume(terminal, options)));
}

function observeCommands(program: Command, terminal: Terminal, ends: Ends): void {
  const group = program
    .command("observe")
    .description("does this host only record, and stop nothing?")
    .option("--json", "print JSON")
    .action((options: ObserveOptions) => ends(observeState(terminal, options)));
  group
    .command("on")
    .description("from now on record, and stop nothing; for people")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((_, command: Command) => ends(observeOn(terminal, command.optsWithGlobals())));
  group
    .command("off")
    .description("stop again what the policy stops")
    .option("--reason <text>", REASON)
    .option("--json", "print JSON")
    .action((_, command: Command) => ends(observeOff(terminal, command.optsWithGlobals())));
  group
    .command("report")
    .description("what was or would have been stopped, by rule, and the exception for each false alarm")
    .option("--since <time>", "from so long ago, or from this time on (24h, 7d, 2026-11-23)", "7d")
    .option("--json", "print JSON")
    .action((_, command: Command) => ends(observeReport(terminal, command.optsWithGlobals())));
}
