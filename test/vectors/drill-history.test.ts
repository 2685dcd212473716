// spec/vectors/drill-history: the file of a drill history, and what the gate is told of it. Proves spec/drills.md section 4.

import { expect } from "vitest";
import { parseTime } from "../../src/base/index.js";
import { drillHistoryFindings, drillsIn, type HistoryHead, readHistory, type Subject } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    /** Null where there is none. */
    readonly file: string | null;
    readonly chain: readonly string[];
    readonly pin: string;
    readonly now: string;
    readonly clock_behind: boolean;
    readonly running: Subject | null;
    readonly days: number;
    readonly head: HistoryHead | null;
  };
  readonly expect: {
    readonly torn: number;
    /** Fault and verdict of each, and `resolved` where somebody answered for it. */
    readonly drills: readonly string[];
    readonly findings: readonly string[];
    readonly ends_at: string;
  };
}

runArea<Vector>("drill-history", "drills.md", ({ input, expect: expected }) => {
  const now = parseTime(input.now);
  const nowMs = now.ok ? now.value : 0;
  const trust = { pin: input.pin, ownChain: input.chain, seenVersion: 0, nowMs };
  const given = { trust, nowMs, clockBehind: input.clock_behind, running: input.running };
  const bytes = input.file === null ? null : Buffer.from(input.file);
  const read = readHistory(bytes, given, input.head);
  const drills = drillsIn(read.events, nowMs);
  const { findings, ends_at } = drillHistoryFindings(bytes, given, { days: input.days, head: input.head });
  expect({
    torn: read.torn,
    drills: drills.map(({ fault, verdict, resolution }) => `${fault} ${verdict}${resolution === null ? "" : " resolved"}`),
    findings: findings.map(({ verdict, code }) => `${verdict} ${code}`),
    ends_at,
  }).toEqual(expected);
});
