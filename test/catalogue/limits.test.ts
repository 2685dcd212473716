// Lines that would be told as the product of their parts: each limit of the special readers at it and one beyond, and none of them in more than moments.

import { expect, it } from "vitest";
import { MAX_FD_PATHS } from "../../src/change/programs/fd.js";
import { MAX_FIND_ACTIONS, MAX_FIND_PATHS } from "../../src/change/programs/find-expression.js";
import { MAX_FETCHED_REMOTES } from "../../src/change/programs/git-remotes.js";
import { readProgram } from "../../src/change/programs/index.js";
import { MAX_PARALLEL_SOURCES, MAX_PARALLEL_WORDS } from "../../src/change/programs/parallel.js";
import { callOf, catalogueInSpec, showDeed, words } from "./table.js";

const read = (line: string): readonly string[] => readProgram(callOf(catalogueInSpec(), words(line))).deeds.map(showDeed);
const times = (count: number, word: string): string => ` ${word}`.repeat(count);
const names = (count: number): string => `( ${Array.from({ length: count }, (_, i) => `-name n${i}`).join(" -o ")} )`;

it.each([
  ["the alternatives of find", `find a ${names(MAX_FIND_PATHS)} -delete`, `find a ${names(MAX_FIND_PATHS + 1)} -delete`, "delete a tree"],
  [
    "the actions of find",
    `find a${times(MAX_FIND_ACTIONS, "-delete")}`,
    `find a${times(MAX_FIND_ACTIONS + 1, "-delete")}`,
    "opaque limit_exceeded find",
  ],
  ["the paths of fd", `fd x${times(MAX_FD_PATHS, "a")} -x rm`, `fd x${times(MAX_FD_PATHS + 1, "a")} -x rm`, "command rm $"],
  [
    "the sources of parallel",
    `parallel rm${times(MAX_PARALLEL_SOURCES, "::: a")}`,
    `parallel rm${times(MAX_PARALLEL_SOURCES + 1, "::: a")}`,
    "command rm $",
  ],
  [
    "the words of parallel",
    `parallel x${times(MAX_PARALLEL_WORDS / 2 - 1, "{}")} ::: a b`,
    `parallel x${times(MAX_PARALLEL_WORDS / 2, "{}")} ::: a b`,
    `command x${times(MAX_PARALLEL_WORDS / 2, "$")}`,
  ],
  [
    "the remotes of git fetch",
    `git fetch --multiple${times(MAX_FETCHED_REMOTES, "a")}`,
    `git fetch --multiple${times(MAX_FETCHED_REMOTES + 1, "a")}`,
    "receive $ none",
  ],
])("tells %s up to the limit and not beyond", (_, at, beyond, expected) => {
  expect(read(at)).not.toContain(expected);
  expect(read(beyond)).toContain(expected);
});

it("reads many folders, negations and refspecs in time that grows with the words", () => {
  expect(read(`tar c${times(2_000, "-C a b")}`).length).toBe(2_000);
  expect(read(`find .${times(50_000, "!")} -delete`)).toEqual(["delete . tree"]);
  expect(read(`git fetch origin${times(20_000, "a:b -f")}`).length).toBe(20_001);
});
