// When a failing worker is left alone. Proves spec/backend.md 5.2 and 5.4, at each limit and one beyond.

import { describe, expect, it } from "vitest";
import { FAULT_WINDOW_MS, FAULTS, FIRST_OPEN_MS, LONGEST_OPEN_MS, newBreaker, startPause } from "../../src/backend/breaker.js";

describe("the breaker", () => {
  it("stays closed below five faults, and opens at the fifth", () => {
    const breaker = newBreaker();
    for (let i = 1; i < FAULTS; i++) breaker.fault(i);
    expect(breaker.mayAsk(10)).toBe(true);
    breaker.fault(10);
    expect(breaker.mayAsk(11)).toBe(false);
    expect(breaker.state(11)).toBe("open");
  });

  it("forgets faults that are ten seconds old", () => {
    const breaker = newBreaker();
    for (let i = 0; i < FAULTS - 1; i++) breaker.fault(0);
    breaker.fault(FAULT_WINDOW_MS);
    expect(breaker.mayAsk(FAULT_WINDOW_MS)).toBe(true);
  });

  it("lets one request through when its time is over, and closes when that is answered well", () => {
    const breaker = opened();
    expect(breaker.mayAsk(FIRST_OPEN_MS - 1)).toBe(false);
    expect(breaker.mayAsk(FIRST_OPEN_MS)).toBe(true);
    expect(breaker.mayAsk(FIRST_OPEN_MS)).toBe(false);
    breaker.good();
    expect(breaker.mayAsk(FIRST_OPEN_MS)).toBe(true);
    expect(breaker.state(FIRST_OPEN_MS)).toBe("closed");
  });

  it("stays open twice as long after each trial that fails, a minute at most", () => {
    const breaker = opened();
    let now = 0;
    for (const openMs of [5_000, 10_000, 20_000, 40_000, LONGEST_OPEN_MS, LONGEST_OPEN_MS]) {
      expect(breaker.mayAsk(now + openMs - 1)).toBe(false);
      now += openMs;
      expect(breaker.mayAsk(now)).toBe(true);
      breaker.fault(now);
    }
  });

  function opened() {
    const breaker = newBreaker();
    for (let i = 0; i < FAULTS; i++) breaker.fault(0);
    return breaker;
  }
});

it("starts again after 100 ms, doubled with each failure up to 30 s", () => {
  expect([1, 2, 3, 9, 10, 60].map(startPause)).toEqual([100, 200, 400, 25_600, 30_000, 30_000]);
});
