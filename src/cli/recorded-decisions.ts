// The recorded decisions that a command looks at again: from ledger and journal, each once. Implements spec/evidence.md 8.7 for what drains nothing.

import type { Result } from "../base/index.js";
import {
  eachDecision,
  eachRecord,
  findInLedger,
  findRecord,
  hasLedger,
  type Ledger,
  lastDecisions,
  listRecords,
  openLedger,
  type RecordFilter,
  type StoredRecord,
  SYSTEM_CLOCK,
  stateDir,
} from "../store/index.js";
import { sayJournalAlone } from "./commands/evidence/session.js";
import type { Terminal } from "./terminal.js";

/** Every decision that fits, the first written first. `tell` hears how many bytes were read, of how many. */
export function* recordedDecisions(
  terminal: Terminal,
  filter: RecordFilter,
  tell: (doneBytes: number, allBytes: number) => void,
): Generator<StoredRecord> {
  const state = stateDir(terminal.env);
  const ledger = ledgerOf(terminal, state);
  try {
    yield* ledger === null ? eachRecord(state, filter, tell) : eachDecision(ledger, state, filter, tell);
  } finally {
    ledger?.close();
  }
}

/** At most `limit` decisions that fit, the last written first. */
export function lastRecorded(terminal: Terminal, filter: RecordFilter, limit: number): readonly StoredRecord[] {
  const state = stateDir(terminal.env);
  const ledger = ledgerOf(terminal, state);
  if (ledger === null) return listRecords(state, filter, limit);
  try {
    return lastDecisions(ledger, state, filter, limit);
  } finally {
    ledger.close();
  }
}

/** One decision by its id, or by a beginning of it: from the journal, or, where that has none, from the ledger. Problems: `record_not_found`, `record_ambiguous`. */
export function findDecision(terminal: Terminal, idOrPrefix: string): Result<StoredRecord> {
  const state = stateDir(terminal.env);
  const found = findRecord(state, idOrPrefix);
  const ledger = !found.ok && found.problem.code === "record_not_found" ? ledgerOf(terminal, state) : null;
  if (ledger === null) return found;
  try {
    return findInLedger(ledger, idOrPrefix);
  } finally {
    ledger.close();
  }
}

/** Null where there is none, or none that can be used; then it is said. It is opened as a drainer opens it, so that what a killed one left half done is undone. */
function ledgerOf(terminal: Terminal, state: string): Ledger | null {
  if (!hasLedger(state)) return null;
  try {
    return openLedger(state, SYSTEM_CLOCK);
  } catch (thrown) {
    sayJournalAlone(terminal, thrown);
    return null;
  }
}
