// The door of the tree: hashes, tiles and proofs. Pure; tiles come in through a ReadTile and go out as values.

export {
  emptyRoot,
  HASH_BYTES,
  type Hash,
  type Leaf,
  leafHash,
  nodeHash,
  PROOF_HASHES,
  rootOfLeaves,
  TREE_LEAVES,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.js";
export { consistencyProof, inclusionProof, multiProof } from "./proofs.js";
export { appendLeaves, type Grown, type ReadTile, TILE_WIDTH, type Tile, tilePath, tilesOf, treeRoot } from "./tiles.js";
