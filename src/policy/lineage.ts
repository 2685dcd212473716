// Which packs a pack stands on, parents before children. Implements spec/policy.md section 2.6.

import type { Problem } from "../base/index.js";
import type { Loaded } from "./load.js";
import type { Pack } from "./pack.js";
import { suggest } from "./suggest.js";

/** The packs that can be inherited, by id. */
export type Library = ReadonlyMap<string, Pack>;

export const MAX_LINEAGE = 50;

/** Every pack once, each after the packs that it inherits; a circle is refused with the whole way round. */
export function lineage(pack: Pack, library: Library): Loaded<readonly Pack[]> {
  const order: Pack[] = [];
  const done = new Set<string>();
  const problems: Problem[] = [];
  const visit = (next: Pack, way: readonly string[], at: string): void => {
    if (way.includes(next.id)) {
      problems.push({
        code: "inherits_cycle",
        message: `packs inherit in a circle: ${[...way.slice(way.indexOf(next.id)), next.id].join(" -> ")}`,
        at,
      });
      return;
    }
    if (done.has(next.id) || way.length >= MAX_LINEAGE) {
      if (way.length >= MAX_LINEAGE) problems.push({ code: "too_many", message: `a pack may stand on ${MAX_LINEAGE} packs at most`, at });
      return;
    }
    for (const parent of next.inherits) {
      const found = parent.id === pack.id ? pack : library.get(parent.id);
      if (found !== undefined) visit(found, [...way, next.id], parent.at);
      else problems.push(unknownPack(parent.id, parent.at, library));
    }
    done.add(next.id);
    order.push(next);
  };
  visit(pack, [], pack.at);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: order };
}

function unknownPack(id: string, at: string, library: Library): Problem {
  const near = suggest(id, [...library.keys()]);
  return {
    code: "unknown_pack",
    message: `no pack has the id \`${id}\``,
    at,
    hint: near === "" ? "cavra policy list shows the packs there are" : `did you mean \`${near}\`?`,
  };
}
