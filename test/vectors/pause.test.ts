// spec/vectors/pause: when a pause holds, by which clocks.

import { describe, expect, test } from "vitest";
import { holds, type Pause } from "../../src/authority/pause.js";
import { readCases } from "./cases.js";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly pause: Pause;
  readonly moment: { readonly now: string; readonly uptime_ms: number; readonly boot: string };
  readonly expect: boolean;
}

describe("vectors: pause", () => {
  for (const { id, note, pause, moment, expect: expected } of readCases<Case>("pause")) {
    test(`${id} ${note}`, () => {
      expect(holds(pause, { nowMs: Date.parse(moment.now), uptimeMs: moment.uptime_ms, boot: moment.boot })).toBe(expected);
    });
  }
});
