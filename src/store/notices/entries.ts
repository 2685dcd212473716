// Writes notices and their outcomes within one transaction, and keeps the sums beside them. Implements spec/notices.md 5.2, 8.1 and 8.2.
// INVARIANT: a notice gets one outcome; the database's own key refuses a second one, and whoever tries is told so.

import {
  bucketOf,
  type Category,
  type Cause,
  HELD_BACK,
  isCounted,
  type Outcome,
  type PlannedNotice,
  type TrendName,
} from "../../promotion/index.js";
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
interface Summed {
  readonly hour: number;
  readonly what: TrendName;
  readonly name: string;
  readonly outcome: Outcome;
  count: number;
}

export interface Entries {
  readonly store: NoticeStore;
  readonly known: Map<string, number>;
  /** Of this transaction, written at its end: by hour and outcome, and the same by each name. */
  readonly sums: Map<string, Summed>;
  lastAt: number | null;
}

/** Runs the action in one transaction and writes the sums of what it added. */
export function withEntries<T>(store: NoticeStore, action: (entries: Entries) => T): T {
  return store.transaction(() => {
    const entries: Entries = { store, known: new Map(), sums: new Map(), lastAt: null };
    const result = action(entries);
    for (const summed of entries.sums.values()) writeSum(store, summed);
    return result;
  });
}

function writeSum({ sql }: NoticeStore, { hour, what, name, outcome, count }: Summed): void {
  // What a window hid is summed by all other names too: its own is no part of the total.
  if (what === "category")
    sql(
      "INSERT INTO hour_sum (hour, outcome, count) VALUES (?, ?, ?) ON CONFLICT (hour, outcome) DO UPDATE SET count = count + excluded.count",
    ).run(hour, outcome, count);
  for (const [table, at] of [
    ["name_hour", hour],
    ["name_day", bucketOf(hour, "day")],
  ] as const)
    sql(
      `INSERT INTO ${table} (at, what, name, outcome, count) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (at, what, name, outcome) DO UPDATE SET count = count + excluded.count`,
    ).run(at, what, name, outcome, count);
}

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
  return Number(
    sql(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`).run(...values).lastInsertRowid,
  );
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

/** The notice has none yet: whoever adds a second one is refused by the table's own key, and nothing of the transaction is kept. */
export function addOutcome(entries: Entries, outcome: NewOutcome, nowMs: number): void {
  const { sql } = entries.store;
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
  const hour = bucketOf(at, "hour");
  for (const [what, name] of namesOf(outcome)) sum(entries, { hour, what, name, outcome: outcome.outcome });
  moveThread(entries, outcome, at);
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

/** Every name by which trends are told; a window only where there is one. */
export function namesOf({ place, window }: Pick<NewOutcome, "place" | "window">): readonly (readonly [TrendName, string])[] {
  const { category, owner, provider, schedule } = place;
  const names = [
    ["category", category],
    ["owner", owner],
    ["provider", provider],
    ["schedule", schedule],
  ] as const;
  return window === "" ? names : [...names, ["window", window]];
}

function sum({ sums }: Entries, one: Omit<Summed, "count">): void {
  const key = `${one.hour}\n${one.what}\n${one.name}\n${one.outcome}`;
  const kept = sums.get(key);
  if (kept === undefined) sums.set(key, { ...one, count: 1 });
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
