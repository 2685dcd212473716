// What `git checkout WORD` means where the word could be a branch or a file: the listing of the working folder decides. Proves spec/change.md 2.7 and spec/git.md 12.1.

import { describe, expect, it } from "vitest";
import { deriveWithWants } from "../../src/change/index.js";
import { CATALOGUE, command, FACTS } from "./setting.js";

describe("git checkout of a word that could be a branch or a file", () => {
  it.each([
    ["feature/x.y", null, "switch"],
    ["release/1.x", null, "switch"],
    ["src/x.ts", null, "discard_changes"],
    ["feature/x.ts", null, "discard_changes"],
    ["src/x.ts", ["src"], "discard_changes"],
    ["user/x.y", ["src"], "switch"],
    ["x.y", ["x.y"], "discard_changes"],
    ["x.y", ["src"], "switch"],
    ["main", ["main"], "switch"],
    ["docs", ["docs"], "discard_changes"],
  ] as const)("%s with the listing %j is a %s", (word, listing, operation) => {
    const facts = { ...FACTS, listings: listing === null ? {} : { "/srv/app": listing } };
    const { change, wants } = deriveWithWants(command(`git checkout ${word}`), facts, CATALOGUE);
    const operations = change.effects.flatMap((effect) => (effect.kind === "git" ? [effect.operation] : []));
    expect(operations).toEqual([operation]);
    expect(wants.folders).toEqual(["/srv/app"]);
  });
});
