// What waits for its delivery: attempts that are kept before they are made, results after, and the outcome at the end. Implements spec/notices.md 7.3.
// INVARIANT: a notice leaves `waiting` only with its outcome. Whoever is killed in between leaves it there, and the next one makes it again.

import { formatTime } from "../../base/index.js";
import { type AlertLevel, type Category, type FailedCause, type Notice, noticeOf } from "../../promotion/index.js";
import type { Row } from "../ledger/database.js";
import { addOutcome, type Entries, type Place, withEntries } from "./entries.js";
import { type NoticeStore, numberIn, textIn } from "./open.js";

export const ATTEMPTS = 6;
/** Whoever made an attempt has ended, or is taken for it, after so many milliseconds. */
export const ATTEMPT_MS = 60_000;
const FIRST_WAIT_MS = 2_000;

export interface Delivery {
  readonly noticeNo: number;
  /** From 1. */
  readonly attempt: number;
  readonly provider: string;
  readonly notice: Notice;
}

export type DeliveryResult =
  | { readonly kind: "sent"; readonly told: string }
  | { readonly kind: "again" | "failed"; readonly cause: FailedCause; readonly told: string };

/**
 * Begins an attempt of up to `most` notices whose time has come, the first planned first. `requestOf` gives the redacted request that is kept.
 * Notices whose six attempts were all left alone end here as `failed`.
 */
export function beginDeliveries(
  store: NoticeStore,
  nowMs: number,
  most: number,
  requestOf: (delivery: Delivery) => string,
): readonly Delivery[] {
  return withEntries(store, (entries) => {
    const { sql } = store;
    const rows = sql(
      `SELECT ${COLUMNS}, (SELECT count(*) FROM attempt WHERE attempt.notice_no = waiting.notice_no) AS attempts
       FROM (SELECT notice_no FROM waiting WHERE next_at <= ? ORDER BY next_at, notice_no LIMIT ?) AS waiting ${JOINS}`,
    ).all(nowMs, most);
    return rows.flatMap((row) => {
      const noticeNo = Number(row.notice_no);
      const attempt = Number(row.attempts) + 1;
      if (attempt > ATTEMPTS) {
        end(entries, row, { outcome: "failed", cause: "delivery_interrupted" }, nowMs);
        return [];
      }
      const delivery: Delivery = { noticeNo, attempt, provider: textIn(row, "provider"), notice: noticeIn(row) };
      sql("INSERT INTO attempt (notice_no, n, at) VALUES (?, ?, ?)").run(noticeNo, attempt, nowMs);
      if (attempt === 1) sql("INSERT INTO request (notice_no, text) VALUES (?, ?)").run(noticeNo, requestOf(delivery));
      sql("UPDATE waiting SET next_at = ? WHERE notice_no = ?").run(nowMs + ATTEMPT_MS, noticeNo);
      return [delivery];
    });
  });
}

const COLUMNS = `waiting.notice_no, notice.n, notice.plan_no, notice.thread_no, notice.place_no, plan.plan_id, plan.at AS planned_at, thread.key,
  place.schedule, place.category, place.level, place.route, place.owner, place.provider, place.ack_minutes, summary.text AS summary`;
const JOINS = `JOIN notice USING (notice_no) JOIN plan USING (plan_no) JOIN thread USING (thread_no) JOIN place ON place.place_no = notice.place_no
  JOIN summary USING (summary_no)`;

function noticeIn(row: Row): Notice {
  return noticeOf({
    notice_id: `${textIn(row, "plan_id")}-${row.n}`,
    plan_id: textIn(row, "plan_id"),
    at: formatTime(Number(row.planned_at)),
    schedule_id: textIn(row, "schedule"),
    category: textIn(row, "category") as Category,
    alert_level: textIn(row, "level") as AlertLevel,
    key: textIn(row, "key"),
    route_id: textIn(row, "route"),
    owner: textIn(row, "owner"),
    summary: textIn(row, "summary"),
    ackMinutes: Number(row.ack_minutes),
  });
}

export interface EndedDelivery {
  readonly delivery: Delivery;
  readonly result: DeliveryResult;
}

/** Keeps what came of attempts, and the outcome of each that is at its end. */
export function endDeliveries(store: NoticeStore, ended: readonly EndedDelivery[], nowMs: number): void {
  withEntries(store, (entries) => {
    for (const { delivery, result } of ended) endDelivery(entries, delivery, result, nowMs);
  });
}

function endDelivery(entries: Entries, { noticeNo, attempt }: Delivery, result: DeliveryResult, nowMs: number): void {
  const { sql } = entries.store;
  const cause = result.kind === "sent" ? "delivered" : result.cause;
  sql("INSERT INTO result (notice_no, n, at, cause, told) VALUES (?, ?, ?, ?, ?)").run(noticeNo, attempt, nowMs, cause, result.told);
  const row = sql(`SELECT ${COLUMNS} FROM waiting ${JOINS} WHERE waiting.notice_no = ?`).get(noticeNo);
  // Somebody took the attempt for left alone, made it again, and was faster: that outcome stands.
  if (row === undefined) return;
  if (result.kind === "sent") end(entries, row, { outcome: "sent", cause: "delivered" }, nowMs);
  else if (result.kind === "failed" || attempt >= ATTEMPTS) end(entries, row, { outcome: "failed", cause: result.cause }, nowMs);
  else sql("UPDATE waiting SET next_at = ? WHERE notice_no = ?").run(nowMs + FIRST_WAIT_MS * 2 ** (attempt - 1), noticeNo);
}

function end(
  entries: Entries,
  row: Row,
  { outcome, cause }: { readonly outcome: "sent" | "failed"; readonly cause: FailedCause | "delivered" },
  nowMs: number,
): void {
  const { sql } = entries.store;
  const [noticeNo, threadNo] = [Number(row.notice_no), Number(row.thread_no)];
  sql("DELETE FROM waiting WHERE notice_no = ?").run(noticeNo);
  sql("UPDATE thread SET waiting = waiting - 1 WHERE thread_no = ?").run(threadNo);
  const place: Place = {
    schedule: textIn(row, "schedule"),
    category: textIn(row, "category") as Category,
    level: textIn(row, "level") as AlertLevel,
    route: textIn(row, "route"),
    owner: textIn(row, "owner"),
    provider: textIn(row, "provider"),
    ackMinutes: Number(row.ack_minutes),
  };
  const numbers = { noticeNo, planNo: Number(row.plan_no), threadNo, placeNo: Number(row.place_no), place };
  addOutcome(entries, { ...numbers, outcome, cause, author: "cavra", untilMs: null, window: "", occurrenceEnd: "" }, nowMs);
}

/** How many wait for their delivery. */
export function waitingDeliveries(store: NoticeStore): number {
  return store.look(() => Number(store.sql("SELECT count(*) AS count FROM waiting").get()?.count));
}

/** When the next attempt may be made; null where nothing waits. */
export function nextDelivery(store: NoticeStore): number | null {
  return store.look(() => numberIn(store.sql("SELECT min(next_at) AS at FROM waiting").get(), "at"));
}
