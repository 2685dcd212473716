// spec/vectors/catalogue-data: command lines of programs outside the base system, read by the catalogue as it stands in spec/catalogue.
// A line stands in /w, its words are known texts; deeds are short texts (spec/catalogue.md section 11).

import { describe, expect, test } from "vitest";
import { readProgram } from "../../src/change/programs/index.js";
import { text } from "../../src/change/values.js";
import { callOf, catalogueInSpec, showDeed } from "../catalogue/table.js";
import { readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly words: readonly string[];
  readonly stdin: "inherited" | "stream";
  readonly expect: {
    readonly known: boolean;
    readonly harmless: boolean;
    readonly subcommand: string;
    readonly options: readonly string[];
    readonly deeds: readonly string[];
  };
}

const catalogue = catalogueInSpec();

describe("vectors: catalogue-data", () => {
  for (const one of readCases<Case>("catalogue-data")) {
    test(`${one.id} ${one.note}`, () => {
      const stdin = one.stdin === "stream" ? ({ kind: "stream", span: { start: 0, end: 0 } } as const) : ({ kind: "inherited" } as const);
      const { known, harmless, subcommand, options, deeds } = readProgram(callOf(catalogue, one.words.map(text), { stdin }));
      expect({ known, harmless, subcommand, options, deeds: deeds.map(showDeed) }).toEqual(one.expect);
    });
  }
});
