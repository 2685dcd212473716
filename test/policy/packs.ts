// The shipped packs, loaded from policies/ for tests.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compilePolicy, loadPack, openPolicy, type Pack, type Policy } from "../../src/policy/index.js";

const FOLDER = join(import.meta.dirname, "..", "..", "policies");

export const library: ReadonlyMap<string, Pack> = new Map(
  readdirSync(FOLDER).map((name) => {
    const pack = must(loadPack(readFileSync(join(FOLDER, name), "utf8"), name, "host"));
    return [pack.id, pack];
  }),
);

export function shippedPack(id: string): Pack {
  const pack = library.get(id);
  if (pack === undefined) throw new Error(`no pack ${id}`);
  return pack;
}

export function openPack(id: string): Policy {
  return openPolicy(must(compilePolicy({ host: shippedPack(id), workspace: null, library, catalogue: {} })));
}

export function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly unknown[] },
): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.problems, null, 1));
}
