// The tree of tiles against RFC 6962 word for word: roots, proofs, and what is refused.

import { describe, expect, it } from "vitest";
import {
  appendLeaves,
  consistencyProof,
  emptyRoot,
  type Hash,
  inclusionProof,
  leafHash,
  multiProof,
  type ReadTile,
  rootOfLeaves,
  TREE_LEAVES,
  tilePath,
  tilesOf,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from "../../../src/evidence/index.js";
import { naivePath, naiveProof, naiveRoot } from "./naive.js";

/** The entries of the test data of RFC 6962 implementations, and their roots. */
const ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const DATA = Array.from({ length: 700 }, (_, i) => Buffer.from(`record ${i}`));
const LEAVES = DATA.map((data) => leafHash(data));
const hex = (hashes: readonly Hash[]) => hashes.map((hash) => Buffer.from(hash).toString("hex"));

/** A store of tiles in memory, grown in batches. */
function grow(leaves: readonly Hash[], batches: readonly number[]): { readTile: ReadTile; root: Hash; tiles: Map<string, Uint8Array> } {
  const tiles = new Map<string, Uint8Array>();
  const readTile: ReadTile = (level, n) => tiles.get(`${level}/${n}`);
  let size = 0;
  let root: Hash = emptyRoot();
  for (const batch of batches) {
    const grown = must(appendLeaves(size, leaves.slice(size, size + batch), readTile));
    for (const tile of grown.tiles) tiles.set(`${tile.level}/${tile.n}`, tile.hashes);
    size = grown.size;
    root = grown.root;
  }
  expect(size).toBe(leaves.length);
  return { readTile, root, tiles };
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: { readonly code: string } },
): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}

function codeOf(result: { readonly ok: boolean; readonly problem?: { readonly code: string } }): string {
  return result.ok ? "ok" : (result.problem?.code ?? "");
}

