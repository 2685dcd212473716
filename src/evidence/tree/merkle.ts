// The hashes of the tree, and what a proof proves. Implements spec/evidence.md section 1 and 2.1 to 2.3 (RFC 6962, RFC 9162).
// Total: sizes are integers up to 2^53−1, so that no bit operator may touch them: JavaScript's cut to 32 bits.

import { createHash, hash as hashOnce } from "node:crypto";
import { bad, ok, type Result } from "../../base/index.js";

/** Bytes of a hash. */
export const HASH_BYTES = 32;
/** No tree has more leaves. */
export const TREE_LEAVES = Number.MAX_SAFE_INTEGER;
/** No inclusion or consistency proof has more hashes: one for each level, and one. */
export const PROOF_HASHES = 54;

export type Hash = Uint8Array;

/** The hash of a leaf: SHA-256(00 ‖ data). */
export function leafHash(data: string | Uint8Array): Buffer {
  return createHash("sha256").update(LEAF).update(data).digest();
}

/** The hash of two children: SHA-256(01 ‖ left ‖ right). */
export function nodeHash(left: Hash, right: Hash): Buffer {
  // A million records make a million nodes: one call of Node's, where it has it (20.12), costs a third of three.
  if (hashOnce === undefined || left.length + right.length !== 2 * HASH_BYTES) {
    return createHash("sha256").update(NODE).update(left).update(right).digest();
  }
  const bytes = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return Buffer.from(hashOnce("sha256", bytes, "binary"), "binary");
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return createHash("sha256").digest();
}

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Does the leaf with this hash stand at `index` in the tree of `size` leaves and this root? Problem: `proof_invalid`. */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): Result<null> {
  if (!isSize(size) || !isIndex(index, size)) return invalid("the index is not in the tree");
  if (proof.length > PROOF_HASHES || !proof.every(isHash) || !isHash(leaf)) return invalid("a hash has 32 bytes");
  let place = index;
  let last = size - 1;
  let hash: Hash = leaf;
  for (const one of proof) {
    if (last === 0) return invalid("the proof is too long");
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(one, hash);
      // A node without a right sibling goes up unchanged until it has a left one.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = nodeHash(hash, one);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0) return invalid("the proof is too short");
  return isEqual(hash, root) ? ok(null) : invalid("the proof leads to another root");
}

/** Is the tree of `from` leaves a beginning of the tree of `size` leaves? Problem: `proof_invalid`. */
export function verifyConsistency(from: number, fromRoot: Hash, size: number, root: Hash, proof: readonly Hash[]): Result<null> {
  if (!isSize(from) || !isSize(size) || from > size) return invalid("the first tree is larger than the second");
  if (proof.length > PROOF_HASHES || !proof.every(isHash)) return invalid("a hash has 32 bytes");
  if (from === 0 || from === size) {
    const same = from === 0 ? isEqual(fromRoot, emptyRoot()) : isEqual(fromRoot, root);
    return same && proof.length === 0 ? ok(null) : invalid("the roots differ");
  }
  let place = from - 1;
  let last = size - 1;
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  // The root of a whole first tree is known and not part of the proof.
  const [first, ...rest] = place === 0 ? [fromRoot, ...proof] : proof;
  if (first === undefined) return invalid("the proof is too short");
  let [older, newer] = [first, first];
  for (const one of rest) {
    if (last === 0) return invalid("the proof is too long");
    if (place % 2 === 1 || place === last) {
      [older, newer] = [nodeHash(one, older), nodeHash(one, newer)];
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newer = nodeHash(newer, one);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0) return invalid("the proof is too short");
  return isEqual(older, fromRoot) && isEqual(newer, root) ? ok(null) : invalid("the proof leads to other roots");
}

/** A leaf of a multi-proof. */
export interface Leaf {
  readonly index: number;
  readonly hash: Hash;
}

/**
 * The root that many leaves (ascending, at least one) and a multi-proof lead to. The proof's hashes are taken in order, and all of them.
 * Problem: `proof_invalid`.
 */
export function rootOfLeaves(leaves: readonly Leaf[], size: number, proof: readonly Hash[]): Result<Hash> {
  if (!isSize(size) || leaves.length === 0) return invalid("a proof is about at least one leaf");
  if (!leaves.every((leaf, i) => isIndex(leaf.index, size) && leaf.index > (leaves[i - 1]?.index ?? -1))) {
    return invalid("the leaves do not ascend, or are not in the tree");
  }
  if (!proof.every(isHash) || !leaves.every((leaf) => isHash(leaf.hash))) return invalid("a hash has 32 bytes");
  let row = leaves;
  let taken = 0;
  for (let width = size; width > 1; width = half(width) + (width % 2)) {
    const above: Leaf[] = [];
    for (let i = 0; i < row.length; i++) {
      const node = row[i] as Leaf;
      const next = row[i + 1];
      const parent = half(node.index);
      if (node.index % 2 === 1) above.push({ index: parent, hash: nodeHash(proof[taken++] ?? NOTHING, node.hash) });
      else if (node.index + 1 === width) above.push({ index: parent, hash: node.hash });
      else if (next?.index === node.index + 1) above.push({ index: parent, hash: nodeHash(node.hash, (row[++i] as Leaf).hash) });
      else above.push({ index: parent, hash: nodeHash(node.hash, proof[taken++] ?? NOTHING) });
    }
    row = above;
  }
  if (taken !== proof.length) return invalid(`the proof has ${proof.length} hashes instead of ${taken}`);
  return ok((row[0] as Leaf).hash);
}

// Stands for a hash that the proof lacks; the count at the end refuses it.
const NOTHING = new Uint8Array(0);

/** True for a number of leaves: an integer from 0 to 2^53−1. */
export function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

function isIndex(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < size;
}

function isHash(hash: Hash): boolean {
  return hash.length === HASH_BYTES;
}

export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function invalid<T>(message: string): Result<T> {
  return bad("proof_invalid", message);
}
