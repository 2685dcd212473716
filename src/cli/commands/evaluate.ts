// `cavra evaluate` and `cavra explain`: one action judged from the command line. Implements spec/cli.md sections 2 and 3.

import { resolve } from "node:path";
import {
  type Authority,
  assess,
  compileSources,
  decide,
  openAuthority,
  type PolicyChoice,
  recordRefusal,
  whoIsActing,
  workspaceAround,
} from "../../authority/index.js";
import { bad, ok, parseJson, type Result } from "../../base/index.js";
import { ACTION_TYPES, type Action, type ActionType } from "../../change/index.js";
import type { Decision, Who } from "../../evidence/index.js";
import { explain } from "../../policy/index.js";
import { EXIT, type ExitStatus, exitForCode, exitForVerdict } from "../exit.js";
import { renderExplanation } from "../explanation.js";
import { renderDecision } from "../render.js";
import { problemOf, report, type Terminal } from "../terminal.js";

export interface EvaluateOptions {
  readonly cwd?: string;
  readonly workspace?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly operation?: string;
  readonly arguments?: string;
  readonly policyPack?: string;
  readonly policy?: string;
  readonly registry?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly exitZero?: boolean;
}

export function evaluate(terminal: Terminal, actionType: string, target: string, options: EvaluateOptions): ExitStatus {
  const read = readOne({ ...options, action_type: actionType, target }, terminal);
  if (!read.ok) return report(terminal, read.problem, options.json === true);
  const who = whoIsActing(callerOf(options.agent, options.session), read.value.workspace_root);
  const decision = decideFor(terminal, read.value, who, options, (workspace) => openFor(terminal, workspace, options));
  terminal.print(options.json ? `${JSON.stringify(decision)}\n` : renderDecision(decision, read.value, terminal));
  // A record that could not be written is a broken world, whatever the verdict would have been.
  if (decision.evidence.status === "evidence_unavailable") return exitForCode(decision.evidence.status);
  return options.exitZero ? EXIT.done : exitForVerdict(decision.decision);
}

/** The same judgement with everything that it rests on, and no record: for people who ask why. */
export function explainAction(terminal: Terminal, actionType: string, target: string, options: EvaluateOptions): ExitStatus {
  const read = readOne({ ...options, action_type: actionType, target }, terminal);
  if (!read.ok) return report(terminal, read.problem, options.json === true);
  const authority = openFor(terminal, read.value.workspace_root, options);
  const who = whoIsActing(callerOf(options.agent, options.session), read.value.workspace_root);
  const { judgement } = assess(read.value, who, authority, authority.clock.nowMs());
  const explanation = explain(judgement, authority.policy);
  terminal.print(
    options.json
      ? `${JSON.stringify({ action: read.value, judgement, explanation })}\n`
      : renderExplanation(read.value, judgement, explanation, terminal),
  );
  return options.exitZero ? EXIT.done : exitForVerdict(judgement.verdict);
}

/** The decision; where the policy in force gives none, the refusal is on record before it is thrown. Another policy, named in the call, is a slip. */
export function decideFor(
  terminal: Terminal,
  action: Action,
  who: Who,
  options: EvaluateOptions,
  authorityFor: (workspace: string) => Authority,
): Decision {
  const record = options.dryRun !== true;
  try {
    return decide(action, who, authorityFor(action.workspace_root), { record });
  } catch (thrown) {
    if (record && choiceOf(options) === null && options.registry === undefined) recordRefusal(problemOf(thrown), who, action, terminal.env);
    throw thrown;
  }
}

/** The authority that judges in this workspace. */
export function openFor(terminal: Terminal, workspace: string, options: EvaluateOptions): Authority {
  const registry = options.registry === undefined ? undefined : resolve(terminal.cwd, options.registry);
  return openAuthority({ workspace, env: terminal.env, choice: choiceOf(options), registry, compiler: () => compileSources });
}

export function choiceOf(options: { readonly policyPack?: string; readonly policy?: string }): PolicyChoice | null {
  if (options.policyPack === undefined && options.policy === undefined) return null;
  return { pack: options.policyPack ?? "", file: options.policy === undefined ? "" : resolve(options.policy) };
}

export interface ActionFields extends EvaluateOptions {
  readonly action_type?: string;
  readonly target?: string;
}

/** An action as the command line or a line of a batch names it. Problems: `unknown_action_type`, `target_missing`. */
export function readAction(fields: ActionFields, terminal: Terminal): Result<Action> {
  const type = fields.action_type ?? "";
  if (!isActionType(type))
    return bad("unknown_action_type", `there is no action type \`${type}\``, { hint: `use one of: ${ACTION_TYPES.join(", ")}` });
  // An empty command changes nothing; an empty path or address is a mistake of the caller.
  if (fields.target === undefined || (fields.target === "" && type !== "execute_command"))
    return bad("target_missing", "the action has no `target`");
  const cwd = resolve(terminal.cwd, fields.cwd ?? "");
  const workspace =
    fields.workspace === undefined ? workspaceAround(cwd, terminal.env.HOME ?? "") : resolve(terminal.cwd, fields.workspace);
  return ok({
    action_type: type,
    target: fields.target,
    operation: fields.operation ?? "",
    arguments: fields.arguments ?? "",
    cwd,
    workspace_root: workspace,
  });
}

/** An action that a person typed. A batch comes from elsewhere: there what cannot be read is judged as such, here it is a slip. */
function readOne(fields: ActionFields, terminal: Terminal): Result<Action> {
  const read = readAction(fields, terminal);
  if (!read.ok) return read;
  const { action_type, operation } = read.value;
  if (action_type === "write_file" && operation !== "" && !WRITES.has(operation))
    return bad("unknown_operation", `\`write_file\` has no operation \`${operation}\``, { hint: `use one of: ${[...WRITES].join(", ")}` });
  const given = read.value.arguments;
  const parsed = given === "" ? null : parseJson(Buffer.from(given));
  if (parsed === null || (parsed.ok && typeof parsed.value === "object" && parsed.value !== null && !Array.isArray(parsed.value)))
    return read;
  const message = parsed.ok ? "`--arguments` is not a JSON object" : `\`--arguments\` is not JSON: ${parsed.problem.message}`;
  return bad("bad_arguments", message, { hint: 'write an object, for example `{"path": "a.txt"}`' });
}

const WRITES: ReadonlySet<string> = new Set(["write", "edit", "delete"]);

function isActionType(type: string): type is ActionType {
  return (ACTION_TYPES as readonly string[]).includes(type);
}

export function callerOf(agent: string | undefined, session: string | undefined) {
  return { agent: agent ?? "", sub_agent: "", session: session ?? "", channel: "cli", unattended: false };
}
