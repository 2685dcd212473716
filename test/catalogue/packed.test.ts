// The packed catalogue holds what the whole one holds, name by name, and nothing else.

import { describe, expect, it } from "vitest";
import { entryOf, lookupProgram } from "../../src/change/catalogue/lookup.js";
import type { WholeCatalogue } from "../../src/change/catalogue/model.js";
import { openPacked, packCatalogue } from "../../src/change/catalogue/packed.js";
import { catalogueInSpec } from "./table.js";

const whole = catalogueInSpec();
const DIGEST = "sha256:0123";

function packed(catalogue: WholeCatalogue) {
  const text = packCatalogue(catalogue, DIGEST);
  const reads: number[] = [];
  const opened = openPacked((offset, length) => {
    reads.push(length);
    return Buffer.from(text.slice(offset, offset + length));
  });
  return { ...opened, text, reads };
}

describe("the packed catalogue", () => {
  const { catalogue, digest, text, reads } = packed(whole);

  it("carries the digest of the catalogue it was made from", () => expect(digest).toBe(DIGEST));

  it("is ASCII, so that its characters are its bytes", () => expect(Buffer.byteLength(text)).toBe(text.length));

  it("reads its index and no program before one is asked for", () => expect(reads.length).toBe(2));

  it("gives every program as it is written out", () => {
    for (const [name, program] of Object.entries(whole.programs)) expect(entryOf(catalogue.programs, name), name).toEqual(program);
  });

  it("gives every alias and every shared description", () => {
    for (const [name, canonical] of Object.entries(whole.aliases)) expect(entryOf(catalogue.aliases, name)).toBe(canonical);
    for (const [name, other] of Object.entries(whole.same)) expect(entryOf(catalogue.same, name)).toBe(other);
  });

  it("gives the variables and the tools", () => {
    expect(catalogue.environment).toEqual(whole.environment);
    expect(catalogue.mcp).toEqual(whole.mcp);
  });

  it("finds by any spelling what the whole one finds", () => {
    for (const word of ["/usr/bin/git", "python3.11", "RM.EXE", "gmake", "ls", "no-such-program"])
      expect(lookupProgram(catalogue, word)).toEqual(lookupProgram(whole, word));
  });

  it.each(["", " ", "rm 0 1", "rm\nprogram git", "\nprogram git", "__proto__", "constructor", "toString", "git ", "é"])(
    "has no program called %j",
    (name) => {
      expect(entryOf(catalogue.programs, name)).toBeUndefined();
      expect(entryOf(catalogue.same, name)).toBeUndefined();
      expect(entryOf(catalogue.aliases, name)).toBeUndefined();
    },
  );

  it("keeps letters beyond ASCII in descriptions, and packs long sub-commands without losing one", () => {
    const below = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`sub${i}`, { flags: "-ä,--größe 😀", subcommands: { deeper: { harmless: true } } }]),
    );
    const strange: WholeCatalogue = { ...whole, programs: { odd: { subcommands: below } }, aliases: {}, same: {} };
    expect(entryOf(packed(strange).catalogue.programs, "odd")).toEqual(strange.programs.odd);
  });

  it("refuses a name that would break the index", () => {
    const strange: WholeCatalogue = { ...whole, programs: { "two words": {} } };
    expect(() => packCatalogue(strange, DIGEST)).toThrow("cannot be packed");
  });
});
