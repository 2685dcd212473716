// `cavra evidence`: the commands over what was recorded, their options and help. What they do stands in evidence/, one file each. Implements spec/cli.md section 6.

import type { Command } from "commander";
import type { ExitStatus } from "../exit.js";
import { withFilters } from "../record-filter.js";
import type { Terminal } from "../terminal.js";
import { LIST_LIMIT, type ListOptions, list, show } from "./evidence/records.js";
import { type VerifyOptions, verify } from "./evidence/verify.js";

type Ends = (status: ExitStatus) => void;

export function evidenceCommands(group: Command, terminal: Terminal, ends: Ends): void {
  recordCommands(group, terminal, ends);
  group
    .command("verify")
    .description("check every record, digest, place and signed head of the ledger and the journal")
    .option("--state-dir <folder>", "look at this state folder, and change nothing in it (default: yours)")
    .option("--json", "print JSON")
    .action((options: VerifyOptions) => ends(verify(terminal, options)));
}

function recordCommands(group: Command, terminal: Terminal, ends: Ends): void {
  const limit = `how many (1 to ${LIST_LIMIT})`;
  withFilters(group.command("list").description("records, the last written first").option("--limit <n>", limit, "20"))
    .option("--json", "print JSON lines")
    .action((options: ListOptions) => ends(list(terminal, [], options)));
  withFilters(
    group
      .command("search")
      .argument("<words...>", "what a record must hold, all of them, whatever their case")
      .description("records that hold these words, the last written first")
      .option("--limit <n>", limit, "20"),
  )
    .option("--json", "print JSON lines")
    .action((words: readonly string[], options: ListOptions) => ends(list(terminal, words, options)));
  group
    .command("show")
    .argument("<decision_id>", "a decision, or the beginning of its id")
    .description("one record, whole")
    .option("--json", "print the canonical record")
    .action((id: string, options: { json?: boolean }) => ends(show(terminal, id, options.json === true)));
}
