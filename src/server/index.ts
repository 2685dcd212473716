// The door of the server: HTTP in front of the authority. A bundle of its own, which only `cavra serve` loads.

export type { LogEntry } from "./app.js";
export type { ActionBody } from "./bodies.js";
export { isLoopback, type MoreAllowed } from "./head.js";
export type { Caller, Identity } from "./identity/caller.js";
export { type DecidedOnce, METRICS, type Metrics, newMetrics } from "./metrics.js";
export type { ApprovalsPort, DocumentsAsked, ShownApproval } from "./ports/approvals.js";
export type { BundleChoice, Consistency, EvidencePort, TilePlace } from "./ports/evidence.js";
export type { HoldsPort, LeaseTold } from "./ports/holds.js";
export type { JournalsPort, JournalsTaken, PushedFrame } from "./ports/journals.js";
export type { Blindness, MetricsPort } from "./ports/metrics.js";
export type { NoticesPort } from "./ports/notices.js";
export type { PoliciesPort, PolicyMeant, PolicyRead, ReplayWindow } from "./ports/policies.js";
export type { Evaluated, FoundDecision, OnceOf, PageRequest, ReadyCheck, ReportName, Service, StreamAsked, StreamPage } from "./service.js";
export { type RunningServer, type ServerOptions, startServer } from "./start.js";
