// The embedded ledger behind the questions of a server. Implements spec/service.md 1.4 without a database of others.
// It is opened for each question and closed again: between two of them any command may drain, sign or verify.

import { bad, CavraError, ok, type Result } from "../../base/index.js";
import { consistencyProof, multiProof } from "../../evidence/index.js";
import type { Clock } from "../clock.js";
import type { LedgerRecord, ServedLedger } from "../served-ledger.js";
import { chosenLeaves } from "./chosen.js";
import { drainedFiles, journalLag } from "./lag.js";
import { hasLedger, readLedger } from "./open.js";
import { proofOf, signedHead } from "./proof.js";
import { decisionsBehind, findInLedger, pageOfLedger, type SequencedRecord } from "./read.js";
import { type LedgerSession, openDrained, type Places } from "./session.js";
import { tileReader } from "./tiles.js";

export function embeddedLedger(places: Places, clock: Clock): ServedLedger {
  const { stateFolder } = places;
  // Nothing is made for who only asks: `nothing` answers where nothing was ever recorded.
  const within = async <T>(action: (session: LedgerSession) => T, nothing: () => T): Promise<T> => {
    const session = openDrained(places, clock);
    if (session === null) return nothing();
    try {
      return action(session);
    } finally {
      session.ledger.close();
    }
  };
  const unknown = <T>(id: string) => bad<T>("record_not_found", `no record \`${id}\``);
  return {
    drain: () =>
      within(
        ({ ledger, drained }) => ({ origin: ledger.origin, size: drained.size }),
        () => ({ origin: "", size: 0 }),
      ),
    page: (asked) =>
      within(
        ({ ledger }) => pageOfLedger(ledger, asked.filter, asked.words, asked).map(shown),
        () => [],
      ),
    following: (asked) =>
      within(
        ({ ledger, drained }) => ({ items: decisionsBehind(ledger, asked.filter, asked.words, asked).map(shown), size: drained.size }),
        () => ({ items: [], size: 0 }),
      ),
    find: (id) =>
      within(
        ({ ledger }) => mapped(findInLedger(ledger, id), shown),
        () => unknown(id),
      ),
    proof: (id) =>
      within(
        (session) => mapped(proofOf(session, id), ({ text }) => text),
        () => unknown(id),
      ),
    head: () => within(signedHead, () => bad("checkpoint_missing", "nothing has been recorded yet")),
    tile: (level, n) =>
      within(
        ({ ledger }) => tileReader(ledger.database)(level, n),
        () => undefined,
      ),
    consistency: (from, to) =>
      within(
        ({ ledger, drained: { size } }) => (to > size ? beyond(to, size) : consistencyProof(from, to, tileReader(ledger.database))),
        () => beyond(to, 0),
      ),
    leaves: (asked) =>
      within(
        ({ ledger }) => chosenLeaves(ledger, asked),
        () => (asked.ids === null ? ok([]) : unknown(asked.ids[0] ?? "")),
      ),
    multiProof: (indices, size) =>
      within(
        ({ ledger }) => multiProof(indices, size, tileReader(ledger.database)),
        () => beyond(size, 0),
      ),
    take: async () => {
      throw new CavraError("database_missing", "journals of other machines are taken by a server with a database", {
        hint: "start it with `CAVRA_DATABASE_URL`",
      });
    },
    lag: async () => journalLag(stateFolder, positions(stateFolder), clock.nowMs()),
    check: async () => {
      if (hasLedger(stateFolder)) readLedger(stateFolder).close();
    },
    close: async () => {},
  };
}

function shown({ index, digest, record }: SequencedRecord): LedgerRecord {
  return { index, digest, record };
}

function mapped<From, To>(result: Result<From>, change: (value: From) => To): Result<To> {
  return result.ok ? ok(change(result.value)) : result;
}

function beyond<T>(asked: number, size: number): Result<T> {
  return bad("index_beyond_tree", `there is no tree of ${asked} records in a ledger of ${size}`);
}

function positions(stateFolder: string): ReturnType<typeof drainedFiles> {
  if (!hasLedger(stateFolder)) return new Map();
  const ledger = readLedger(stateFolder);
  try {
    return drainedFiles(ledger);
  } finally {
    ledger.close();
  }
}
