// What became of every notice, the last first, by any of its names, a page at a time. Implements spec/notices.md section 9.
// Names are kept once, as shapes: a filter chooses among those few, and each shape has its own way back through time. So no filter ever reads
// through more than a few rows that do not fit, however many there are.

import { bad, formatTime, ok, type Result } from "../../base/index.js";
import type { AlertLevel, Category, Cause, Outcome } from "../../promotion/index.js";
import type { Row } from "../ledger/database.js";
import { type NoticeStore, numberIn, textIn } from "./open.js";

/** Every key may be left out. */
export interface HistoryFilter {
  readonly schedule?: string;
  /** An id, or the beginning of one that only one plan has. */
  readonly plan?: string;
  readonly provider?: string;
  readonly owner?: string;
  readonly route?: string;
  readonly action?: Outcome;
  readonly category?: Category;
  readonly cause?: string;
  readonly level?: AlertLevel;
  readonly window?: string;
  /** Included. */
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
}

export interface HistoryRow {
  readonly notice_id: string;
  readonly plan_id: string;
  readonly planned_at: string;
  readonly at: string;
  readonly schedule_id: string;
  readonly category: Category;
  readonly alert_level: AlertLevel;
  readonly key: string;
  readonly route_id: string;
  readonly owner: string;
  readonly provider: string;
  readonly action: Outcome;
  readonly cause: Cause;
  readonly author: string;
  /** "" where it has no end. */
  readonly until: string;
  readonly window: string;
  readonly summary: string;
  readonly attempts: number;
}

export interface HistoryPage {
  readonly rows: readonly HistoryRow[];
  /** "" at the end. */
  readonly nextCursor: string;
}

export const HISTORY_PAGE = 50;
export const MOST_HISTORY_PAGE = 1_000;

/** Problems: `bad_cursor`, `ack_plan_unknown` for a plan that is not there. */
export function listHistory(store: NoticeStore, filter: HistoryFilter, limit: number, cursor: string): Result<HistoryPage> {
  const before = readCursor(cursor);
  if (before === null)
    return bad("bad_cursor", `\`${cursor.slice(0, 40)}\` is no cursor`, { hint: "take `next_cursor` of the page before" });
  return store.look(() => {
    const range = rangeOf(store, filter, before);
    const seqs = range === null ? [] : newest(store, filter, range, limit + 1);
    const shown = seqs.slice(0, limit);
    return ok({ rows: shown.map((seq) => rowAt(store, seq)), nextCursor: seqs.length > limit ? String(shown.at(-1) ?? "") : "" });
  });
}

function readCursor(cursor: string): number | null {
  if (cursor === "") return Number.MAX_SAFE_INTEGER;
  return /^[1-9][0-9]{0,14}$/.test(cursor) ? Number(cursor) : null;
}

/** Both ends of the sequence: from included, before not. */
interface Range {
  readonly from: number;
  readonly before: number;
}

/** Time order is the order of the sequence (8.2), so that a time is a place in it. Null: nothing can be in it. */
function rangeOf({ sql }: NoticeStore, { fromMs, toMs }: HistoryFilter, before: number): Range | null {
  const firstAt = (ms: number) => numberIn(sql("SELECT seq FROM outcome WHERE at >= ? ORDER BY at, seq LIMIT 1").get(ms), "seq");
  const from = fromMs === undefined ? 0 : firstAt(fromMs);
  if (from === null) return null;
  const to = toMs === undefined ? null : firstAt(toMs);
  return { from, before: to === null ? before : Math.min(before, to) };
}

function newest(store: NoticeStore, filter: HistoryFilter, range: Range, limit: number): readonly number[] {
  const shapes = shapesOf(store, filter);
  if (filter.plan !== undefined) return ofPlan(store, filter.plan, shapes, range, limit);
  if (shapes === null) return step(store, range, limit);
  const near = walked(store, shapes, range, limit);
  // What is frequent was met at once; what is rare has few places, and a way to each.
  if (shapes.length === 0 || near.found.length === limit || near.before <= range.from) return near.found;
  return [...near.found, ...merged(store, shapes, { from: range.from, before: near.before }, limit - near.found.length)];
}

const NAMES = { schedule: "schedule", category: "category", level: "level", route: "route", owner: "owner", provider: "provider" } as const;
const SHAPE_NAMES = { action: "outcome", cause: "cause", window: "window" } as const;

/** Null for all. */
function shapesOf({ sql }: NoticeStore, filter: HistoryFilter): readonly number[] | null {
  const given = Object.entries({ ...NAMES, ...SHAPE_NAMES }).flatMap(([key, column]) => {
    const value = filter[key as keyof HistoryFilter];
    return value === undefined ? [] : [{ column, value }];
  });
  if (given.length === 0) return null;
  const where = given.map(({ column }) => `${column} = ?`).join(" AND ");
  const rows = sql(`SELECT shape_no FROM shape JOIN place USING (place_no) WHERE ${where}`).all(...given.map(({ value }) => value));
  return rows.map((row) => Number(row.shape_no));
}

function step({ sql }: NoticeStore, { from, before }: Range, limit: number): readonly number[] {
  const rows = sql("SELECT seq FROM outcome WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?").all(before, from, limit);
  return rows.map((row) => Number(row.seq));
}

