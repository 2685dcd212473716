// Records from the ledger: the last written first, by filter, by word, by id, by index. Implements spec/record.md section 10 and spec/evidence.md 8.7.
// Nothing is kept beside a record that filters could be asked instead of it: what is shown is what was hashed.

import { type Result, sha256 } from "../../base/index.js";
import { type DecisionRecord, RECORD_SCHEMA } from "../../evidence/index.js";
import { EVERY_WORKSPACE, workspaceGlob } from "../../identity/index.js";
import { onlyOne, type RecordFilter, type StoredRecord } from "../journal-search.js";
import { guarded, type Row, type SqlValue } from "./database.js";
import type { Ledger } from "./open.js";

/** A record and its place in the ledger's tree. */
export interface SequencedRecord extends StoredRecord {
  readonly index: number;
}

/** Where each filter finds its value in a record. */
const PLACES: Readonly<Record<Exclude<keyof RecordFilter, "since" | "until" | "workspaces">, string>> = {
  decision: "$.decision",
  agent: "$.who.agent",
  session: "$.who.session",
  repository: "$.who.repository",
  action_type: "$.action.action_type",
  rule_id: "$.judgement.rule_id",
};

// CROSS JOIN keeps the order of the tables: from the newest file on, each from its end, so that a short list reads little.
const ROWS = `SELECT idx, name, generation, offset, length, record_id, CAST(json AS TEXT) AS text
  FROM journal_file CROSS JOIN record USING (file_id) CROSS JOIN leaf USING (idx)`;

const BY_ID = ROWS.replaceAll("CROSS JOIN", "JOIN");
const BY_INDEX = `SELECT idx, name, generation, offset, length, record_id, CAST(json AS TEXT) AS text
  FROM record CROSS JOIN leaf USING (idx) CROSS JOIN journal_file USING (file_id)`;

/** At most `limit` decisions that fit the filter and hold every word (whatever the case of ASCII letters), the last written first. */
export function listLedger(
  { database }: Ledger,
  filter: RecordFilter,
  words: readonly string[],
  limit: number,
): readonly SequencedRecord[] {
  const { conditions, values } = conditionsOf(filter, words);
  const order = "ORDER BY name DESC, generation DESC, offset DESC LIMIT ?";
  const sql = `SELECT * FROM (${ROWS}) WHERE ${conditions.join(" AND ")} ${order}`;
  return rowsOf(database, sql, [...values, limit]);
}

/** The same in the order of the ledger, the last sequenced first, from before an index on: what is recorded later never moves a page. */
export function pageOfLedger(
  { database }: Ledger,
  filter: RecordFilter,
  words: readonly string[],
  { before, limit }: { readonly before: number; readonly limit: number },
): readonly SequencedRecord[] {
  const { conditions, values } = conditionsOf(filter, words);
  const sql = `SELECT * FROM (${BY_INDEX}) WHERE idx < ? AND ${conditions.join(" AND ")} ORDER BY idx DESC LIMIT ?`;
  return rowsOf(database, sql, [before, ...values, limit]);
}

/** The same forwards, from behind an index on. */
export function decisionsBehind(
  { database }: Ledger,
  filter: RecordFilter,
  words: readonly string[],
  { after, limit }: { readonly after: number; readonly limit: number },
): readonly SequencedRecord[] {
  const { conditions, values } = conditionsOf(filter, words);
  const sql = `SELECT * FROM (${BY_INDEX}) WHERE idx > ? AND ${conditions.join(" AND ")} ORDER BY idx LIMIT ?`;
  return rowsOf(database, sql, [after, ...values, limit]);
}

function rowsOf(database: Ledger["database"], sql: string, values: readonly SqlValue[]): readonly SequencedRecord[] {
  return guarded(() =>
    database
      .prepare(sql)
      .all(...values)
      .map(asSequenced),
  );
}

