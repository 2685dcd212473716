// Writes notices and their outcomes within one transaction, and keeps the sums beside them. Implements spec/notices.md 5.2, 8.1 and 8.2.
// INVARIANT: a notice gets one outcome; the database's own key refuses a second one, and whoever tries is told so.

import { bucketOf, type Category, type Cause, HELD_BACK, isCounted, type Outcome, type PlannedNotice } from "../../promotion/index.js";
import { type NoticeStore, numberIn } from "./open.js";

export interface Place {
  readonly schedule: string;
  readonly category: Category;
  readonly level: PlannedNotice["level"];
  readonly route: string;
  readonly owner: string;
  readonly provider: string;
  readonly ackMinutes: number;
}

export interface NewOutcome {
  readonly noticeNo: number;
  readonly planNo: number;
  readonly threadNo: number;
  readonly placeNo: number;
  readonly place: Place;
  readonly outcome: Outcome;
  readonly cause: Cause;
  readonly author: string;
  /** Null where it has no end. */
  readonly untilMs: number | null;
  readonly window: string;
  /** The end of the window's occurrence; "" for none. */
  readonly occurrenceEnd: string;
}

/** Numbers that were looked up, of this transaction only: one that is undone takes its rows away again. */
export interface Entries {
  readonly store: NoticeStore;
  readonly known: Map<string, number>;
  /** Sums of this transaction by table and key, written at its end. */
  readonly sums: Map<
    string,
    { readonly table: "hour_sum" | "shape_hour" | "shape_day"; readonly at: number; readonly of: string | number; count: number }
  >;
  lastAt: number | null;
}

/** Runs the action in one transaction and writes the sums of what it added. */
export function withEntries<T>(store: NoticeStore, action: (entries: Entries) => T): T {
  return store.transaction(() => {
    const entries: Entries = { store, known: new Map(), sums: new Map(), lastAt: null };
    const result = action(entries);
    for (const { table, at, of, count } of entries.sums.values()) {
      const [time, what] = COLUMNS[table];
      store
        .sql(
          `INSERT INTO ${table} (${time}, ${what}, count) VALUES (?, ?, ?) ON CONFLICT (${time}, ${what}) DO UPDATE SET count = count + excluded.count`,
        )
        .run(at, of, count);
    }
    return result;
  });
}

const COLUMNS = { hour_sum: ["hour", "outcome"], shape_hour: ["hour", "shape_no"], shape_day: ["day", "shape_no"] } as const;

/** The number of a row that is there once for its values: looked up, else added. */
export function numberOf(entries: Entries, table: string, column: string, values: Readonly<Record<string, string | number>>): number {
  const given = Object.values(values);
  const name = `${table}\n${given.join("\n")}`;
  const known = entries.known.get(name);
  if (known !== undefined) return known;
  const columns = Object.keys(values);
  const where = columns.map((one) => `${one} = ?`).join(" AND ");
  const { sql } = entries.store;
  const found = sql(`SELECT ${column} AS no FROM ${table} WHERE ${where}`).get(...given);
  const no = numberIn(found, "no") ?? added(entries, table, columns, given);
  entries.known.set(name, no);
  return no;
}

