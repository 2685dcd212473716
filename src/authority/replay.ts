// Recorded decisions, judged again by other policies: what would have been answered, and how surely that can be said. Implements spec/policy.md section 10.
// It records and changes nothing. A record holds effects and not the world they came from, so what is said here is an estimate where it says so.

import { parseTime, type Verdict } from "../base/index.js";
import type { DecisionRecord } from "../evidence/index.js";
import type { Judgement, Policy } from "../policy/index.js";
import { judgeAgain, rememberedBranches } from "./trial.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** `would_…`: the second answer differs from the first, and is this. */
export const OUTCOMES = ["unchanged", "would_allow", "would_warn", "would_ask", "would_deny"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf(before: Verdict, after: Verdict): Outcome {
  if (before === after) return "unchanged";
  switch (after) {
    case "allow":
      return "would_allow";
    case "warn":
      return "would_warn";
    case "require_approval":
      return "would_ask";
    case "deny":
      return "would_deny";
  }
}

export interface Replayer {
  /** Null where the record has no judgement. The moment is the record's: exceptions count that counted then. */
  readonly judge: (record: DecisionRecord, policy: Policy) => Judgement | null;
}

export function replayer(env: Environment): Replayer {
  const branchOf = rememberedBranches();
  return {
    judge: (record, policy) => {
      const moment = parseTime(record.recorded_at);
      return judgeAgain(record, policy, moment.ok ? moment.value : 0, env, branchOf);
    },
  };
}

/** Keys of effects that no policy asks for. */
const NEVER_ASKED = new Set(["url", "path", "span"]);

/** False where something that a policy may ask for was redacted: a rule that looks at it may match, or not match, what stood there. */
export function isWhole(record: DecisionRecord): boolean {
  return !record.redactions.some(({ path }) => {
    const [, part = "", name = "", , key = ""] = path.split("/");
    if (part === "judgement") return name === "effects" && !NEVER_ASKED.has(key);
    return path === "/action/workspace_root" || path === "/action/cwd" || path === "/who/agent" || path === "/who/user";
  });
}
