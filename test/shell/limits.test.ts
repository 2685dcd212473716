// Hostile sizes and shapes: every one gives a tree, and says `limit_exceeded` where a limit was passed. The limits that a vector can show are in
// spec/vectors/shell; here are those that need a count.

import { describe, expect, test } from "vitest";
import {
  MAX_COMMANDS,
  MAX_NESTING_LEVELS,
  MAX_PARTS,
  MAX_REREAD_CHARACTERS,
  MAX_TEXT_BYTES,
  readShell,
  type UnsupportedReason,
  unsupportedPlaces,
} from "../../src/change/shell/index.js";

function reasons(text: string): readonly UnsupportedReason[] {
  return [...new Set(unsupportedPlaces(readShell(text)).map(({ reason }) => reason))];
}

function filled(piece: string, size = MAX_TEXT_BYTES): string {
  return piece.repeat(Math.floor(size / piece.length));
}

describe("limits", () => {
  test.each([
    { name: "commands", at: "!\n".repeat(MAX_COMMANDS), beyond: "!\n".repeat(MAX_COMMANDS + 1) },
    { name: "parts", at: `"${"$a".repeat(MAX_PARTS - 1)}"`, beyond: `"${"$a".repeat(MAX_PARTS)}"` },
    { name: "nested substitutions", at: nested("$(", ")", MAX_NESTING_LEVELS), beyond: nested("$(", ")", MAX_NESTING_LEVELS + 1) },
    { name: "nested braces", at: nested("${a:-", "}", MAX_NESTING_LEVELS), beyond: nested("${a:-", "}", MAX_NESTING_LEVELS + 1) },
    { name: "nested groups", at: nested("{ ", "; }", MAX_NESTING_LEVELS), beyond: nested("{ ", "; }", MAX_NESTING_LEVELS + 1) },
    {
      name: "nested tests",
      at: `[[ ${nested("( ", " )", MAX_NESTING_LEVELS - 1)} ]]`,
      beyond: `[[ ${nested("( ", " )", MAX_NESTING_LEVELS)} ]]`,
    },
  ])("$name: at the limit, and one beyond", ({ at, beyond }) => {
    expect(reasons(at)).toEqual([]);
    expect(reasons(beyond)).toEqual(["limit_exceeded"]);
  });

  test("characters read a second time", () => {
    // At each level `((` may be arithmetic, so that its end is looked for; the blank before the last parenthesis says that it is not.
    const size = 500_000;
    const levels = Math.floor(MAX_REREAD_CHARACTERS / size);
    const text = (count: number) => `${"(".repeat(count)}a${" ".repeat(size)}${" )".repeat(count)}`;
    expect(reasons(text(levels))).toEqual([]);
    expect(reasons(text(levels + 3))).toEqual(["limit_exceeded"]);
  });
});

function nested(open: string, close: string, levels: number): string {
  return `${open.repeat(levels)}a${close.repeat(levels)}`;
}

describe("hostile texts of a megabyte", () => {
  const pieces = [
    ..."( ) { } ` ' \" $ \\ < > & | ; # ! [ ] * ? @ = ~ \n \r é".split(" "),
    ...'$( ${ $(( (( ( (( $[ <( >( @( "$( "${a- ${a:- ${a~$( ${!a$( ${a[$( a=( a[$( a=(['.split(" "),
    "((a) ",
    "$((a) $(",
    "((a) $(",
    "${a[$((a) $(",
    "[[ a =~ ($(",
    "\"${x:-'$((",
    "a=([$((a) `",
    "a;",
    "a|",
    "a&&",
    "! ",
    "time ",
    "if a; then ",
    "case a in a) ",
    "for a in b; do ",
    "f() { ",
    "[[ ( ",
    "coproc ",
    "select a in b; do ",
    "function a ",
    "\\\n",
    "a\\\n",
    "''",
    '""',
    "`a`",
    '"`',
    "`\\",
    "$(a)",
    "$(a$(b)c)",
    "${a/$(b)/c}",
    "\"${a:-'",
    "<<E ",
    "<<E\nE\n",
    "<<E\n$(<<E\n",
    "$(a <<E\n",
    "2>&1 ",
    '`$("${(',
    "\ud800",
    "\0",
  ];

  test.each(pieces)("%j", (piece) => {
    const text = filled(piece);
    const script = readShell(text);
    // Nothing is accepted in silence that was not read to its end.
    const end = script.items.at(-1)?.span.end ?? 0;
    expect(end).toBeGreaterThanOrEqual(0);
    expect(unsupportedPlaces(script).every(({ span }) => span.start <= span.end)).toBe(true);
  });

  test.each(["$((a) $(b ", "((a) $(b ", "${a[$(b ", "coproc X { $(b "])("reads %j in each other only once", (open) => {
    // Reading each level twice would take 2^40 steps.
    const closers = [...open].filter((c) => "([{".includes(c)).map((c) => ({ "(": ")", "[": "]", "{": "}" })[c]);
    expect(unsupportedPlaces(readShell(open.repeat(40) + closers.reverse().join(" ").repeat(40))).length).toBeGreaterThan(0);
  });

  test("nested groups of a regular expression", () => {
    expect(reasons(`[[ a =~ ${"(".repeat(100_000)}b${")".repeat(100_000)} ]]`)).toEqual([]);
  });

  test("ten thousand nested parentheses, and a hundred thousand words", () => {
    expect(reasons("( ".repeat(10_000) + ") ".repeat(10_000))).toEqual(["limit_exceeded"]);
    expect(reasons("a ".repeat(100_000))).toEqual(["limit_exceeded"]);
  });
});
