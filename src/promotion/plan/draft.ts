// What `cavra runtime go-rollback-plan init` writes: all that is known of the way back, and `TODO` where only a person knows. Implements spec/drills.md 2.4.

import { FAULTS } from "./faults.js";
import { FIRST_ANSWER_DRAFT_MS, PLAN_SCHEMA, type PlanDraft } from "./plan.js";

/** `owner` is the name under which the caller is known; "" leaves it to be filled in. */
export function newDraft(owner: string): PlanDraft {
  const name = owner === "" ? "TODO: who does this" : owner;
  return {
    schema_version: PLAN_SCHEMA,
    triggers: [
      { trigger_id: "mismatch", when: "both engines judged one action differently: the hold is set already", step_id: "look" },
      { trigger_id: "slow", when: "answers of the hook take longer than the objective", step_id: "hold" },
      { trigger_id: "doubt", when: "anybody doubts an answer of the second engine", step_id: "hold" },
    ],
    steps: [
      {
        step_id: "hold",
        title: "let TypeScript answer alone, at once",
        command: "cavra runtime go-rollback --reason 'REASON'",
        owner: name,
      },
      { step_id: "look", title: "see that a hold stands, and why", command: "cavra runtime go-hold list", owner: name },
      { step_id: "status", title: "see that calls are guarded", command: "cavra status", owner: name },
      {
        step_id: "keep",
        title: "keep what was recorded",
        command: "cavra evidence bundle --since 1d --output incident.bundle",
        owner: name,
      },
    ],
    owners: [{ name, contact: "TODO: how they are reached, day and night" }],
    contact_route: [{ owner: name, after_minutes: 0 }],
    objectives: { first_answer_p99_ms: FIRST_ANSWER_DRAFT_MS, full_demotion_ms: 1_000 },
    faults: FAULTS,
  };
}
