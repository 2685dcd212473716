// `cavra runtime go-rollback-rehearsal` and `go-rollback-drills`: their flags and help. What each does stands in a file of its own. Implements spec/drills.md section 5.

import type { Command } from "commander";
import type { ExitStatus } from "../../../exit.js";
import type { Terminal } from "../../../terminal.js";
import { type ListOptions, listDrills, verifyDrills } from "./list.js";
import { drillsReadiness, type ReadinessOptions, rehearsalReadiness } from "./readiness.js";
import { type ResolveOptions, resolveDrill } from "./resolve.js";
import { type RunOptions, runOneDrill, runRehearsal } from "./run.js";
import { type VerifyOptions, verifyRehearsal } from "./verify.js";

type Ends = (status: ExitStatus) => void;

export function drillCommands(group: Command, terminal: Terminal, ends: Ends): void {
  rehearsalCommands(group, terminal, ends);
  const drills = withRuntimePath(group.command("go-rollback-drills").description("are the drills in order? run, list, verify, resolve"))
    .option("--rollback-drill-history-path <file>", "drill history (CAVRA_GO_ROLLBACK_DRILL_HISTORY; default: this state folder's)")
    .option("--rollback-plan-path <file>", "rollback plan (CAVRA_GO_ROLLBACK_PLAN)")
    .option("--json", "print JSON")
    .action((options: ReadinessOptions) => ends(drillsReadiness(terminal, options)));
  withRun(drills.command("run").description("break the second engine on purpose, in scratch folders, and write down what was seen"))
    .requiredOption("--fault <name>", "what is done")
    .action(async (_: unknown, command: Command) => ends(await runOneDrill(terminal, command.optsWithGlobals<RunOptions>())));
  drills
    .command("list")
    .description("every drill that began, and how it went")
    .option("--json", "print JSON")
    .action((_: unknown, command: Command) => ends(listDrills(terminal, command.optsWithGlobals<ListOptions>())));
  drills
    .command("verify")
    .argument("[file]", "a drill history (default: this state folder's)")
    .description("does the history hold, line by line; exit status 4 when not")
    .option("--pin <key_id>", "the root key that counts (default: the one that this account has pinned)")
    .option("--json", "print JSON")
    .action((file: string | undefined, _: unknown, command: Command) =>
      ends(verifyDrills(terminal, file ?? "", command.optsWithGlobals<ListOptions>())),
    );
  drills
    .command("resolve")
    .argument("<drill_id>", "as `list` shows it")
    .description("answer for a drill that failed: a person, with the approver's key")
    .option("--reason <text>", "what was wrong, and what was done about it")
    .option("--key-folder <folder>", "where the approver's private key is (default: the state folder)")
    .option("--passphrase-file <file>", "its first line opens the key")
    .option("--json", "print JSON")
    .action((id: string, _: unknown, command: Command) => ends(resolveDrill(terminal, id, command.optsWithGlobals<ResolveOptions>())));
}

function rehearsalCommands(group: Command, terminal: Terminal, ends: Ends): void {
  const rehearsal = withRuntimePath(group.command("go-rollback-rehearsal").description("is the way back rehearsed? run, verify"))
    .option("--rollback-rehearsal-path <file>", "rehearsal (CAVRA_GO_ROLLBACK_REHEARSAL_EVIDENCE)")
    .option("--rollback-plan-path <file>", "rollback plan (CAVRA_GO_ROLLBACK_PLAN)")
    .option("--json", "print JSON")
    .action((options: ReadinessOptions) => ends(rehearsalReadiness(terminal, options)));
  withRun(rehearsal.command("run").description("do every fault of the plan to a release candidate, and sign what was seen"))
    .option("--output <file>", "the rehearsal; a picture of each drill is written beside it")
    .option("--faults <names>", "only these, with commas between (default: the plan's, else all)")
    .option("--kills <n>", "only `sigkill`, so many times")
    .action(async (_: unknown, command: Command) => ends(await runRehearsal(terminal, command.optsWithGlobals<RunOptions>())));
  rehearsal
    .command("verify")
    .argument("<file>", "a rehearsal")
    .description("is a rehearsal signed, whole and in time, and did every drill pass; exit status 4 when not")
    .option("--pin <key_id>", "the root key that counts (default: the one that this account has pinned)")
    .option("--json", "print JSON")
    .action((file: string, _: unknown, command: Command) =>
      ends(verifyRehearsal(terminal, file, command.optsWithGlobals<VerifyOptions>())),
    );
}

function withRuntimePath(command: Command): Command {
  return command.option("--runtime-path <file>", "the cavra-runtime binary (CAVRA_GO_RUNTIME_PATH; default: the installation's own)");
}

function withRun(command: Command): Command {
  return command
    .option("--callers <n>", "so many ask at a time (1 to 64)")
    .option("--first-answer-ms <n>", "objective: TypeScript's first answer (default: the plan's, else 20)")
    .option("--full-demotion-ms <n>", "objective: until nothing asks Go any more (default: the plan's, else 1000)")
    .option("--key-folder <folder>", "where the drill key is (default: the state folder)")
    .option("--passphrase-file <file>", "its first line opens the key")
    .option("--json", "print JSON");
}
