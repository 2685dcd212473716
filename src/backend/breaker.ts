// When a worker that keeps failing is left alone, and when it is tried again. Implements spec/backend.md 5.2 and 5.4. Pure: the time is told to it.

/** So many faults within so many milliseconds open the breaker. */
export const FAULTS = 5;
export const FAULT_WINDOW_MS = 10_000;
export const FIRST_OPEN_MS = 5_000;
export const LONGEST_OPEN_MS = 60_000;

/** Milliseconds before a worker is started again, after so many starts that failed in a row. */
export function startPause(failures: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

export interface Breaker {
  /** Whether a request may go out; of an open breaker's trials it counts as one. */
  readonly mayAsk: (nowMs: number) => boolean;
  readonly good: () => void;
  readonly fault: (nowMs: number) => void;
  readonly state: (nowMs: number) => "closed" | "open" | "trying";
}

export function newBreaker(): Breaker {
  let faults: number[] = [];
  let openUntil = 0;
  let openMs = 0;
  let trying = false;
  const isOpen = () => openMs > 0;
  const open = (nowMs: number, forMs: number) => {
    openMs = Math.min(forMs, LONGEST_OPEN_MS);
    openUntil = nowMs + openMs;
    trying = false;
    faults = [];
  };
  return {
    mayAsk: (nowMs) => {
      if (!isOpen()) return true;
      if (trying || nowMs < openUntil) return false;
      trying = true;
      return true;
    },
    good: () => {
      openMs = 0;
      trying = false;
      faults = [];
    },
    fault: (nowMs) => {
      if (isOpen()) {
        if (trying) open(nowMs, openMs * 2);
        return;
      }
      faults = [...faults.filter((at) => at > nowMs - FAULT_WINDOW_MS), nowMs];
      if (faults.length >= FAULTS) open(nowMs, FIRST_OPEN_MS);
    },
    state: (nowMs) => (!isOpen() ? "closed" : trying || nowMs >= openUntil ? "trying" : "open"),
  };
}
