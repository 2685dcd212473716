// Keeps acknowledgements, and says of one that was kept whether it counts. Implements spec/notices.md section 6.

import { bad, formatTime, ok, type Result } from "../../base/index.js";
import type { Acknowledgement, AckSubject } from "../../promotion/index.js";
import { type NoticeStore, numberIn, textIn } from "./open.js";

export interface StoredAck {
  readonly kind: "key" | "terminal";
  /** An envelope, or what the terminal vouched for. */
  readonly text: string;
  readonly subject: AckSubject;
}

/** Verifies a kept acknowledgement anew. */
export type AckCounter = (ack: StoredAck) => boolean;

export interface KeptPlanHead {
  readonly planNo: number;
  readonly planId: string;
  readonly digest: string;
  readonly at: string;
  readonly schedule: string;
}

/** By id, or the beginning of one that only one plan has. Problem: `ack_plan_unknown`. */
export function findPlan(store: NoticeStore, id: string): Result<KeptPlanHead> {
  const rows = store.look(() =>
    store.sql("SELECT * FROM plan WHERE plan_id >= ? AND plan_id < ? ORDER BY plan_id LIMIT 2").all(id, `${id}\u{7f}`),
  );
  const [row, another] = rows;
  const found = rows.find((one) => one.plan_id === id) ?? (another === undefined ? row : undefined);
  if (found === undefined)
    return bad("ack_plan_unknown", `no plan, or more than one, begins with \`${id}\``, {
      hint: "`cavra runtime go-rollback-drill-routes` shows plans",
    });
  return ok({
    planNo: Number(found.plan_no),
    planId: textIn(found, "plan_id"),
    digest: textIn(found, "digest"),
    at: formatTime(Number(found.at)),
    schedule: textIn(found, "schedule"),
  });
}

/** Was anything of the plan sent on that route? */
export function wasSentOn(store: NoticeStore, planNo: number, route: string): boolean {
  return store.look(() => threadsSent(store, planNo, route).length > 0);
}

function threadsSent({ sql }: NoticeStore, planNo: number, route: string): readonly number[] {
  return sql(
    `SELECT DISTINCT notice.thread_no AS no FROM notice JOIN outcome USING (notice_no) JOIN shape USING (shape_no) JOIN place ON place.place_no = notice.place_no
     WHERE notice.plan_no = ? AND place.route = ? AND shape.outcome = 'sent'`,
  )
    .all(planNo, route)
    .map((row) => Number(row.no));
}

/** In one transaction with what it closes. Problem: `ack_twice`. */
export function keepAcknowledgement(
  store: NoticeStore,
  plan: KeptPlanHead,
  ack: Acknowledgement,
  { kind, text }: Pick<StoredAck, "kind" | "text">,
  nowMs: number,
): Result<null> {
  return store.transaction(() => {
    const { sql } = store;
    const same = sql("SELECT 1 FROM acknowledgement WHERE plan_no = ? AND route = ? AND person = ?").get(
      plan.planNo,
      ack.route_id,
      ack.person,
    );
    if (same !== undefined) return bad("ack_twice", `${ack.person} has acknowledged the route \`${ack.route_id}\` of this plan`);
    const { lastInsertRowid } = sql(
      "INSERT INTO acknowledgement (plan_no, route, owner, person, kind, at, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ).run(...[plan.planNo, ack.route_id, ack.owner, ack.person, kind, nowMs, text]);
    const ackNo = Number(lastInsertRowid);
    for (const threadNo of threadsSent(store, plan.planNo, ack.route_id)) closeThread(store, threadNo, plan.planNo, ackNo);
    return ok(null);
  });
}

/** Open again is what was sent after that plan. */
function closeThread({ sql }: NoticeStore, threadNo: number, planNo: number, ackNo: number): void {
  const before = sql("SELECT acknowledgement.plan_no AS no FROM thread JOIN acknowledgement USING (ack_no) WHERE thread_no = ?").get(
    threadNo,
  );
  // One of a later plan says more than this one.
  if ((numberIn(before, "no") ?? 0) > planNo) return;
  const later = sql(
    `SELECT notice_no, notice.plan_no AS plan_no, outcome.at AS at, shape.outcome = 'failed' AS failed
     FROM notice JOIN outcome USING (notice_no) JOIN shape USING (shape_no)
     WHERE notice.thread_no = ? AND notice.plan_no > ? AND shape.outcome IN ('sent', 'failed') ORDER BY notice.plan_no LIMIT 1`,
  ).get(threadNo, planNo);
  sql("UPDATE thread SET ack_no = ?, open_notice = ?, open_plan = ?, open_at = ?, open_failed = ? WHERE thread_no = ?").run(
    ...[ackNo, numberIn(later, "notice_no"), numberIn(later, "plan_no"), numberIn(later, "at"), numberIn(later, "failed") ?? 0, threadNo],
  );
}

/** Whose it is and when, or null where it counts no more. */
export function ackOf(store: NoticeStore, ackNo: number, counts: AckCounter): { readonly atMs: number; readonly person: string } | null {
  const row = store
    .sql(
      "SELECT acknowledgement.*, plan.plan_id, plan.digest, plan.at AS planned_at FROM acknowledgement JOIN plan USING (plan_no) WHERE ack_no = ?",
    )
    .get(ackNo);
  if (row === undefined) return null;
  const subject: AckSubject = {
    planId: textIn(row, "plan_id"),
    planDigest: textIn(row, "digest"),
    plannedAt: formatTime(Number(row.planned_at)),
    routeId: textIn(row, "route"),
  };
  const kind = row.kind === "key" ? "key" : "terminal";
  return counts({ kind, text: textIn(row, "text"), subject }) ? { atMs: Number(row.at), person: textIn(row, "person") } : null;
}

export interface ToldAck {
  readonly plan_id: string;
  readonly route_id: string;
  readonly owner: string;
  readonly person: string;
  readonly verified_by: "key" | "terminal";
  readonly at: string;
  readonly counts: boolean;
}

/** Of one plan, in the order in which they came. */
export function acknowledgementsOf(store: NoticeStore, planNo: number, counts: AckCounter): readonly ToldAck[] {
  return store.look(() =>
    store
      .sql("SELECT acknowledgement.*, plan.plan_id FROM acknowledgement JOIN plan USING (plan_no) WHERE plan_no = ? ORDER BY ack_no")
      .all(planNo)
      .map((row) => ({
        plan_id: textIn(row, "plan_id"),
        route_id: textIn(row, "route"),
        owner: textIn(row, "owner"),
        person: textIn(row, "person"),
        verified_by: row.kind === "key" ? "key" : "terminal",
        at: formatTime(Number(row.at)),
        counts: ackOf(store, Number(row.ack_no), counts) !== null,
      })),
  );
}
