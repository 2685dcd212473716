// Puts what a person did about promotion on record. Implements spec/promotion.md section 11.

import { CavraError } from "../base/index.js";
import { buildPromotionEvent, PROMOTION_EVENT_PREFIX, type PromotionEvent, type PromotionEventInput } from "../evidence/index.js";
import { newId, openJournal, SYSTEM_CLOCK, stateDir } from "../store/index.js";
import { VERSION } from "./shipped.js";

/** An event with what it has; all else is null, "" or empty. */
export type GivenPromotionEvent = Partial<PromotionEventInput> & Pick<PromotionEventInput, "event">;

/** Throws CavraError: `evidence_unavailable`, what the state folder's checks say, or the code of what has no canonical form. */
export function recordPromotionEvent(event: GivenPromotionEvent, env: Readonly<Record<string, string | undefined>>): PromotionEvent {
  const { id } = newId(PROMOTION_EVENT_PREFIX, SYSTEM_CLOCK);
  const built = buildPromotionEvent(wholeEvent(id, env.CAVRA_GO_BACKEND_MODE ?? "", event));
  if (!built.ok) throw new CavraError(built.problem.code, built.problem.message);
  const journal = openJournal(stateDir(env));
  journal.append(built.value);
  journal.close();
  return built.value.record;
}

export function wholeEvent(recordId: string, mode: string, event: GivenPromotionEvent): PromotionEventInput {
  return {
    recordId,
    mode,
    lease: null,
    hold_id: "",
    checks: [],
    decision_id: "",
    code: "",
    reason: "",
    person: null,
    engine: { backend: "typescript", version: VERSION },
    ...event,
  };
}
