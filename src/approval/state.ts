// What became of a request. Implements spec/approval.md sections 3 and 5.
// A pure function of what stands in the folder, the trust document and the time: nothing is ever changed to say a state, so none can be lost.

import { type Problem, parseTime } from "../base/index.js";
import { TRUST_SKEW_MS, type TrustDocument } from "../evidence/index.js";
import { type CountedAnswer, countAnswer } from "./answer.js";
import type { BuiltRequest } from "./request.js";
import { matchesOne, type Route } from "./routes.js";

export type ApprovalStateName = "pending" | "approved" | "denied" | "expired" | "used";

/** What stands of one request. */
export interface ApprovalFiles {
  readonly asked: BuiltRequest;
  /** The texts of the answers, each under the key id of its file's name. */
  readonly answers: readonly { readonly keyId: string; readonly text: string }[];
  readonly isEnded: boolean;
  /** The record for which it was taken; "" for none. */
  readonly usedFor: string;
}

export interface ApprovalState {
  readonly state: ApprovalStateName;
  readonly counted: readonly CountedAnswer[];
  /** What does not count, and why. */
  readonly refused: readonly { readonly keyId: string; readonly problem: Problem }[];
  /** Routes that are not satisfied, with how many persons are missing. */
  readonly missing: readonly { readonly route: Route; readonly persons: number }[];
  /** When an approval ends, or the request does; "" where it has. */
  readonly ends_at: string;
  /** `clock_suspect`, or "". */
  readonly code: string;
}

export interface StateGiven {
  /** Null where no trust document can be believed: then nobody's answer counts. */
  readonly trust: TrustDocument | null;
  readonly nowMs: number;
  /** Names that may not answer besides the asker's: of those who signed the documents. */
  readonly ownNames?: readonly string[];
}

export function approvalState({ asked, answers, isEnded, usedFor }: ApprovalFiles, given: StateGiven): ApprovalState {
  const { counted, refused } = countAll(asked, answers, given);
  const { missing, endsAt } = standing(asked, counted);
  const isSuspect = given.nowMs < momentOf(asked.request.created_at) - TRUST_SKEW_MS;
  const base = { counted, refused, missing, code: isSuspect ? "clock_suspect" : "" };
  if (usedFor !== "") return { ...base, state: "used", ends_at: "" };
  if (counted.some(({ answer }) => answer.answer === "denied")) return { ...base, state: "denied", ends_at: "" };
  if (isEnded) return { ...base, state: "expired", ends_at: "" };
  if (isSuspect) return { ...base, state: "pending", ends_at: asked.request.expires_at };
  const end = missing.length === 0 ? endsAt : asked.request.expires_at;
  if (given.nowMs >= momentOf(end)) return { ...base, state: "expired", ends_at: "" };
  return { ...base, state: missing.length === 0 ? "approved" : "pending", ends_at: end };
}

function countAll(
  asked: BuiltRequest,
  answers: ApprovalFiles["answers"],
  { trust, nowMs, ownNames = [] }: StateGiven,
): Pick<ApprovalState, "counted" | "refused"> {
  const { kind, name } = asked.request.asker;
  const own = kind === "person" ? [name, ...ownNames] : ownNames;
  const counted: CountedAnswer[] = [];
  const refused: ApprovalState["refused"][number][] = [];
  for (const { keyId, text } of answers) {
    const one = trust === null ? NO_TRUST : countAnswer(text, asked, trust, own, nowMs);
    if (!one.ok) refused.push({ keyId, problem: one.problem });
    else if (one.value.keyId !== keyId)
      refused.push({ keyId, problem: { code: "answer_malformed", message: "it is another key's answer" } });
    else counted.push(one.value);
  }
  return { counted, refused };
}

const NO_TRUST = { ok: false, problem: { code: "unknown_signer", message: "there is no trust document that names approvers" } } as const;

/** Which routes lack persons; and until when all of them are satisfied, where none does. */
function standing(
  { request }: BuiltRequest,
  counted: readonly CountedAnswer[],
): { readonly missing: ApprovalState["missing"]; readonly endsAt: string } {
  const ends = endsByPerson(counted);
  const missing: ApprovalState["missing"][number][] = [];
  let endsAt = "";
  for (const route of request.routes) {
    const theirs = [...ends].filter(([name]) => matchesOne(route.approvers, name)).map(([, end]) => end);
    const least = theirs.sort().at(-route.count);
    if (least === undefined) missing.push({ route, persons: route.count - theirs.length });
    else if (endsAt === "" || least < endsAt) endsAt = least;
  }
  return { missing, endsAt };
}

/** A person with two keys is one person, who agreed until the later end. */
function endsByPerson(counted: readonly CountedAnswer[]): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  for (const { answer } of counted) if ((ends.get(answer.name) ?? "") < answer.expires_at) ends.set(answer.name, answer.expires_at);
  return ends;
}

function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}
