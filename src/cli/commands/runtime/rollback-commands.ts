// `cavra runtime go-rollback-plan init | check | sign` and `go-rollback-readiness`: flags and help. What they do stands beside. Implements spec/drills.md section 2.

import type { Command } from "commander";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { withSigner } from "./go-package.js";
import type { GateOptions } from "./promotion-gate.js";
import { checkPlan, initPlan, type PlanOptions, signPlan } from "./rollback-plan.js";
import { rollbackReadiness } from "./rollback-readiness.js";
import { withRuntime } from "./settings.js";

export function rollbackCommands(runtime: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  const group = runtime.command("go-rollback-plan").description("write, check and sign the way back");
  group
    .command("init")
    .argument("<file>", "a file that is not there yet")
    .description("write a draft: what is known is filled in, and `TODO` stands where a person must")
    .option("--json", "print JSON")
    .action((file: string, options: PlanOptions) => ends(initPlan(terminal, file, options)));
  group
    .command("check")
    .argument("<file>", "a draft")
    .description("say all that a draft lacks, with its place; exit status 4 where it lacks anything")
    .option("--json", "print JSON")
    .action((file: string, options: PlanOptions) => ends(checkPlan(terminal, file, options)));
  withSigner(group.command("sign"))
    .argument("<file>", "a draft that lacks nothing")
    .description("sign it for one runtime, for 90 days")
    .option("--output <file>", "a file that is not there yet")
    .option("--runtime-path <file>", "the cavra-runtime binary (CAVRA_GO_RUNTIME_PATH)")
    .option("--json", "print JSON")
    .action((file: string, options: PlanOptions) => ends(signPlan(terminal, file, options)));
  withRuntime(runtime.command("go-rollback-readiness").description("is there a way back, can it be gone, and was it rehearsed?"))
    .option("--rollback-plan-path <file>", "rollback plan (CAVRA_GO_ROLLBACK_PLAN)")
    .option("--rollback-rehearsal-path <file>", "rehearsal (CAVRA_GO_ROLLBACK_REHEARSAL_EVIDENCE)")
    .option("--json", "print JSON")
    .action(async (options: GateOptions) => ends(await rollbackReadiness(terminal, options)));
}
