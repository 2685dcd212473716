// The requests that stand here, what became of each, and how one is told. Implements spec/cli.md 15.1.

import { type ApprovalState, type ApprovalStateName, approvalState, type BuiltRequest } from "../../../approval/index.js";
import { bad, type JsonObject, ok, type Problem, type Result } from "../../../base/index.js";
import { findApproval, listApprovals, type StoredApproval, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { oneLine } from "../../one-line.js";
import { targetOf } from "../../propose.js";
import { findDecision } from "../../recorded-decisions.js";
import type { Terminal } from "../../terminal.js";
import { currentTrust } from "../keys/access.js";
import { tell } from "../why.js";

/** A request whose file can be read, and its state now. */
export interface Known {
  readonly asked: BuiltRequest;
  readonly now: ApprovalState;
}

export interface Approvals {
  readonly known: readonly Known[];
  readonly damaged: readonly { readonly approval_id: string; readonly problem: Problem }[];
}

/** The last asked first. */
export function approvalsHere(terminal: Terminal): Approvals {
  const all = [...listApprovals(stateDir(terminal.env))].reverse();
  return {
    known: all.flatMap((one) => (one.ok ? [withState(terminal, one)] : [])),
    damaged: all.flatMap((one) => (one.ok ? [] : [{ approval_id: one.approvalId, problem: one.problem }])),
  };
}

/** Problems: `approval_not_found` (also for several), and what is wrong with its file. */
export function approvalNamed(terminal: Terminal, start: string): Result<Known> {
  const found = start === "" ? null : findApproval(stateDir(terminal.env), start);
  if (found === null)
    return bad("approval_not_found", `no request, or more than one, begins with \`${oneLine(start, 60)}\``, {
      hint: "run `cavra approval list`",
    });
  return found.ok ? ok(withState(terminal, found)) : { ok: false, problem: found.problem };
}

function withState(terminal: Terminal, { files }: Extract<StoredApproval, { ok: true }>): Known {
  const trust = currentTrust(terminal);
  return {
    asked: files.asked,
    now: approvalState(files, { trust: trust.ok ? trust.value : null, nowMs: SYSTEM_CLOCK.nowMs() }),
  };
}

/** What `--json` shows of one. */
export function shownApproval({ asked, now }: Known): JsonObject {
  return {
    request: { ...asked.request } as unknown as JsonObject,
    request_digest: asked.digest,
    state: now.state,
    ends_at: now.ends_at,
    code: now.code,
    answers: now.counted.map(({ answer, keyId }) => ({
      answer: answer.answer,
      name: answer.name,
      key_id: keyId,
      reason: answer.reason,
      issued_at: answer.issued_at,
      expires_at: answer.expires_at,
    })),
    refused: now.refused.map(({ keyId, problem }) => ({ key_id: keyId, code: problem.code })),
    missing: now.missing.map(({ route, persons }) => ({ route: route.id, approvers: route.approvers, persons })),
  };
}

/** One line: state, what is asked, by whom, until when. */
export function approvalLine(terminal: Terminal, { asked, now }: Known): string {
  const { request } = asked;
  const { dim } = terminal.colours;
  const ends = now.ends_at === "" ? "" : ` until ${now.ends_at}`;
  return `${stateBadge(terminal, now.state)} ${oneLine(askedFor(terminal, asked), 90)}  ${dim(`${oneLine(request.asker.name, 40)}${ends} · ${request.approval_id}`)}`;
}

const WIDTH = 8;

export function stateBadge({ colours }: Terminal, state: ApprovalStateName): string {
  const { yellow, green, red, dim } = colours;
  const colour = { pending: yellow, approved: green, denied: red, expired: dim, used: dim }[state];
  return colour(state.padEnd(WIDTH));
}

/** What is asked for in a few words. */
function askedFor(terminal: Terminal, { request }: BuiltRequest): string {
  const { subject } = request;
  if (subject.kind === "documents") return `${subject.documents.length} documents for ${subject.purpose}`;
  const found = findDecision(terminal, subject.decision_id);
  return found.ok ? targetOf(found.value.record) : `${subject.rule_id}: ${subject.reason}`;
}

/** All that a person needs to answer: the four questions of the step, who asks, who must agree, who has. */
export function tellApproval(terminal: Terminal, known: Known): string {
  const { request } = known.asked;
  const { dim } = terminal.colours;
  const row = (name: string, text: string) => `  ${dim(name.padEnd(9))}${oneLine(text, 400)}`;
  const { asker } = request;
  const why = request.reason === "" ? "" : `: ${request.reason}`;
  const rows = [
    row("asked", `${request.created_at} by ${asker.kind === "agent" ? "the agent " : ""}${asker.name} (${asker.user}@${asker.host})${why}`),
    ...request.routes.map((route) => {
      const lacks = known.now.missing.find((one) => one.route.id === route.id)?.persons ?? 0;
      return row("route", `${route.id}: ${route.count} of ${route.approvers.join(", ")}${lacks === 0 ? "" : `, ${lacks} missing`}`);
    }),
    ...known.now.counted.map(({ answer }) =>
      row(answer.answer, `by ${answer.name} at ${answer.issued_at}${answer.reason === "" ? "" : `: ${answer.reason}`}`),
    ),
    ...known.now.refused.map(({ keyId, problem }) => row("refused", `${keyId}: ${problem.message} (${problem.code})`)),
    row(
      "state",
      `${known.now.state}${known.now.ends_at === "" ? "" : ` until ${known.now.ends_at}`}${known.now.code === "" ? "" : ` (${known.now.code})`}`,
    ),
  ];
  return `${tellSubject(terminal, known.asked)}${rows.join("\n")}\n`;
}

function tellSubject(terminal: Terminal, { request }: BuiltRequest): string {
  const { subject } = request;
  if (subject.kind === "documents") {
    const rows = subject.documents.map(({ kind, digest }) => `  ${terminal.colours.dim(kind.padEnd(24))}${digest}`);
    return `${subject.purpose}: these files, byte for byte\n${rows.join("\n")}\n`;
  }
  const found = findDecision(terminal, subject.decision_id);
  // The record may lie on another machine, or be gone: then nobody should say yes.
  if (!found.ok)
    return `${subject.rule_id}: ${oneLine(subject.reason, 400)}\n  the record ${subject.decision_id} is not here: what would change cannot be shown\n`;
  const changed = found.value.digest === subject.record_digest ? "" : `  the record is another than the one that was asked about\n`;
  return `${tell(found.value, terminal)}${changed}`;
}
