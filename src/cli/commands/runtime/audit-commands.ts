// `cavra runtime audit-kit`: its flags and help. What it does stands in files of its own. Implements spec/cli.md section 20.

import type { Command } from "commander";
import { EXIT, type ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { type AuditKitOptions, auditKit } from "./audit-kit.js";
import { type AuditVerifyOptions, auditVerify } from "./audit-verify.js";
import { withDocuments } from "./promotion-gate.js";

export function auditCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  const kit = group.command("audit-kit").description("one file that answers why Go was selected, or not, at a time");
  withDocuments(kit)
    .option("--at <time>", "the time asked about: a moment in UTC, or a length back from now as `2h`")
    .option("--output <file>", "the kit; never written over")
    .option("--documents <folder...>", "folders where documents were kept that have been replaced since")
    .option("--json", "print JSON")
    .action((options: AuditKitOptions) => {
      if (options.at !== undefined || options.output !== undefined) return ends(auditKit(terminal, options));
      terminal.print(kit.helpInformation());
      ends(EXIT.done);
    });
  kit
    .command("verify")
    .argument("<file>", "a kit that somebody gave you")
    .description("does it hold, and what does it answer? computes the answer again")
    .option("--root-key <key_id>", "the root key, for this once, instead of the pinned one")
    .option("--seen <file>", "the last checkpoint of this ledger that you saw")
    .option("--trust <file>", "later trust documents, one a line")
    .option("--json", "print JSON")
    .action((file: string, _options, command: Command) => ends(auditVerify(terminal, file, command.optsWithGlobals<AuditVerifyOptions>())));
}
