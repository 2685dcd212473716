// Records for tests, made by the real builder.

import { makeId } from "../../src/base/index.js";
import { type BuiltRecord, buildRecord, type RecordInput, type Who } from "../../src/evidence/index.js";

export const SAMPLE_KEY = new Uint8Array(32).fill(7);
export const SAMPLE_MS = Date.UTC(2026, 10, 3, 12, 34, 56, 789);

export const SAMPLE_WHO: Who = {
  agent: "claude-code",
  sub_agent: "",
  session: "s1",
  user: "ada",
  host: "mill",
  repository: "https://example.com/shop.git",
  branch: "main",
  channel: "hook",
  unattended: false,
};

/** The n-th identifier of a test: `step` milliseconds apart. */
export function sampleId(n: number, step = 1): string {
  return makeId(
    "dec",
    SAMPLE_MS + n * step,
    Uint8Array.from({ length: 10 }, (_, i) => (n * 31 + i * 7) & 255),
  );
}

export function sampleInput(more: Partial<RecordInput> & { readonly target?: string } = {}): RecordInput {
  const { target = "cat .env", ...rest } = more;
  return {
    recordId: sampleId(0),
    decision: "deny",
    basis: { code: "policy", reason: "" },
    who: SAMPLE_WHO,
    action: { action_type: "execute_command", target, operation: "", arguments: "", cwd: "/srv/app", workspace_root: "/srv/app" },
    judgement: {
      verdict: "deny",
      severity: "high",
      reason: "a secret would be read",
      rule_id: "secrets.read",
      instead: null,
      effects: [{ kind: "read", target: "/srv/app/.env", extent: "exact", place: "here", span: { start: 4, end: 8 }, via: ["cat"] }],
      policy: { id: "baseline", version: "1", digest: "sha256:0", mode: "enforce" },
      rulings: [
        { effect: 0, verdict: "deny", source: "rule", rules: [{ id: "secrets.read", verdict: "deny", severity: "high" }], exceptions: [] },
      ],
    },
    engine: { backend: "typescript", version: "0.1.0" },
    ...rest,
  };
}

export function builtRecord(more: Partial<RecordInput> & { readonly target?: string } = {}): BuiltRecord {
  const built = buildRecord(sampleInput(more), SAMPLE_KEY);
  if (!built.ok) throw new Error(`${built.problem.code} at ${built.problem.at}`);
  return built.value;
}
