// One area of shared vectors: the manifest's count and keys, the clause that each case names, and the case itself.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SPEC = join(import.meta.dirname, "..", "..", "spec");

interface Case {
  readonly id: string;
  readonly spec: string;
  readonly note: string;
}

export function runArea<V>(area: string, law: string, run: (vector: V & Case) => void): void {
  const folder = join(SPEC, "vectors", area);
  const names = readdirSync(folder).filter((name) => name !== "manifest.json");
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
    readonly area: string;
    readonly count: number;
    readonly keys: readonly string[];
  };
  const clauses = new Set(
    [...readFileSync(join(SPEC, law), "utf8").matchAll(/^#{2,3} (\d+(?:\.\d+)?)/gm)].map((found) => `${law}#${found[1]}`),
  );

  describe(`vectors: ${area}`, () => {
    it("are as many as the manifest says", () => {
      expect({ area, count: names.length }).toEqual({ area: manifest.area, count: manifest.count });
    });

    it.each(names)("%s", (name) => {
      const vector = JSON.parse(readFileSync(join(folder, name), "utf8")) as V & Case;
      expect(Object.keys(vector)).toEqual(manifest.keys);
      expect(`${vector.id}.json`).toBe(`${area}/${name}`);
      expect(clauses.has(vector.spec), `${vector.spec} is a clause`).toBe(true);
      run(vector);
    });
  });
}
