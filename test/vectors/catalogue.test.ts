// Runs spec/vectors/catalogue/: one command line a file, its reading as short texts (spec/catalogue.md section 11). Proves spec/catalogue.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProgram } from "../../src/change/programs/index.js";
import type { Stdin, Value } from "../../src/change/values.js";
import { callOf, catalogueInSpec, showDeed, showOutput } from "../catalogue/table.js";
import { readCases } from "./cases.js";

type WireValue = string | { readonly pattern: string } | { readonly unknown: string; readonly many: boolean };

interface Case {
  readonly id: string;
  readonly spec: string;
  readonly note: string;
  /** The program first. */
  readonly words: readonly WireValue[];
  readonly environment: Readonly<Record<string, WireValue>>;
  readonly stdin: string | { readonly lines: readonly string[] } | null;
  readonly expect: unknown;
}

const catalogue = catalogueInSpec();
const clauses = readFileSync(join(import.meta.dirname, "../../spec/catalogue.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("#"))
  .map((line) => line.split(" ")[1]);

describe("vectors: catalogue", () => {
  for (const one of readCases<Case>("catalogue")) {
    it(`${one.id} ${one.note}`, () => {
      expect(clauses).toContain(one.spec.replace("catalogue.md#", ""));
      const environment = Object.fromEntries(Object.entries(one.environment).map(([name, wire]) => [name, valueOn(wire)]));
      const call = callOf(catalogue, one.words.map(valueOn), { environment, stdin: stdinOf(one.stdin) });
      const { deeds, subcommand, options, known, harmless, output } = readProgram(call);
      expect({ deeds: deeds.map(showDeed), subcommand, options, known, harmless, output: showOutput(output) }).toEqual(one.expect);
    });
  }
});

function valueOn(wire: WireValue): Value {
  if (typeof wire === "string") return { kind: "text", text: wire };
  return "pattern" in wire ? { kind: "pattern", glob: wire.pattern } : { kind: "unknown", prefix: wire.unknown, many: wire.many };
}

function stdinOf(wire: Case["stdin"]): Stdin {
  const span = { start: 0, end: 0 };
  if (wire === null) return { kind: "inherited" };
  return typeof wire === "string" ? { kind: "text", text: wire, span } : { kind: "lines", globs: wire.lines, span };
}
