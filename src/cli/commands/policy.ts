// `cavra policy list | describe | validate | test | compile | diff | init`. Implements spec/policy.md sections 2 and 6 at the command line.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import {
  chosenPolicy,
  compileSources,
  findSources,
  loadLibrary,
  packedCatalogue,
  policyInForce,
  readPolicyFile,
  shippedSources,
  WORKSPACE_POLICY,
  wholePolicy,
  workspaceAround,
} from "../../authority/index.js";
import { CavraError, type Problem } from "../../base/index.js";
import { deriveChange } from "../../change/index.js";
import { compiledText, loadPack, openPolicy, type Pack, type Rulebook, type TestReport, testPolicy } from "../../policy/index.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { notARepository } from "../place.js";
import { diffPolicies, renderDiff } from "../policy-diff.js";
import { badge } from "../render.js";
import { WORKSPACE_TEMPLATE } from "../templates.js";
import { report, type Terminal } from "../terminal.js";

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
    .action((file: string | undefined, options: Json & { workspace?: boolean }) => ends(validate(terminal, file ?? "", options)));
  group
    .command("test")
    .argument("<policy>", "a pack's id or a file")
    .description("run a pack's own tests; exit status 4 when one fails")
    .option("--json", "print JSON")
    .action((name: string, options: Json) => ends(test(terminal, name, options)));
  group
    .command("compile")
    .argument("[policy]", "a pack's id or a file (default: the policy in force here)")
    .option("--policy-pack <id>", "a pack's id")
    .description("print the canonical compiled policy, byte-identical on every machine")
    .action((name: string | undefined, options: { policyPack?: string }) => ends(compile(terminal, name ?? options.policyPack ?? "")));
  group
    .command("diff")
    .argument("<a>", "a pack's id or a file")
    .argument("<b>", "a pack's id or a file")
    .description("what is stricter, milder, new or gone in b, rule by rule")
    .option("--json", "print JSON")
    .action((a: string, b: string, options: Json) => ends(diff(terminal, a, b, options)));
  group
    .command("init")
    .description("write a policy for this repository; overwrites nothing")
    .action(() => ends(initPolicy(terminal)));
}

