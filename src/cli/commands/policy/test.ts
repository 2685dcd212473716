// `cavra policy test`: a pack's own tests, what they show of its rules, and what reasoning proves of them. Implements spec/cli.md 7.3.

import { packedCatalogue } from "../../../authority/index.js";
import { deriveChange } from "../../../change/index.js";
import {
  areAllCompared,
  coverageOf,
  openPolicy,
  type Pack,
  type RuleCoverage,
  type TestReport,
  type TestResult,
  testPolicy,
} from "../../../policy/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { openProgress } from "../../progress.js";
import { badge } from "../../render.js";
import type { Terminal } from "../../terminal.js";
import { named, packOf } from "./named.js";

export interface TestOptions {
  readonly json?: boolean;
  readonly coverage?: boolean;
}

export function test(terminal: Terminal, name: string, options: TestOptions): ExitStatus {
  const pack = packOf(terminal, name);
  const policy = openPolicy(named(terminal, name));
  const { catalogue } = packedCatalogue();
  const bar = openProgress(terminal, "testing");
  const report = testPolicy(pack, policy, (action, facts) => deriveChange(action, facts, catalogue), bar.at);
  const rules = coverageOf(pack, policy, report);
  bar.end();
  const all_compared = areAllCompared(policy.compiled);
  const told = options.json
    ? `${JSON.stringify({ ...asJson(pack, report, rules), all_compared })}\n`
    : render({ pack, report, rules, all_compared }, options, terminal);
  terminal.print(told);
  return isSound(pack, report, rules) ? EXIT.done : EXIT.deny;
}

/** A rule that can never match protects nobody, so a pack with one does not hold. */
function isSound(pack: Pack, report: TestReport, rules: readonly RuleCoverage[]): boolean {
  return (
    report.results.every(({ passed }) => passed) &&
    report.broken_insteads.length === 0 &&
    !isUntested(pack) &&
    !rules.some(({ standing }) => standing === "dead")
  );
}

/** Rules without a single test: nothing was shown, so nothing holds. */
function isUntested(pack: Pack): boolean {
  return pack.rules.length > 0 && pack.tests.length === 0;
}

function asJson(pack: Pack, report: TestReport, rules: readonly RuleCoverage[]): object {
  const results = report.results.map(({ name, at, passed, expected, expected_rule, judgement }) => ({
    name,
    at,
    passed,
    expected,
    expected_rule,
    verdict: judgement.verdict,
    rule_id: judgement.rule_id,
  }));
  return { pack: pack.id, sound: isSound(pack, report, rules), ...report, results, rules };
}

interface Shown {
  readonly pack: Pack;
  readonly report: TestReport;
  readonly rules: readonly RuleCoverage[];
  readonly all_compared: boolean;
}

function render({ pack, report, rules, all_compared }: Shown, options: TestOptions, terminal: Terminal): string {
  const { green, red, bold } = terminal.colours;
  const failures = report.results.filter(({ passed }) => !passed);
  const lines = [
    ...failures.flatMap((result) => failureLines(result, terminal)),
    ...report.broken_insteads.map((id) => `${red("✗")} the way out of rule ${id} is itself stopped`),
    ...(all_compared ? [] : ["  so many rules that not every two were compared: some may be shadowed and not be told of"]),
    ...(options.coverage ? table(pack, rules, terminal) : remarks(rules, isUntested(pack), terminal)),
  ];
  if (isUntested(pack)) {
    const head = `${red("✗")} ${bold(pack.id)}: no tests for ${count(pack.rules.length, "rule")}`;
    return joined([...lines, head, "  write some under `tests`, such as `{ command: ls, expect: allow }`"]);
  }
  const mark = isSound(pack, report, rules) ? green("✓") : red("✗");
  const passed = report.results.length - failures.length;
  return joined([...lines, summary(rules, terminal), `${mark} ${bold(pack.id)}: ${passed} passed, ${failures.length} failed`]);
}

