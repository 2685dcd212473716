// Runs spec/vectors/languages/: one piece of code a file, its deeds as texts (spec/languages.md section 15). Proves spec/languages.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Language } from "../../src/change/deeds.js";
import { showDeeds } from "../languages/show.js";
import { readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly spec: string;
  readonly note: string;
  readonly language: Language;
  readonly code: string;
  readonly positional: readonly string[];
  readonly stdin: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly expect: readonly string[];
}

const CASES = readCases<Case>("languages");
const CLAUSES = new Set(
  readFileSync(join(import.meta.dirname, "../../spec/languages.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("### "))
    .map((line) => `languages.md#${line.slice(4).trim()}`),
);

describe("vectors of languages", () => {
  it.each(CASES.map((one) => [one.id, one] as const))("%s", (_, one) => {
    expect(CLAUSES).toContain(one.spec);
    expect(showDeeds(one.language, one.code, one)).toEqual(one.expect);
  });
});
