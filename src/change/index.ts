// The door of `change/`: from an action to what it would change. Implements spec/change.md.

export type { Catalogue, WholeCatalogue } from "./catalogue/model.js";
export { openPacked, type PackedCatalogue } from "./catalogue/packed.js";
export { deriveChange, deriveWithWants, type Wants } from "./derive.js";
export {
  ACTION_TYPES,
  type Action,
  type ActionType,
  type CallEffect,
  type Change,
  type Effect,
  type EffectKind,
  type ExecEffect,
  type Extent,
  type Facts,
  type FileEffect,
  type GitEffect,
  type GitFacts,
  type NetworkEffect,
  type OpaqueEffect,
  type OperateEffect,
  UNKNOWN,
} from "./model.js";
export { canonicalGlob, canonicalPath, type PathView } from "./paths.js";
export { escapeGlob } from "./words/index.js";
