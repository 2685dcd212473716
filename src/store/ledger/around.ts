// Which stretch of the ledger surrounds a time, without opening a record: each identifier carries its time. Implements spec/promotion.md 10.3.

import { ID_RANDOM_BYTES, makeId } from "../../base/index.js";
import { guarded } from "./database.js";
import type { Ledger } from "./open.js";

export interface AroundTime {
  /** Milliseconds since 1970; what is later than this and not later than `toMs` is of that time. */
  readonly fromMs: number;
  readonly atMs: number;
  readonly toMs: number;
}

export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The part of an identifier that carries its time sorts as the time does. */
const MOMENT = "substr(record_id, instr(record_id, '_') + 1, 10)";

/** From the record before the first of that time to the first that is later, of the first `size`. */
export function stretchAround({ database }: Ledger, { fromMs, atMs, toMs }: AroundTime, size: number): Stretch {
  const [from, at, to] = [momentText(fromMs), momentText(atMs), momentText(toMs)];
  return guarded(() => {
    const one = (what: string, where: string, ...values: readonly (string | number)[]): number | null => {
      const row = database.prepare(`SELECT ${what} AS found FROM record WHERE idx < ? AND ${where}`).get(size, ...values);
      return row?.found === null || row?.found === undefined ? null : Number(row.found);
    };
    const first = one("min(idx)", `${MOMENT} > ? AND ${MOMENT} <= ?`, from, to);
    const last = one("max(idx)", `${MOMENT} > ? AND ${MOMENT} <= ?`, from, at) ?? one("max(idx)", `${MOMENT} <= ?`, at) ?? -1;
    const end = one("min(idx)", `idx > ? AND ${MOMENT} >= ?`, last, to);
    return { first: Math.max(0, Math.min((first ?? last + 1) - 1, last)), last: end ?? size - 1 };
  });
}

/** Records whose identifiers have this prefix, of the first `size`, not later than a time: the latest first, at most `limit`. */
export function recordsOfKind({ database }: Ledger, prefix: string, untilMs: number, size: number, limit: number) {
  const sql = `SELECT idx, CAST(json AS TEXT) AS text FROM record JOIN leaf USING (idx)
    WHERE record_id >= ? AND record_id < ? AND ${MOMENT} <= ? AND idx < ? ORDER BY record_id DESC LIMIT ?`;
  return guarded(() =>
    database
      .prepare(sql)
      .all(`${prefix}_`, `${prefix}_~`, momentText(untilMs), size, limit)
      .map((row) => ({ index: Number(row.idx), text: String(row.text) })),
  );
}

/** How many bytes the records of a stretch have. */
export function bytesOf({ database }: Ledger, { first, last }: Stretch): number {
  return guarded(() =>
    Number(database.prepare("SELECT coalesce(sum(length(json)), 0) AS bytes FROM leaf WHERE idx BETWEEN ? AND ?").get(first, last)?.bytes),
  );
}

function momentText(ms: number): string {
  return makeId("at", Math.max(0, ms), new Uint8Array(ID_RANDOM_BYTES)).slice("at_".length, "at_".length + 10);
}
