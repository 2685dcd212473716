// Did an answer leave whose record was not durable? Counted from two sides that know nothing of each other: the journal's writer says of each record when it
// is synced, the door says of each answer when it leaves. Implements spec/service.md 13.1. INVARIANT: it only counts; no answer waits for it.

/** Records whose answer is still on the way: far more than can be at a time. What is older is forgotten; its answer never left. */
const MOST_WAITING = 65_536;

export interface Counted {
  readonly answered: number;
  readonly durable: number;
  /** Answers that left and whose record was not there. */
  readonly blind: number;
}

export interface BlindnessCount {
  readonly durable: (recordId: string) => void;
  readonly answered: (recordId: string) => void;
  readonly status: () => Counted;
}

export function newBlindness(): BlindnessCount {
  const waiting = new Set<string>();
  let [answered, durable, blind] = [0, 0, 0];
  return {
    durable: (recordId) => {
      durable++;
      waiting.add(recordId);
      if (waiting.size <= MOST_WAITING) return;
      for (const oldest of waiting) {
        waiting.delete(oldest);
        break;
      }
    },
    answered: (recordId) => {
      answered++;
      if (!waiting.delete(recordId)) blind++;
    },
    status: () => ({ answered, durable, blind }),
  };
}
