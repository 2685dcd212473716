// What command lines ask for, by the catalogue as it stands: one row a line, deeds as short texts.

import { describe, expect, it } from "vitest";
import { readProgram } from "../../src/change/programs/index.js";
import { callOf, catalogueInSpec, showDeed, words } from "./table.js";

const catalogue = catalogueInSpec();

function deeds(line: string): string {
  return readProgram(callOf(catalogue, words(line)))
    .deeds.map(showDeed)
    .join("; ");
}

const ROWS: readonly (readonly [string, string])[] = [
  ["rm a", "delete a"],
  ["rm -rf a b", "delete a tree; delete b tree"],
  ["rm --rec --f -- -x", "delete -x tree"],
  ["cp a b", "read a; write b; write b/a"],
  ["cp -t d a b", "write d/a; write d/b; read a; read b"],
  ["cp -r a b .", "read a tree; read b tree; write ./a tree; write ./b tree"],
  ["sudo -u root -- rm -rf /", "command rm -rf /"],
  ["sudo -D /x A=b rm y", "command rm y in /x A=b"],
  ["bash -c 'a b' x y", 'code:shell "a b" [x y]'],
  ["bash -lc -- c x", "code:shell c [x]"],
  ["bash x.sh a", "script:shell x.sh [x.sh a]"],
  ["bash", "opaque unknown_code shell"],
  ["bash -n x.sh", ""],
  ["cat a - b", "read a; read b"],
];

describe("command lines", () => {
  it.each(ROWS)("%s", (line, expected) => {
    expect(deeds(line)).toBe(expected);
  });
});
