// Where a decision meets approvals: it takes one that was given, or asks for one. Implements spec/approval.md section 6.
// INVARIANT: an approval is taken before the record of its action is written, and only once; whatever goes wrong here leaves the action refused.

import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import {
  type ActionSubject,
  APPROVAL_PREFIX,
  type Asker,
  approvalState,
  type BuiltRequest,
  bindingOf,
  buildRequest,
  type ExecutedFile,
  markOf,
  type RequestInput,
  type Route,
  routesFor,
} from "../approval/index.js";
import { CavraError, compareBytes, type Result } from "../base/index.js";
import { type Action, UNKNOWN } from "../change/index.js";
import {
  APPROVAL_EVENT_PREFIX,
  type ApprovalEventInput,
  activeKeys,
  buildApprovalEvent,
  type Decision,
  type Who,
} from "../evidence/index.js";
import type { Judgement, Policy } from "../policy/index.js";
import {
  approvalKey,
  configDir,
  hasApprovals,
  type JournalWriter,
  keepRequest,
  listApprovals,
  newId,
  ownTrust,
  type StoredApproval,
  SYSTEM_CLOCK,
  stateDir,
  takeApproval,
} from "../store/index.js";
import { VERSION } from "./shipped.js";

/** One action as it was judged. */
export interface JudgedStep {
  readonly action: Action;
  readonly who: Who;
  readonly judgement: Judgement;
  /** Paths of all scripts that would run. */
  readonly scripts: readonly string[];
}

/** Where approvals are kept and recorded. */
export interface ApprovalPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly journal: JournalWriter;
}

/** What an action was let through by. */
export interface TakenApproval {
  readonly approval_id: string;
  readonly request_digest: string;
  /** Digests of the answers that were counted. */
  readonly answers: readonly string[];
  readonly names: readonly string[];
}

/** Takes the approval of this very step, if there is one; of several the one that ends first. */
export function takeApproved(step: JudgedStep, recordId: string, places: ApprovalPlaces): TakenApproval | null {
  const state = stateDir(places.env);
  for (const { files, counted } of standing(step, places).filter(({ state: name }) => name === "approved")) {
    const { request, digest } = files.asked;
    if (!takeApproval(state, request.approval_id, recordId, SYSTEM_CLOCK)) continue;
    const person = { user: step.who.user, uid: -1, host: step.who.host, tty: "" };
    const event = { event: "used", approval_id: request.approval_id, request_digest: digest, answer_digest: "" } as const;
    recordApprovalEvent({ ...event, decision_id: recordId, reason: "", person }, places.journal);
    const approvals = counted.filter(({ answer }) => answer.answer === "approved");
    return {
      approval_id: request.approval_id,
      request_digest: digest,
      answers: approvals.map((one) => one.digest).sort(compareBytes),
      names: [...new Set(approvals.map(({ answer }) => answer.name))].sort(compareBytes),
    };
  }
  return null;
}

/** What an agent is told of the request for its step. */
export interface AskedApproval {
  readonly approval_id: string;
  readonly state: "pending" | "denied";
}

/** Asks for this step, unless it is asked for already, was denied, or nobody could answer. Persons will see of it what the decision says, which is redacted. */
export function askForApproval(step: JudgedStep, decision: Decision, policy: Policy, places: ApprovalPlaces): AskedApproval | null {
  const known = standing(step, places).find(({ state }) => state === "pending" || state === "denied");
  if (known !== undefined) {
    return { approval_id: known.files.asked.request.approval_id, state: known.state === "denied" ? "denied" : "pending" };
  }
  if (!hasApprover(places)) return null;
  const asker: Asker = { kind: "agent", name: step.who.agent, user: step.who.user, host: step.who.host };
  const subject = approvalSubject(step, decision, places);
  const asked = requestApproval({ subject, asker, reason: "", waitMs: null, routes: routesOf(step, policy) }, places);
  // A step that is too large to be shown to a person is not asked for.
  return asked.ok ? { approval_id: asked.value.request.approval_id, state: "pending" } : null;
}

export function routesOf({ judgement }: JudgedStep, policy: Policy): readonly Route[] {
  return routesFor(judgement, policy.compiled.approval_routes);
}

