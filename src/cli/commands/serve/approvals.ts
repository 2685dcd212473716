// Approvals for the server's routes, by what `cavra approval` reads and writes. Implements spec/service.md 10.1.
// INVARIANT: an answer is verified as it will be counted before it is kept, and is on record before it counts.

import { hostname } from "node:os";
import { approvalState } from "../../../approval/index.js";
import { recordApprovalEvent, requestApproval } from "../../../authority/index.js";
import { bad, CavraError, compareBytes, ok, type Result, sha256 } from "../../../base/index.js";
import { parseEnvelope } from "../../../evidence/index.js";
import { EVERY_WORKSPACE } from "../../../identity/index.js";
import type { ApprovalsPort, Caller, DocumentsAsked, ShownApproval } from "../../../server/index.js";
import { findApproval, keepAnswer, openJournal, type ServedLedger, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { documentRoutes } from "../approval/document-routes.js";
import { approvalNamed, approvalsHere, type Known, shownApproval } from "../approval/requests.js";
import { currentTrust } from "../keys/access.js";
import { ledgerOf } from "./workspaces.js";

export function approvalsOver(ledger: ServedLedger, terminal: Terminal): ApprovalsPort {
  const seen = (known: Known, caller: Caller) => isSeen(ledger, known, caller);
  const read = async (id: string, caller: Caller): Promise<Result<Known>> => {
    const known = approvalNamed(terminal, id);
    const isThere = known.ok && known.value.asked.request.approval_id === id && (await seen(known.value, caller));
    return isThere ? known : bad("approval_not_found", `no request \`${id}\``);
  };
  return {
    list: async ({ state, after, limit }, caller) => {
      const items: ShownApproval[] = [];
      for (const known of approvalsHere(terminal).known) {
        if (items.length === limit) break;
        const isBehind = after === "" || known.asked.request.approval_id < after;
        if (isBehind && (state === null || known.now.state === state) && (await seen(known, caller))) items.push(shown(known));
      }
      return items;
    },
    read: async (id, caller) => {
      const known = await read(id, caller);
      return known.ok ? ok(shown(known.value)) : known;
    },
    ask: async (asked, caller) => askFor(terminal, asked, caller),
    answer: async (id, envelope, caller) => {
      const known = await read(id, caller);
      if (!known.ok) return known;
      const kept = keepAnswered(terminal, known.value, envelope, caller);
      if (!kept.ok) return kept;
      const after = await read(id, caller);
      return after.ok ? ok(shown(after.value)) : after;
    },
  };
}

function shown(known: Known): ShownApproval {
  return shownApproval(known) as unknown as ShownApproval;
}

/** Documents are of no workspace; an action is of its decision's. */
async function isSeen(ledger: ServedLedger, { asked }: Known, caller: Caller): Promise<boolean> {
  if (caller.workspaces.includes(EVERY_WORKSPACE)) return true;
  const { subject } = asked.request;
  return subject.kind === "action" && (await ledgerOf(ledger, caller).find(subject.decision_id)).ok;
}

function askFor(terminal: Terminal, { documents, reason, waitMs }: DocumentsAsked, { name, agent }: Caller): Result<ShownApproval> {
  const sorted = [...documents].sort((a, b) => compareBytes(a.kind, b.kind));
  if (new Set(sorted.map(({ kind }) => kind)).size !== sorted.length)
    return bad("bad_value", "each kind stands once", { at: "/documents" });
  const made = requestApproval(
    {
      asker: { kind: "person", name: agent === "" ? name : agent, user: name, host: hostname() },
      reason,
      waitMs,
      subject: { kind: "documents", purpose: "go_promotion", documents: sorted },
      routes: documentRoutes(terminal.env),
    },
    { env: terminal.env, journal: openJournal(stateDir(terminal.env)) },
  );
  if (!made.ok) return made;
  const known = approvalNamed(terminal, made.value.request.approval_id);
  return known.ok ? ok(shown(known.value)) : known;
}

/** Counted with those that stand, as it will be from now on: what would not count is never kept. */
function keepAnswered(terminal: Terminal, { asked, now }: Known, envelope: string, caller: Caller): Result<null> {
  const text = `${envelope.replace(/\n$/, "")}\n`;
  const parsed = parseEnvelope(text.slice(0, -1));
  if (!parsed.ok) return parsed;
  const trust = currentTrust(terminal);
  if (!trust.ok) throw new CavraError(trust.problem.code, trust.problem.message);
  const keyId = parsed.value.signatures[0]?.keyId ?? "";
  const stored = findApproval(stateDir(terminal.env), asked.request.approval_id);
  if (stored?.ok !== true) return bad("approval_not_found", "the request is gone");
  if (stored.files.answers.some((one) => one.keyId === keyId)) return bad("already_answered", "this key has answered");
  const files = { ...stored.files, answers: [{ keyId, text }] };
  const after = approvalState(files, { trust: trust.value, nowMs: SYSTEM_CLOCK.nowMs() });
  const [refused] = after.refused;
  if (refused !== undefined) return { ok: false, problem: refused.problem };
  const { answer } = after.counted[0] ?? {};
  if (answer === undefined) return bad("answer_malformed", "the envelope holds no answer");
  if (now.state !== "pending" && !(answer.answer === "denied" && now.state === "approved"))
    return bad("approval_not_pending", `${asked.request.approval_id} is ${now.state}`);
  const { subject, approval_id } = asked.request;
  const journal = openJournal(stateDir(terminal.env));
  recordApprovalEvent(
    {
      event: answer.answer,
      approval_id,
      request_digest: asked.digest,
      answer_digest: sha256(text),
      decision_id: subject.kind === "action" ? subject.decision_id : "",
      person: { user: caller.name, uid: -1, host: hostname(), tty: "" },
      reason: answer.reason,
    },
    journal,
  );
  journal.close();
  const isFirst = keepAnswer(stateDir(terminal.env), approval_id, keyId, text, SYSTEM_CLOCK);
  return isFirst ? ok(null) : bad("already_answered", "this key has answered");
}
