// The one use case with a second engine beside it: it is asked while TypeScript judges, and what it says is compared. Implements spec/backend.md 1.3 and 1.4.
// INVARIANT: the decision is TypeScript's, whatever becomes of the other; the record is durable before it leaves.

import { asksGo, type Evaluation, type Keeper, type Selection, select } from "../backend/index.js";
import { CavraError, canonicalRecord, type Verdict } from "../base/index.js";
import type { Action } from "../change/index.js";
import type { Decision, Who } from "../evidence/index.js";
import { judge } from "../policy/index.js";
import { type GroupWriter, newId } from "../store/index.js";
import { type Authority, answerTogether, asked, deriveWithFacts, recordInput, subjectOf } from "./decide.js";

/** What stands beside an authority that lives on. */
export interface Beside {
  /** As the host says it: it may be no mode of ours. */
  readonly mode: string;
  /** Null where nothing is to be asked. */
  readonly keeper: Keeper | null;
  readonly deadlineMs: number;
  readonly journal: GroupWriter;
  /** The decision's id and moment, where whoever asks knows them already. */
  readonly given?: { readonly id: string; readonly momentMs: number } | null;
}

export interface Compared {
  readonly decision: Decision;
  readonly selection: Selection;
  readonly evaluation: Evaluation;
  /** TypeScript's judgement bytes, and the verdict in them: the decision may be weaker, in audit mode and under a pause. */
  readonly judgement: string;
  readonly verdict: Verdict;
}

export async function decideBeside(action: Action, who: Who, authority: Authority, beside: Beside): Promise<Compared> {
  const { id, momentMs } = beside.given ?? newId("dec", authority.clock);
  const { change, facts, scripts } = deriveWithFacts(action, authority.facts, authority.catalogue);
  const subject = subjectOf(action, who, facts, momentMs);
  const evaluation: Evaluation = { action, facts, subject: { agent: subject.agent, user: subject.user, now: subject.now } };
  const told = asksGo(beside.mode) && beside.keeper !== null ? beside.keeper.ask(evaluation, beside.deadlineMs) : null;
  const judgement = judge(change, subject, authority.policy);
  const bytes = canonicalRecord(judgement);
  if (!bytes.ok) throw new CavraError("internal_error", `the judgement has no canonical form: ${bytes.problem.message}`);
  const selection = select(beside.mode, { judgement: bytes.value, verdict: judgement.verdict }, await told);
  const step = { action, who, judgement, scripts };
  const decision = asked(await answerTogether(recordInput(id, step, authority), authority, beside.journal), step, authority);
  return { decision, selection, evaluation, judgement: bytes.value, verdict: judgement.verdict };
}
