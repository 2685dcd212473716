// spec/vectors/evidence-export: where each tile of an exported tree stands, and which tiles there are.

import { expect } from "vitest";
import { tilePath, tilesOf } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

type Vector =
  | {
      readonly call: "path";
      readonly input: { readonly level: number; readonly n: number; readonly width: number };
      readonly expect: string;
    }
  | { readonly call: "tiles"; readonly input: { readonly size: number }; readonly expect: readonly string[] };

runArea<Vector>("evidence-export", "evidence.md", (vector) => {
  if (vector.call === "path") expect(tilePath(vector.input.level, vector.input.n, vector.input.width)).toBe(vector.expect);
  else expect([...tilesOf(vector.input.size)].map(({ level, n, width }) => tilePath(level, n, width))).toEqual(vector.expect);
});