function conditionsOf(
  filter: RecordFilter,
  words: readonly string[],
): { readonly conditions: readonly string[]; readonly values: readonly SqlValue[] } {
  const conditions = ["text ->> '$.schema_version' = ?"];
  const values: SqlValue[] = [RECORD_SCHEMA];
  const ask = (condition: string, value: SqlValue) => {
    conditions.push(condition);
    values.push(value);
  };
  if (filter.since !== undefined) ask("name >= ?", filter.since.slice(0, 10));
  if (filter.since !== undefined) ask("text ->> '$.recorded_at' >= ?", filter.since);
  if (filter.until !== undefined) ask("name < ?", `${filter.until.slice(0, 10)}~`);
  if (filter.until !== undefined) ask("text ->> '$.recorded_at' < ?", filter.until);
  for (const [key, path] of Object.entries(PLACES)) {
    const wanted = filter[key as keyof typeof PLACES];
    if (wanted !== undefined) ask(`text ->> '${path}' = ?`, wanted);
  }
  const { workspaces } = filter;
  if (workspaces !== undefined && !workspaces.includes(EVERY_WORKSPACE)) {
    conditions.push(`(${["0", ...workspaces.map(() => "text ->> '$.who.repository' GLOB ?")].join(" OR ")})`);
    values.push(...workspaces.map(workspaceGlob));
  }
  // As it stands in JSON: a newline that is looked for is a backslash and an n there.
  for (const word of words) ask("instr(lower(text), lower(?)) > 0", JSON.stringify(word).slice(1, -1));
  return { conditions, values };
}

/** The decision with this id, or the only one whose id begins so. Problems: `record_not_found`, `record_ambiguous`. */
export function findInLedger({ database }: Ledger, idOrPrefix: string): Result<SequencedRecord> {
  const rows = guarded(() =>
    database
      .prepare(`SELECT * FROM (${BY_ID}) WHERE record_id >= ? AND record_id < ? AND text ->> '$.schema_version' = ? LIMIT 1000`)
      .all(idOrPrefix, `${idOrPrefix}~`, RECORD_SCHEMA),
  );
  return onlyOne(rows.map(asSequenced), rows.length, idOrPrefix);
}

/** A record of any schema: a decision, or a change of the guard. */
export interface Leaf {
  readonly index: number;
  /** Its canonical text. */
  readonly text: string;
  readonly record: { readonly record_id: string };
}

/** The same for every record, whatever it tells of. Problems: `record_not_found`, `record_ambiguous`. */
export function findLeaf({ database }: Ledger, idOrPrefix: string): Result<Leaf> {
  const rows = guarded(() =>
    database.prepare(`SELECT * FROM (${BY_ID}) WHERE record_id >= ? AND record_id < ? LIMIT 1000`).all(idOrPrefix, `${idOrPrefix}~`),
  );
  const leaves = rows.map((row) => ({ index: Number(row.idx), text: String(row.text), record: { record_id: String(row.record_id) } }));
  return onlyOne(leaves, leaves.length, idOrPrefix);
}

/** Indices of the records of a stretch of time, whatever they tell of; at most `limit`, in order. */
export function indicesBetween(
  { database }: Ledger,
  { since, until }: Pick<RecordFilter, "since" | "until">,
  limit: number,
): readonly number[] {
  const at = "CAST(json AS TEXT) ->> '$.recorded_at'";
  const sql = `SELECT idx FROM leaf WHERE ${at} >= ? AND ${at} < ? ORDER BY idx LIMIT ?`;
  return guarded(() =>
    database
      .prepare(sql)
      .all(since ?? "", until ?? "~", limit)
      .map(({ idx }) => Number(idx)),
  );
}

/** The canonical text of the record at an index; undefined beyond the ledger. */
export function leafText({ database }: Ledger, index: number): string | undefined {
  return guarded(
    () => database.prepare("SELECT CAST(json AS TEXT) AS text FROM leaf WHERE idx = ?").get(index)?.text as string | undefined,
  );
}

/** The records at these indices (ascending; null for all) of the first `size`, at most `limit`, in order. */
export function leavesUnder(
  { database }: Ledger,
  indices: readonly number[] | null,
  size: number,
  limit: number,
): readonly { readonly index: number; readonly text: string }[] {
  return guarded(() => {
    if (indices === null) {
      const all = database.prepare("SELECT idx, CAST(json AS TEXT) AS text FROM leaf WHERE idx < ? ORDER BY idx LIMIT ?").all(size, limit);
      return all.map((row) => ({ index: Number(row.idx), text: String(row.text) }));
    }
    const one = database.prepare("SELECT CAST(json AS TEXT) AS text FROM leaf WHERE idx = ?");
    return indices.slice(0, limit).map((index) => ({ index, text: String(one.get(index)?.text ?? "") }));
  });
}

/** A row with `idx`, `name`, `offset`, `length` and `text`. */
export function asSequenced(row: Row): SequencedRecord {
  const text = String(row.text);
  return {
    // Written by buildRecord; other schema versions were sorted out by the query.
    record: JSON.parse(text) as DecisionRecord,
    digest: sha256(text),
    position: { file: String(row.name), offset: Number(row.offset), length: Number(row.length) },
    index: Number(row.idx),
  };
}
