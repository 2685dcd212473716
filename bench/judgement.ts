// What does judging a command cost beside reading it? Every line of a list is read by the shell reader alone, and derived and judged by the shipped
// policy, in turns within one run. Goals (DESIGN.md section 9): p50 at most 3 times the reading, p99 at most 10 times.
// A program, not a test: `node scripts/bench.mjs judgement`, or bundled; `--json` prints one line.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WholeCatalogue } from "../src/change/index.js";
import { type Action, deriveWithWants } from "../src/change/index.js";
import { readShell } from "../src/change/shell/index.js";
import { judge, openPackedRules, openPolicy, type Subject } from "../src/policy/index.js";
import { FACTS_OF_A_SHELL } from "../test/change/facts.js";
import { ascending, at, median, report, rounded } from "./report.js";

const ROUNDS = 41;
const WARM_UP = 5;
const HOSTILE_BYTES = 16 * 1024;

const PLACE = { cwd: "/srv/app", workspace_root: "/srv/app" };
const SUBJECT: Subject = {
  agent: "claude-code",
  user: "dev",
  home: "/home/dev",
  workspace_root: "/srv/app",
  temp_roots: FACTS_OF_A_SHELL.temp_roots,
  default_branch: "main",
  now: "2026-11-01T00:00:00Z",
};

const root = process.cwd();
const generated = (name: string): unknown => JSON.parse(readFileSync(join(root, "src/generated", name), "utf8"));
const policy = openPolicy(openPackedRules(readFileSync(join(root, "src/generated/rules/cavra-ai-agent-baseline.packed"))));
const catalogue = generated("catalogue.json") as WholeCatalogue;

/** 16 KB each, of the constructs that grow when they are evaluated. */
const HOSTILE: Readonly<Record<string, string>> = {
  "nested substitutions": fill("$(", "x", ")"),
  "nested subshells": fill("(", "x", ")"),
  "braces in braces": fill("{a,", "b", "}"),
  "braces side by side": `echo ${"{a,b}".repeat(HOSTILE_BYTES / 5)}`,
  "many commands": "rm a;".repeat(HOSTILE_BYTES / 5),
  "many pipes": `ls${"|cat".repeat(HOSTILE_BYTES / 4)}`,
  "many words": `rm ${"a ".repeat(HOSTILE_BYTES / 2)}`,
  "many options": `git ${"-c a=b ".repeat(HOSTILE_BYTES / 7)}push`,
  "many assignments": `${"a=$a$a;".repeat(HOSTILE_BYTES / 7)}$a`,
  "functions that call themselves": `f(){ f|f;};${"f;".repeat(HOSTILE_BYTES / 2 - 8)}`,
  "loops in loops": `${"for i in a b;do ".repeat(600)}rm $i${";done".repeat(600)}`,
  "a glob of stars": `rm ${"*a".repeat(HOSTILE_BYTES / 2)}`,
  "an unclosed quote": `echo "${"x".repeat(HOSTILE_BYTES)}`,
  "code in code": `python3 -c '${"f(".repeat(HOSTILE_BYTES / 2)}'`,
};

function fill(open: string, middle: string, close: string): string {
  const times = Math.floor(HOSTILE_BYTES / (open.length + close.length));
  return `${open.repeat(times)}${middle}${close.repeat(times)}`;
}

function judgeLine(target: string): void {
  const action: Action = { action_type: "execute_command", target, operation: "", arguments: "", ...PLACE };
  judge(deriveWithWants(action, FACTS_OF_A_SHELL, catalogue).change, SUBJECT, policy);
}

function microseconds(work: (line: string) => unknown, line: string): number {
  const started = process.hrtime.bigint();
  work(line);
  return Number(process.hrtime.bigint() - started) / 1000;
}

/** For every line the medians of reading it and of judging it, in microseconds. */
function measure(lines: readonly string[]): readonly { readonly line: string; readonly read: number; readonly judged: number }[] {
  const times = lines.map((line) => ({ line, read: [] as number[], judged: [] as number[] }));
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const { line, read, judged } of times) {
      const first = round % 2 === 0;
      const reading = first ? microseconds(readShell, line) : 0;
      const judging = microseconds(judgeLine, line);
      if (round < WARM_UP) continue;
      read.push(first ? reading : microseconds(readShell, line));
      judged.push(judging);
    }
  }
  return times.map(({ line, read, judged }) => ({ line, read: median(read), judged: median(judged) }));
}

const corpus = readFileSync(join(root, "test/fixtures/corpus/commands-dev.jsonl"), "utf8")
  .split("\n")
  .filter((row) => row !== "")
  .map((row) => (JSON.parse(row) as { readonly command: string }).command);
const measured = measure(corpus);
const read = ascending(measured.map((one) => one.read));
const judged = ascending(measured.map((one) => one.judged));
const ratios = ascending(measured.map((one) => one.judged / one.read));
const slowest = [...measured].sort((a, b) => b.judged - a.judged).slice(0, 5);
const hostile = Object.entries(HOSTILE).map(([name, line]) => {
  microseconds(judgeLine, line);
  return { name, ms: rounded(median([1, 2, 3, 4, 5].map(() => microseconds(judgeLine, line))) / 1000) };
});
report({
  name: "judgement",
  details: [
    `${corpus.length} commands: reading alone p50 ${rounded(at(read, 0.5))} µs, p99 ${rounded(at(read, 0.99))} µs`,
    `from reading to the verdict: p50 ${rounded(at(judged, 0.5))} µs, p99 ${rounded(at(judged, 0.99))} µs`,
    `the same line by line: p50 ${rounded(at(ratios, 0.5))} times its reading, p99 ${rounded(at(ratios, 0.99))} times`,
    ...slowest.map(({ line, judged: us }) => `slow: ${rounded(us)} µs for ${JSON.stringify(line.slice(0, 90))}`),
    ...hostile.map(({ name, ms }) => `16 KB of hostile input, ${name}: ${ms} ms`),
  ],
  goals: [
    { what: "judging / reading, p50", measured: rounded(at(judged, 0.5) / at(read, 0.5)), goal: 3, bound: "most", unit: "×" },
    { what: "judging / reading, p99", measured: rounded(at(judged, 0.99) / at(read, 0.99)), goal: 10, bound: "most", unit: "×" },
  ],
});
