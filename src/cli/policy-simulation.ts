// What a policy would have answered to recorded decisions, counted and grouped by the rule that would decide. Implements spec/policy.md sections 10.2 and 10.3.

import { isWhole, OUTCOMES, type Outcome, outcomeOf, replayer } from "../authority/index.js";
import { compareBytes, VERDICTS, type Verdict } from "../base/index.js";
import type { DecisionRecord } from "../evidence/index.js";
import type { Policy } from "../policy/index.js";
import { openSamples, type Sample, type Samples } from "./samples.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** `recorded`: what was answered then, and by which rule. */
interface Before {
  readonly recorded: Verdict;
  readonly recorded_rule: string;
}

export interface SimulatedGroup {
  readonly rule_id: string;
  readonly verdict: Verdict;
  readonly count: number;
  /** How many of them were answered otherwise then. */
  readonly changed: number;
  readonly samples: readonly (Sample & Before)[];
}

export interface Simulation {
  readonly decisions: number;
  /** Records without a judgement: nothing can be said of them. */
  readonly not_judged: number;
  /** Judged, but a part that policies may ask for was redacted. */
  readonly not_whole: number;
  /** Recorded under this very policy, and judged otherwise now: what is not recorded has changed, or a part was redacted. */
  readonly drifted: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly groups: readonly SimulatedGroup[];
}

interface Group {
  readonly rule_id: string;
  readonly verdict: Verdict;
  count: number;
  changed: number;
  readonly samples: Samples<Before>;
}

export function simulateOver(records: Iterable<DecisionRecord>, policy: Policy, env: Environment, samples: number): Simulation {
  const groups = new Map<string, Group>();
  const counts = { decisions: 0, not_judged: 0, not_whole: 0, drifted: 0 };
  const verdicts = countersOf(VERDICTS);
  const outcomes = countersOf(OUTCOMES);
  const replay = replayer(env);
  for (const record of records) {
    counts.decisions += 1;
    const judged = replay.judge(record, policy);
    if (judged === null || record.judgement === null) {
      counts.not_judged += 1;
      continue;
    }
    const whole = isWhole(record);
    const before = record.judgement;
    if (!whole) counts.not_whole += 1;
    if (before.policy.digest === judged.policy.digest && before.verdict !== judged.verdict) counts.drifted += 1;
    verdicts[judged.verdict] += 1;
    outcomes[outcomeOf(before.verdict, judged.verdict)] += 1;
    const group = groupFor(groups, judged.rule_id, judged.verdict);
    group.count += 1;
    if (before.verdict !== judged.verdict) group.changed += 1;
    group.samples.add(record, whole, { recorded: before.verdict, recorded_rule: before.rule_id });
  }
  return { ...counts, verdicts, outcomes, groups: sorted(groups).map((group) => ({ ...group, samples: group.samples.top(samples) })) };
}

function countersOf<T extends string>(names: readonly T[]): Record<T, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
}

function groupFor(groups: Map<string, Group>, rule_id: string, verdict: Verdict): Group {
  const key = `${verdict} ${rule_id}`;
  const group = groups.get(key) ?? { rule_id, verdict, count: 0, changed: 0, samples: openSamples<Before>() };
  groups.set(key, group);
  return group;
}

/** The strictest first, then the most frequent, then the smallest id. */
function sorted(groups: ReadonlyMap<string, Group>): readonly Group[] {
  return [...groups.values()].sort(
    (a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict) || b.count - a.count || compareBytes(a.rule_id, b.rule_id),
  );
}
