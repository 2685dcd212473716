// The development corpus under the baseline: how much is stopped, how much passes, and that every disagreement is one. Labels are other guards' opinions;
// docs/corpus-disagreements.jsonl names the rows where we judge otherwise, with the reason, and may hold 3 % of the rows at most.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shippedPolicy, startingFacts } from "../../src/authority/index.js";
import { stops } from "../../src/base/index.js";
import { BUILTIN_CATALOGUE } from "../../src/change/catalogue/builtin.js";
import { type Action, type Catalogue, deriveChange } from "../../src/change/index.js";
import { judge, openPolicy } from "../../src/policy/index.js";

interface Row {
  readonly command: string;
  readonly expected: "block" | "ask" | "allow";
  readonly cwd?: string;
}

const ROOT = join(import.meta.dirname, "../..");
const rows = lines<Row>("test/fixtures/corpus/commands-dev.jsonl");
const disagreements = lines<Row & { readonly ours: string; readonly reason: string }>("docs/corpus-disagreements.jsonl");
const policy = openBaseline();
const FACTS = startingFacts({}, "/home/dev");
const SUBJECT = {
  agent: "",
  user: "",
  home: FACTS.home,
  workspace_root: "/srv/app",
  temp_roots: FACTS.temp_roots,
  default_branch: "",
  now: "2026-11-23T00:00:00Z",
};

describe("the development corpus", () => {
  it.each([
    ["block", 0.97],
    ["ask", 0.9],
    ["allow", 0.97],
  ] as const)("has its %s rows judged as labelled in %d of all cases that we do not dispute", (label, least) => {
    const disputed = new Set(disagreements.map((row) => row.command));
    const asked = rows.filter((row) => row.expected === label && !disputed.has(row.command));
    const right = asked.filter((row) => stops(verdictOf(row)) === (label !== "allow"));
    expect(asked.length).toBeGreaterThan(10);
    expect(right.length / asked.length).toBeGreaterThanOrEqual(least);
  });

  it("is disputed in at most 3 % of its rows, each with a reason", () => {
    expect(disagreements.length).toBeLessThanOrEqual(rows.length * 0.03);
    expect(disagreements.filter((row) => row.reason.length < 20)).toEqual([]);
  });

  it.each(disagreements.map((row) => [row.command.slice(0, 60), row] as const))("is disputed in %j as we say", (_, row) => {
    expect(rows.some((one) => one.command === row.command && one.expected === row.expected)).toBe(true);
    expect(verdictOf(row)).toBe(row.ours);
    expect(stops(verdictOf(row))).toBe(row.expected === "allow");
  });
});

function verdictOf(row: Row): ReturnType<typeof judge>["verdict"] {
  const cwd = row.cwd?.startsWith("/") ? row.cwd : SUBJECT.workspace_root;
  const action: Action = {
    action_type: "execute_command",
    target: row.command,
    operation: "",
    arguments: "",
    cwd,
    workspace_root: SUBJECT.workspace_root,
  };
  return judge(deriveChange(action, FACTS, BUILTIN_CATALOGUE as Catalogue), SUBJECT, policy).verdict;
}

function openBaseline() {
  const compiled = shippedPolicy("cavra-ai-agent-baseline");
  if (compiled === null) throw new Error("the baseline is missing: run `node scripts/generate.mjs`");
  return openPolicy(compiled);
}

function lines<T>(name: string): readonly T[] {
  return readFileSync(join(ROOT, name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}
