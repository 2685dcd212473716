// What differs between two policies. Implements spec/policy.md section 9.

import type { JsonValue, Verdict } from "../../base/index.js";

/** `reworded`: it says something else and stops the same. `changed`: which way is not proved, or it is both. */
export type ChangeKind = "added" | "removed" | "tightened" | "loosened" | "moved" | "reworded" | "changed";

/** What happens to verdicts: none gets milder, none gets stricter, neither, or nothing is proved. */
export type Direction = "stricter" | "milder" | "none" | "open";

/** One key that differs. Of lists only what went (`a`) and what came (`b`) is given; null where there is nothing. */
export interface Difference {
  readonly key: string;
  readonly a: JsonValue;
  readonly b: JsonValue;
}

export interface PolicyChange {
  /** A rule's id, `default.<kind>`, `default.<kind>.unknown`, `mcp_trust.<server>` or `approval_routes.<id>`. */
  readonly subject: string;
  readonly kind: ChangeKind;
  readonly direction: Direction;
  readonly a: Verdict | "";
  readonly b: Verdict | "";
  readonly what: readonly Difference[];
}

export function directionOf(noneMilder: boolean, noneStricter: boolean): Direction {
  if (noneMilder) return noneStricter ? "none" : "stricter";
  return noneStricter ? "milder" : "open";
}
