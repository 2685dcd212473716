// What metrics ask of the authority when somebody reads them. Implements spec/service.md 13.1.

export interface MetricsPort {
  /** What stands in this machine's journal and not in the ledger. */
  readonly lag: () => Promise<{ readonly records: number; readonly ms: number }>;
  /** Answers that left, decision records that were durable, and answers that left without one: of two counts that know nothing of each other. */
  readonly blindness: () => Blindness;
  readonly workerUp: () => boolean;
  readonly leaseUp: () => boolean;
  /** How many notices ended so, by outcome. */
  readonly notices: () => ReadonlyMap<string, number>;
}

export interface Blindness {
  readonly answered: number;
  readonly durable: number;
  readonly blind: number;
}
