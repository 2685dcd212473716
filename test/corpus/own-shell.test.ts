// Everyday shell work under the baseline, written down by hand: rm, find, xargs, wrappers, shell forms, git. Every row must be judged as it says.
// What is expected follows from what bash, git and the GNU programs really do; a row is changed because it was wrong, never because the code is.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shippedPolicy, startingFacts } from "../../src/authority/index.js";
import { stops } from "../../src/base/index.js";
import { BUILTIN_CATALOGUE } from "../../src/change/catalogue/builtin.js";
import { type Catalogue, deriveChange } from "../../src/change/index.js";
import { judge, openPolicy } from "../../src/policy/index.js";

interface Row {
  readonly command: string;
  readonly expected: "stop" | "pass";
  /** The area, and after a colon why, where that is not plain. */
  readonly note: string;
}

const rows = readFileSync(join(import.meta.dirname, "own-shell.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);
const WORKSPACE = "/srv/app";
const FACTS = startingFacts({}, "/home/dev");
const policy = openBaseline();

describe("everyday shell work", () => {
  it("is written down once a line, at least 600 lines, a third of each kind", () => {
    const stopped = rows.filter((row) => row.expected === "stop").length;
    expect(rows.length).toBeGreaterThanOrEqual(600);
    expect(Math.min(stopped, rows.length - stopped)).toBeGreaterThan(rows.length / 3);
    expect(new Set(rows.map((row) => row.command)).size).toBe(rows.length);
  });

  const areas = [...new Set(rows.map((row) => areaOf(row)))];
  it.each(areas)("is judged as it says: %s", (area) => {
    const wrong = rows.filter((row) => areaOf(row) === area && judgedAs(row.command) !== row.expected);
    expect(wrong.map((row) => `${row.expected}: ${row.command}`)).toEqual([]);
  });
});

function areaOf(row: Row): string {
  return row.note
    .split(": ")
    .slice(0, row.note.startsWith("git: ") ? 2 : 1)
    .join(": ");
}

function judgedAs(command: string): Row["expected"] {
  const action = {
    action_type: "execute_command",
    target: command,
    operation: "",
    arguments: "",
    cwd: WORKSPACE,
    workspace_root: WORKSPACE,
  } as const;
  const subject = {
    agent: "",
    user: "",
    home: FACTS.home,
    workspace_root: WORKSPACE,
    temp_roots: FACTS.temp_roots,
    default_branch: "",
    now: "2026-11-23T00:00:00Z",
  };
  return stops(judge(deriveChange(action, FACTS, BUILTIN_CATALOGUE as Catalogue), subject, policy).verdict) ? "stop" : "pass";
}

function openBaseline() {
  const compiled = shippedPolicy("cavra-ai-agent-baseline");
  if (compiled === null) throw new Error("the baseline is missing: run `node scripts/generate.mjs`");
  return openPolicy(compiled);
}
