// One call of the hook: payload in, answer out. Implements spec/agents.md sections 1 to 3. Never throws: what breaks is a refusal with its reason.

import { type Compile, decide, openAuthority, type Pause, recordRefusal, whoIsActing, workspaceAround } from "../../authority/index.js";
import { CavraError, type Problem, type Result } from "../../base/index.js";
import type { Action } from "../../change/index.js";
import type { Decision, Who } from "../../evidence/index.js";
import { answerFor, answerForProblem, type HookAnswer, SILENCE, withNotice } from "./answer.js";
import { MAX_PAYLOAD_BYTES, readPayload, type ToolCall } from "./payload.js";

export interface HookInput {
  /** What came on standard input; one byte more than the limit is enough to know that it is too much. */
  readonly payload: Uint8Array;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly compiler: () => Compile;
}

export const HOOK_READ_BYTES = MAX_PAYLOAD_BYTES + 1;

export function answerHook(input: HookInput): HookAnswer {
  try {
    return answerCall(input);
  } catch (thrown) {
    return answerForProblem(problemOf(thrown));
  }
}

function answerCall({ payload, env, compiler }: HookInput): HookAnswer {
  const read = readCall(payload, env);
  if (!read.ok) return refuseOnRecord(read.problem, null, env);
  const call = read.value;
  if (call.action === null) return SILENCE;
  try {
    const authority = openAuthority({ workspace: call.action.workspace_root, env, choice: null, compiler });
    const decision = decide(call.action, whoAsks(call, env), authority, { record: true });
    authority.journal.close();
    return withNotice(answerFor(decision, !decision.who.unattended), noticeOf(authority.pause()));
  } catch (thrown) {
    return refuseOnRecord(problemOf(thrown), call, env);
  }
}

/** Who decides and records where one process answers many calls. */
export interface LivingDecider {
  /** Never the caller's environment but for what is known of the agent: places are the authority's own. */
  readonly decide: (
    action: Action,
    who: Who,
    env: HookInput["env"],
  ) => Promise<{ readonly decision: Decision; readonly pause: Pause | null }>;
  readonly refuse: (problem: Problem, who: Who, action: Action | null) => void;
}

/** The same answer as answerHook's, from an authority that lives on. Never rejects. */
export async function answerHookBeside({ payload, env }: Pick<HookInput, "payload" | "env">, decider: LivingDecider): Promise<HookAnswer> {
  let call: ToolCall | null = null;
  try {
    const read = readCall(payload, env);
    if (!read.ok) return refused(read.problem, null);
    call = read.value;
    if (call.action === null) return SILENCE;
    const { decision, pause } = await decider.decide(call.action, whoAsks(call, env), env);
    return withNotice(answerFor(decision, !decision.who.unattended), noticeOf(pause));
  } catch (thrown) {
    return refused(problemOf(thrown), call);
  }

  function refused(problem: Problem, known: ToolCall | null): HookAnswer {
    decider.refuse(problem, whoAsks(known, env), known?.action ?? null);
    return answerForProblem(problem);
  }
}

function readCall(payload: Uint8Array, env: HookInput["env"]): Result<ToolCall> {
  return readPayload(payload, (cwd) => workspaceAround(env.CLAUDE_PROJECT_DIR || cwd, env.HOME ?? ""));
}

const AGENT = "claude-code";

/** What the person at the host sees while the guard is paused, with every call. */
function noticeOf(pause: Pause | null): string {
  if (pause === null) return "";
  return `CAVRA is paused until ${pause.ends_at} by ${pause.user}: ${pause.reason}. Nothing is stopped but what nobody may except. End it: cavra resume`;
}

function whoAsks(call: ToolCall | null, env: HookInput["env"]): Who {
  const caller = { agent: AGENT, sub_agent: call?.sub_agent ?? "", session: call?.session ?? "", channel: "hook" };
  return whoIsActing({ ...caller, unattended: call !== null && isUnattended(call, env) }, call?.action?.workspace_root ?? "/");
}

/** What no policy judged is recorded too, where it can be: an auditor wants to know what a guard was fed, and that it had no policy. */
function refuseOnRecord(problem: Problem, call: ToolCall | null, env: HookInput["env"]): HookAnswer {
  recordRefusal(problem, whoAsks(call, env), call?.action ?? null, env);
  return answerForProblem(problem);
}

const NOBODY_ASKS = new Set(["dontAsk", "bypassPermissions"]);

function isUnattended(call: ToolCall, env: HookInput["env"]): boolean {
  const said = env.CAVRA_UNATTENDED ?? "";
  return NOBODY_ASKS.has(call.permission_mode) || (said !== "" && said !== "0");
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof CavraError)
    return { code: thrown.code, message: thrown.message, ...(thrown.hint === "" ? {} : { hint: thrown.hint }) };
  return {
    code: "internal_error",
    message: `a mistake inside CAVRA: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    hint: "please report it",
  };
}
