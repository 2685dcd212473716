// What a plan asks of the past, answered from the database. Implements the reading side of spec/notices.md 4.2, 4.4 and 6.4.
// Within the transaction that keeps the plan, or for a report that keeps nothing.

import { formatTime } from "../../base/index.js";
import {
  type AlertLevel,
  type Category,
  type EndedOccurrence,
  HELD_MS,
  type Memory,
  NO_MEMORY,
  type OpenThread,
} from "../../promotion/index.js";
import type { Row } from "../ledger/database.js";
import { type AckCounter, ackOf } from "./acknowledgements.js";
import { type NoticeStore, numberIn, textIn } from "./open.js";

/** `counts` says of a kept acknowledgement whether it counts still; each is asked about once. */
export function memoryOf(store: NoticeStore, counts: AckCounter): Memory {
  const acks = new Map<number, ReturnType<typeof ackOf>>();
  const ack = (no: number | null) => {
    if (no === null) return null;
    const known = acks.get(no) ?? ackOf(store, no, counts);
    acks.set(no, known);
    return known;
  };
  const countedOn = new Map<string, readonly number[]>();
  return {
    thread: (route, key) => {
      const row = store.sql("SELECT * FROM thread WHERE key = ? AND route = ?").get(key, route);
      if (row === undefined) return NO_MEMORY;
      return {
        sentMs: numberIn(row, "sent_at"),
        heldSinceMs: numberIn(row, "held_since"),
        inDelivery: numberIn(row, "waiting") !== 0,
        acknowledged: ack(numberIn(row, "ack_no")),
      };
    },
    counted: (route, sinceMs) => {
      const name = `${sinceMs}\n${route}`;
      const known = countedOn.get(name) ?? countedSince(store, route, sinceMs);
      countedOn.set(name, known);
      return known;
    },
    ended: (nowMs) => endedOccurrences(store, nowMs),
    open: (nowMs) => openThreads(store, (no) => ack(no) !== null, nowMs),
  };
}

/** More than any limit counts. */
const MOST_COUNTED = 2_000;

function countedSince({ sql }: NoticeStore, route: string, sinceMs: number): readonly number[] {
  const rows = sql("SELECT at FROM counted WHERE route = ? AND at >= ? ORDER BY at DESC LIMIT ?").all(route, sinceMs, MOST_COUNTED);
  return rows.map((row) => Number(row.at)).reverse();
}

/** Of one plan at most so many digests; the others are in the next. */
const MOST_DIGESTS = 1_000;

function endedOccurrences({ sql }: NoticeStore, nowMs: number): readonly EndedOccurrence[] {
  const rows = sql(
    `SELECT * FROM occurrence WHERE ends_at > ? AND ends_at <= ? AND NOT EXISTS (
       SELECT 1 FROM thread WHERE key = 'digest:' || window || ':' || ends_at || ':' || occurrence.route AND sent_at IS NOT NULL)
     ORDER BY ends_at, occurrence_no LIMIT ?`,
  ).all(formatTime(nowMs - HELD_MS), formatTime(nowMs), MOST_DIGESTS);
  return rows.map((row) => ({
    window: textIn(row, "window"),
    endsAt: textIn(row, "ends_at"),
    route: textIn(row, "route"),
    schedule: textIn(row, "schedule"),
    hidden: sql(
      `SELECT thread.key, thread.category, count(*) AS count FROM outcome JOIN thread USING (thread_no)
       WHERE occurrence_no = ? GROUP BY thread_no ORDER BY thread.key`,
    )
      .all(Number(row.occurrence_no))
      .map((one) => ({ key: textIn(one, "key"), category: textIn(one, "category") as Category, count: Number(one.count) })),
  }));
}

/** Escalation goes so many levels up at most: the tree is no deeper. */
const LEVELS = [1, 2, 3, 4, 5, 6, 7, 8];

function openThreads(store: NoticeStore, counts: (ackNo: number) => boolean, nowMs: number): readonly OpenThread[] {
  const sinceMs = nowMs - HELD_MS;
  const open = store.sql("SELECT * FROM thread WHERE open_at IS NOT NULL AND open_at > ? ORDER BY thread_no").all(sinceMs);
  const acked = store.sql("SELECT thread.* FROM acknowledgement JOIN thread USING (ack_no) WHERE acknowledgement.at > ?").all(sinceMs);
  // An acknowledgement that counts no more, because its key was called back, leaves open what it had closed.
  const reopened = acked.filter((row) => !counts(Number(row.ack_no))).flatMap((row) => firstSince(store, row, sinceMs));
  const again = new Set(reopened.map((row) => row.thread_no));
  return [...open.filter((row) => !again.has(row.thread_no ?? null)), ...reopened].map((row) => opened(store, row));
}

function firstSince({ sql }: NoticeStore, thread: Row, sinceMs: number): readonly Row[] {
  const first = sql(
    `SELECT notice.plan_no AS open_plan, outcome.at AS open_at, shape.outcome = 'failed' AS open_failed
     FROM notice JOIN outcome USING (notice_no) JOIN shape USING (shape_no)
     WHERE notice.thread_no = ? AND shape.outcome IN ('sent', 'failed') AND outcome.at > ? ORDER BY notice.plan_no LIMIT 1`,
  ).get(Number(thread.thread_no), sinceMs);
  return first === undefined ? [] : [{ ...thread, ...first }];
}

function opened({ sql }: NoticeStore, row: Row): OpenThread {
  const [route, key] = [textIn(row, "route"), textIn(row, "key")];
  const planId = textIn(sql("SELECT plan_id FROM plan WHERE plan_no = ?").get(Number(row.open_plan)), "plan_id");
  const keys = LEVELS.map((level) => `escalation:${level}:${planId}:${key}`);
  const done = sql(
    `SELECT key FROM thread WHERE route = ? AND key IN (${LEVELS.map(() => "?").join(", ")}) AND (sent_at IS NOT NULL OR waiting <> 0)`,
  ).all(route, ...keys);
  const levelsDone = done.map((one) => keys.indexOf(textIn(one, "key")) + 1);
  return {
    route,
    key,
    schedule: textIn(row, "schedule"),
    category: textIn(row, "category") as Category,
    level: textIn(row, "level") as AlertLevel,
    planId,
    sinceMs: Number(row.open_at),
    failed: Number(row.open_failed) === 1,
    levelsDone,
  };
}
