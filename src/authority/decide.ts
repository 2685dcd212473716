// The one use case: an action comes in, a decision goes out, and its record is durable in between. Implements spec/record.md section 6.
// INVARIANT: no record, no allow. Whatever goes wrong on the way is a deny with a code; nothing here ends in silence.

import { CavraError, type Problem, stops, type Verdict } from "../base/index.js";
import { type Action, type Catalogue, type Change, deriveWithWants, type Facts, type Wants } from "../change/index.js";
import {
  type Basis,
  buildRecord,
  type Decision,
  decisionOf,
  type Engine,
  type Evidence,
  type RecordedAction,
  type RecordInput,
  type Who,
} from "../evidence/index.js";
import { type Judgement, judge, type Policy, type Subject } from "../policy/index.js";
import { type Clock, type GroupWriter, type JournalWriter, newId } from "../store/index.js";
import { type ApprovalPlaces, askForApproval, type JudgedStep, takeApproved } from "./approvals.js";
import { type Pause, paused } from "./pause.js";
import { VERSION } from "./shipped.js";
import { lookUp } from "./world.js";

export interface Authority extends Recorder {
  readonly policy: Policy;
  readonly catalogue: Catalogue;
  /** Facts before anything is looked up. */
  readonly facts: Facts;
  /** The pause that holds now. */
  readonly pause: () => Pause | null;
  /** Where approvals are kept; null where none count: another policy is tried. */
  readonly approvals: ApprovalPlaces | null;
}

/** What it takes to record an answer: no policy and no catalogue, so that their absence can be recorded too. */
export interface Recorder {
  readonly clock: Clock;
  /** Opened and made only when something is recorded. */
  readonly journal: JournalWriter;
  readonly redactionKey: () => Uint8Array;
}

/** What a judgement rests on, for those who want to look closer than a decision does. */
export interface Assessment {
  readonly facts: Facts;
  readonly judgement: Judgement;
  /** Paths of all scripts that would run, also of those that could not be looked at. */
  readonly scripts: readonly string[];
}

/** Decides, records, and answers. `record: false` is a dry run: the same answer, and the evidence says that there is none. */
export function decide(action: Action, who: Who, authority: Authority, options: { readonly record: boolean }): Decision {
  const { id, momentMs } = newId("dec", authority.clock);
  const step = { action, who, ...assess(action, who, authority, momentMs) };
  if (!options.record) return answer(recordInput(id, step, { ...authority, approvals: null }), authority, false);
  return asked(answer(recordInput(id, step, authority), authority, true), step, authority);
}

/** What is to be recorded of a judged step, and what it comes to under mode, pause and approvals. INVARIANT: called once, and then recorded: it takes the approval. */
export function recordInput(id: string, step: JudgedStep, authority: Authority, engine: Engine = ENGINE): RecordInput {
  const { decision, basis } = effective(step.judgement, authority);
  const input = { recordId: id, decision, basis, who: step.who, action: recorded(step.action), judgement: step.judgement, engine };
  const isAsked = decision === "require_approval" && authority.approvals !== null;
  const taken = isAsked ? takeApproved(step, id, authority.approvals) : null;
  if (taken === null) return input;
  const { names, ...approval } = taken;
  const warns = step.judgement.rulings.some(({ verdict }) => verdict === "warn");
  const by = { code: "approved", reason: `${names.join(", ")} approved it: ${approval.approval_id}` };
  return { ...input, decision: warns ? "warn" : "allow", basis: by, approval };
}

/** The answer, with the request that was made for it where nobody is there to be asked. What keeps a request from being made changes no answer. */
export function asked(decision: Decision, step: JudgedStep, { approvals, policy }: Authority): Decision {
  const isStopped = decision.decision === "require_approval" && decision.evidence.status === "recorded";
  if (!isStopped || !step.who.unattended || approvals === null) return decision;
  try {
    const request = askForApproval(step, decision, policy, approvals);
    return request === null ? decision : { ...decision, approval: request };
  } catch {
    return decision;
  }
}

/** Records and answers what no policy judged: a payload that never became an action (null), or an action without a policy that loads. Always a deny. */
export function refuse(problem: Problem, who: Who, action: Action | null, recorder: Recorder): Decision {
  const { id } = newId("dec", recorder.clock);
  const basis = { code: problem.code, reason: problem.message };
  const kept = action === null ? null : recorded(action);
  return answer({ recordId: id, decision: "deny", basis, who, action: kept, judgement: null, engine: ENGINE }, recorder, true);
}

/** Change and judgement, with the facts they rest on; nothing is recorded. */
export function assess(
  action: Action,
  who: Pick<Who, "agent" | "user">,
  authority: Pick<Authority, "policy" | "catalogue" | "facts">,
  momentMs: number,
): Assessment {
  const { change, facts, scripts } = deriveWithFacts(action, authority.facts, authority.catalogue);
  return { facts, scripts, judgement: judge(change, subjectOf(action, who, facts, momentMs), authority.policy) };
}

type Derived = Pick<Assessment, "facts" | "scripts"> & { readonly change: Change };

const ROUNDS = 3;

/** Derives, looks up what would sharpen the change, and derives again until nothing new is wanted. */
export function deriveWithFacts(action: Action, known: Facts, catalogue: Catalogue): Derived {
  let facts = known;
  let { change, wants } = deriveWithWants(action, facts, catalogue);
  const scripts = new Set(wants.scripts);
  for (let round = 0, before = ""; round < ROUNDS && isWanting(wants); round++) {
    const asked = JSON.stringify(wants);
    if (asked === before) break;
    before = asked;
    const next = lookUp(wants, action, facts);
    // Paths without links, folders without entries and unreadable scripts change nothing: the first derivation stands.
    if (sameFacts(next, facts)) break;
    facts = next;
    ({ change, wants } = deriveWithWants(action, facts, catalogue));
    for (const path of wants.scripts) scripts.add(path);
  }
  return { change, facts, scripts: [...scripts] };
}

