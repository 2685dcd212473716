// The ledger as a server asks it: the same questions of the embedded database and of one that several servers share. Implements spec/service.md 1.4.
// Only what a server needs stands here; commands ask the embedded ledger itself, which needs no promises.

import type { Result } from "../base/index.js";
import type { DecisionRecord, JournalRecord, LedgerCheckpoint } from "../evidence/index.js";
import type { RecordFilter } from "./journal-search.js";

/**
 * Every question takes in this machine's journal first. Everything rejects with what keeps the ledger from being used: `ledger_unavailable`,
 * `ledger_damaged`, `ledger_format_unknown`; `database_unavailable`, `database_too_new`.
 */
export interface ServedLedger {
  /** Takes in this machine's journal, and signs the head where there is a key. */
  readonly drain: () => Promise<LedgerState>;
  /** Decisions with an index below `before`, the last sequenced first. */
  readonly page: (asked: DecisionsAsked & { readonly before: number }) => Promise<readonly LedgerRecord[]>;
  /** Decisions with an index above `after`, in their order; and the size of the ledger that was looked through. */
  readonly following: (asked: DecisionsAsked & { readonly after: number }) => Promise<Following>;
  /** One decision by its whole id. Problem: `record_not_found`. */
  readonly find: (id: string) => Promise<Result<LedgerRecord>>;
  /** The proof file of a record (spec/evidence.md 5.8). Problems: `record_not_found`, `record_unsigned`, `trust_missing` and what keeps a head from counting. */
  readonly proof: (id: string) => Promise<Result<string>>;
  /** The newest head that counts. Problems: `checkpoint_missing`, `trust_missing` and what keeps a head from counting. */
  readonly head: () => Promise<Result<LedgerCheckpoint>>;
  /** A stored tile, which may hold more hashes than an older tree had; undefined where there is none. */
  readonly tile: (level: number, n: number) => Promise<Uint8Array | undefined>;
  /** Problem: `index_beyond_tree`. */
  readonly consistency: (from: number, to: number) => Promise<Result<readonly Uint8Array[]>>;
  /** What goes into a bundle: ascending, of the first `size` records, at most `limit`. Problem: `record_not_found`. */
  readonly leaves: (asked: LeavesAsked) => Promise<Result<readonly LeafText[]>>;
  /** One proof of many records (spec/evidence.md 2.3). Problem: `tile_missing`. */
  readonly multiProof: (indices: readonly number[], size: number) => Promise<Result<readonly Uint8Array[]>>;
  /** Records of other machines, once each by their id: durable when it settles. Rejects with `database_missing` where the ledger is this machine's alone. */
  readonly take: (pushed: readonly PushedRecord[], broughtBy: string) => Promise<Taken>;
  /** What stands in this machine's journal and not in the ledger. Asks no database. */
  readonly lag: () => Promise<Lag>;
  /** Rejects where the ledger cannot be used within `withinMs`. */
  readonly check: (withinMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface DecisionsAsked {
  readonly filter: RecordFilter;
  /** Each must stand in the record, whatever the case of ASCII letters. */
  readonly words: readonly string[];
  readonly limit: number;
}

/** `ids` whole, or null: then those that fit the filter, and with a filter of times alone, or none, records of every kind. */
export interface LeavesAsked {
  readonly ids: readonly string[] | null;
  readonly filter: RecordFilter;
  readonly size: number;
  readonly limit: number;
}

export interface LeafText {
  readonly index: number;
  /** Canonical. */
  readonly text: string;
}

export interface LedgerState {
  readonly origin: string;
  readonly size: number;
}

export interface LedgerRecord {
  readonly index: number;
  readonly digest: string;
  readonly record: DecisionRecord;
}

export interface Following {
  readonly items: readonly LedgerRecord[];
  /** Everything below this index was looked at; where `items` are as many as the limit, up to the last of them. */
  readonly size: number;
}

/** One record of a pushed journal: spec/record.md section 7. */
export interface PushedRecord {
  readonly digest: string;
  /** Its canonical text. */
  readonly text: string;
  readonly record: JournalRecord;
}

export interface Taken {
  readonly taken: number;
  /** In the ledger already, with the same digest. */
  readonly known: number;
  /** Ids of those that are in the ledger with another digest: the first stands. */
  readonly differing: readonly string[];
}

export interface Lag {
  readonly records: number;
  /** How long the first of them waits, in milliseconds; 0 for none. */
  readonly ms: number;
}
