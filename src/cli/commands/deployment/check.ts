// One check of production readiness: what it looks at is looked at anew each time, and what cannot be looked at does not pass. Implements spec/service.md section 16.

import type { Problem } from "../../../base/index.js";
import { problemOf } from "../../terminal.js";

export const CHECKS = ["identity", "transport", "cors", "keys", "ledger", "backup", "policies", "journals", "clock", "mode"] as const;
export type CheckId = (typeof CHECKS)[number];

export interface ProductionCheck {
  readonly id: CheckId;
  readonly status: "pass" | "fail";
  /** `ok` where it passes. */
  readonly code: string;
  readonly message: string;
  /** The command that mends it; "" where it passes. */
  readonly hint: string;
}

/** What was found: words where it is well, a problem where it is not. */
export type Found = string | Problem;

/** `hint` is for problems that come without one. */
export function checked(id: CheckId, hint: string, look: () => Found): ProductionCheck {
  const found = lookedAt(look);
  if (typeof found === "string") return { id, status: "pass", code: "ok", message: found, hint: "" };
  return { id, status: "fail", code: found.code, message: found.message, hint: found.hint || hint };
}

function lookedAt(look: () => Found): Found {
  try {
    return look();
  } catch (thrown) {
    return problemOf(thrown);
  }
}
