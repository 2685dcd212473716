// The rehearsal: every fault that the plan asks for, done to one release candidate, with all that was seen. Implements spec/drills.md section 3.
// It holds observations and no verdicts; whoever opens it judges each drill anew.

import { parseId } from "../../base/index.js";
import type { DocumentHead, DocumentKind } from "../documents/document.js";
import { type Finding, found } from "../documents/verdict.js";
import { FAULTS, type FaultName } from "../plan/faults.js";
import { DRILL_PREFIX } from "./events.js";
import { EXPERIMENT, type Experiment, experimentFault, OBSERVATIONS, type Observations, observedFault } from "./observed.js";
import { drillVerdict } from "./verdict.js";

export const REHEARSAL_SCHEMA = "cavra.go-backend-rollback-rehearsal.v1";
export const REHEARSAL_DAYS = 30;

export interface RehearsedDrill {
  readonly drill_id: string;
  readonly experiment: Experiment;
  readonly observations: Observations;
}

export interface Rehearsal extends DocumentHead {
  /** The faults that were asked for, before the first was done. */
  readonly faults: readonly FaultName[];
  /** The rollback plan that asked; "" where none did. */
  readonly plan_digest: string;
  readonly drills: readonly RehearsedDrill[];
}

export const REHEARSAL: DocumentKind<Rehearsal> = {
  schema: REHEARSAL_SCHEMA,
  name: "rollback rehearsal",
  role: "drill",
  days: REHEARSAL_DAYS,
  bound: ["runtime", "typescript", "go", "catalogue"],
  shape: {
    drills: [{ drill_id: "text", experiment: EXPERIMENT, observations: OBSERVATIONS }],
    faults: [{ $oneOf: FAULTS }],
    plan_digest: "digest?",
  },
  remedy: "run `cavra runtime go-rollback-rehearsal run`",
  fault: ({ drills, faults }) => {
    if (faults.length === 0 || new Set(faults).size !== faults.length) return "its faults are none, or one stands twice";
    const ids = drills.map(({ drill_id }) => parseId(drill_id));
    if (!ids.every((id) => id.ok && id.value.prefix === DRILL_PREFIX)) return "a drill_id is none";
    const wrong = drills.map(({ experiment, observations }) => experimentFault(experiment) || observedFault(experiment, observations));
    return wrong.find((one) => one !== "") ?? "";
  },
  outcome: rehearsalOutcome,
};

/** What a rehearsal comes to: each fault that was asked for passed, and nothing that was done failed. */
export function rehearsalOutcome({ faults, drills }: Rehearsal): readonly Finding[] {
  const undone = faults.filter((fault) => !drills.some(({ experiment }) => experiment.fault === fault));
  const went = drills.flatMap(({ experiment, observations }) => {
    const { verdict, findings } = drillVerdict(experiment, observations);
    if (verdict === "pass") return [];
    const why = findings.map(({ code }) => code).join(", ");
    return [
      found(verdict, verdict === "fail" ? "drill_failed" : "drill_inconclusive", `\`${experiment.fault}\`: ${why}`, REHEARSAL.remedy),
    ];
  });
  const missing = undone.map((fault) => found("inconclusive", "fault_not_rehearsed", `\`${fault}\` was not rehearsed`, REHEARSAL.remedy));
  const enforced = drills.filter(({ experiment }) => experiment.mode !== "promoted").length;
  const other =
    enforced > 0
      ? [found("inconclusive", "not_promoted", `${enforced} drills were done in another mode than promoted`, REHEARSAL.remedy)]
      : [];
  return [...went, ...missing, ...other];
}
