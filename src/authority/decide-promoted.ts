// The one use case where Go may answer: under a live lease, and only as far as that goes. Implements spec/promotion.md section 7.
// INVARIANT: the right is looked at before Go is asked and again before its judgement leaves; whatever is missing then, TypeScript judges and answers.
// SECURITY: nothing milder than TypeScript's judgement leaves. A denial is the strictest of all, so it alone may go out unseen.

import { type Answered, type Evaluation, type GoJudgement, isUnsafe, readGoJudgement, type Selection } from "../backend/index.js";
import { CavraError, canonicalRecord, type Problem, type Result } from "../base/index.js";
import type { Action, Change } from "../change/index.js";
import type { Engine, RecordedPromotion, Who } from "../evidence/index.js";
import { type Judgement, judge, type Subject } from "../policy/index.js";
import { newId } from "../store/index.js";
import { type Authority, answerTogether, asked, deriveWithFacts, recordInput, subjectOf } from "./decide.js";
import type { Beside, Compared } from "./decide-beside.js";
import { VERSION } from "./shipped.js";

/** What Go was chosen by, and the version that answers. */
export interface Right {
  readonly references: Omit<RecordedPromotion, "answered">;
  readonly version: string;
}

/** What stands behind the mode `promoted`. */
export interface Promoting {
  /** Looked at anew at each call: the live lease for the worker that would be asked, or the code of why there is none. */
  readonly right: () => Result<Right>;
  /** Is what left alone under this record id to be judged by TypeScript afterwards? */
  readonly isSampled: (recordId: string) => boolean;
  /** One mismatch, found before Go's judgement left or after it: the hold stands when this returns. */
  readonly mismatch: (decisionId: string, isUnsafe: boolean) => void;
  /** What came of a judgement that left alone and was judged again: `compared` has TypeScript's. */
  readonly lookedAgain: (compared: Compared) => void;
}

interface Judged {
  readonly action: Action;
  readonly change: Change;
  readonly subject: Subject;
  readonly evaluation: Evaluation;
  readonly authority: Authority;
}

export async function decidePromoted(
  action: Action,
  who: Who,
  authority: Authority,
  beside: Beside,
  promoting: Promoting,
): Promise<Compared> {
  const { id, momentMs } = beside.given ?? newId("dec", authority.clock);
  const { change, facts, scripts } = deriveWithFacts(action, authority.facts, authority.catalogue);
  const subject = subjectOf(action, who, facts, momentMs);
  const evaluation: Evaluation = { action, facts, subject: { agent: subject.agent, user: subject.user, now: subject.now } };
  const judged: Judged = { action, change, subject, evaluation, authority };
  const answered = await askUnder(promoting, beside, evaluation);
  const chosen = choose(judged, answered, promoting);
  if (chosen.selection.fallback_code === "disagreement") promoting.mismatch(id, chosen.selection.unsafe);
  const step = { action, who, judgement: chosen.judgement, scripts };
  const decision = asked(await answerTogether(recordInput(id, step, authority, chosen.engine), authority, beside.journal), step, authority);
  const compared = { decision, selection: chosen.selection, evaluation, judgement: chosen.bytes, verdict: chosen.judgement.verdict };
  if (chosen.isAlone && promoting.isSampled(id)) setImmediate(() => lookAgain(judged, compared, promoting));
  return compared;
}

type Told = { readonly right: Right; readonly answered: Answered } | { readonly right: null; readonly problem: Problem };

async function askUnder({ right }: Promoting, { keeper, deadlineMs }: Beside, evaluation: Evaluation): Promise<Told> {
  const held = right();
  if (!held.ok) return { right: null, problem: held.problem };
  if (keeper === null) return { right: null, problem: { code: "worker_unavailable", message: "Go was not asked" } };
  return { right: held.value, answered: await keeper.ask(evaluation, deadlineMs) };
}

