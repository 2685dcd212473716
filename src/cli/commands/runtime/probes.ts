// What the second engine is asked before it counts as ready: one action of each type, each verdict, and code in another language. Implements spec/backend.md 9.2.

import { type Authority, assess } from "../../../authority/index.js";
import type { Probe } from "../../../backend/index.js";
import { CavraError, canonicalRecord, formatTime } from "../../../base/index.js";
import type { Action } from "../../../change/index.js";

const PROBES: readonly Pick<Action, "action_type" | "target" | "operation" | "arguments">[] = [
  { action_type: "execute_command", target: "ls -la src && git status | head", operation: "", arguments: "" },
  { action_type: "execute_command", target: "sudo rm -rf / --no-preserve-root", operation: "", arguments: "" },
  { action_type: "execute_command", target: "python3 -c 'import os; os.remove(\"x\")'", operation: "", arguments: "" },
  { action_type: "execute_command", target: 'for f in *.md; do cat "$f"; done > all.txt', operation: "", arguments: "" },
  { action_type: "read_file", target: "README.md", operation: "", arguments: "" },
  { action_type: "read_file", target: ".env", operation: "", arguments: "" },
  { action_type: "write_file", target: "notes.txt", operation: "write", arguments: "" },
  { action_type: "git_operation", target: "push --force origin main", operation: "", arguments: "" },
  { action_type: "network_request", target: "https://example.org/", operation: "POST", arguments: "" },
  { action_type: "mcp_tool_call", target: "github/create_issue", operation: "", arguments: '{"title":"a"}' },
];

/** Nothing is looked up for a probe: both engines are given the same facts, and these are those that need no machine. */
export function readinessProbes(authority: Authority, folder: string): readonly Probe[] {
  const momentMs = authority.clock.nowMs();
  const who = { agent: "cavra", user: "probe" };
  return PROBES.map((probe) => {
    const action: Action = { ...probe, cwd: folder, workspace_root: folder };
    const { facts, judgement } = assess(action, who, authority, momentMs);
    const bytes = canonicalRecord(judgement);
    if (!bytes.ok) throw new CavraError("internal_error", `a probe's judgement has no canonical form: ${bytes.problem.message}`);
    return { evaluation: { action, facts, subject: { ...who, now: formatTime(momentMs) } }, judgement: bytes.value };
  });
}
