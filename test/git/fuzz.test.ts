// Whatever words come, git's reader answers: no exception, the same answer twice, deeds in source order, in time that grows with the words.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGit } from "../../src/change/programs/git.js";
import type { Call } from "../../src/change/reading.js";
import type { Argument, Value } from "../../src/change/values.js";
import { CATALOGUE, gitCall } from "./table.js";

const GIT = CATALOGUE.programs.git;
const SUBCOMMANDS = Object.keys(GIT?.subcommands ?? {});
const PIECES = [
  "--",
  "-",
  "--force",
  "-f",
  "--hard",
  "--dry-run",
  "-n",
  "--no-force",
  "--d",
  "-c",
  "-C",
  "alias.x=!y",
  "alias.x=reset --hard",
  "x",
  "+main",
  ":x",
  "a:b",
  "HEAD",
  "HEAD:.env",
  ".",
  ":/",
  ":!x",
  ":(top",
  "*.md",
  "https://h/x",
  "ext::sh",
  "__proto__",
  "constructor",
  "core.pager=sh",
  "\u0000",
  "\ud800",
  "drop",
  "add",
  "set",
  "=",
  "-x=",
  "--=",
];

const known: fc.Arbitrary<Value> = fc
  .oneof(fc.constantFrom(...SUBCOMMANDS), fc.constantFrom(...PIECES), fc.string({ maxLength: 8 }))
  .map((text): Value => ({ kind: "text", text }));
const unknown: fc.Arbitrary<Value> = fc
  .record({ prefix: fc.constantFrom("", "-", "--", "--f", "+", "HEAD:", "alias.x="), many: fc.boolean() })
  .map((one): Value => ({ kind: "unknown", ...one }));
const pattern: fc.Arbitrary<Value> = fc.constantFrom("*", "-*", "a/*", "\\*", "[").map((glob): Value => ({ kind: "pattern", glob }));
const value = fc.oneof({ weight: 8, arbitrary: known }, { weight: 1, arbitrary: unknown }, { weight: 1, arbitrary: pattern });
const environment = fc.dictionary(
  fc.constantFrom(
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_0",
    "GIT_CONFIG_VALUE_0",
    "GIT_CONFIG_PARAMETERS",
    "PAGER",
    "GIT_SSH_COMMAND",
    "GIT_DIR",
    "GIT_TRACE",
  ),
  fc.oneof(fc.constantFrom<Value>({ kind: "text", text: "1" }, { kind: "text", text: "'alias.x'='!y'" }), value),
);

function callOf(words: readonly Value[], around: Readonly<Record<string, Value>>): Call {
  const given = words.map((one, i): Argument => ({ value: one, span: { start: i + 1, end: i + 2 } }));
  return { ...gitCall("git"), words: given, environment: around, span: { start: 0, end: words.length + 1 } };
}

describe("git's reader", () => {
  it("answers any words, and the same words the same", () => {
    fc.assert(
      fc.property(fc.option(fc.constantFrom(...SUBCOMMANDS)), fc.array(value, { maxLength: 8 }), environment, (name, words, around) => {
        const call = callOf(name === null ? words : [{ kind: "text", text: name }, ...words], around);
        const reading = readGit(call);
        expect(readGit(call)).toEqual(reading);
        const starts = reading.deeds.map(({ span }) => span.start);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(["add", "push", "checkout", "reset", "log", "config", "grep"])("reads a hundred thousand words of %s", (name) => {
    const words = [name, ...Array.from({ length: 100_000 }, (_, i) => (i % 3 === 0 ? "--force" : `f${i}`))];
    expect(
      readGit(
        callOf(
          words.map((text) => ({ kind: "text", text })),
          {},
        ),
      ).subcommand,
    ).toBe(name);
  });

  it.each([
    ["commit", "-m", "x"],
    ["fetch", "--multiple", "https://h/x"],
    ["-c", "core.pager=./x", "-c"],
    ["submodule", "foreach", "x"],
  ])("reads %s %s %s thirty thousand times", (...words) => {
    const many = [words[0], ...Array.from({ length: 30_000 }, () => words.slice(1)).flat(), "log"];
    expect(
      readGit(
        callOf(
          many.map((text) => ({ kind: "text", text: text ?? "" })),
          {},
        ),
      ).known,
    ).toBe(true);
  });

  it("reads a patch of a million bytes", () => {
    const text = "--- a/x\n+++ b/x\n".repeat(62_500);
    const call = { ...gitCall("git apply"), stdin: { kind: "text", text, span: { start: 0, end: 1 } } as const };
    expect(readGit(call).deeds.length).toBe(1);
  });

  it("gives up on long chains of aliases", () => {
    const chain = (length: number): readonly Value[] =>
      [...Array.from({ length }, (_, i) => ["-c", `alias.a${i}=${i + 1 === length ? "reset --hard" : `a${i + 1}`}`]).flat(), "a0"].map(
        (text) => ({ kind: "text", text }),
      );
    expect(readGit(callOf(chain(10), {})).subcommand).toBe("reset");
    expect(readGit(callOf(chain(11), {})).subcommand).toBe("unknown");
  });
});
