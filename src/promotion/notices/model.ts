// The words of notices: categories, levels, outcomes, causes, and what a planned notice is. Implements spec/notices.md sections 1, 4 and 5.

export const CATEGORIES = [
  "due_soon",
  "overdue",
  "stale_critical",
  "drill_failed",
  "demotion",
  "mismatch",
  "digest",
  "escalation",
] as const;
export type Category = (typeof CATEGORIES)[number];

export const LEVELS = ["info", "warning", "critical"] as const;
export type AlertLevel = (typeof LEVELS)[number];

export const OUTCOMES = ["sent", "suppressed", "deferred", "deduplicated", "rate_limited", "failed"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const HELD_BACK: readonly Outcome[] = ["suppressed", "deferred", "rate_limited"];

/** INVARIANT: nothing holds these back. */
export const NEVER_HELD: readonly Category[] = ["stale_critical", "demotion", "mismatch", "escalation"];

/** Nothing is held back for longer, and no window is longer, in milliseconds. */
export const HELD_MS = 1_209_600_000;

/** A delivery is under way for at most so long, in milliseconds: six attempts, their waits, and one that was taken over. */
export const DELIVERY_MS = 900_000;

export const HELD_CAUSES = [
  "maintenance_window",
  "outside_hours",
  "away",
  "rate_limit",
  "same_target",
  "in_delivery",
  "already_sent",
  "acknowledged",
] as const;
export const FAILED_CAUSES = [
  "provider_unreachable",
  "provider_timeout",
  "provider_refused",
  "provider_overloaded",
  "provider_unwritable",
  "provider_unconfigured",
  "provider_insecure",
  "delivery_interrupted",
] as const;
export type FailedCause = (typeof FAILED_CAUSES)[number];
export type HeldCause = (typeof HELD_CAUSES)[number];
export type Cause = HeldCause | FailedCause | "delivered";

/** Something that holds now and that people should know. */
export interface Condition {
  readonly category: Category;
  readonly level: AlertLevel;
  readonly schedule: string;
  readonly key: string;
  /** One sentence. */
  readonly summary: string;
}

/** What became of a notice, or of one that is to be delivered: nothing yet. */
export interface Decided {
  readonly outcome: Exclude<Outcome, "sent" | "failed">;
  readonly cause: HeldCause;
  readonly author: string;
  /** "" where there is no end. */
  readonly until: string;
  /** "" but for a window's. */
  readonly window: string;
}

/** One condition on one route. */
export interface PlannedNotice extends Condition {
  readonly route: string;
  readonly owner: string;
  readonly provider: string;
  readonly ackMinutes: number;
  /** Null: it is delivered. */
  readonly decided: Decided | null;
}

/** What is remembered of a thread: a condition's key on a route. Times in milliseconds. */
export interface ThreadMemory {
  readonly sentMs: number | null;
  /** The first holding back since it was last sent. */
  readonly heldSinceMs: number | null;
  readonly inDelivery: boolean;
  /** The newest acknowledgement that counts, and whose it is. */
  readonly acknowledged: { readonly atMs: number; readonly person: string } | null;
}

export const NO_MEMORY: ThreadMemory = { sentMs: null, heldSinceMs: null, inDelivery: false, acknowledged: null };

/** An occurrence of a window that ended, and what it hid on one route. */
export interface EndedOccurrence {
  readonly window: string;
  readonly endsAt: string;
  readonly route: string;
  readonly schedule: string;
  /** By key, each with how often. */
  readonly hidden: readonly { readonly key: string; readonly category: Category; readonly count: number }[];
}

/** A thread whose notice nobody has acknowledged in time, perhaps. */
export interface OpenThread {
  readonly route: string;
  readonly schedule: string;
  readonly key: string;
  readonly category: Category;
  readonly level: AlertLevel;
  readonly planId: string;
  /** When the notice that opened it had its outcome. */
  readonly sinceMs: number;
  readonly failed: boolean;
  /** Levels that were planned already and did not fail. */
  readonly levelsDone: readonly number[];
}

/** All that a plan asks of the past. The store answers it within one transaction; vectors answer it from a table. */
export interface Memory {
  readonly thread: (route: string, key: string) => ThreadMemory;
  /** Times of notices on the route that count for limits and were sent, or wait for their delivery, from a time on: ascending. */
  readonly counted: (route: string, sinceMs: number) => readonly number[];
  readonly ended: (nowMs: number) => readonly EndedOccurrence[];
  readonly open: (nowMs: number) => readonly OpenThread[];
}

export const EMPTY_MEMORY: Memory = { thread: () => NO_MEMORY, counted: () => [], ended: () => [], open: () => [] };
