// What the routes over hold and lease ask for. Implements spec/service.md section 12 and spec/promotion.md sections 6 and 8.

import type { Result } from "../../base/index.js";

export interface HoldsPort {
  readonly holds: () => object;
  /** The caller is on record as the person. Problem: those of a reason. Throws `hold_unwritten`. */
  readonly hold: (reason: string, user: string) => Promise<Result<object>>;
  readonly lease: () => LeaseTold;
}

export interface LeaseTold {
  readonly held: boolean;
  readonly purpose: string;
  readonly leases: readonly object[];
}
