// The shared tree's tiles: read from the database before the pure functions ask for them. Implements the storing of spec/evidence.md section 3.

import { bad, type Result } from "../base/index.js";
import { type ReadTile, TILE_WIDTH } from "../evidence/index.js";
import type { Database, Within } from "./database.js";

type Place = { readonly level: number; readonly n: number };

/** Reads the last tile of each level, which is all that growing asks for, and the root of the whole. */
export async function edgeTiles(database: Database | Within, size: number): Promise<ReadTile> {
  const known = await tilesAt(database, edgesOf(size));
  return (level, n) => known.get(nameOf({ level, n }));
}

function edgesOf(size: number): readonly Place[] {
  const places: Place[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH))
    if (count % TILE_WIDTH > 0) places.push({ level, n: Math.floor(count / TILE_WIDTH) });
  return places;
}

/** The tiles above these leaves, and those at the edge of a tree of this size: what proofs of them ask for. */
export function tilesAbove(indices: readonly number[], size: number): readonly Place[] {
  const places = new Map(edgesOf(size).map((place) => [nameOf(place), place]));
  for (const index of indices)
    for (let level = 0, at = index, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
      at = Math.floor(at / TILE_WIDTH);
      places.set(nameOf({ level, n: at }), { level, n: at });
    }
  return [...places.values()];
}

/** Rounds of asking for what was not foreseen: each tells of one missing tile. */
const ROUNDS = 64;

/** Calls `make` again and again with more tiles, until it misses none that there is. `places`: what it is known to ask for. */
export async function withTiles<T>(
  database: Database | Within,
  make: (readTile: ReadTile) => Result<T>,
  places: readonly Place[] = [],
): Promise<Result<T>> {
  const known = new Map<string, Uint8Array | undefined>(await tilesAt(database, places));
  for (const place of places) if (!known.has(nameOf(place))) known.set(nameOf(place), undefined);
  for (let round = 0; round < ROUNDS; round++) {
    const missed = new Map<string, Place>();
    const made = make((level, n) => {
      const name = nameOf({ level, n });
      if (!known.has(name)) missed.set(name, { level, n });
      return known.get(name);
    });
    if (missed.size === 0) return made;
    const found = await tilesAt(database, [...missed.values()]);
    for (const name of missed.keys()) known.set(name, found.get(name));
  }
  return bad("tile_missing", "the tree has more levels than a tree can have");
}

/** Tiles in one question. */
const PLACES = 500;

async function tilesAt(database: Database | Within, places: readonly Place[]): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (let from = 0; from < places.length; from += PLACES) {
    const some = places.slice(from, from + PLACES);
    const rows = await database
      .selectFrom("tile")
      .selectAll()
      .where(({ eb, or }) => or(some.map(({ level, n }) => eb.and({ level, n }))))
      .execute();
    for (const row of rows) found.set(nameOf(row), row.hashes);
  }
  return found;
}

export async function tileAt(database: Database, level: number, n: number): Promise<Uint8Array | undefined> {
  return (await tilesAt(database, [{ level, n }])).get(nameOf({ level, n }));
}

function nameOf({ level, n }: Place): string {
  return `${level}/${n}`;
}
