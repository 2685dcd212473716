// Reads the sums from which trends are made. Implements the reading side of spec/notices.md section 10.

import {
  BUCKET_MS,
  bucketOf,
  type Category,
  type HourSum,
  type Mute,
  type NameSum,
  type Outcome,
  type TrendName,
  type TrendWindow,
} from "../../promotion/index.js";
import type { Row } from "../ledger/database.js";
import { type NoticeStore, textIn } from "./open.js";

export interface TrendSums {
  readonly hours: readonly HourSum[];
  readonly before: readonly HourSum[];
  readonly names: readonly NameSum[];
  readonly mutes: readonly Mute[];
  readonly breached: number;
}

/** `before` is the window before this one. */
export function trendSums(store: NoticeStore, window: TrendWindow, before: TrendWindow, nowMs: number): TrendSums {
  return store.look(() => ({
    hours: hourSums(store, window),
    before: hourSums(store, before),
    names: nameSums(store, window),
    ...mutesIn(store, window, nowMs),
  }));
}

function hourSums({ sql }: NoticeStore, { fromMs, toMs }: TrendWindow): readonly HourSum[] {
  const rows = sql("SELECT hour, outcome, count FROM hour_sum WHERE hour >= ? AND hour < ?").all(fromMs, toMs);
  return rows.map((row) => ({ hourMs: Number(row.hour), outcome: textIn(row, "outcome") as Outcome, count: Number(row.count) }));
}

/** Whole days by days, what is left at both ends by hours. */
function nameSums({ sql }: NoticeStore, { fromMs, toMs }: TrendWindow): readonly NameSum[] {
  const firstDay = Math.min(bucketOf(fromMs + BUCKET_MS.day - 1, "day"), toMs);
  const lastDay = Math.max(bucketOf(toMs, "day"), firstDay);
  const rows = sql(
    `SELECT what, name, outcome, sum(count) AS count FROM (
       SELECT what, name, outcome, count FROM name_day WHERE at >= ?1 AND at < ?2
       UNION ALL SELECT what, name, outcome, count FROM name_hour WHERE at >= ?3 AND at < ?1
       UNION ALL SELECT what, name, outcome, count FROM name_hour WHERE at >= ?2 AND at < ?4)
     GROUP BY what, name, outcome`,
  ).all(firstDay, lastDay, fromMs, toMs);
  return rows.map((row) => ({
    what: textIn(row, "what") as TrendName,
    name: textIn(row, "name"),
    outcome: textIn(row, "outcome") as Outcome,
    count: Number(row.count),
  }));
}

/** Only those that are told: the longest, and the longest of the breached. */
const TOLD = 10;

function mutesIn({ sql }: NoticeStore, { fromMs, toMs }: TrendWindow, nowMs: number): Pick<TrendSums, "mutes" | "breached"> {
  // What ends in the future has lasted until now only.
  const meets = "to_at > ?1 AND from_at < ?2 AND from_at < ?3";
  const longest = (which: string) =>
    sql(
      `SELECT mute.mute_no AS mute_no, from_at, min(to_at, ?3) AS to_at, breached, mute.schedule, mute.category, thread.route, thread.key FROM mute JOIN thread USING (thread_no)
       WHERE mute.mute_no IN (SELECT mute_no FROM mute WHERE ${meets}${which} ORDER BY min(to_at, ?3) - from_at DESC, mute_no LIMIT ${TOLD})`,
    ).all(fromMs, toMs, nowMs);
  const rows = new Map<string, Row>([...longest(""), ...longest(" AND breached = 1")].map((row) => [textIn(row, "mute_no"), row]));
  const breached = sql(`SELECT count(*) AS count FROM mute WHERE ${meets} AND breached = 1`).get(fromMs, toMs, nowMs);
  return {
    breached: Number(breached?.count),
    mutes: [...rows.values()].map((row) => ({
      route: textIn(row, "route"),
      key: textIn(row, "key"),
      schedule: textIn(row, "schedule"),
      category: textIn(row, "category") as Category,
      fromMs: Number(row.from_at),
      toMs: Number(row.to_at),
      wasBreached: row.breached === 1,
    })),
  };
}
