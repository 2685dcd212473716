// The one place that turns a code into an exit status. Implements spec/cli.md section 2.

import type { Verdict } from "../base/index.js";

export const EXIT = { done: 0, broken: 1, usage: 2, approval: 3, deny: 4 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export function exitForVerdict(verdict: Verdict): ExitStatus {
  switch (verdict) {
    case "allow":
    case "warn":
      return EXIT.done;
    case "require_approval":
      return EXIT.approval;
    case "deny":
      return EXIT.deny;
  }
}

// A broken world is 1; everything that the caller can mend by calling differently is 2.
const BROKEN = new Set(["evidence_unavailable", "state_unavailable", "state_unsafe", "installation_damaged", "internal_error"]);

export function exitForCode(code: string): ExitStatus {
  return BROKEN.has(code) ? EXIT.broken : EXIT.usage;
}
