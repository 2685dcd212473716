// `cavra runtime go-promot…`, `go-rollback`, `go-hold`: their flags and help. What each does stands in a file of its own. Implements spec/cli.md section 16.

import type { Command } from "commander";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { goRollback, type HoldOptions, liftHoldNow, listHolds } from "./hold.js";
import { goPromote, type PromoteOptions } from "./promote.js";
import { type GateOptions, withDocuments } from "./promotion-gate.js";
import { promotionReadiness } from "./promotion-readiness.js";
import { withRuntime } from "./settings.js";

export function promotionCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  withDocuments(withRuntime(group.command("go-promotion-readiness").description("may Go be selected here, and what is missing?")))
    .option("--json", "print JSON")
    .action(async (options: GateOptions) => ends(await promotionReadiness(terminal, options)));
  withDocuments(
    withRuntime(group.command("go-promote").description("check what a promotion rests on, ask for its approval, sign its evidence")),
  )
    .option("--output <folder>", "folder for the evidence, and for the parity report beside it")
    .option("--reason <text>", "why it is asked for; the approvers read it")
    .option("--json", "print JSON")
    .action(async (options: PromoteOptions) => ends(await goPromote(terminal, options)));
  group
    .command("go-rollback")
    .description("let Go answer nothing from now on, at once and in every running process")
    .option("--reason <text>", "why; it is recorded")
    .option("--json", "print JSON")
    .action((options: HoldOptions) => ends(goRollback(terminal, options)));
  const hold = group.command("go-hold").description("the hold that keeps Go from answering");
  hold
    .command("list", { isDefault: true })
    .description("the hold that stands, and those that were lifted")
    .option("--json", "print JSON")
    .action((options: HoldOptions) => ends(listHolds(terminal, options)));
  hold
    .command("lift")
    .argument("<hold_id>", "as `go-hold list` shows it")
    .description("lift it; the gate must pass again before Go answers")
    .option("--reason <text>", "why; it is recorded")
    .option("--json", "print JSON")
    .action((id: string, options: HoldOptions) => ends(liftHoldNow(terminal, id, options)));
}
