// Recorded decisions under two policies: which of them the second would answer otherwise than the first. Implements spec/policy.md sections 10.2 and 10.3.

import { isWhole, OUTCOMES, type Outcome, outcomeOf, replayer } from "../authority/index.js";
import type { Verdict } from "../base/index.js";
import type { DecisionRecord } from "../evidence/index.js";
import type { Policy } from "../policy/index.js";
import { openSamples, type Sample, type Samples } from "./samples.js";

type Environment = Readonly<Record<string, string | undefined>>;

interface Answers {
  readonly a: { readonly verdict: Verdict; readonly rule_id: string };
  readonly b: { readonly verdict: Verdict; readonly rule_id: string };
}

export interface ReplayedGroup {
  readonly outcome: Outcome;
  readonly count: number;
  /** None of what is unchanged. */
  readonly samples: readonly (Sample & Answers)[];
}

export interface Replay {
  readonly decisions: number;
  readonly not_judged: number;
  readonly not_whole: number;
  /** Recorded under the first policy, and judged otherwise by it now. */
  readonly drifted: number;
  readonly groups: readonly ReplayedGroup[];
}

export function replayOver(records: Iterable<DecisionRecord>, a: Policy, b: Policy, env: Environment, most: number): Replay {
  const counts = { decisions: 0, not_judged: 0, not_whole: 0, drifted: 0 };
  const groups = new Map(OUTCOMES.map((outcome) => [outcome, { count: 0, samples: openSamples<Answers>() }]));
  const replay = replayer(env);
  for (const record of records) {
    counts.decisions += 1;
    const [before, after] = [replay.judge(record, a), replay.judge(record, b)];
    if (before === null || after === null) {
      counts.not_judged += 1;
      continue;
    }
    const whole = isWhole(record);
    if (!whole) counts.not_whole += 1;
    const recorded = record.judgement;
    if (recorded?.policy.digest === before.policy.digest && recorded.verdict !== before.verdict) counts.drifted += 1;
    const outcome = outcomeOf(before.verdict, after.verdict);
    const group = groups.get(outcome);
    if (group === undefined) continue;
    group.count += 1;
    if (outcome === "unchanged") continue;
    group.samples.add(record, whole, {
      a: { verdict: before.verdict, rule_id: before.rule_id },
      b: { verdict: after.verdict, rule_id: after.rule_id },
    });
  }
  return { ...counts, groups: groupsOf(groups, most) };
}

/** What would be stopped first. */
const ORDER: readonly Outcome[] = ["would_deny", "would_ask", "would_warn", "would_allow", "unchanged"];

function groupsOf(
  groups: ReadonlyMap<Outcome, { readonly count: number; readonly samples: Samples<Answers> }>,
  most: number,
): readonly ReplayedGroup[] {
  return ORDER.map((outcome) => {
    const group = groups.get(outcome);
    return { outcome, count: group?.count ?? 0, samples: group?.samples.top(most) ?? [] };
  });
}