describe("the tree", () => {
  it("has the roots that every implementation of RFC 6962 has", () => {
    const leaves = ENTRIES.map((entry) => leafHash(Buffer.from(entry, "hex")));
    const { readTile } = grow(leaves, [8]);
    expect(ROOTS.map((_, size) => hex([must(treeRoot(size, readTile))])[0])).toEqual(ROOTS);
  });

  it.each([
    ["at once", [700]],
    ["one by one", DATA.map(() => 1)],
    ["around the edges of tiles", [255, 1, 1, 254, 2, 187]],
    ["with empty batches", [0, 256, 0, 256, 188]],
  ])("grows to the same tiles %s", (_, batches) => {
    const grown = grow(LEAVES, batches);
    expect(hex([grown.root])).toEqual(hex([naiveRoot(DATA)]));
    expect([...grown.tiles].sort()).toEqual([...grow(LEAVES, [700]).tiles].sort());
    expect([...grown.tiles.keys()].sort()).toEqual([...tilesOf(700)].map(({ level, n }) => `${level}/${n}`).sort());
  });

  it("proves every leaf and every beginning of every tree up to 40 leaves as RFC 6962 does", () => {
    const { readTile } = grow(LEAVES, [700]);
    for (let size = 1; size <= 40; size++) {
      const data = DATA.slice(0, size);
      const root = must(treeRoot(size, readTile));
      for (let i = 0; i < size; i++) {
        const proof = must(inclusionProof(i, size, readTile));
        expect(hex(proof)).toEqual(hex(naivePath(i, data)));
        expect(codeOf(verifyInclusion(LEAVES[i] as Hash, i, size, proof, root))).toBe("ok");
        const older = must(treeRoot(i + 1, readTile));
        const consistency = must(consistencyProof(i + 1, size, readTile));
        expect(hex(consistency)).toEqual(hex(naiveProof(i + 1, data)));
        expect(codeOf(verifyConsistency(i + 1, older, size, root, consistency))).toBe("ok");
      }
    }
  });

  it("proves across tiles, also for a tree smaller than the stored one", () => {
    const { readTile } = grow(LEAVES, [300, 400]);
    for (const size of [256, 257, 511, 512, 513, 700]) {
      const root = must(treeRoot(size, readTile));
      expect(hex([root])).toEqual(hex([naiveRoot(DATA.slice(0, size))]));
      for (const index of [0, 1, 255, size - 1]) {
        const proof = must(inclusionProof(index, size, readTile));
        expect(codeOf(verifyInclusion(LEAVES[index] as Hash, index, size, proof, root))).toBe("ok");
      }
    }
  });

  it("refuses a proof with a changed, missing, added or swapped hash, and one for another place", () => {
    const { readTile } = grow(LEAVES, [700]);
    const root = must(treeRoot(700, readTile));
    const older = must(treeRoot(300, readTile));
    const verifyIn = (proof: readonly Hash[], index = 123, size = 700) =>
      codeOf(verifyInclusion(LEAVES[123] as Hash, index, size, proof, root));
    const verifyCon = (proof: readonly Hash[], from = 300, size = 700) => codeOf(verifyConsistency(from, older, size, root, proof));
    for (const [proof, verify] of [
      [must(inclusionProof(123, 700, readTile)), verifyIn],
      [must(consistencyProof(300, 700, readTile)), verifyCon],
    ] as const) {
      expect(verify(proof)).toBe("ok");
      for (let i = 0; i < proof.length; i++) {
        const changed = proof.map((hash, k) => (k === i ? Buffer.from(hash).fill(7, 31) : hash));
        expect(verify(changed)).toBe("proof_invalid");
        expect(verify(proof.filter((_, k) => k !== i))).toBe("proof_invalid");
        expect(verify([...proof.slice(0, i), proof[i] as Hash, ...proof.slice(i)])).toBe("proof_invalid");
        expect(verify(proof.map((hash, k) => (k === i ? hash.subarray(1) : hash)))).toBe("proof_invalid");
        if (i > 0)
          expect(verify(proof.map((hash, k) => (k === i ? proof[i - 1] : k === i - 1 ? proof[i] : hash) as Hash))).toBe("proof_invalid");
      }
      expect(verify(proof, 122)).toBe("proof_invalid");
      expect(verify(proof, 123, 123)).toBe("proof_invalid");
      expect(verify(proof, -1)).toBe("proof_invalid");
      expect(verify(proof, 1.5)).toBe("proof_invalid");
    }
  });

  it("proves many leaves at once, with exactly the hashes that are needed", () => {
    const { readTile } = grow(LEAVES, [700]);
    for (const [indices, size] of SELECTIONS) {
      const proof = must(multiProof(indices, size, readTile));
      const leaves = indices.map((index) => ({ index, hash: LEAVES[index] as Hash }));
      const root = must(rootOfLeaves(leaves, size, proof));
      expect(hex([root])).toEqual(hex([naiveRoot(DATA.slice(0, size))]));
      expect(codeOf(rootOfLeaves(leaves, size, [...proof, root]))).toBe("proof_invalid");
      if (proof.length > 0) expect(codeOf(rootOfLeaves(leaves, size, proof.slice(1)))).toBe("proof_invalid");
    }
    const one = must(multiProof([123], 700, readTile));
    expect(hex(one)).toEqual(hex(must(inclusionProof(123, 700, readTile))));
    expect(must(multiProof([...DATA.keys()], 700, readTile))).toEqual([]);
  });

  it("refuses leaves out of order, twice, or beyond the tree", () => {
    const { readTile } = grow(LEAVES, [700]);
    for (const indices of [[2, 1], [1, 1], [700], [-1], [0.5]]) {
      expect(codeOf(multiProof(indices, 700, readTile))).toBe("index_beyond_tree");
      const leaves = indices.map((index) => ({ index, hash: emptyRoot() }));
      expect(codeOf(rootOfLeaves(leaves, 700, []))).toBe("proof_invalid");
    }
    expect(codeOf(rootOfLeaves([], 700, []))).toBe("proof_invalid");
    expect(codeOf(inclusionProof(700, 700, readTile))).toBe("index_beyond_tree");
    expect(codeOf(consistencyProof(701, 700, readTile))).toBe("index_beyond_tree");
  });

  it("says which tile is missing, and refuses a tree larger than a number can count", () => {
    const { tiles } = grow(LEAVES, [700]);
    tiles.delete("0/1");
    const readTile: ReadTile = (level, n) => tiles.get(`${level}/${n}`);
    expect(inclusionProof(300, 512, readTile)).toMatchObject({ ok: false, problem: { code: "tile_missing" } });
    expect(codeOf(appendLeaves(300, LEAVES.slice(0, 1), readTile))).toBe("tile_missing");
    expect(codeOf(appendLeaves(TREE_LEAVES, LEAVES.slice(0, 1), readTile))).toBe("tree_too_large");
    expect(codeOf(treeRoot(TREE_LEAVES + 1, readTile))).toBe("tree_too_large");
  });

  it("checks proofs in the largest tree without losing a bit", () => {
    // All 2^53−1 leaves are equal, so each whole subtree has one hash for its height.
    const whole = [leafHash("same")];
    for (let i = 1; i < 53; i++) whole.push(leafHash(Buffer.concat([whole[i - 1] as Hash])));
    const leaf = whole[0] as Hash;
    const proof = Array.from({ length: 53 }, (_, i) => whole[i] as Hash);
    const root = must(rootOfLeaves([{ index: 2 ** 52 + 1, hash: leaf }], TREE_LEAVES, proof.slice(0, 53)));
    expect(codeOf(verifyInclusion(leaf, 2 ** 52 + 1, TREE_LEAVES, proof, root))).toBe("ok");
    expect(codeOf(verifyInclusion(leaf, 1, TREE_LEAVES, proof, root))).toBe("proof_invalid");
  });

  it.each([
    [0, 0, 256, "tile/0/000"],
    [0, 5, 70, "tile/0/005.p/70"],
    [1, 999, 256, "tile/1/999"],
    [2, 1234067, 256, "tile/2/x001/x234/067"],
  ])("names tile %i/%i as C2SP does", (level, n, width, path) => {
    expect(tilePath(level, n, width)).toBe(path);
  });
});

const SELECTIONS: readonly (readonly [readonly number[], number])[] = [
  [[0], 1],
  [[0, 1], 2],
  [[2], 3],
  [[0, 2], 3],
  [[4, 5, 6], 7],
  [[0, 3, 255, 256, 511], 512],
  [[1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610], 611],
  [[699], 700],
  [[0, 699], 700],
  [Array.from({ length: 350 }, (_, i) => 2 * i), 700],
];