function isWanting(wants: Wants): boolean {
  return wants.git || wants.paths.length > 0 || wants.folders.length > 0 || wants.scripts.length > 0;
}

function sameFacts(left: Facts, right: Facts): boolean {
  const key = (facts: Facts) => JSON.stringify([facts.links, facts.listings, facts.scripts, facts.git]);
  return key(left) === key(right);
}

export function subjectOf(action: Action, who: Pick<Who, "agent" | "user">, facts: Facts, momentMs: number): Subject {
  return {
    agent: who.agent,
    user: who.user,
    home: facts.home,
    workspace_root: action.workspace_root,
    temp_roots: facts.temp_roots,
    default_branch: facts.git.default_branch,
    now: new Date(momentMs).toISOString(),
    tool_description: descriptionOf(action),
  };
}

/** The digest of the tool's description that the host was told, where the action has one (spec/mcp-registry.md 3.3). */
export function descriptionOf({ action_type, operation }: Pick<Action, "action_type" | "operation">): string {
  return action_type === "mcp_tool_call" ? operation : "";
}

const ENGINE = { backend: "typescript", version: VERSION };
const BY_POLICY: Basis = { code: "policy", reason: "" };
const BY_AUDIT: Basis = { code: "audit", reason: "the policy is in audit mode: it decides and records, and stops nothing" };

/** Audit decides and records and never stops, a pause stops only what nobody may except: what either would have stopped is a warning. */
function effective(judgement: Judgement, { policy, pause }: Authority): { readonly decision: Verdict; readonly basis: Basis } {
  const { verdict } = judgement;
  if (!stops(verdict)) return { decision: verdict, basis: BY_POLICY };
  if (judgement.policy.mode === "audit") return { decision: "warn", basis: BY_AUDIT };
  const current = pause();
  const decision = current === null ? verdict : paused(judgement, policy.compiled);
  return { decision, basis: current === null || decision === verdict ? BY_POLICY : byPause(current) };
}

function byPause({ user, ends_at, reason }: Pause): Basis {
  return { code: "paused", reason: `${user} paused the guard until ${ends_at}: ${reason}` };
}

function recorded(action: Action): RecordedAction {
  const { action_type, target, operation, arguments: args, cwd, workspace_root } = action;
  return { action_type, target, operation, arguments: args, cwd, workspace_root };
}

export function answer(input: RecordInput, recorder: Recorder, record: boolean): Decision {
  const built = buildWith(input, record ? recorder.redactionKey : () => DRY_RUN_KEY);
  if (!built.ok) return withoutItsRecord(input, built.problem, recorder, record);
  if (!record) return decisionOf(built.value.record, { status: "dry_run", record_digest: "", journal: null });
  try {
    const journal = recorder.journal.append(built.value);
    return decisionOf(built.value.record, { status: "recorded", record_digest: built.value.digest, journal });
  } catch (cause) {
    return unrecorded(input, problemOf(cause));
  }
}

/** The same where records are synced together. A record that is too large goes the way of one alone: that is rare, and must not fail. */
export async function answerTogether(input: RecordInput, recorder: Recorder, journal: GroupWriter): Promise<Decision> {
  const built = buildWith(input, recorder.redactionKey);
  if (!built.ok) return withoutItsRecord(input, built.problem, recorder, true);
  try {
    const position = await journal.append(built.value);
    return decisionOf(built.value.record, { status: "recorded", record_digest: built.value.digest, journal: position });
  } catch (cause) {
    return unrecorded(input, problemOf(cause));
  }
}

/** A dry run keeps nothing, so its redactions commit to nothing. */
const DRY_RUN_KEY = new Uint8Array(32);

function buildWith(input: RecordInput, key: () => Uint8Array): ReturnType<typeof buildRecord> {
  try {
    return buildRecord(input, key());
  } catch (cause) {
    return { ok: false, problem: problemOf(cause) };
  }
}

/** A record that is too large is replaced by a small one that says so: the deny must leave a trace. For everything else nothing can be written. */
function withoutItsRecord(input: RecordInput, problem: Problem, recorder: Recorder, record: boolean): Decision {
  if (problem.code !== "evidence_too_large" || input.action === null) return unrecorded(input, problem);
  const basis = { code: problem.code, reason: `the action is too large to be recorded, so it is not allowed: ${problem.message}` };
  const decision = answer({ ...input, decision: "deny", basis, action: null, judgement: null }, recorder, record);
  return { ...decision, rule_id: decision.rule_id || problem.code };
}

/** The deny of an action whose record could not be made durable. It carries nothing of the action: nothing unredacted may leave. */
function unrecorded(input: RecordInput, problem: Problem): Decision {
  const status: Evidence["status"] = problem.code === "evidence_too_large" ? "evidence_too_large" : "evidence_unavailable";
  const reason = `no record could be written, so nothing is allowed: ${problem.message}${problem.hint === undefined ? "" : `; ${problem.hint}`}`;
  const built = buildRecord({ ...input, decision: "deny", basis: { code: status, reason }, action: null, judgement: null }, DRY_RUN_KEY);
  if (!built.ok) throw new CavraError("internal_error", built.problem.message);
  return { ...decisionOf(built.value.record, { status, record_digest: "", journal: null }), severity: "critical", rule_id: status };
}

function problemOf(cause: unknown): Problem {
  if (cause instanceof CavraError) return { code: cause.code, message: cause.message, ...(cause.hint === "" ? {} : { hint: cause.hint }) };
  return { code: "evidence_unavailable", message: cause instanceof Error ? cause.message : String(cause) };
}