function added(entries: Entries, table: string, columns: readonly string[], values: readonly (string | number)[]): number {
  const { sql } = entries.store;
  sql(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`).run(...values);
  return lastRow(entries.store);
}

export function lastRow({ sql }: NoticeStore): number {
  return Number(sql("SELECT last_insert_rowid() AS no").get()?.no);
}

export function placeNo(entries: Entries, { ackMinutes, ...place }: Place): number {
  const { schedule, category, level, route, owner, provider } = place;
  return numberOf(entries, "place", "place_no", { schedule, category, level, route, owner, provider, ack_minutes: ackMinutes });
}

export function threadNo(entries: Entries, { route, schedule, category, level }: Place, key: string): number {
  const name = `thread\n${route}\n${key}`;
  const { sql } = entries.store;
  const known =
    entries.known.get(name) ?? numberIn(sql("SELECT thread_no AS no FROM thread WHERE key = ? AND route = ?").get(key, route), "no");
  const no = known ?? added(entries, "thread", ["key", "route", "schedule", "category", "level"], [key, route, schedule, category, level]);
  entries.known.set(name, no);
  return no;
}

/** False where the notice has an outcome already: that one stands. */
export function addOutcome(entries: Entries, outcome: NewOutcome, nowMs: number): boolean {
  const { sql } = entries.store;
  if (sql("SELECT 1 FROM outcome WHERE notice_no = ?").get(outcome.noticeNo) !== undefined) return false;
  entries.lastAt ??= numberIn(sql("SELECT at FROM outcome ORDER BY seq DESC LIMIT 1").get(), "at") ?? 0;
  // A clock that went back must not put an outcome before one that is there.
  const at = Math.max(nowMs, entries.lastAt);
  entries.lastAt = at;
  const shapeNo = numberOf(entries, "shape", "shape_no", {
    place_no: outcome.placeNo,
    outcome: outcome.outcome,
    cause: outcome.cause,
    author: outcome.author,
    window: outcome.window,
  });
  const occurrenceNo = outcome.occurrenceEnd === "" ? null : occurrenceOf(entries, outcome);
  sql("INSERT INTO outcome (notice_no, thread_no, shape_no, at, until_at, occurrence_no) VALUES (?, ?, ?, ?, ?, ?)").run(
    ...[outcome.noticeNo, outcome.threadNo, shapeNo, at, outcome.untilMs, occurrenceNo],
  );
  sum(entries, "hour_sum", bucketOf(at, "hour"), outcome.outcome);
  sum(entries, "shape_hour", bucketOf(at, "hour"), shapeNo);
  sum(entries, "shape_day", bucketOf(at, "day"), shapeNo);
  moveThread(entries, outcome, at);
  return true;
}

function occurrenceOf(entries: Entries, { window, occurrenceEnd, place }: NewOutcome): number {
  const values = { window, ends_at: occurrenceEnd, route: place.route };
  const name = `occurrence\n${Object.values(values).join("\n")}`;
  const found = entries.store.sql("SELECT occurrence_no AS no FROM occurrence WHERE window = ? AND ends_at = ? AND route = ?");
  const no =
    entries.known.get(name) ??
    numberIn(found.get(window, occurrenceEnd, place.route), "no") ??
    added(entries, "occurrence", [...Object.keys(values), "schedule"], [...Object.values(values), place.schedule]);
  entries.known.set(name, no);
  return no;
}

function sum(entries: Entries, table: keyof typeof COLUMNS, at: number, of: string | number): void {
  const key = `${table}\n${at}\n${of}`;
  const kept = entries.sums.get(key);
  if (kept === undefined) entries.sums.set(key, { table, at, of, count: 1 });
  else kept.count += 1;
}

/** What the next plan asks of the thread. */
function moveThread(entries: Entries, outcome: NewOutcome, at: number): void {
  const { sql } = entries.store;
  const { threadNo: no, noticeNo, place } = outcome;
  if (outcome.outcome === "sent") {
    const { changes } = sql(
      "UPDATE mute SET ended = 1, to_at = min(to_at, ?) WHERE mute_no = (SELECT mute_no FROM thread WHERE thread_no = ?)",
    ).run(at, no);
    const muteless = Number(changes) > 0 ? ", mute_no = NULL" : "";
    sql(`UPDATE thread SET sent_at = ?, held_since = NULL${muteless} WHERE thread_no = ?`).run(at, no);
  } else if (HELD_BACK.includes(outcome.outcome)) holdThread(entries, outcome, at);
  if ((outcome.outcome === "sent" || outcome.outcome === "failed") && opensThread(place))
    sql("UPDATE thread SET open_notice = ?, open_plan = ?, open_at = ?, open_failed = ? WHERE thread_no = ? AND open_notice IS NULL").run(
      noticeNo,
      outcome.planNo,
      at,
      outcome.outcome === "failed" ? 1 : 0,
      no,
    );
  if (outcome.outcome === "failed" && isCounted(place))
    sql("DELETE FROM counted WHERE route = ? AND notice_no = ?").run(place.route, noticeNo);
}

export function opensThread({ ackMinutes, category }: Place): boolean {
  return ackMinutes > 0 && category !== "digest" && category !== "escalation";
}

function holdThread({ store: { sql } }: Entries, { threadNo: no, place, untilMs }: NewOutcome, at: number): void {
  const until = untilMs ?? at;
  const muteNo = numberIn(sql("SELECT mute_no AS no FROM thread WHERE thread_no = ?").get(no), "no");
  if (muteNo !== null) {
    sql("UPDATE mute SET to_at = max(to_at, ?) WHERE mute_no = ?").run(until, muteNo);
    return;
  }
  sql("INSERT INTO mute (thread_no, schedule, category, from_at, to_at) VALUES (?, ?, ?, ?, ?)").run(
    no,
    place.schedule,
    place.category,
    at,
    until,
  );
  sql("UPDATE thread SET held_since = coalesce(held_since, ?), mute_no = last_insert_rowid() WHERE thread_no = ?").run(at, no);
}

/** Of a schedule that went stale: whoever was not told before knows it too late. */
export function breachMutes({ store: { sql } }: Entries, schedule: string, nowMs: number): void {
  sql(
    "UPDATE mute SET breached = 1 WHERE schedule = ? AND ended = 0 AND breached = 0 AND to_at >= ? AND category IN ('due_soon', 'overdue')",
  ).run(schedule, nowMs);
}
