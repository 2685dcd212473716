// Globs that are a name, or a part of one beside a star, are matched without a list of steps: that must say what the steps say.

import { expect, test } from "vitest";
import { globTokens, matchesGlob, matchTokens } from "../../src/change/words/glob.js";

const PARTS = ["", "a", "ab", "b", "*", "**", "?", "[", "[a]", "\\", "\\*", "é", "😀", ".", "/"];
const TEXTS = ["", "a", "b", "ab", "aab", "ba", "*", "é", "aé", "😀", "[", "\\", "a/b", ".a", "[a]"];

test("a star at an end, or none, is matched as by steps", () => {
  const globs = PARTS.flatMap((first) => PARTS.flatMap((second) => PARTS.map((third) => first + second + third)));
  const pairs = [...new Set(globs)].flatMap((glob) => TEXTS.map((text) => [glob, text] as const));
  expect(pairs.filter(([glob, text]) => matchesGlob(glob, text) !== byStepsOf(glob, text))).toEqual([]);
  expect(pairs.filter(([glob, text]) => matchesGlob(glob, text)).length).toBeGreaterThan(1_000);
});

test("what is too large for the limit matches, whatever the shape of the glob", () => {
  expect(matchesGlob(`${"x".repeat(2_000)}*`, "y".repeat(200_000))).toBe(true);
  expect(matchesGlob("x".repeat(2_000), "y".repeat(200_000))).toBe(false);
});

function byStepsOf(glob: string, text: string): boolean {
  return matchTokens(globTokens(glob), Array.from(text));
}
