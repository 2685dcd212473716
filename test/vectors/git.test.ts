// Runs spec/vectors/git/: one git command line a file, its reading as texts. Proves spec/git.md.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { GitFacts } from "../../src/change/model.js";
import { readGit } from "../../src/change/programs/git.js";
import type { Stdin, Value } from "../../src/change/values.js";
import { callOf, FACTS, showDeed, showOutput } from "../catalogue/table.js";
import { CATALOGUE } from "../git/table.js";

type WireValue = string | { readonly pattern: string } | { readonly unknown: string; readonly many: boolean };

interface Vector {
  readonly id: string;
  readonly spec: string;
  readonly note: string;
  readonly words: readonly WireValue[];
  readonly environment: Readonly<Record<string, WireValue>>;
  readonly stdin: string | null;
  readonly git: GitFacts;
  readonly expect: unknown;
}

const FOLDER = join(import.meta.dirname, "../../spec/vectors/git");
const NAMES = readdirSync(FOLDER).filter((name) => name !== "manifest.json");
const MANIFEST = readJson("manifest.json") as { readonly area: string; readonly count: number; readonly keys: readonly string[] };
const CLAUSES = new Set(
  readFileSync(join(import.meta.dirname, "../../spec/git.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("#"))
    .map((line) => line.split(" ")[1]),
);

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
}

function valueFrom(wire: WireValue): Value {
  if (typeof wire === "string") return { kind: "text", text: wire };
  return "pattern" in wire ? { kind: "pattern", glob: wire.pattern } : { kind: "unknown", prefix: wire.unknown, many: wire.many };
}

function run(vector: Vector): unknown {
  const environment = Object.fromEntries(Object.entries(vector.environment).map(([name, wire]) => [name, valueFrom(wire)]));
  const stdin: Stdin = vector.stdin === null ? { kind: "inherited" } : { kind: "text", text: vector.stdin, span: { start: 0, end: 1 } };
  const call = callOf(CATALOGUE, [{ kind: "text", text: "git" }, ...vector.words.map(valueFrom)], { environment, stdin });
  const { subcommand, options, known, harmless, deeds, output } = readGit({ ...call, facts: { ...FACTS, git: vector.git } });
  return { subcommand, options, known, harmless, deeds: deeds.map(showDeed), output: showOutput(output) };
}

describe("vectors of git", () => {
  it("are as many as the manifest says", () => {
    expect(NAMES.length).toBe(MANIFEST.count);
  });

  it.each(NAMES)("%s", (name) => {
    const vector = readJson(name) as Vector;
    expect(Object.keys(vector)).toEqual(MANIFEST.keys);
    expect(`${vector.id}.json`).toBe(`git/${name}`);
    expect(CLAUSES).toContain(vector.spec.slice("git.md#".length));
    expect(run(vector)).toEqual(vector.expect);
  });
});
