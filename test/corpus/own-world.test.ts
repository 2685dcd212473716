// A day's work in every ecosystem, and what must not happen in it: each line of own-world.jsonl with the verdict that a person would want.
// The baseline is a promise about both: it stops what does lasting harm, and it is silent about the rest.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Action, type ActionType, deriveChange, type Facts } from "../../src/change/index.js";
import { judge, type Subject } from "../../src/policy/index.js";
import { catalogueInSpec } from "../catalogue/table.js";
import { openPack } from "../policy/packs.js";

interface Row {
  readonly command?: string;
  readonly action_type?: ActionType;
  readonly target?: string;
  readonly arguments?: string;
  readonly expected: "stop" | "pass";
  readonly note: string;
}

const WORKSPACE = "/srv/app";
const FACTS: Facts = {
  home: "/home/dev",
  temp_roots: ["/tmp", "/var/tmp"],
  environment: {},
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
};

const SUBJECT: Subject = {
  agent: "",
  user: "dev",
  home: FACTS.home,
  workspace_root: WORKSPACE,
  temp_roots: FACTS.temp_roots,
  default_branch: "",
  now: "2026-11-23T12:00:00.000Z",
};

const rows = readFileSync(join(import.meta.dirname, "own-world.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Row);
const catalogue = catalogueInSpec();
const policy = openPack("cavra-ai-agent-baseline");

it("has enough of both kinds, and nothing twice", () => {
  const passing = rows.filter(({ expected }) => expected === "pass");
  expect(rows.length).toBeGreaterThan(1_500);
  expect(passing.length * 2).toBeGreaterThan(rows.length);
  expect(new Set(rows.map(({ expected: _, note: __, ...asked }) => JSON.stringify(asked))).size).toBe(rows.length);
});

it("is judged by the baseline as a person would judge it", () => {
  expect(rows.flatMap(wrong)).toEqual([]);
});

function wrong(row: Row): readonly string[] {
  const action: Action = {
    action_type: row.action_type ?? "execute_command",
    target: row.command ?? row.target ?? "",
    operation: "",
    arguments: row.arguments ?? "",
    cwd: WORKSPACE,
    workspace_root: WORKSPACE,
  };
  const { verdict, rule_id } = judge(deriveChange(action, FACTS, catalogue), SUBJECT, policy);
  const stopped = verdict === "deny" || verdict === "require_approval";
  return stopped === (row.expected === "stop") ? [] : [`${row.expected}, got ${verdict} by ${rule_id}: ${action.target}`];
}
