// `cavra evidence list | search | show`: what was recorded. Implements spec/cli.md section 6 and spec/record.md section 10.
// Lists and single records come from the drained ledger; where that cannot be used, the journal alone answers, and it is said.

import type { Result } from "../../../base/index.js";
import {
  findInLedger,
  findLeaf,
  findRecord,
  type Leaf,
  type LedgerSession,
  listLedger,
  listRecords,
  type RecordFilter,
  type StoredRecord,
  stateDir,
} from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { type FilterOptions, filterFrom } from "../../record-filter.js";
import { renderLine } from "../../render.js";
import { report, type Terminal } from "../../terminal.js";
import { tell } from "../why.js";
import { sayJournalAlone, withLedger } from "./session.js";

export interface ListOptions extends FilterOptions {
  readonly limit: string;
  readonly json?: boolean;
}

/** Most records that one list shows. */
export const LIST_LIMIT = 10_000;

/** `words`: what each record must hold; none for a list. */
export function list(terminal: Terminal, words: readonly string[], options: ListOptions): ExitStatus {
  const limit = Number(options.limit);
  const json = options.json === true;
  if (!Number.isInteger(limit) || limit < 1 || limit > LIST_LIMIT) {
    return report(terminal, { code: "bad_limit", message: `\`${options.limit}\` is no number from 1 to ${LIST_LIMIT}` }, json);
  }
  const filter = filterFrom(options);
  if (!filter.ok) return report(terminal, filter.problem, json);
  const records = asked(
    terminal,
    (session) => listLedger(session.ledger, filter.value, words, limit),
    () => fromJournal(terminal, filter.value, words, limit),
  );
  for (const stored of records) {
    const { record } = stored;
    const line = `${terminal.colours.dim(`${record.recorded_at.slice(0, 19)}Z ${record.record_id}`)}  ${renderLine(record.decision, record.action?.target ?? "(no action)", record.judgement?.rule_id || record.basis.code, terminal)}`;
    terminal.print(json ? `${JSON.stringify(stored)}\n` : `${line}\n`);
  }
  if (records.length === 0 && !json) terminal.complain("no records fit; `cavra evidence list` without filters shows the last ones\n");
  return EXIT.done;
}

function fromJournal(terminal: Terminal, filter: RecordFilter, words: readonly string[], limit: number): readonly StoredRecord[] {
  const records = listRecords(stateDir(terminal.env), filter, words.length === 0 ? limit : LIST_LIMIT);
  const holds = ({ record }: StoredRecord) => words.every((word) => JSON.stringify(record).toLowerCase().includes(asInJson(word)));
  return records.filter(holds).slice(0, limit);
}

function asInJson(word: string): string {
  return JSON.stringify(word).slice(1, -1).toLowerCase();
}

export function show(terminal: Terminal, id: string, json: boolean): ExitStatus {
  const found = asked<Result<StoredRecord | Leaf>>(
    terminal,
    ({ ledger }) => {
      const decision = findInLedger(ledger, id);
      return decision.ok || decision.problem.code !== "record_not_found" ? decision : findLeaf(ledger, id);
    },
    () => findRecord(stateDir(terminal.env), id),
  );
  if (!found.ok) return report(terminal, found.problem, json);
  const isDecision = "digest" in found.value;
  const record: unknown = isDecision ? found.value.record : JSON.parse((found.value as Leaf).text);
  const told = isDecision ? tell(found.value as StoredRecord, terminal) : "";
  terminal.print(json ? `${JSON.stringify(record)}\n` : `${told}${inLines(record)}`);
  return EXIT.done;
}

function inLines(record: unknown): string {
  const lines = JSON.stringify(record, null, 2).split("\n");
  return `${lines.map((line) => oneLine(line, Number.POSITIVE_INFINITY)).join("\n")}\n`;
}

/** Asks the ledger, or the journal where there is none or none that can be used. */
function asked<T>(terminal: Terminal, ledger: (session: LedgerSession) => T, journal: () => T): T {
  try {
    return withLedger(terminal, (session) => (session === null ? journal() : ledger(session)));
  } catch (thrown) {
    sayJournalAlone(terminal, thrown);
    return journal();
  }
}
