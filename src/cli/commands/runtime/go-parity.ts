// `cavra runtime go-parity run | verify`: flags and help. What they do stands beside. Implements spec/parity.md and spec/cli.md section 14.

import type { Command } from "commander";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import type { EvaluateOptions } from "../evaluate.js";
import type { ParityOptions } from "./parity-campaign.js";
import { parityFirst } from "./parity-first.js";
import { runParity } from "./parity-run.js";
import { type VerifyParityOptions, verifyParity } from "./parity-verify.js";
import { type RuntimeOptions, withRuntime } from "./settings.js";

export function parityCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  group
    .command("run")
    .description("judge generated actions with both engines and compare every byte")
    .option("--runtime-path <file>", "the cavra-runtime binary (CAVRA_GO_RUNTIME_PATH)")
    .option("--policy-pack <id>", "judge by this pack instead of the policy in force")
    .option("--registry <file>", "an MCP registry for both engines (default: none)")
    .option("--cases <n>", "so many generated cases (default: 100000)")
    .option("--minutes <n>", "end after so many minutes, wherever it stands")
    .option("--seed <hex>", "16 hexadecimal digits (default: from the digests of both engines and the policy)")
    .option("--sealed", "stop at the first mismatch")
    .option("--exploring", "collect mismatches (the default)")
    .option("--up-to <n>", "collect so many mismatches (default: 100)")
    .option("--corpus <file...>", "command lines to ask too, and to change: JSON lines with `command`, or plain lines")
    .option("--vectors <folder>", "shared vectors whose inputs are asked too")
    .option("--traffic", "ask what is on record here too: shadow log, journal and ledger")
    .option("--lanes <n>", "threads, each with a second engine of its own (default: one a processor)")
    .option("--state <file>", "keep how far it came there, and go on from there")
    .option("--keep <folder>", "write a vector without expectation for each mismatch")
    .option("--report <file>", "write the signed report")
    .option("--self-cases <n>", "for the report: so many cases of the first engine against itself (default: 20000)")
    .option("--self", "compare the first engine with itself in another process, time zone, locale and heap")
    .option("--json", "print JSON")
    .action(async (options: ParityOptions) => ends(await runParity(terminal, options)));
  withRuntime(group.command("first").description("compare both engines by one policy, shortly, before Go is asked beside it"))
    .option("--policy-pack <id>", "judge by this pack instead of the policy in force")
    .option("--policy <file>", "judge by this policy file instead")
    .option("--json", "print JSON")
    .action(async (options: RuntimeOptions & EvaluateOptions) => ends(await parityFirst(terminal, options)));
  group
    .command("verify")
    .argument("<file>", "a report")
    .description("is a report signed, whole and in time, and did the engines agree; exit status 4 when not")
    .option("--pin <key_id>", "the root key that counts (default: the one that this account has pinned)")
    .option("--runtime-path <file>", "the report must be about this binary")
    .option("--policy-digest <digest>", "the report must be about this policy")
    .option("--json", "print JSON")
    .action((file: string, options: VerifyParityOptions) => ends(verifyParity(terminal, file, options)));
}
