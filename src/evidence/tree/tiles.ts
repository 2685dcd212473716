// The tree as tiles of 256 hashes: what is stored and what is exported. Implements spec/evidence.md section 3 (C2SP tlog-tiles).
// INVARIANT: nothing here holds more of a tree than the tiles on the way; whoever keeps the tiles hands them in through a ReadTile.

import { bad, ok, type Result } from "../../base/index.js";
import { emptyRoot, HASH_BYTES, type Hash, isSize, nodeHash, TREE_LEAVES } from "./merkle.js";

/** A tile of level L holds so many hashes at most, each of a whole subtree of 256^L leaves. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

export interface Tile {
  readonly level: number;
  /** Which of its level, from 0. */
  readonly n: number;
  /** 1 to 256 hashes, one after the other. */
  readonly hashes: Uint8Array;
}

/** The stored hashes of a tile, or undefined where there is none. It may hold more hashes than an older tree had. */
export type ReadTile = (level: number, n: number) => Uint8Array | undefined;

export interface Grown {
  readonly size: number;
  readonly root: Hash;
  /** Every tile that is new or fuller than before, whole, by level and then by number. Each replaces the stored one. */
  readonly tiles: readonly Tile[];
}

/** Appends leaves to a tree of `size` leaves. Problems: `tile_missing`, `tree_too_large`. */
export function appendLeaves(size: number, leaves: readonly Hash[], readTile: ReadTile): Result<Grown> {
  if (!isSize(size) || size + leaves.length > TREE_LEAVES) return bad("tree_too_large", `a tree has at most ${TREE_LEAVES} leaves`);
  const rows: Row[] = [];
  const done: Tile[] = [];
  for (const leaf of leaves) if (!push(0, leaf)) return missing(0, Math.floor(size / TILE_WIDTH));
  const tiles = [...done, ...rows.flatMap(tileOf)].sort((a, b) => a.level - b.level || a.n - b.n);
  const changed = new Map(tiles.map((tile) => [nameOf(tile.level, tile.n), tile.hashes]));
  const root = treeRoot(size + leaves.length, (level, n) => changed.get(nameOf(level, n)) ?? readTile(level, n));
  return root.ok ? ok({ size: size + leaves.length, root: root.value, tiles }) : root;

  // The temptation is to write each tile whenever it grows. A batch of thousands of leaves touches a tile once.
  function push(level: number, hash: Hash): boolean {
    const row = rows[level] ?? openRow(level, size, readTile);
    if (row === undefined) return false;
    rows[level] = row;
    row.hashes.push(hash);
    if (row.hashes.length < TILE_WIDTH) return true;
    const full = row.hashes;
    done.push({ level, n: row.n, hashes: Buffer.concat(full) });
    rows[level] = { level, n: row.n + 1, hashes: [] };
    return push(level + 1, fold(full));
  }
}

interface Row {
  readonly level: number;
  readonly n: number;
  readonly hashes: Hash[];
}

// The last tile of a level, as it stands in a tree of `size` leaves.
function openRow(level: number, size: number, readTile: ReadTile): Row | undefined {
  const count = Math.floor(size / TILE_WIDTH ** level);
  const n = Math.floor(count / TILE_WIDTH);
  const width = count % TILE_WIDTH;
  if (width === 0) return { level, n, hashes: [] };
  const stored = readTile(level, n);
  if (stored === undefined || stored.length < width * HASH_BYTES) return undefined;
  return { level, n, hashes: Array.from({ length: width }, (_, i) => hashAt(stored, i)) };
}

function tileOf({ level, n, hashes }: Row): readonly Tile[] {
  return hashes.length === 0 ? [] : [{ level, n, hashes: Buffer.concat(hashes) }];
}

function fold(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] as Hash, row[2 * i + 1] as Hash));
  return row[0] as Hash;
}

/** The root of the first `size` leaves. Problems: `tile_missing`, `tree_too_large`. */
export function treeRoot(size: number, readTile: ReadTile): Result<Hash> {
  return readNodes(size, readTile, (nodes) => (size === 0 ? emptyRoot() : nodes.range(0, size)));
}

/** The nodes of a tree, for whoever makes a proof. They throw where a tile is missing; readNodes turns that into a problem. */
export interface Nodes {
  /** The hash over the leaves from `from` to before `to`; `from` must be a multiple of the next power of two. */
  range(from: number, to: number): Hash;
}

export function readNodes<T>(size: number, readTile: ReadTile, read: (nodes: Nodes) => T): Result<T> {
  if (!isSize(size)) return bad("tree_too_large", `a tree has at most ${TREE_LEAVES} leaves`);
  const known = new Map<string, Hash>();
  try {
    return ok(read({ range }));
  } catch (error) {
    if (error instanceof MissingTile) return missing(error.level, error.n);
    throw error;
  }

  function range(from: number, to: number): Hash {
    const height = heightBelow(to - from);
    const width = 2 ** height;
    if (width === to - from) return node(height, from / width);
    return nodeHash(node(height, from / width), range(from + width, to));
  }

  // Each node is hashed once, however many proofs pass it.
  function node(height: number, index: number): Hash {
    if (height % TILE_HEIGHT === 0) return stored(height / TILE_HEIGHT, index);
    const name = nameOf(height, index);
    const hash = known.get(name) ?? nodeHash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1));
    known.set(name, hash);
    return hash;
  }

  function stored(level: number, index: number): Hash {
    const n = Math.floor(index / TILE_WIDTH);
    const tile = readTile(level, n);
    const at = index % TILE_WIDTH;
    if (tile === undefined || tile.length < (at + 1) * HASH_BYTES) throw new MissingTile(level, n);
    return hashAt(tile, at);
  }
}

/** The greatest height whose whole subtree fits into `count` leaves. */
function heightBelow(count: number): number {
  let height = 0;
  while (2 ** (height + 1) <= count) height++;
  return height;
}

class MissingTile extends Error {
  readonly level: number;
  readonly n: number;

  constructor(level: number, n: number) {
    super("tile missing");
    this.level = level;
    this.n = n;
  }
}

function missing<T>(level: number, n: number): Result<T> {
  return bad("tile_missing", `tile ${n} of level ${level} is missing or too short`);
}

function hashAt(tile: Uint8Array, index: number): Hash {
  return tile.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

function nameOf(level: number, n: number): string {
  return `${level}/${n}`;
}

/** Level, number and number of hashes of every tile of a tree of `size` leaves, partial ones included, by level and then by number. */
export function* tilesOf(size: number): Generator<{ readonly level: number; readonly n: number; readonly width: number }> {
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    for (let n = 0; n * TILE_WIDTH < count; n++) yield { level, n, width: Math.min(TILE_WIDTH, count - n * TILE_WIDTH) };
  }
}

/** Where C2SP tlog-tiles wants a tile: `tile/0/x001/x234/067`, and `.p/WIDTH` behind it for a partial one. */
export function tilePath(level: number, n: number, width: number): string {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}