function joined(lines: readonly string[]): string {
  return `${lines.filter((line) => line !== "").join("\n")}\n`;
}

function failureLines({ name, at, expected, expected_rule, judgement }: TestResult, terminal: Terminal): readonly string[] {
  const { red, dim } = terminal.colours;
  const wanted = `expected ${expected}${expected_rule === "" ? "" : ` by ${expected_rule}`}`;
  return [`${red("✗")} ${oneLine(name, 200)} ${dim(at)}`, `    ${wanted}, got ${judgement.verdict} by ${judgement.rule_id}`];
}

/** What deserves a look: rules that no test reaches (where there are tests at all), and what was proved of rules. */
function remarks(rules: readonly RuleCoverage[], untested: boolean, terminal: Terminal): readonly string[] {
  const { red, dim, yellow } = terminal.colours;
  return rules.flatMap((rule) => {
    const clauses = rule.dead_clauses.map((index) => `${yellow("–")} rule ${rule.rule}: \`match[${index}]\` can never hold`);
    if (rule.standing === "dead") return [`${red("✗")} rule ${rule.rule} can never match: ${rule.why}`];
    const never = !untested && rule.decided + rule.matched === 0 ? [`${dim("–")} no test makes rule ${rule.rule} hold`] : [];
    const role = rule.decided > 0 ? "gives a reason and can never change a verdict" : "can never change a verdict";
    const shadow = rule.standing === "shadowed" ? [`${yellow("–")} rule ${rule.rule} ${role}: ${rule.why}`] : [];
    return [...never, ...shadow, ...clauses];
  });
}

function table(pack: Pack, rules: readonly RuleCoverage[], terminal: Terminal): readonly string[] {
  const { dim, bold, red, yellow } = terminal.colours;
  const verdicts = new Map(pack.rules.map(({ id, verdict }) => [id, verdict]));
  const width = Math.max(4, ...rules.map(({ rule }) => rule.length));
  const head = bold(`${"rule".padEnd(width)}  ${"verdict".padEnd(7)}  decided  matched  needed`);
  const rows = rules.map((rule) => {
    const verdict = verdicts.get(rule.rule) ?? "deny";
    const shown = badge(verdict, terminal);
    const gap = " ".repeat(Math.max(0, 7 - PLAIN_WIDTH[verdict]));
    const numbers = [rule.decided, rule.matched, rule.needed].map((number, i) => String(number).padStart([7, 7, 6][i] ?? 7)).join("  ");
    const said = { dead: red(`dead: ${rule.why}`), shadowed: yellow(`shadowed: ${rule.why}`), open: dim("open"), needed: "" }[
      rule.standing
    ];
    const clauses = rule.dead_clauses.map((index) => yellow(`  \`match[${index}]\` can never hold`)).join("");
    return `${rule.rule.padEnd(width)}  ${shown}${gap}  ${numbers}  ${said}${clauses}`.trimEnd();
  });
  return [head, ...rows];
}

/** Width of the badges of render.ts without their colours. */
const PLAIN_WIDTH = { allow: 7, warn: 6, require_approval: 5, deny: 6 } as const;

function summary(rules: readonly RuleCoverage[], terminal: Terminal): string {
  if (rules.length === 0) return "";
  const of = (standing: RuleCoverage["standing"]): number => rules.filter((rule) => rule.standing === standing).length;
  const never = rules.filter(({ decided, matched }) => decided + matched === 0).length;
  const parts = [
    `${of("needed")} shown by a test to be needed`,
    ...(of("open") === 0 ? [] : [`${of("open")} of which neither test nor reasoning tells (--coverage shows them)`]),
    ...(of("shadowed") === 0 ? [] : [`${of("shadowed")} shadowed`]),
    ...(of("dead") === 0 ? [] : [`${of("dead")} dead`]),
    ...(never === 0 ? [] : [`${never} without a test`]),
  ];
  return terminal.colours.dim(`  ${count(rules.length, "rule")}: ${parts.join(", ")}`);
}
