// spec/vectors/audit-answer: what records around a time answer about it, and which ones have no form that can be read. Proves spec/promotion.md 10.4, 10.5 and 10.8.

import { expect } from "vitest";
import { type AuditAnswer, auditAnswer, auditEvents, type PlacedRecord } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    readonly at: string;
    readonly records: readonly PlacedRecord[];
    readonly missing: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly expect: { readonly code: string; readonly answer: AuditAnswer | null };
}

runArea<Vector>("audit-answer", "promotion.md", ({ input, expect: expected }) => {
  const events = auditEvents(input.records);
  expect({
    code: events.ok ? "" : events.problem.code,
    answer: events.ok ? auditAnswer({ ...input, events: events.value }) : null,
  }).toEqual(expected);
});
