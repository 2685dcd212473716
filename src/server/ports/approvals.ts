// What the routes over approvals ask for. Implements spec/service.md 10.1.

import type { Result } from "../../base/index.js";
import type { Caller } from "../identity/caller.js";

/** Each shown as `cavra approval show --json`, to callers of the workspace of its decision; those for documents to callers of every one. */
export interface ApprovalsPort {
  /** The last asked first, behind `after` ("" for the first page). */
  readonly list: (asked: ApprovalsAsked, caller: Caller) => Promise<readonly ShownApproval[]>;
  /** Problem: `approval_not_found`. */
  readonly read: (id: string, caller: Caller) => Promise<Result<ShownApproval>>;
  /** Asks persons for a set of documents. Problems: `approval_malformed`, `approval_wait`, those of a reason. */
  readonly ask: (asked: DocumentsAsked, caller: Caller) => Promise<Result<ShownApproval>>;
  /** Keeps what a person signed. Problems: `approval_not_found`, `approval_not_pending`, `already_answered`, and those of spec/approval.md 5.2. */
  readonly answer: (id: string, envelope: string, caller: Caller) => Promise<Result<ShownApproval>>;
}

export interface ApprovalsAsked {
  readonly state: string | null;
  readonly after: string;
  readonly limit: number;
}

export interface DocumentsAsked {
  readonly documents: readonly { readonly kind: string; readonly digest: string }[];
  readonly reason: string;
  readonly waitMs: number | null;
}

export interface ShownApproval {
  readonly request: { readonly approval_id: string };
  readonly state: string;
}
