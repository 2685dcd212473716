// Makes proofs from tiles. Implements spec/evidence.md section 2.
// What is made here is checked by merkle.ts alone: nobody who checks needs a tile.

import { bad, ok, type Result } from "../../base/index.js";
import { type Hash, isSize } from "./merkle.js";
import { type Nodes, type ReadTile, readNodes } from "./tiles.js";

/** The hashes from the leaf's sibling up to the root's child. Problems: `index_beyond_tree`, `tile_missing`, `tree_too_large`. */
export function inclusionProof(index: number, size: number, readTile: ReadTile): Result<readonly Hash[]> {
  if (!isSize(index) || index >= size) return bad("index_beyond_tree", `there is no leaf ${index} in a tree of ${size}`);
  return readNodes(size, readTile, (nodes) => {
    const proof: Hash[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + splitOf(to - from);
      if (index < middle) proof.push(nodes.range(middle, to));
      else proof.push(nodes.range(from, middle));
      [from, to] = index < middle ? [from, middle] : [middle, to];
    }
    return proof.reverse();
  });
}

/** That the first `from` leaves are a beginning of the first `size`. Problems: `index_beyond_tree`, `tile_missing`, `tree_too_large`. */
export function consistencyProof(from: number, size: number, readTile: ReadTile): Result<readonly Hash[]> {
  if (!isSize(from) || from > size) return bad("index_beyond_tree", `a tree of ${size} leaves has no beginning of ${from}`);
  if (from === 0) return ok([]);
  return readNodes(size, readTile, (nodes) => {
    const proof: Hash[] = [];
    let [begin, end] = [0, size];
    while (end !== from) {
      const middle = begin + splitOf(end - begin);
      if (from <= middle) proof.push(nodes.range(middle, end));
      else proof.push(nodes.range(begin, middle));
      [begin, end] = from <= middle ? [begin, middle] : [middle, end];
    }
    // A first tree that is whole is its own root, which the verifier has.
    if (begin > 0) proof.push(nodes.range(begin, end));
    return proof.reverse();
  });
}

/**
 * The hashes that lead from many leaves (distinct, ascending) to the root, in the order in which rootOfLeaves takes them.
 * Problems: `index_beyond_tree`, `tile_missing`, `tree_too_large`.
 */
export function multiProof(indices: readonly number[], size: number, readTile: ReadTile): Result<readonly Hash[]> {
  if (!indices.every((index, i) => isSize(index) && index < size && index > (indices[i - 1] ?? -1))) {
    return bad("index_beyond_tree", "the indices do not ascend, or are not in the tree");
  }
  return readNodes(size, readTile, (nodes) => {
    const proof: Hash[] = [];
    let row = indices;
    for (let span = 1; span < size; span *= 2) row = climb(row, span, size, nodes, proof);
    return proof;
  });
}

// One level up: what stands beside the known nodes and is not known itself goes into the proof.
function climb(row: readonly number[], span: number, size: number, nodes: Nodes, proof: Hash[]): readonly number[] {
  const width = Math.ceil(size / span);
  const above: number[] = [];
  for (let i = 0; i < row.length; i++) {
    const index = row[i] ?? 0;
    const sibling = index % 2 === 1 ? index - 1 : index + 1;
    if (sibling < width && row[i + 1] === sibling) i++;
    else if (sibling < width) proof.push(nodes.range(sibling * span, Math.min((sibling + 1) * span, size)));
    above.push(Math.floor(index / 2));
  }
  return above;
}

// RFC 6962: the largest power of two smaller than the count.
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
