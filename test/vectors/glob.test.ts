// Runs spec/vectors/glob/: one question about one glob a file. Proves spec/policy.md section 3 and clause 4.5.

import { expect } from "vitest";
import {
  compileGlob,
  compileTextGlob,
  type Glob,
  makeWorld,
  matchGlob,
  matchTextGlob,
  pathNames,
  type Result,
} from "../../src/base/index.js";
import type { Extent } from "../../src/change/index.js";
import { type FileSet, fileSet, globCovered, globHolds, globMeets } from "../../src/policy/file-sets.js";
import { runArea } from "./area.js";

interface Vector {
  readonly question: "path" | "text" | "bad_path" | "bad_text" | "meets" | "holds" | "covers";
  readonly glob: string;
  readonly fold: boolean;
  readonly home: string;
  readonly workspace: string;
  readonly against: string;
  readonly extent: Extent | "";
  readonly expect: boolean;
}

runArea<Vector>("glob", "policy.md", (vector) => expect(answer(vector)).toBe(vector.expect));

function answer(vector: Vector): boolean {
  const { glob, fold, against } = vector;
  const world = makeWorld(vector.home, vector.workspace);
  switch (vector.question) {
    case "path":
      return matchGlob(must(compileGlob(glob, fold)), pathNames(against), world);
    case "text":
      return matchTextGlob(must(compileTextGlob(glob, fold)), against);
    case "bad_path":
      return codeOf(compileGlob(glob, fold)) === "bad_glob";
    case "bad_text":
      return codeOf(compileTextGlob(glob, fold)) === "bad_glob";
    case "meets":
      return globMeets(must(compileGlob(glob, fold)), setOf(vector), world);
    case "holds":
      return globHolds(must(compileGlob(glob, fold)), setOf(vector), world);
    case "covers":
      return globCovered(must(compileGlob(glob, fold)), setOf(vector), world);
  }
}

function setOf({ against, extent }: Vector): FileSet {
  const set = fileSet({
    kind: "read",
    target: against,
    extent: extent === "" ? "exact" : extent,
    span: { start: 0, end: 0 },
    via: [],
    place: "here",
  });
  if (set === null) throw new Error("unknown target");
  return set;
}

function must(result: Result<Glob>): Glob {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

function codeOf(result: Result<Glob>): string {
  return result.ok ? "" : result.problem.code;
}
