// Runs the shared vectors of spec/change.md: every case, the closed set of keys, and the count that the manifest promises.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Action, type Catalogue, deriveWithWants, type Facts } from "../../src/change/index.js";
import { compactEffect } from "../change/compact.js";
import { FACTS } from "../change/setting.js";

interface Case {
  readonly id: string;
  readonly spec: string;
  readonly note: string;
  readonly action: Partial<Action>;
  readonly facts: Partial<Facts>;
  readonly expect: { readonly effects: readonly string[]; readonly wants?: Readonly<Record<string, unknown>> };
}

const folder = join(import.meta.dirname, "..", "..", "spec", "vectors", "change");
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { area: string; count: number; keys: string[] };
const catalogue = JSON.parse(readFileSync(join(folder, "catalogue.json"), "utf8")) as Catalogue;
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "manifest.json" && name !== "catalogue.json");

describe("vectors of change", () => {
  test("are as many as the manifest says", () => {
    expect(names.length).toBe(manifest.count);
    expect(manifest.area).toBe("change");
  });

  for (const name of names.sort()) {
    const vector = JSON.parse(readFileSync(join(folder, name), "utf8")) as Case;
    test(`${vector.id}: ${vector.note}`, () => {
      expect(Object.keys(vector).sort()).toEqual([...manifest.keys].sort());
      expect(vector.id).toBe(`change/${name.slice(0, -".json".length)}`);
      const { change, wants } = deriveWithWants({ ...ACTION, ...vector.action }, { ...FACTS, ...vector.facts }, catalogue);
      expect(change.effects.map(compactEffect)).toEqual(vector.expect.effects);
      if (vector.expect.wants !== undefined) expect(wants).toEqual(vector.expect.wants);
    });
  }
});

const ACTION: Action = {
  action_type: "execute_command",
  target: "",
  operation: "",
  arguments: "",
  cwd: "/srv/app",
  workspace_root: "/srv/app",
};