function ofPlan(
  { sql }: NoticeStore,
  plan: string,
  shapes: readonly number[] | null,
  { from, before }: Range,
  limit: number,
): readonly number[] {
  const rows = sql(
    `SELECT seq, shape_no FROM plan JOIN notice USING (plan_no) JOIN outcome USING (notice_no)
     WHERE plan_no IN (SELECT plan_no FROM plan WHERE plan_id >= ? AND plan_id < ? ORDER BY plan_id LIMIT 2) ORDER BY seq DESC`,
  ).all(plan, `${plan}\u{7f}`);
  const wanted = shapes === null ? null : new Set(shapes);
  const fits = (row: Row) => Number(row.seq) < before && Number(row.seq) >= from && (wanted?.has(Number(row.shape_no)) ?? true);
  return rows
    .filter(fits)
    .slice(0, limit)
    .map((row) => Number(row.seq));
}

/** So many rows are read through before each shape is looked for by itself. */
const WALK_ROWS = 2_000;

interface Walked {
  readonly found: readonly number[];
  /** Everything from here on was looked at. */
  readonly before: number;
}

function walked({ sql }: NoticeStore, shapes: readonly number[], { from, before }: Range, limit: number): Walked {
  const end = numberIn(
    sql("SELECT seq FROM outcome WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT 1 OFFSET ?").get(before, from, WALK_ROWS - 1),
    "seq",
  );
  const rows = sql(
    "SELECT seq FROM outcome WHERE seq < ? AND seq >= ? AND +shape_no IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?",
  ).all(before, end ?? from, JSON.stringify(shapes), limit);
  return { found: rows.map((row) => Number(row.seq)), before: end ?? from };
}

/** The newest of all shapes' newest, again and again: a heap with one entry for each shape that has something left. */
function merged({ sql }: NoticeStore, shapes: readonly number[], { from, before }: Range, limit: number): readonly number[] {
  const heap = new Heap();
  const heads = sql(
    "SELECT value AS shape, (SELECT max(seq) FROM outcome WHERE shape_no = value AND seq < ? AND seq >= ?) AS seq FROM json_each(?)",
  ).all(before, from, JSON.stringify(shapes));
  for (const row of heads) if (row.seq !== null) heap.push({ seq: Number(row.seq), shape: Number(row.shape) });
  const next = sql("SELECT max(seq) AS seq FROM outcome WHERE shape_no = ? AND seq < ? AND seq >= ?");
  const found: number[] = [];
  while (found.length < limit) {
    const top = heap.pop();
    if (top === null) break;
    found.push(top.seq);
    const seq = numberIn(next.get(top.shape, top.seq, from), "seq");
    if (seq !== null) heap.push({ seq, shape: top.shape });
  }
  return found;
}

interface Entry {
  readonly seq: number;
  readonly shape: number;
}

/** The greatest `seq` first. */
class Heap {
  readonly #entries: Entry[] = [];

  push(entry: Entry): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#seq(above) >= entry.seq) break;
      this.#move(above, at);
      at = above;
    }
    entries[at] = entry;
  }

  pop(): Entry | null {
    const entries = this.#entries;
    const top = entries[0] ?? null;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return top;
    let at = 0;
    for (let below = 1; below < entries.length; below = 2 * at + 1) {
      if (below + 1 < entries.length && this.#seq(below + 1) > this.#seq(below)) below += 1;
      if (this.#seq(below) <= last.seq) break;
      this.#move(below, at);
      at = below;
    }
    entries[at] = last;
    return top;
  }

  #seq(at: number): number {
    return this.#entries[at]?.seq ?? -1;
  }

  #move(from: number, to: number): void {
    const entry = this.#entries[from];
    if (entry !== undefined) this.#entries[to] = entry;
  }
}

const ROW = `SELECT outcome.at AS at, until_at, n, plan_id, plan.at AS planned_at, thread.key, place.*, shape.*, summary.text AS summary,
    (SELECT count(*) FROM attempt WHERE attempt.notice_no = outcome.notice_no) AS attempts
  FROM outcome JOIN notice USING (notice_no) JOIN plan USING (plan_no) JOIN thread ON thread.thread_no = notice.thread_no
    JOIN shape USING (shape_no) JOIN place ON place.place_no = notice.place_no JOIN summary USING (summary_no)`;

function rowAt({ sql }: NoticeStore, seq: number): HistoryRow {
  return historyRow(sql(`${ROW} WHERE seq = ?`).get(seq) ?? {});
}

/** By `PLAN_ID-N`. Null where there is none, or where it waits for its delivery. */
export function findNotice(store: NoticeStore, noticeId: string): HistoryRow | null {
  const [, plan = "", n = ""] = /^(\w+)-([1-9][0-9]{0,5})$/.exec(noticeId) ?? [];
  const row = plan === "" ? undefined : store.look(() => store.sql(`${ROW} WHERE plan_id = ? AND n = ?`).get(plan, Number(n)));
  return row === undefined ? null : historyRow(row);
}

function historyRow(row: Row): HistoryRow {
  const until = numberIn(row, "until_at");
  return {
    notice_id: `${textIn(row, "plan_id")}-${row.n}`,
    plan_id: textIn(row, "plan_id"),
    planned_at: formatTime(Number(row.planned_at)),
    at: formatTime(Number(row.at)),
    schedule_id: textIn(row, "schedule"),
    category: textIn(row, "category") as Category,
    alert_level: textIn(row, "level") as AlertLevel,
    key: textIn(row, "key"),
    route_id: textIn(row, "route"),
    owner: textIn(row, "owner"),
    provider: textIn(row, "provider"),
    action: textIn(row, "outcome") as Outcome,
    cause: textIn(row, "cause") as Cause,
    author: textIn(row, "author"),
    until: until === null ? "" : formatTime(until),
    window: textIn(row, "window"),
    summary: textIn(row, "summary"),
    attempts: Number(row.attempts),
  };
}
