// What the routes ask of this installation. Everything that decides, reads or computes stands behind it: the server only speaks HTTP.
// Implements spec/service.md 1.2. Whoever starts the server fills it with the functions that the commands call.

import type { Problem, Result } from "../base/index.js";
import type { Decision, DecisionRecord } from "../evidence/index.js";
import type { ActionBody, DecisionsQuery } from "./bodies.js";
import type { Caller, Identity } from "./identity/caller.js";
import type { ApprovalsPort } from "./ports/approvals.js";
import type { EvidencePort } from "./ports/evidence.js";
import type { HoldsPort } from "./ports/holds.js";
import type { JournalsPort } from "./ports/journals.js";
import type { KeysPort, Once } from "./ports/keys.js";
import type { MetricsPort } from "./ports/metrics.js";
import type { NoticesPort } from "./ports/notices.js";
import type { PoliciesPort } from "./ports/policies.js";

/** Values are the world's answers; what is thrown is a broken world (503 with its code) or a mistake of ours. */
export interface Service {
  readonly version: string;
  readonly identity: Identity;
  /** `req_…` */
  readonly newRequestId: () => string;
  /** Why nothing is taken now; null where all is well. */
  readonly away: () => Problem | null;
  readonly ready: () => Promise<readonly ReadyCheck[]>;
  /** Recorded before it is answered. Problems: `scope_missing` for another workspace than the caller's, `agent_differs`. */
  readonly decide: (asked: ActionBody, caller: Caller, once: OnceOf | null) => Promise<Result<Decision>>;
  /** The same with what became of the second engine: spec/backend.md 10.1. */
  readonly evaluate: (asked: ActionBody, caller: Caller, once: OnceOf | null) => Promise<Result<Evaluated>>;
  /** Those of the caller's workspaces with an index below `before`, the last one first. Problem: `bad_time`. */
  readonly decisions: (page: PageRequest, caller: Caller) => Promise<Result<readonly FoundDecision[]>>;
  /** Those of these workspaces with an index above `after`, in their order. */
  readonly following: (asked: StreamAsked, workspaces: readonly string[]) => Promise<Result<StreamPage>>;
  /** Problem: `record_not_found`, also for one of another workspace than the caller's. */
  readonly decision: (id: string, caller: Caller) => Promise<Result<FoundDecision>>;
  /** The command's own JSON. Rejects with what keeps the server's settings from making one. */
  readonly report: (name: ReportName) => Promise<object>;
  /** Of the caller's workspaces; what is of the tree alone is everybody's. */
  readonly evidence: (caller: Caller) => EvidencePort;
  readonly approvals: ApprovalsPort;
  readonly holds: HoldsPort;
  readonly journals: JournalsPort;
  readonly metrics: MetricsPort;
  readonly keys: KeysPort;
  readonly notices: NoticesPort;
  readonly policies: PoliciesPort;
}

/** One action of a request that is done once: where a former attempt recorded it, that is the answer. */
export interface OnceOf extends Once {
  /** Its place in the request, from 0. */
  readonly at: number;
}

export interface ReadyCheck {
  readonly id: "journal" | "policy" | "database" | "stopping";
  readonly status: "pass" | "fail";
  /** `ok` where it passes. */
  readonly code: string;
}

export interface Evaluated {
  readonly decision: Decision;
}

export interface PageRequest {
  readonly filter: Omit<DecisionsQuery, "limit" | "cursor" | "words">;
  readonly words: readonly string[];
  readonly before: number;
  readonly limit: number;
}

/** The filters of lists but for times. */
export type StreamFilter = Omit<PageRequest["filter"], "since" | "until">;

export interface StreamAsked {
  readonly filter: StreamFilter;
  readonly words: readonly string[];
  readonly after: number;
  readonly limit: number;
}

export interface StreamPage {
  readonly items: readonly FoundDecision[];
  /** Everything below it was looked at, or where `items` are as many as the limit, all up to the last of them. */
  readonly size: number;
}

export interface FoundDecision {
  /** In the ledger; null until it is drained. */
  readonly index: number | null;
  readonly digest: string;
  readonly record: DecisionRecord;
}

/** The last part of the route, and the name of the report. The last one is of the whole deployment, the others of the second engine. */
export const REPORTS = [
  "readiness",
  "promotion-readiness",
  "deployment-readiness",
  "rollback-readiness",
  "rollback-rehearsal",
  "rollback-drills",
  "rollback-drill-schedule",
  "production-readiness",
] as const;
export type ReportName = (typeof REPORTS)[number];
