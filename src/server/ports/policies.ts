// What the routes over policies ask for. Implements spec/service.md section 9.

import type { Result } from "../../base/index.js";

export interface PoliciesPort {
  /** Those of the host first, each kind by id. */
  readonly list: () => Promise<readonly PolicyTold[]>;
  /** Problem: `policy_not_found`. */
  readonly read: (id: string) => Promise<Result<PolicyRead>>;
  /** The compiled policy and its signature. Problem: `policy_not_found`. */
  readonly bundle: (id: string) => Promise<Result<PolicyBundle>>;
  /** As `cavra policy validate --json`. */
  readonly validate: (source: string, layer: "host" | "workspace") => Promise<object>;
  /** As `cavra policy diff --json`. Problems: `policy_not_found`, `policy_invalid`, `bad_time`, `bad_limit`. */
  readonly diff: (a: PolicyMeant, b: PolicyMeant, window: ReplayWindow) => Promise<Result<object>>;
  /** As `cavra policy simulate --json`. Problems: the same. */
  readonly simulate: (policy: PolicyMeant, window: ReplayWindow) => Promise<Result<object>>;
}

export interface PolicyTold {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly mode: string;
  /** The host's own policy, one of its packs, or one that ships. */
  readonly kind: "host" | "pack" | "shipped";
}

export interface PolicyRead extends PolicyTold {
  /** Its text; "" for the host's default, which has none of its own. */
  readonly source: string;
}

export interface PolicyBundle extends PolicyTold {
  /** JSON in its canonical form. */
  readonly compiled: string;
  /** The text of its signature; null where it has none. */
  readonly signature: string | null;
}

/** By id, or as a text. */
export interface PolicyMeant {
  readonly id?: string;
  readonly source?: string;
}

export interface ReplayWindow {
  readonly since?: string;
  readonly until?: string;
  readonly samples?: number;
}
