// Runs spec/vectors/suppression-trends/: a window of time and the sums in it in, the trends out. Proves spec/notices.md section 10.

import { expect } from "vitest";
import { type Bucket, type Mute, type NameSum, type Outcome, suppressionTrends, trendWindow } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Hour {
  readonly hour: string;
  readonly outcome: Outcome;
  readonly count: number;
}

interface Vector {
  readonly input: {
    readonly from: string;
    readonly to: string;
    readonly bucket: Bucket;
    readonly hours: readonly Hour[];
    readonly before: readonly Hour[];
    readonly names: readonly NameSum[];
    readonly mutes: readonly (Pick<Mute, "route" | "key" | "schedule" | "category"> & {
      readonly from: string;
      readonly to: string;
      readonly breached: boolean;
    })[];
    readonly breached: number;
  };
  readonly expect: object;
}

const hourSums = (hours: readonly Hour[]) => hours.map(({ hour, outcome, count }) => ({ hourMs: Date.parse(hour), outcome, count }));

runArea<Vector>("suppression-trends", "notices.md", ({ input, expect: expected }) => {
  const window = trendWindow(Date.parse(input.from), Date.parse(input.to), input.bucket);
  if (!window.ok) {
    expect({ code: window.problem.code }).toEqual(expected);
    return;
  }
  const mutes = input.mutes.map(({ from, to, breached, ...mute }) => ({
    ...mute,
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    wasBreached: breached,
  }));
  const { names, breached } = input;
  const sums = { hours: hourSums(input.hours), before: hourSums(input.before), names, mutes, breached };
  expect(suppressionTrends({ window: window.value, ...sums })).toEqual({
    schema_version: "cavra.go-backend-rollback-drill-suppression-trends.v1",
    ...expected,
  });
});
