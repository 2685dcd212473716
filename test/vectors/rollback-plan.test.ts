// spec/vectors/rollback-plan: drafts, and all that is found wrong with each, with its place.

import { expect } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import { draftProblems } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: JsonValue;
  readonly expect: readonly { readonly code: string; readonly at: string }[];
}

runArea<Vector>("rollback-plan", "drills.md", (vector) =>
  expect(draftProblems(vector.input).map(({ code, at }) => ({ code, at }))).toEqual(vector.expect),
);
