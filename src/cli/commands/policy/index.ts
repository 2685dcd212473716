// The `cavra policy` group: names, options and help. What a command does stands beside this, one file each. Implements spec/cli.md section 7.

import type { Command } from "commander";
import { POLICY_SIGNERS } from "../../../evidence/index.js";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { compile } from "./compile.js";
import { describe } from "./describe.js";
import { diff } from "./diff.js";
import { initPolicy } from "./init.js";
import { list } from "./list.js";
import { type SignPolicyOptions, sign } from "./sign.js";
import { type ReplayOptions, SAMPLES_LIMIT, simulate } from "./simulate.js";
import { type TestOptions, test } from "./test.js";
import { type ValidateOptions, validate } from "./validate.js";
import { type VerifyPolicyOptions, verify } from "./verify.js";

type Ends = (status: ExitStatus) => void;
interface Json {
  readonly json?: boolean;
}

export function policyCommands(group: Command, terminal: Terminal, ends: Ends): void {
  addReading(group, terminal, ends);
  addProving(group, terminal, ends);
  addSigning(group, terminal, ends);
}

function addReading(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("list")
    .description("the packs that ship, and the host's own")
    .option("--json", "print JSON")
    .action((options: Json) => ends(list(terminal, options)));
  group
    .command("describe")
    .argument("[policy]", "a pack's id or a file (default: the policy in force here)")
    .description("every rule: what it protects, how strictly, and who may make exceptions")
    .option("--json", "print JSON")
    .action((name: string | undefined, options: Json) => ends(describe(terminal, name ?? "", options)));
  group
    .command("validate")
    .argument("[file]", "a policy file (default: this repository's)")
    .option("--workspace", "as a repository's policy, which may only tighten (the default for .cavra/policy.yaml)")
    .option("--json", "print JSON")
    .description("check a policy file, with line, column and suggestions")
    .action((file: string | undefined, options: ValidateOptions) => ends(validate(terminal, file ?? "", options)));
  group
    .command("compile")
    .argument("[policy]", "a pack's id or a file (default: the policy in force here)")
    .option("--policy-pack <id>", "a pack's id")
    .description("print the canonical compiled policy, byte-identical on every machine")
    .action((name: string | undefined, options: { policyPack?: string }) => ends(compile(terminal, name ?? options.policyPack ?? "")));
  group
    .command("init")
    .description("write a policy for this repository; overwrites nothing")
    .action(() => ends(initPolicy(terminal)));
}

function addProving(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("test")
    .argument("<policy>", "a pack's id or a file")
    .description("run a pack's own tests, and say what they and reasoning show of each rule; exit status 4 when it does not hold")
    .option("--coverage", "show every rule in a table")
    .option("--json", "print JSON")
    .action((name: string, options: TestOptions) => ends(test(terminal, name, options)));
  withWindow(
    group
      .command("diff")
      .argument("<a>", "a pack's id or a file")
      .argument("<b>", "a pack's id or a file")
      .description("what is stricter, milder, new, gone, moved or reworded in b, rule by rule; with --since also over recorded decisions"),
    "no recorded decisions",
  )
    .option("--json", "print JSON")
    .action((a: string, b: string, options: ReplayOptions) => ends(diff(terminal, a, b, options)));
  withWindow(
    group
      .command("simulate")
      .argument("[policy]", "a pack's id or a file (default: the policy in force here)")
      .description("what a policy would have answered to the decisions that were recorded, by rule; nothing is recorded"),
  )
    .option("--json", "print JSON")
    .action((name: string | undefined, options: ReplayOptions) => ends(simulate(terminal, name ?? "", options)));
}

function addSigning(group: Command, terminal: Terminal, ends: Ends): void {
  group
    .command("sign")
    .argument("[policy]", "a file or a pack's id (default: the host's policy)")
    .description("sign a policy with an approver's or builder's key; for people")
    .option("--role <role>", `${POLICY_SIGNERS.join(" or ")} (default: approver)`)
    .option("--key-folder <folder>", "where the private key is (default: the state folder)")
    .option("--passphrase-file <file>", "a file whose first line opens the private key")
    .option("--expires <time>", "when the signature ends (90d, 2027-01-31; default: never)")
    .option("--reason <text>", "why; it is signed and recorded")
    .option("--output <file>", "where the signature goes (default: beside the policy)")
    .option("--json", "print JSON")
    .action((name: string | undefined, options: SignPolicyOptions) => ends(sign(terminal, name ?? "", options)));
  group
    .command("verify")
    .argument("[policy]", "a file or a pack's id (default: the host's policy)")
    .description("is a policy signed, by whom, and does this host ask for that; exit status 4 when it is not")
    .option("--signature <file>", "where the signature is (default: beside the policy)")
    .option("--json", "print JSON")
    .action((name: string | undefined, options: VerifyPolicyOptions) => ends(verify(terminal, name ?? "", options)));
}

function withWindow(command: Command, otherwise = "7d"): Command {
  return command
    .option("--since <time>", `from so long ago, or from this time on (7d, 2026-11-23; default: ${otherwise})`)
    .option("--until <time>", "before this time")
    .option("--samples <n>", `how many actions to show of each group (0 to ${SAMPLES_LIMIT}; default: 5)`);
}