interface Chosen {
  readonly judgement: Judgement;
  readonly bytes: string;
  readonly selection: Selection;
  readonly engine: Engine;
  readonly isAlone: boolean;
}

function choose(judged: Judged, told: Told, promoting: Promoting): Chosen {
  if (told.right === null) return byTypeScript(judged, told.problem, null, null);
  const { right, answered } = told;
  if (!answered.ok) return byTypeScript(judged, answered, right, null);
  const go = readGoJudgement(answered.judgement, { change: judged.change, policy: identityOf(judged.authority) });
  if (!go.ok) return byTypeScript(judged, go.problem, right, answered.judgement);
  // A hold, or an end of the lease, that came while Go judged: it answers nothing any more.
  const still = promoting.right();
  if (!still.ok) return byTypeScript(judged, still.problem, right, answered.judgement);
  if (go.value.verdict === "deny") return byGo(judged, go.value, still.value, "alone");
  const own = judgeHere(judged);
  if (own.bytes === go.value.text) return byGo(judged, go.value, still.value, "confirmed");
  return byTypeScript(judged, { code: "disagreement", message: "the judgements differ" }, right, answered.judgement);
}

function identityOf({ policy }: Authority): {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly mode: string;
} {
  const { id, version, digest, mode } = policy.compiled;
  return { id, version, digest, mode };
}

function byGo({ change }: Judged, { value, text }: GoJudgement, right: Right, way: "alone" | "confirmed"): Chosen {
  return {
    judgement: { ...(value as unknown as Judgement), effects: change.effects },
    bytes: text,
    selection: { ...SELECTED, go: text, parity_match: way === "confirmed" ? true : null },
    engine: { backend: "go", version: right.version, promotion: { ...right.references, answered: way } },
    isAlone: way === "alone",
  };
}

function byTypeScript(
  judged: Judged,
  { code, message }: Pick<Problem, "code" | "message">,
  right: Right | null,
  go: string | null,
): Chosen {
  const { judgement, bytes } = judgeHere(judged);
  const engine = { backend: "typescript", version: VERSION };
  return {
    judgement,
    bytes,
    selection: {
      ...SELECTED,
      selected_backend: "typescript",
      fallback_used: true,
      fallback_code: code as NonNullable<Selection["fallback_code"]>,
      fallback_reason: message,
      parity_match: code === "disagreement" ? false : null,
      unsafe: code === "disagreement" && go !== null && isUnsafe(go, judgement.verdict),
      go,
    },
    engine: right === null ? engine : { ...engine, promotion: { ...right.references, answered: "fell_back" } },
    isAlone: false,
  };
}

const SELECTED: Selection = {
  backend_mode: "promoted",
  selected_backend: "go",
  fallback_used: false,
  fallback_code: null,
  fallback_reason: "",
  parity_match: null,
  unsafe: false,
  go: null,
};

function judgeHere({ change, subject, authority }: Judged): { readonly judgement: Judgement; readonly bytes: string } {
  const judgement = judge(change, subject, authority.policy);
  const bytes = canonicalRecord(judgement);
  if (!bytes.ok) throw new CavraError("internal_error", `the judgement has no canonical form: ${bytes.problem.message}`);
  return { judgement, bytes: bytes.value };
}

/** TypeScript's judgement of what has left already: by the same facts, so that only an engine can make it another. */
function lookAgain(judged: Judged, compared: Compared, promoting: Promoting): void {
  const { judgement, bytes } = judgeHere(judged);
  const isSame = bytes === compared.judgement;
  // Never an unsafe one: nothing is stricter than the denial that left.
  if (!isSame) promoting.mismatch(compared.decision.decision_id, false);
  const fallback_code = isSame ? null : "disagreement";
  const selection = { ...compared.selection, parity_match: isSame, fallback_code } as const;
  promoting.lookedAgain({ ...compared, judgement: bytes, verdict: judgement.verdict, selection });
}
