// What an approval of an action is bound to, and the number under which it is found. Implements spec/approval.md section 2.
// What a person agreed to is the step and its effects, not a text: so both are in the bound text, and nothing that names one run of it is.

import { canonicalJson, compareBytes, hmacSha256, type JsonObject, ok, type Result, sha256 } from "../base/index.js";
import { type Action, type Effect, escapeGlob } from "../change/index.js";
import type { ApprovalSubject, BoundDocument } from "./request.js";

export const BINDING_SCHEMA = "cavra.approval-binding.v1";

/** A file that the action executes, and the SHA-256 of what is in it; "" where it cannot be read. */
export interface ExecutedFile {
  readonly path: string;
  readonly digest: string;
}

export interface Bound {
  readonly action: Action;
  readonly agent: string;
  readonly policyDigest: string;
  readonly effects: readonly Effect[];
  readonly files: readonly ExecutedFile[];
}

/** The key of a state folder's bindings: whoever has it and a request can try out what stood in the action. */
export function bindingKey(redactionKey: Uint8Array): Uint8Array {
  return Buffer.from(hmacSha256(redactionKey, BINDING_SCHEMA), "hex");
}

/** `hmac-sha256:` and 64 digits. Problems: the codes of canonicalJson, for what has no canonical form. */
export function bindingOf(bound: Bound, key: Uint8Array): Result<string> {
  const text = boundText(bound);
  return text.ok ? ok(`hmac-sha256:${hmacSha256(key, text.value)}`) : text;
}

/** The canonical text that is bound. It holds the action as it came, secrets included, and is never kept. */
export function boundText({ action, agent, policyDigest, effects, files }: Bound): Result<string> {
  const { action_type, target, operation, arguments: args, cwd, workspace_root: root } = action;
  return canonicalJson({
    schema_version: BINDING_SCHEMA,
    action_type,
    target,
    operation,
    arguments: args,
    cwd: inWorkspace(cwd, root),
    agent,
    policy_digest: policyDigest,
    effects: effects.map((effect) => boundEffect(effect, root)),
    files: [...files]
      .map(({ path, digest }) => ({ path: inWorkspace(path, root), digest }))
      .sort((a, b) => compareBytes(a.path, b.path) || compareBytes(a.digest, b.digest)),
  });
}

function boundEffect(effect: Effect, root: string): JsonObject {
  const { span: _, ...kept } = effect;
  switch (kept.kind) {
    case "read":
    case "write":
    case "delete":
      return { ...kept, target: inWorkspace(kept.target, kept.extent === "pattern" ? escapeGlob(root) : root) };
    case "exec":
      return { ...kept, path: inWorkspace(kept.path, root) };
    default:
      return { ...kept };
  }
}

/** A clone of the same files elsewhere gives the same text. */
function inWorkspace(path: string, root: string): string {
  if (root === "" || root === "/") return path;
  const isInside = path === root || path.startsWith(`${root}/`);
  return isInside ? `\${workspace}${path.slice(root.length)}` : path;
}

/** Where a request is looked for: the first digits of its binding, or of its documents' digest. It proves nothing. */
export function markOf(subject: ApprovalSubject): string {
  return (subject.kind === "action" ? subject.binding : documentsDigest(subject.documents)).slice(-64).slice(0, MARK_DIGITS);
}

const MARK_DIGITS = 32;

function documentsDigest(documents: readonly BoundDocument[]): string {
  const text = canonicalJson(documents.map(({ kind, digest }) => ({ digest, kind })));
  return text.ok ? sha256(text.value) : "";
}
