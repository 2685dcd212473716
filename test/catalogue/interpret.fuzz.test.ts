// Property: any words for any program give a reading, the same one twice, and never an exception. Proves that reading is total.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { optionsOf } from "../../src/change/catalogue/options-of.js";
import { readProgram } from "../../src/change/programs/index.js";
import type { Stdin, Value } from "../../src/change/values.js";
import { callOf, catalogueInSpec } from "./table.js";

const catalogue = catalogueInSpec();
const NAMES = [...Object.keys(catalogue.programs), ...Object.keys(catalogue.same), "unknown-program", "__proto__"];
const PIECES = [
  "-",
  "--",
  "=",
  "{}",
  ":::",
  "-exec",
  ";",
  "+",
  "(",
  ")",
  "-o",
  "!",
  "/",
  ".",
  "..",
  "*",
  "\0",
  "\ud800",
  "__proto__",
  "🚀",
  "a b",
  "'",
  '"',
  "\\",
  "%s",
  "x:y",
];

const text = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.string({ maxLength: 8 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((all) => all.join("")),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: text.map((one): Value => ({ kind: "text", text: one })) },
  { weight: 1, arbitrary: text.map((one): Value => ({ kind: "pattern", glob: one })) },
  { weight: 1, arbitrary: fc.tuple(text, fc.boolean()).map(([prefix, many]): Value => ({ kind: "unknown", prefix, many })) },
);
const span = { start: 0, end: 1 };
const stdin: fc.Arbitrary<Stdin> = fc.oneof(
  fc.constant<Stdin>({ kind: "inherited" }),
  text.map((one): Stdin => ({ kind: "text", text: one, span })),
  fc.array(text, { maxLength: 3 }).map((globs): Stdin => ({ kind: "lines", globs, span })),
  fc.constant<Stdin>({ kind: "stream", span }),
);

function optionWord(name: string): fc.Arbitrary<Value> {
  const program = catalogue.programs[name] ?? {};
  const names = [...optionsOf(program).flatMap((option) => option.names), ...Object.keys(program.subcommands ?? {}), "x"];
  return fc.constantFrom(...names).map((one): Value => ({ kind: "text", text: one }));
}

const line = fc
  .constantFrom(...NAMES)
  .chain((name) => fc.tuple(fc.constant(name), fc.array(fc.oneof(value, optionWord(name)), { maxLength: 7 }), stdin));

describe("reading any command line", () => {
  it("is total and deterministic", () => {
    fc.assert(
      fc.property(line, ([name, words, input]) => {
        const call = { ...callOf(catalogue, words, { stdin: input }), name };
        const first = readProgram(call);
        expect(readProgram(call)).toEqual(first);
        expect([...first.options].length).toBe(new Set(first.options).size);
      }),
      { numRuns: 3000, seed: 20261123 },
    );
  });

  it("does not slow down out of measure on long lines", () => {
    const many = Array.from({ length: 20_000 }, (_, i): Value => ({ kind: "text", text: i % 3 === 0 ? "-rf" : `a${i}` }));
    for (const name of ["rm", "cp", "tar", "find", "xargs", "parallel", "git", "env", "bash"]) {
      const { deeds } = readProgram({ ...callOf(catalogue, many), name });
      expect(deeds.length).toBeLessThan(200_000);
    }
  });
});
