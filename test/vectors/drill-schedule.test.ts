// Runs spec/vectors/drill-schedule/: a schedule and what is known of drills in, the report and what is to be told out. Proves spec/notices.md section 2 and 4.1.

import { expect } from "vitest";
import { bad, ok } from "../../src/base/index.js";
import { conditionsOf, type DrillFacts, NO_FACTS, readSchedule, scheduleReport } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: { readonly schedule: unknown; readonly facts: DrillFacts | null; readonly now: string };
  readonly expect: unknown;
}

runArea<Vector>("drill-schedule", "notices.md", ({ input, expect: expected }) => {
  const nowMs = Date.parse(input.now);
  const schedule = input.schedule === null ? null : readSchedule(JSON.stringify(input.schedule));
  const facts = input.facts === null ? bad<DrillFacts>("history_unreadable", "it cannot be read") : ok(input.facts);
  const report = scheduleReport(schedule, facts, nowMs);
  const { status, code, next_due_at, due_soon_at, stale_at } = report;
  const keys = conditionsOf(report, input.facts ?? NO_FACTS, nowMs).map(({ key }) => key);
  expect({ status, code, next_due_at, due_soon_at, stale_at, keys }).toEqual(expected);
});
