// The hook does not load the table of meanings for sub-commands that only look: none of them may be in it.

import { expect, it } from "vitest";
import { ONLY_LOOK } from "../../src/change/programs/git-deeds.js";
import { meaningOf } from "../../src/change/programs/git-meanings.js";

it.each([...ONLY_LOOK])("`git %s` has no meaning in the table", (name) => expect(meaningOf(name)).toBeUndefined());

it("knows meanings by their own names only", () => {
  expect(meaningOf("commit")).toBeTypeOf("function");
  for (const name of ["constructor", "__proto__", "toString", ""]) expect(meaningOf(name)).toBeUndefined();
});
