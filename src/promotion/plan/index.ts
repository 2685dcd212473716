// The way back, written down.

export { newDraft } from "./draft.js";
export { FAULTS, FAULTS_ALWAYS, type FaultName, isFault } from "./faults.js";
export {
  draftProblems,
  FIRST_ANSWER_MS,
  FULL_DEMOTION_MS,
  PLAN_OWNERS,
  PLAN_SCHEMA,
  PLAN_STEPS,
  PLAN_TEXT_BYTES,
  type PlanDraft,
  ROLLBACK_PLAN,
  type RollbackPlan,
} from "./plan.js";
