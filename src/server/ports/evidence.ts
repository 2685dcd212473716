// What the routes over evidence ask for. Implements spec/service.md 7.5 (proofs) and section 11.

import type { Result } from "../../base/index.js";

/** Texts and bytes are those that `cavra evidence` writes. What keeps a head from being there or counting is thrown (503 with its code). */
export interface EvidencePort {
  /** The proof file of one record. Problems: `record_not_found`, `record_unsigned`. */
  readonly proof: (id: string) => Promise<Result<string>>;
  /** The newest head, signed. */
  readonly checkpoint: () => Promise<string>;
  /** The first `width` hashes of a tile. Problem: `tile_not_found`. */
  readonly tile: (place: TilePlace) => Promise<Result<Uint8Array>>;
  /** Without `to`, up to the newest head. Problem: `index_beyond_tree`. */
  readonly consistency: (from: number, to: number | null) => Promise<Result<Consistency>>;
  /** The trust documents' envelopes, a line each. */
  readonly trust: () => Promise<string>;
  /** Problems: `record_not_found`, `bundle_empty`, `bundle_too_large`, `bad_time`. */
  readonly bundle: (chosen: BundleChoice, mostRecords: number) => Promise<Result<string>>;
}

export interface TilePlace {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

export interface Consistency {
  readonly from: number;
  readonly to: number;
  /** Base64 of 32 bytes each. */
  readonly proof: readonly string[];
}

/** All that are given must hold; nothing given is every record. */
export interface BundleChoice {
  readonly ids?: readonly string[];
  readonly decision?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly rule?: string;
  readonly repository?: string;
  readonly action_type?: string;
  readonly since?: string;
  readonly until?: string;
}
