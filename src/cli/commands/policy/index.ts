// The `cavra policy` group: names, options and help. What a command does stands beside this, one file each. Implements spec/cli.md section 7.

import type { Command } from "commander";
import type { ExitStatus } from "../../exit.js";
import type { Terminal } from "../../terminal.js";
import { compile } from "./compile.js";
import { describe } from "./describe.js";
import { diff } from "./diff.js";
import { initPolicy } from "./init.js";
import { list } from "./list.js";
import { type ReplayOptions, SAMPLES_LIMIT, simulate } from "./simulate.js";
import { type TestOptions, test } from "./test.js";
import { type ValidateOptions, validate } from "./validate.js";

type Ends = (status: ExitStatus) => void;
interface Json {
  readonly json?: boolean;
}

export function policyCommands(group: Command, terminal: Terminal, ends: Ends): void {
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
    .command("test")
    .argument("<policy>", "a pack's id or a file")
    .description("run a pack's own tests, and say what they and reasoning show of each rule; exit status 4 when it does not hold")
    .option("--coverage", "show every rule in a table")
    .option("--json", "print JSON")
    .action((name: string, options: TestOptions) => ends(test(terminal, name, options)));
  group
    .command("compile")
    .argument("[policy]", "a pack's id or a file (default: the policy in force here)")
    .option("--policy-pack <id>", "a pack's id")
    .description("print the canonical compiled policy, byte-identical on every machine")
    .action((name: string | undefined, options: { policyPack?: string }) => ends(compile(terminal, name ?? options.policyPack ?? "")));
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
  group
    .command("init")
    .description("write a policy for this repository; overwrites nothing")
    .action(() => ends(initPolicy(terminal)));
}

function withWindow(command: Command, otherwise = "7d"): Command {
  return command
    .option("--since <time>", `from so long ago, or from this time on (7d, 2026-11-23; default: ${otherwise})`)
    .option("--until <time>", "before this time")
    .option("--samples <n>", `how many actions to show of each group (0 to ${SAMPLES_LIMIT}; default: 5)`);
}
