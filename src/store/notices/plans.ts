// Keeps a plan whole: its notices, and what became of those that are not delivered. Implements spec/notices.md 4.4.
// INVARIANT: reading the past and keeping the plan are one transaction. Two that plan at once are one after the other, and a kill leaves all or nothing.

import { formatTime, parseTime } from "../../base/index.js";
import {
  isCounted,
  type Memory,
  type PlanKind,
  type Planned,
  type PlannedNotice,
  planDigest,
  planDocument,
} from "../../promotion/index.js";
import type { AckCounter } from "./acknowledgements.js";
import { addOutcome, breachMutes, type Entries, numberOf, type Place, placeNo, threadNo, withEntries } from "./entries.js";
import { memoryOf } from "./memory.js";
import type { NoticeStore } from "./open.js";

export const PLAN_PREFIX = "pln";

export interface PlanHead {
  readonly planId: string;
  readonly nowMs: number;
  readonly kind: PlanKind;
  readonly schedule: string;
}

export interface KeptPlan {
  readonly planId: string;
  readonly digest: string;
  readonly planned: Planned;
}

/** Plans with the memory of this moment, and keeps what came of it. A plan without notices is not kept: there is nothing to find again. */
export function keepPlan(store: NoticeStore, head: PlanHead, counts: AckCounter, plan: (memory: Memory) => Planned): KeptPlan {
  return withEntries(store, (entries) => {
    const planned = plan(memoryOf(store, counts));
    const digest = planDigest(planDocument({ ...head, at: formatTime(head.nowMs) }, planned.notices));
    if (planned.notices.length === 0) return { planId: "", digest: "", planned };
    const { lastInsertRowid } = store
      .sql("INSERT INTO plan (plan_id, at, kind, schedule, digest, notices) VALUES (?, ?, ?, ?, ?, ?)")
      .run(head.planId, head.nowMs, head.kind, head.schedule, digest, planned.notices.length);
    const planNo = Number(lastInsertRowid);
    planned.notices.forEach((notice, i) => {
      addNotice(entries, { planNo, n: i + 1, nowMs: head.nowMs }, notice);
    });
    for (const schedule of new Set(planned.notices.filter(({ category }) => category === "stale_critical").map((one) => one.schedule)))
      breachMutes(entries, schedule, head.nowMs);
    return { planId: head.planId, digest, planned };
  });
}

/** For reports: what the past says, without keeping anything. */
export function lookMemory<T>(store: NoticeStore, counts: AckCounter, action: (memory: Memory) => T): T {
  return store.look(() => action(memoryOf(store, counts)));
}

interface Numbered {
  readonly planNo: number;
  readonly n: number;
  readonly nowMs: number;
}

function addNotice(entries: Entries, { planNo, n, nowMs }: Numbered, notice: PlannedNotice): void {
  const { sql } = entries.store;
  const { schedule, category, level, route, owner, provider, ackMinutes, decided } = notice;
  const place: Place = { schedule, category, level, route, owner, provider, ackMinutes };
  const [places, thread] = [placeNo(entries, place), threadNo(entries, place, notice.key)];
  const summary = numberOf(entries, "summary", "summary_no", { text: notice.summary });
  const insert = sql("INSERT INTO notice (plan_no, n, thread_no, place_no, summary_no) VALUES (?, ?, ?, ?, ?)");
  const noticeNo = Number(insert.run(planNo, n, thread, places, summary).lastInsertRowid);
  if (decided === null) {
    sql("INSERT INTO waiting (notice_no, next_at) VALUES (?, ?)").run(noticeNo, nowMs);
    sql("UPDATE thread SET waiting = waiting + 1 WHERE thread_no = ?").run(thread);
    if (isCounted(notice)) sql("INSERT INTO counted (route, at, notice_no) VALUES (?, ?, ?)").run(route, nowMs, noticeNo);
    return;
  }
  const untilMs = decided.until === "" ? null : momentOf(decided.until);
  const numbers = { noticeNo, planNo, threadNo: thread, placeNo: places, place };
  addOutcome(entries, { ...numbers, ...decided, untilMs, occurrenceEnd: decided.outcome === "suppressed" ? decided.until : "" }, nowMs);
}

function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}
