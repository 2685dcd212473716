// The door of evidence: records, their redaction, and the frames that keep them. Pure; the files themselves are store's.

export { encodeFrame, FRAME_BYTES, type FrameDamage, type FrameItem, type JournalRecord, scanFrames } from "./frame.js";
export {
  type Basis,
  type Decision,
  type DecisionRecord,
  type Engine,
  type Evidence,
  type JournalPosition,
  RECORD_SCHEMA,
  type RecordedAction,
  type RecordedInstead,
  type RecordedJudgement,
  type RecordedPolicy,
  type RecordedRuling,
  type Redaction,
  type Who,
} from "./model.js";
export { type BuiltRecord, buildRecord, decisionOf, RECORD_BYTES, type RecordInput } from "./record.js";
export { markerOf } from "./redact.js";
export { redactedSpan } from "./redacted-span.js";
export { findSecrets } from "./secrets/find.js";
export {
  appendLeaves,
  consistencyProof,
  emptyRoot,
  type Grown,
  HASH_BYTES,
  type Hash,
  inclusionProof,
  type Leaf,
  leafHash,
  multiProof,
  nodeHash,
  PROOF_HASHES,
  type ReadTile,
  rootOfLeaves,
  TILE_WIDTH,
  type Tile,
  TREE_LEAVES,
  tilePath,
  tilesOf,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from "./tree/index.js";
