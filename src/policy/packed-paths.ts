// For one exact path a packed rulebook names the few clauses that could hold, so that a process which judges one action makes no index of all globs.
// No twin, and no law: what it offers is what the index of path-index.ts would offer, by the same keys.
// INVARIANT: as there, one too many costs time; one too few would let an action pass.

import type { Effect } from "../change/index.js";
import { compiled, type PreparedClause, prepareClause } from "./clause.js";
import type { Rule } from "./model.js";
import { type ExactKey, exactKeyOf, exactKeysOf } from "./path-index.js";

/** The place of a rule, of a clause in its `match`, and of one path glob in that clause; -1 for a clause with one glob or none. */
export type ClausePlace = readonly [rule: number, clause: number, glob: number];

/** Lines between line breaks: a key, and after it the places of what it leads to. */
export function packPaths(rules: readonly Rule[], kind: Effect["kind"]): string {
  const lines = new Map<string, string[]>();
  const put = (key: string, place: ClausePlace) => {
    const places = lines.get(key) ?? [];
    lines.set(key, places);
    const text = place.join(",");
    if (!places.includes(text)) places.push(text);
  };
  for (const [rule, { match }] of rules.entries()) {
    for (const [clause, one] of match.entries()) {
      if (!one.effect.includes(kind)) continue;
      const prepared = prepareClause(one);
      for (const [key, glob] of keysOf(prepared)) put(key, [rule, clause, glob]);
    }
  }
  return `\n${[...lines].map(([key, places]) => `${key} ${places.join(" ")}`).join("\n")}\n`;
}

/** A clause that asks for a covered tree only never holds for one path. */
function keysOf({ path, covers }: PreparedClause): readonly (readonly [key: string, glob: number])[] {
  if (path.length === 0) return covers.length > 0 ? [] : [[ANY, -1]];
  return path.flatMap((glob, i) =>
    compiled(glob, true).alternatives.map((alternative) => [lineKey(exactKeyOf(alternative)), path.length === 1 ? -1 : i] as const),
  );
}

/** What could hold for an exact path of these names, in lower case; with null, for a path that is not known. */
export function placesFor(packed: Buffer, path: readonly string[] | null): readonly ClausePlace[] {
  const keys = path === null ? [ANY] : [ANY, ...exactKeysOf(path).map(lineKey)];
  return keys.flatMap((key) => placesOf(packed, key));
}

function placesOf(packed: Buffer, key: string): readonly ClausePlace[] {
  const start = `\n${key} `;
  const at = packed.indexOf(start);
  if (at === -1) return [];
  const from = at + Buffer.byteLength(start);
  const places = packed.toString("latin1", from, packed.indexOf("\n", from)).split(" ");
  return places.map((place) => place.split(",").map(Number) as unknown as ClausePlace);
}

const ANY = "any";

/** As JSON no name holds a line break, and none can be taken for the beginning of a longer one. */
function lineKey([kind, text]: ExactKey): string {
  return `${kind} ${JSON.stringify(text)}`;
}
