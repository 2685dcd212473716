// `cavra approval approve|deny|expire`: a person's answer, signed and on record before it counts. Implements spec/cli.md 15.3 and spec/approval.md 4.3.

import { APPROVAL_ANSWER_SCHEMA, APPROVAL_HOLDS_MS, type ApprovalAnswer, signAnswer } from "../../../approval/index.js";
import { recordApprovalEvent } from "../../../authority/index.js";
import { bad, formatTime, ok, type Result, sha256 } from "../../../base/index.js";
import { checkReason, type KeySigner, type TrustDocument } from "../../../evidence/index.js";
import { endApproval, keepAnswer, openJournal, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { type Person, requirePerson, whoRunsThis } from "../../person.js";
import { parseEnd } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { currentTrust, type SignerOptions, signerOfRole } from "../keys/access.js";
import { approvalNamed, type Known, shownApproval, stateBadge, tellApproval } from "./requests.js";

export interface AnswerOptions extends SignerOptions {
  readonly reason?: string;
  /** When the approval ends. */
  readonly until?: string;
  readonly json?: boolean;
}

/** Who answers, with which key. */
export interface Answerer {
  readonly trust: TrustDocument;
  readonly signer: KeySigner;
  readonly name: string;
}

export function answerApproval(terminal: Terminal, id: string, answer: ApprovalAnswer["answer"], options: AnswerOptions): ExitStatus {
  const json = options.json === true;
  const done = answerNow(terminal, id, answer, options);
  if (!done.ok) return report(terminal, done.problem, json);
  const { asked, now } = done.value;
  if (json) terminal.print(`${JSON.stringify(shownApproval(done.value))}\n`);
  else
    terminal.print(
      `${stateBadge(terminal, now.state)} ${asked.request.approval_id}${now.state === "approved" ? ` until ${now.ends_at}` : ""}\n`,
    );
  return EXIT.done;
}

/** All that can be refused is refused before anybody is asked. */
function answerNow(terminal: Terminal, id: string, answer: ApprovalAnswer["answer"], options: AnswerOptions): Result<Known> {
  const known = approvalNamed(terminal, id);
  if (!known.ok) return known;
  const answerer = answererHere(terminal, options);
  if (!answerer.ok) return answerer;
  const body = answerBody(known.value, answer, options, answerer.value);
  if (!body.ok) return body;
  const telling = `${tellApproval(terminal, known.value)}\n${sayBody(body.value)}\n`;
  const person = requirePerson(terminal, { telling, word: answer === "approved" ? "approve" : "deny" });
  if (!person.ok) return person;
  const kept = keepSigned(terminal, known.value, body.value, answerer.value, person.value);
  return kept.ok ? approvalNamed(terminal, known.value.asked.request.approval_id) : kept;
}

/** Problems: those of the trust document, `key_missing`. Throws `key_*`. */
export function answererHere(terminal: Terminal, options: SignerOptions): Result<Answerer> {
  const trust = currentTrust(terminal);
  if (!trust.ok) return trust;
  const signer = signerOfRole(terminal, trust.value, "approver", options);
  if (!signer.ok) return signer;
  const name = trust.value.keys.find(({ key_id }) => key_id === signer.value.keyId)?.name ?? "";
  return ok({ trust: trust.value, signer: signer.value, name });
}

/** Problems: `approval_not_pending`, `answer_own`, `already_answered`, `bad_time`, those of checkReason for a denial. */
export function answerBody(
  known: Known,
  answer: ApprovalAnswer["answer"],
  options: AnswerOptions,
  { name, signer }: Answerer,
): Result<ApprovalAnswer> {
  const { asked, now } = known;
  const mayAnswer = now.state === "pending" || (answer === "denied" && now.state === "approved");
  if (!mayAnswer) return bad("approval_not_pending", `${asked.request.approval_id} is ${now.state}`, { hint: "run `cavra approval list`" });
  if (asked.request.asker.kind === "person" && asked.request.asker.name === name)
    return bad("answer_own", `${name} asked for this, and cannot answer it`, { hint: "somebody else answers, with a key of their own" });
  if (now.counted.some(({ keyId }) => keyId === signer.keyId))
    return bad("already_answered", `${name} has answered ${asked.request.approval_id}`, { hint: "`cavra approval expire ID` ends it" });
  const reason = answer === "denied" || options.reason !== undefined ? checkReason(options.reason ?? "") : ok("");
  if (!reason.ok) return reason;
  const nowMs = SYSTEM_CLOCK.nowMs();
  const end = answer === "denied" ? ok("") : endOf(options.until, asked.request.expires_at, nowMs);
  if (!end.ok) return end;
  return ok({
    schema_version: APPROVAL_ANSWER_SCHEMA,
    approval_id: asked.request.approval_id,
    request_digest: asked.digest,
    answer,
    reason: reason.value,
    name,
    issued_at: formatTime(nowMs),
    expires_at: end.value,
  });
}

function endOf(until: string | undefined, requestEnds: string, nowMs: number): Result<string> {
  if (until === undefined) return ok(requestEnds);
  const end = parseEnd(until, nowMs);
  if (!end.ok) return end;
  if (end.value > nowMs && end.value <= nowMs + APPROVAL_HOLDS_MS) return ok(formatTime(end.value));
  return bad("bad_time", `an approval ends within 7 days from now, not at \`${until}\``);
}

function sayBody({ answer, name, expires_at, reason }: ApprovalAnswer): string {
  const end = answer === "approved" ? `, once, until ${expires_at}` : "";
  return `${name} ${answer === "approved" ? "approves" : "denies"} it${end}${reason === "" ? "" : `: ${reason}`}`;
}

/** Signs, records, and only then lets the answer stand. Problems: `answer_malformed`, `already_answered`. */
export function keepSigned(terminal: Terminal, { asked }: Known, body: ApprovalAnswer, { signer }: Answerer, person: Person): Result<null> {
  const text = signAnswer(body, signer);
  if (!text.ok) return text;
  const state = stateDir(terminal.env);
  const journal = openJournal(state);
  const { approval_id, request_digest, answer, reason } = body;
  const decisionId = asked.request.subject.kind === "action" ? asked.request.subject.decision_id : "";
  const event = { event: answer, approval_id, request_digest, answer_digest: sha256(text.value), decision_id: decisionId, person, reason };
  recordApprovalEvent(event, journal);
  journal.close();
  const isFirst = keepAnswer(state, approval_id, signer.keyId, text.value, SYSTEM_CLOCK);
  return isFirst ? ok(null) : bad("already_answered", `this key has answered ${approval_id}`);
}

/** Ends a request, or an approval that was not used. It tightens, so nobody is asked. */
export function expireApproval(terminal: Terminal, id: string, options: { readonly reason?: string; readonly json?: boolean }): ExitStatus {
  const json = options.json === true;
  const known = approvalNamed(terminal, id);
  if (!known.ok) return report(terminal, known.problem, json);
  const { request, digest } = known.value.asked;
  const isOpen = known.value.now.state === "pending" || known.value.now.state === "approved";
  const reason = isOpen
    ? checkReason(options.reason ?? "")
    : bad<string>("approval_not_pending", `${request.approval_id} is ${known.value.now.state}`);
  if (!reason.ok) return report(terminal, reason.problem, json);
  const state = stateDir(terminal.env);
  const journal = openJournal(state);
  const decisionId = request.subject.kind === "action" ? request.subject.decision_id : "";
  const event = {
    event: "expired",
    approval_id: request.approval_id,
    request_digest: digest,
    answer_digest: "",
    decision_id: decisionId,
  } as const;
  recordApprovalEvent({ ...event, person: whoRunsThis(terminal), reason: reason.value }, journal);
  journal.close();
  endApproval(state, request.approval_id, whoRunsThis(terminal).user, SYSTEM_CLOCK);
  const after = approvalNamed(terminal, request.approval_id);
  if (!after.ok) return report(terminal, after.problem, json);
  terminal.print(json ? `${JSON.stringify(shownApproval(after.value))}\n` : `${stateBadge(terminal, "expired")} ${request.approval_id}\n`);
  return EXIT.done;
}
