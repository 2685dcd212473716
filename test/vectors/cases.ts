// Reads an area of the shared vectors; the manifest's count and closed set of keys are asserted, so that nothing is skipped in silence.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

const VECTORS = join(import.meta.dirname, "../../spec/vectors");

/** All cases of an area, by file name. `T` is what the spec says a case holds. */
export function readCases<T extends { readonly id: string }>(area: string): readonly T[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(VECTORS, area, name), "utf8"));
  const manifest = read("manifest.json") as { readonly area: string; readonly count: number; readonly keys: readonly string[] };
  const names = readdirSync(join(VECTORS, area)).filter((name) => name !== "manifest.json");
  const cases = names.sort().map((name) => {
    const one = read(name) as T;
    expect(one.id).toBe(`${area}/${name.replace(/\.json$/, "")}`);
    expect(Object.keys(one).filter((key) => !manifest.keys.includes(key))).toEqual([]);
    return one;
  });
  expect(manifest.area).toBe(area);
  expect(cases).toHaveLength(manifest.count);
  return cases;
}

/** Part of an input: text or bytes, repeated. Secrets and deep nesting are written in parts. */
export type InputPart = { readonly text: string; readonly times?: number } | { readonly hex: string; readonly times?: number };

export function inputBytes(parts: readonly InputPart[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const bytes = "hex" in part ? Buffer.from(part.hex, "hex") : Buffer.from(part.text);
      return Buffer.alloc(bytes.length * (part.times ?? 1), bytes);
    }),
  );
}
