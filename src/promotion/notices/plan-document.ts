// A plan as it is shown and as an acknowledgement names it. Implements spec/notices.md 4.4 and 6.1.

import { canonicalRecord, type JsonObject, sha256 } from "../../base/index.js";
import type { PlannedNotice } from "./model.js";

export const PLAN_SCHEMA = "cavra.go-backend-rollback-drill-notification-plan.v1";
export type PlanKind = "notification" | "escalation";

export interface PlanAbout {
  /** "" for a report: nothing is kept. */
  readonly planId: string;
  readonly at: string;
  readonly kind: PlanKind;
  readonly schedule: string;
}

export interface PlanDocument {
  readonly schema_version: typeof PLAN_SCHEMA;
  readonly plan_id: string;
  readonly at: string;
  readonly kind: PlanKind;
  readonly schedule_id: string;
  readonly notices: readonly PlanEntry[];
}

export interface PlanEntry {
  /** `PLAN_ID-N`; "" in a report. */
  readonly notice_id: string;
  readonly category: string;
  readonly alert_level: string;
  readonly schedule_id: string;
  readonly key: string;
  readonly route_id: string;
  readonly owner: string;
  readonly provider: string;
  /** 0 where nobody needs to answer. */
  readonly ack_minutes: number;
  /** `deliver`, or the outcome. */
  readonly action: string;
  readonly cause: string;
  readonly author: string;
  readonly until: string;
  readonly window: string;
  readonly summary: string;
}

export function planDocument({ planId, at, kind, schedule }: PlanAbout, notices: readonly PlannedNotice[]): PlanDocument {
  const entries = notices.map((notice, i) => entryOf(notice, planId === "" ? "" : `${planId}-${i + 1}`));
  return { schema_version: PLAN_SCHEMA, plan_id: planId, at, kind, schedule_id: schedule, notices: entries };
}

function entryOf(
  { category, level, schedule, key, route, owner, provider, ackMinutes, decided, summary }: PlannedNotice,
  id: string,
): PlanEntry {
  return {
    notice_id: id,
    category,
    alert_level: level,
    schedule_id: schedule,
    key,
    route_id: route,
    owner,
    provider,
    ack_minutes: ackMinutes,
    action: decided?.outcome ?? "deliver",
    cause: decided?.cause ?? "",
    author: decided?.author ?? "",
    until: decided?.until ?? "",
    window: decided?.window ?? "",
    summary,
  };
}

/** What an acknowledgement names. */
export function planDigest(document: PlanDocument): string {
  const text = canonicalRecord(document as unknown as JsonObject);
  // Its keys are ours, and what is no text of Unicode was refused where it was read.
  return sha256(text.ok ? text.value : JSON.stringify(document));
}