function list(terminal: Terminal, { json }: Json): ExitStatus {
  const problems: Problem[] = [];
  const library = [...loadLibrary(findSources("", terminal.env), problems).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (json)
    terminal.print(
      `${JSON.stringify(library.map(({ id, version, description, rules, tests }) => ({ id, version, description, rules: rules.length, tests: tests.length })))}\n`,
    );
  else
    for (const pack of library)
      terminal.print(
        `${terminal.colours.bold(pack.id)}@${pack.version}  ${count(pack.rules.length, "rule")}, ${count(pack.tests.length, "test")}\n  ${oneLine(pack.description, 400)}\n`,
      );
  return problems[0] === undefined ? EXIT.done : report(terminal, problems[0], json === true);
}

function named(terminal: Terminal, name: string): Rulebook {
  if (name === "") return policyInForce(here(terminal), terminal.env, () => compileSources);
  return chosenPolicy(
    isFile(name) ? { pack: "", file: resolve(terminal.cwd, name) } : { pack: name, file: "" },
    terminal.env,
    () => compileSources,
  );
}

function isFile(name: string): boolean {
  return name.includes("/") || name.endsWith(".yaml") || name.endsWith(".yml");
}

function here(terminal: Terminal): string {
  return workspaceAround(terminal.cwd, terminal.env.HOME ?? "");
}

function describe(terminal: Terminal, name: string, { json }: Json): ExitStatus {
  const policy = named(terminal, name);
  if (json) {
    terminal.print(`${JSON.stringify(policy)}\n`);
    return EXIT.done;
  }
  const { bold, dim } = terminal.colours;
  terminal.print(
    `${bold(policy.id)}@${policy.version}  mode ${policy.mode}\n${oneLine(policy.description, 400)}\n${dim(policy.digest)}\n\n`,
  );
  for (const rule of policy.rules) {
    terminal.print(
      `${badge(rule.verdict, terminal)} ${bold(rule.id)} ${dim(`${rule.severity}, ${rule.pack}, exceptions: ${rule.overridable}`)}\n    ${oneLine(rule.reason, 400)}\n`,
    );
    if (rule.instead !== null) terminal.print(dim(`    instead: ${oneLine(rule.instead.text, 400)}\n`));
  }
  terminal.print("\ndefaults, where no rule matches\n");
  for (const [kind, { verdict, unknown }] of Object.entries(policy.defaults))
    terminal.print(`  ${kind.padEnd(9)} ${verdict}${verdict === unknown ? "" : `, ${unknown} when the target is unknown`}\n`);
  return EXIT.done;
}

function validate(terminal: Terminal, name: string, options: Json & { workspace?: boolean }): ExitStatus {
  const file = name === "" ? join(here(terminal), WORKSPACE_POLICY) : resolve(terminal.cwd, name);
  if (!existsSync(file))
    return report(
      terminal,
      { code: "policy_missing", message: `there is no file \`${file}\``, hint: "run `cavra policy init` to write one" },
      options.json === true,
    );
  const source = readPolicyFile(file);
  const workspace = options.workspace === true || file.endsWith(WORKSPACE_POLICY);
  const sources = findSources("", terminal.env);
  const compiled = compileSources(workspace ? { ...sources, workspace: source } : { ...sources, host: source });
  if (compiled.ok) {
    terminal.print(
      options.json
        ? `${JSON.stringify({ valid: true, id: compiled.value.id, digest: compiled.value.digest })}\n`
        : `${terminal.colours.green("✓")} \`${file}\` holds: ${count(compiled.value.rules.length, "rule")} with all that it inherits\n`,
    );
    return EXIT.done;
  }
  if (options.json) terminal.print(`${JSON.stringify({ valid: false, problems: compiled.problems })}\n`);
  else for (const problem of compiled.problems) report(terminal, problem, false);
  return EXIT.usage;
}

function test(terminal: Terminal, name: string, { json }: Json): ExitStatus {
  const pack = packOf(terminal, name);
  const policy = openPolicy(named(terminal, name));
  const { catalogue } = packedCatalogue();
  const result = testPolicy(pack, policy, (action, facts) => deriveChange(action, facts, catalogue));
  const failed = result.results.filter((one) => !one.passed).length;
  terminal.print(json ? `${JSON.stringify(testJson(pack, result))}\n` : renderTests(pack, result, terminal));
  return failed === 0 && result.broken_insteads.length === 0 && !isUntested(pack) ? EXIT.done : EXIT.deny;
}

/** Rules without a single test: nothing was shown, so nothing holds. */
function isUntested(pack: Pack): boolean {
  return pack.rules.length > 0 && pack.tests.length === 0;
}

function packOf(terminal: Terminal, name: string): Pack {
  const text = isFile(name) ? readPolicyFile(resolve(terminal.cwd, name)).text : shippedSources()[name];
  const problems: Problem[] = [];
  const own = text === undefined ? loadLibrary(findSources("", terminal.env), problems).get(name) : undefined;
  if (own !== undefined) return own;
  if (text === undefined) throw new CavraError("unknown_pack", `there is no policy pack \`${name}\``, { hint: "run `cavra policy list`" });
  const loaded = loadPack(text, name, "host");
  if (loaded.ok) return loaded.value;
  const first = loaded.problems[0];
  throw new CavraError(first?.code ?? "policy_invalid", `${first?.at ?? name}: ${first?.message ?? ""}`, {
    hint: first?.hint ?? "run `cavra policy validate`",
  });
}

function testJson(pack: Pack, result: TestReport): object {
  const results = result.results.map(({ name, at, passed, expected, expected_rule, judgement }) => ({
    name,
    at,
    passed,
    expected,
    expected_rule,
    verdict: judgement.verdict,
    rule_id: judgement.rule_id,
  }));
  return { pack: pack.id, ...result, results };
}

function renderTests(pack: Pack, result: TestReport, terminal: Terminal): string {
  const { green, red, bold, dim } = terminal.colours;
  const failures = result.results.filter((one) => !one.passed);
  const told = failures.map(
    ({ name, at, expected, expected_rule, judgement }) =>
      `${red("✗")} ${name} ${dim(at)}\n    expected ${expected}${expected_rule === "" ? "" : ` by ${expected_rule}`}, got ${judgement.verdict} by ${judgement.rule_id}\n`,
  );
  const untested = result.untested_rules.map((id) => `${dim("–")} no test makes rule ${id} hold\n`);
  const broken = result.broken_insteads.map((id) => `${red("✗")} the way out of rule ${id} is itself stopped\n`);
  if (isUntested(pack)) {
    const hint = "  write some under `tests`, such as `{ command: ls, expect: allow }`";
    return `${told.join("")}${broken.join("")}${red("✗")} ${bold(pack.id)}: no tests for ${count(pack.rules.length, "rule")}\n${hint}\n`;
  }
  return `${told.join("")}${broken.join("")}${untested.join("")}${failures.length === 0 ? green("✓") : red("✗")} ${bold(pack.id)}: ${result.results.length - failures.length} passed, ${failures.length} failed\n`;
}

function compile(terminal: Terminal, name: string): ExitStatus {
  const text = compiledText(wholePolicy(named(terminal, name)));
  if (!text.ok) return report(terminal, text.problems[0] ?? { code: "internal_error", message: "no canonical form" }, false);
  terminal.print(`${text.value}\n`);
  return EXIT.done;
}

function diff(terminal: Terminal, a: string, b: string, { json }: Json): ExitStatus {
  const result = diffPolicies(named(terminal, a), named(terminal, b));
  terminal.print(json ? `${JSON.stringify(result)}\n` : renderDiff(result, terminal));
  return EXIT.done;
}

function initPolicy(terminal: Terminal): ExitStatus {
  const nowhere = notARepository(terminal, "cd into a repository; `cavra init` makes the host's own policy");
  if (nowhere !== null) return report(terminal, nowhere, false);
  const file = join(here(terminal), WORKSPACE_POLICY);
  if (existsSync(file))
    return report(
      terminal,
      { code: "already_there", message: `\`${file}\` is there already`, hint: "run `cavra policy validate` to check it" },
      false,
    );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, WORKSPACE_TEMPLATE, { flag: "wx" });
  terminal.print(`wrote ${file}\nnext: edit it, then \`cavra policy validate\`\n`);
  return EXIT.done;
}
