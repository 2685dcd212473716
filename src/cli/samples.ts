// A few recorded actions out of many, the most frequent ones, for reports over decisions. Implements spec/policy.md 10.3.

import { compareBytes } from "../base/index.js";
import type { DecisionRecord } from "../evidence/index.js";

/** One action. `decision_id` and the moment are of the first decision about it; `count` is how many decisions were. */
export interface Sample {
  readonly decision_id: string;
  readonly recorded_at: string;
  readonly agent: string;
  readonly action_type: string;
  readonly target: string;
  readonly count: number;
  /** False where a part that policies may ask for was redacted. */
  readonly whole: boolean;
}

/** Different actions of one group that are told apart; of more, only the first so many are counted one by one. */
export const DIFFERENT_ACTIONS = 1_000;

export interface Samples<T> {
  readonly add: (record: DecisionRecord, whole: boolean, more: T) => void;
  /** The most frequent, then the smallest by target and id. */
  readonly top: (most: number) => readonly (Sample & T)[];
}

export function openSamples<T extends object>(): Samples<T> {
  const known = new Map<string, { count: number; readonly first: Omit<Sample, "count"> & T }>();
  return {
    add: (record, whole, more) => {
      const key = JSON.stringify([record.action?.action_type, record.action?.target, more]);
      const found = known.get(key);
      if (found !== undefined) found.count += 1;
      else if (known.size < DIFFERENT_ACTIONS) known.set(key, { count: 1, first: { ...sampleOf(record), whole, ...more } });
    },
    top: (most) =>
      [...known.values()]
        .sort(
          (a, b) =>
            b.count - a.count || compareBytes(a.first.target, b.first.target) || compareBytes(a.first.decision_id, b.first.decision_id),
        )
        .slice(0, most)
        .map(({ count, first }) => ({ ...first, count })),
  };
}

function sampleOf({ record_id, recorded_at, who, action }: DecisionRecord): Omit<Sample, "count" | "whole"> {
  return {
    decision_id: record_id,
    recorded_at,
    agent: who.agent,
    action_type: action?.action_type ?? "execute_command",
    target: action?.target ?? "",
  };
}
