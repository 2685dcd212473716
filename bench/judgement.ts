// What does judging a command cost beside reading it? Every line of a list is read by the shell reader alone, and derived and judged by the shipped
// policy, in turns within one run. Goals (DESIGN.md section 9): p50 at most 3 times the reading, p99 at most 10 times.
// A program, not a test: `node scripts/bench.mjs judgement`, or bundled; `--json` prints one line.

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { WholeCatalogue } from "../src/change/index.js";
import { type Action, deriveWithWants, type Facts } from "../src/change/index.js";
import { readShell } from "../src/change/shell/index.js";
import { judge, openPolicy, type Rulebook, type Subject } from "../src/policy/index.js";

const ROUNDS = 41;
const WARM_UP = 5;
const HOSTILE_BYTES = 16 * 1024;

const PLACE = { cwd: "/srv/app", workspace_root: "/srv/app" };
const FACTS: Facts = {
  home: "/home/dev",
  temp_roots: ["/tmp", "/var/tmp"],
  environment: { HOME: "/home/dev" },
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "topic", default_branch: "main", upstream_remote: "origin", upstream_branch: "topic" },
};
const SUBJECT: Subject = {
  agent: "claude-code",
  user: "dev",
  home: "/home/dev",
  workspace_root: "/srv/app",
  temp_roots: FACTS.temp_roots,
  default_branch: "main",
  now: "2026-11-01T00:00:00Z",
};

const root = process.cwd();
const generated = (name: string): unknown => JSON.parse(readFileSync(join(root, "src/generated", name), "utf8"));
const policy = openPolicy(generated("rules/cavra-ai-agent-baseline.json") as Rulebook);
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
  judge(deriveWithWants(action, FACTS, catalogue).change, SUBJECT, policy);
}

function microseconds(work: (line: string) => unknown, line: string): number {
  const started = process.hrtime.bigint();
  work(line);
  return Number(process.hrtime.bigint() - started) / 1000;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function median(values: readonly number[]): number {
  return at(
    [...values].sort((a, b) => a - b),
    0.5,
  );
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
const sorted = (of: (one: (typeof measured)[number]) => number) => measured.map(of).sort((a, b) => a - b);
const [read, judged, ratios] = [sorted((one) => one.read), sorted((one) => one.judged), sorted((one) => one.judged / one.read)];
const round = (value: number) => Math.round(value * 100) / 100;
const hostile = Object.entries(HOSTILE).map(([name, line]) => {
  microseconds(judgeLine, line);
  return { name, ms: round(median([1, 2, 3, 4, 5].map(() => microseconds(judgeLine, line))) / 1000) };
});
const result = {
  machine: `${cpus().length} x ${cpus()[0]?.model ?? "?"}, node ${process.version}`,
  lines: corpus.length,
  read_us: { p50: round(at(read, 0.5)), p99: round(at(read, 0.99)) },
  judged_us: { p50: round(at(judged, 0.5)), p99: round(at(judged, 0.99)) },
  ratio: { p50: round(at(judged, 0.5) / at(read, 0.5)), p99: round(at(judged, 0.99) / at(read, 0.99)) },
  ratio_per_line: { p50: round(at(ratios, 0.5)), p99: round(at(ratios, 0.99)) },
  hostile,
  slowest: [...measured]
    .sort((a, b) => b.judged - a.judged)
    .slice(0, 8)
    .map(({ line, judged: us }) => ({ us: round(us), line: line.slice(0, 100) })),
};
if (process.argv.includes("--json")) console.log(JSON.stringify(result));
else {
  console.log(`judgement, ${result.lines} commands, microseconds, on ${result.machine}`);
  console.log(`  reading alone      p50 ${result.read_us.p50}, p99 ${result.read_us.p99}`);
  console.log(`  reading to verdict p50 ${result.judged_us.p50}, p99 ${result.judged_us.p99}`);
  console.log(`  ratio              p50 ${result.ratio.p50} (goal 3), p99 ${result.ratio.p99} (goal 10)`);
  console.log(`  line by line       p50 ${result.ratio_per_line.p50}, p99 ${result.ratio_per_line.p99}`);
  for (const { us, line } of result.slowest) console.log(`    ${us} µs  ${line}`);
  for (const { name, ms } of hostile) console.log(`  16 KB: ${name.padEnd(32)} ${ms} ms`);
}
