// spec/vectors/merkle: roots, proofs and tiles of leaves `record 0`, `record 1`, …, computed by another program from RFC 6962's definitions.

import { expect } from "vitest";
import { type Result, sha256 } from "../../src/base/index.js";
import {
  appendLeaves,
  consistencyProof,
  type Hash,
  inclusionProof,
  leafHash,
  multiProof,
  type ReadTile,
  rootOfLeaves,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly call: "root" | "inclusion" | "consistency" | "many" | "tiles" | "verify_inclusion" | "verify_consistency";
  readonly input: Input;
  readonly expect: {
    readonly root?: string;
    readonly proof?: readonly string[];
    readonly tiles?: readonly unknown[];
    readonly code?: string;
  };
}

interface Input {
  readonly leaves: number;
  readonly index: number;
  readonly from: number;
  readonly indices: readonly number[];
  readonly leaf: string;
  readonly size: number;
  readonly proof: readonly string[];
  readonly root: string;
  readonly from_root: string;
}

runArea<Vector>("merkle", "evidence.md", (vector) => expect(answer(vector)).toEqual(vector.expect));

function answer({ call, input }: Vector): Vector["expect"] {
  switch (call) {
    case "root":
      return told(treeRoot(input.leaves, grown(input.leaves).readTile), (root) => ({ root: hex(root) }));
    case "inclusion":
      return told(inclusionProof(input.index, input.leaves, grown(input.leaves).readTile), (proof) => ({ proof: proof.map(hex) }));
    case "consistency":
      return told(consistencyProof(input.from, input.leaves, grown(input.leaves).readTile), (proof) => ({ proof: proof.map(hex) }));
    case "many":
      return many(input);
    case "tiles":
      return { tiles: tilesAsWritten(input.leaves) };
    case "verify_inclusion":
      return told(verifyInclusion(bytes(input.leaf), input.index, input.size, input.proof.map(bytes), bytes(input.root)), () => ({}));
    case "verify_consistency":
      return told(verifyConsistency(input.from, bytes(input.from_root), input.size, bytes(input.root), input.proof.map(bytes)), () => ({}));
  }
}

/** A multi-proof must also lead back to the root. */
function many({ indices, leaves }: Input): Vector["expect"] {
  const { readTile } = grown(leaves);
  return told(multiProof(indices, leaves, readTile), (proof) => {
    const root = rootOfLeaves(
      indices.map((index) => ({ index, hash: leafHash(`record ${index}`) })),
      leaves,
      proof,
    );
    expect(root).toEqual(treeRoot(leaves, readTile));
    return { proof: proof.map(hex) };
  });
}

function tilesAsWritten(leaves: number): readonly unknown[] {
  const tiles = grown(leaves).tiles.map(({ level, n, hashes }) => [level, n, hashes.length / 32, sha256(hashes).slice(7)]);
  const last = Math.floor(leaves / 256) - 1;
  return leaves > 1000 ? tiles.filter((tile) => tile[0] !== 0 || Number(tile[1]) >= last) : tiles;
}

function grown(leaves: number) {
  const result = appendLeaves(
    0,
    Array.from({ length: leaves }, (_, i) => leafHash(`record ${i}`)),
    () => undefined,
  );
  const tiles = result.ok ? result.value.tiles : [];
  const readTile: ReadTile = (level, n) => tiles.find((tile) => tile.level === level && tile.n === n)?.hashes;
  return { tiles, readTile };
}

function told<T>(result: Result<T>, show: (value: T) => Vector["expect"]): Vector["expect"] {
  return result.ok ? show(result.value) : { code: result.problem.code };
}

function hex(hash: Hash): string {
  return Buffer.from(hash).toString("hex");
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "hex");
}
