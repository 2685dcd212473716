// What every evidence command begins with: the ledger, drained. Implements spec/evidence.md 8.1 at the command line.

import { bad, CavraError, type Problem, type Result } from "../../../base/index.js";
import { configDir, type LedgerSession, openDrained, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { oneLine } from "../../one-line.js";
import { openProgress } from "../../progress.js";
import type { Terminal } from "../../terminal.js";

/** Runs with the drained ledger; null where nothing was ever recorded. It is closed afterwards. Throws what opening and draining throw. */
export function withLedger<T>(terminal: Terminal, action: (session: LedgerSession | null) => T): T {
  const progress = openProgress(terminal, "draining the journal: records");
  const places = { stateFolder: stateDir(terminal.env), configFolder: configDir(terminal.env) };
  const session = openDrained(places, SYSTEM_CLOCK, (size) => progress.at(size, 0));
  progress.end();
  try {
    return action(session);
  } finally {
    session?.ledger.close();
  }
}

/** The same for commands that need records in it. Problem: `ledger_empty`. */
export function withRecords<T>(terminal: Terminal, action: (session: LedgerSession) => Result<T>): Result<T> {
  return withLedger(terminal, (session) => {
    if (session !== null && session.drained.size > 0) return action(session);
    return bad("ledger_empty", "nothing has been recorded yet", {
      hint: "run `cavra agent doctor claude-code` to see whether the hook fires",
    });
  });
}

/** Says that the ledger cannot be used and that the journal alone answers. Anything but a ledger's problem is thrown on. */
export function sayJournalAlone(terminal: Terminal, thrown: unknown): void {
  const { code, message, hint = "" } = ledgerProblem(thrown);
  const wayOut = hint === "" ? "" : `  ${oneLine(hint, 200)}\n`;
  terminal.complain(`cavra: ${oneLine(message, 200)} (${code}); this is from the journal alone\n${wayOut}`);
}

/** What keeps the ledger from being used, where the journal alone can answer; anything else is thrown on. */
export function ledgerProblem(thrown: unknown): Problem {
  if (thrown instanceof CavraError && thrown.code.startsWith("ledger_"))
    return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  throw thrown;
}