/** Records that somebody asks, and keeps the request. Problems: those of buildRequest. Throws `approvals_full`, `evidence_unavailable`. */
export function requestApproval(input: Omit<RequestInput, "approvalId">, { env, journal }: ApprovalPlaces): Result<BuiltRequest> {
  const built = buildRequest({ approvalId: newId(APPROVAL_PREFIX, SYSTEM_CLOCK).id, ...input });
  if (!built.ok) return built;
  const { request, digest } = built.value;
  const person = { user: request.asker.user, uid: -1, host: request.asker.host, tty: "" };
  const decisionId = request.subject.kind === "action" ? request.subject.decision_id : "";
  const event = { event: "requested", approval_id: request.approval_id, request_digest: digest, answer_digest: "" } as const;
  recordApprovalEvent({ ...event, decision_id: decisionId, reason: request.reason, person }, journal);
  keepRequest(stateDir(env), built.value, SYSTEM_CLOCK);
  return built;
}

function hasApprover({ env }: ApprovalPlaces): boolean {
  const trust = ownTrust(stateDir(env), configDir(env), SYSTEM_CLOCK.nowMs());
  return trust.ok && activeKeys(trust.value.keys, "approver").length > 0;
}

type Standing = Extract<StoredApproval, { ok: true }> & ReturnType<typeof approvalState>;

/** What stands of requests for this step, what ends first first. Without any file nothing is computed. */
function standing(step: JudgedStep, { env }: ApprovalPlaces): readonly Standing[] {
  const state = stateDir(env);
  if (!hasApprovals(state)) return [];
  const binding = bindingFor(step, state);
  const nowMs = SYSTEM_CLOCK.nowMs();
  const trust = ownTrust(state, configDir(env), nowMs);
  return listApprovals(state, markOf({ ...NOTHING_SHOWN, binding }))
    .flatMap((one) => {
      if (!one.ok) return [];
      const { subject } = one.files.asked.request;
      if (subject.kind !== "action" || subject.binding !== binding) return [];
      return [{ ...one, ...approvalState(one.files, { trust: trust.ok ? trust.value : null, nowMs }) }];
    })
    .sort((a, b) => compareBytes(a.ends_at, b.ends_at));
}

const NOTHING_SHOWN: ActionSubject = {
  kind: "action",
  binding: "",
  decision_id: "",
  record_digest: "",
  severity: "info",
  rule_id: "",
  reason: "",
  policy: { id: "", version: "", digest: "" },
};

export function approvalSubject(step: JudgedStep, decision: Decision, { env }: ApprovalPlaces): ActionSubject {
  const { severity, rule_id, reason, policy, evidence } = decision;
  return {
    kind: "action",
    binding: bindingFor(step, stateDir(env)),
    decision_id: decision.decision_id,
    record_digest: evidence.record_digest,
    severity,
    rule_id,
    reason,
    policy: { id: policy.id, version: policy.version, digest: policy.digest },
  };
}

/** Throws CavraError for a step without a canonical form: it was judged, so there is none. */
function bindingFor({ action, who, judgement, scripts }: JudgedStep, state: string): string {
  const bound = {
    action,
    agent: who.agent,
    policyDigest: judgement.policy.digest,
    effects: judgement.effects,
    files: executedFiles(judgement, scripts),
  };
  const binding = bindingOf(bound, approvalKey(state, SYSTEM_CLOCK));
  if (!binding.ok) throw new CavraError("internal_error", `a judged step has no canonical form: ${binding.problem.message}`);
  return binding.value;
}

function executedFiles({ effects }: Judgement, scripts: readonly string[]): readonly ExecutedFile[] {
  const programs = effects.flatMap((one) => (one.kind === "exec" && one.place === "here" ? [one.path] : []));
  const paths = new Set([...programs, ...scripts].filter((path) => path.startsWith("/") && path !== UNKNOWN));
  return [...paths].map((path) => ({ path, digest: digestOfFile(path) }));
}

/** Bytes of a file that is read to be bound: what is larger is bound by its name alone. */
const FILE_BYTES = 67_108_864;

function digestOfFile(path: string): string {
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return "";
  }
  try {
    const about = fstatSync(handle);
    if (!about.isFile() || about.size > FILE_BYTES) return "";
    return `sha256:${createHash("sha256").update(readFileSync(handle)).digest("hex")}`;
  } catch {
    return "";
  } finally {
    closeSync(handle);
  }
}

/** Puts what happened to a request on record. Throws CavraError: `approval_malformed`, `evidence_unavailable`. */
export function recordApprovalEvent(event: Omit<ApprovalEventInput, "recordId" | "engine">, journal: JournalWriter): void {
  const recordId = newId(APPROVAL_EVENT_PREFIX, SYSTEM_CLOCK).id;
  const built = buildApprovalEvent({ recordId, ...event, engine: { backend: "typescript", version: VERSION } });
  if (!built.ok) throw new CavraError(built.problem.code, built.problem.message);
  journal.append(built.value);
}
