// How long and how many connections may be: spec/service.md 3.7. Tests say shorter ones; nobody else does.

export interface Limits {
  /** The head must be whole after this, the whole request after that. */
  readonly headMs: number;
  readonly requestMs: number;
  /** Between two requests. */
  readonly idleMs: number;
  readonly connections: number;
  /** How often connections are looked at: so much later a limit is kept at the latest. */
  readonly lookMs: number;
}

// The temptation is Node's own `lookMs`, 30 seconds: a head that never ends would live four times as long as its limit says.
export const LIMITS: Limits = { headMs: 10_000, requestMs: 30_000, idleMs: 5_000, connections: 2_048, lookMs: 500 };
