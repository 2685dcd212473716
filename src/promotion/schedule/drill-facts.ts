// What the drill history says of one moment, and all that schedule and notices want to know of it. Implements spec/notices.md 2.2.
// Whoever reads the history decides what passed and what is resolved (spec/drills.md); nothing here does.

export interface DrillFacts {
  /** When the last drill passed; "" for never. */
  readonly last_passed_at: string;
  /** Faults whose drill failed and that no resolution and no passing drill took away. */
  readonly failed: readonly FailedDrill[];
  readonly demotions: readonly Demotion[];
  readonly mismatches: readonly Mismatch[];
}

export interface FailedDrill {
  readonly fault: string;
  readonly at: string;
}

/** Go was taken back: by a mismatch, an operator, a drill. */
export interface Demotion {
  readonly id: string;
  readonly at: string;
  readonly cause: string;
}

export interface Mismatch {
  readonly id: string;
  readonly at: string;
}

export const NO_FACTS: DrillFacts = { last_passed_at: "", failed: [], demotions: [], mismatches: [] };
