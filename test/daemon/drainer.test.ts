// No record waits for the ledger without end, however the next ones come. Proves spec/backend.md 8.6, with a clock that the test turns.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DRAIN_IDLE_MS, DRAIN_LATEST_MS, DRAIN_RECORDS, newDrainer } from "../../src/daemon/drainer.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a drainer", () => {
  it("drains at once when a thousand records are new, and not before", async () => {
    let drains = 0;
    const drainer = newDrainer(async () => ++drains > 0);
    for (let at = 1; at < DRAIN_RECORDS; at++) drainer.recorded();
    expect(drains).toBe(0);
    drainer.recorded();
    expect(drains).toBe(1);
    await drainer.close();
  });

  it("drains when no record has come for five seconds", async () => {
    let drains = 0;
    const drainer = newDrainer(async () => ++drains > 0);
    drainer.recorded();
    await vi.advanceTimersByTimeAsync(DRAIN_IDLE_MS - 1);
    expect(drains).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(drains).toBe(1);
    await drainer.close();
  });

  it("drains what has waited for half a minute while one record after the other came", async () => {
    let drains = 0;
    const drainer = newDrainer(async () => ++drains > 0);
    for (let waitedMs = 0; waitedMs < DRAIN_LATEST_MS; waitedMs += DRAIN_IDLE_MS / 2) {
      expect(drains).toBe(0);
      drainer.recorded();
      await vi.advanceTimersByTimeAsync(DRAIN_IDLE_MS / 2);
    }
    expect(drains).toBe(1);
    await drainer.close();
  });

  it("tries again what could not be drained, also when nothing more comes", async () => {
    const outcomes = [false, true];
    const asked: boolean[] = [];
    const drainer = newDrainer(async () => {
      const outcome = outcomes.shift() ?? true;
      asked.push(outcome);
      return outcome;
    });
    drainer.recorded();
    await vi.advanceTimersByTimeAsync(DRAIN_IDLE_MS);
    expect([asked, drainer.status()]).toEqual([[false], { waiting: 1, drains: 0, failed: 1 }]);
    await vi.advanceTimersByTimeAsync(DRAIN_LATEST_MS);
    expect([asked, drainer.status()]).toEqual([[false, true], { waiting: 0, drains: 1, failed: 1 }]);
    await drainer.close();
  });
});
