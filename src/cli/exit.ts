// The one place that turns a code into an exit status. Implements spec/cli.md section 2.

import type { Verdict } from "../base/index.js";

export const EXIT = { done: 0, broken: 1, usage: 2, approval: 3, deny: 4, attention: 5 } as const;
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

// A broken world is 1, what does not hold is 4; everything that the caller can mend by calling differently is 2.
const BROKEN: ReadonlySet<string> = new Set([
  "authority_hung",
  "authority_not_started",
  "demo_failed",
  "evidence_unavailable",
  "installation_damaged",
  "internal_error",
  "key_damaged",
  "key_exposed",
  "key_unreadable",
  "ledger_damaged",
  "ledger_format_unknown",
  "ledger_unavailable",
  "notices_damaged",
  "notices_format_unknown",
  "notices_unavailable",
  "redaction_key_damaged",
  "redaction_key_exposed",
  "redaction_key_missing",
  "redaction_key_unreadable",
  "serve_settings_exposed",
  "settings_unreadable",
  "settings_unwritable",
  "state_folder_foreign",
  "state_folder_missing",
  "state_folder_not_a_folder",
  "state_folder_symlink",
  "state_folder_unwritable",
  "state_folder_world_writable",
  "system_error",
  "token_damaged",
  "trust_pin_damaged",
]);
const DOES_NOT_HOLD: ReadonlySet<string> = new Set(["backup_damaged", "not_installed"]);

export function exitForCode(code: string): ExitStatus {
  if (BROKEN.has(code)) return EXIT.broken;
  return DOES_NOT_HOLD.has(code) ? EXIT.deny : EXIT.usage;
}
