// `cavra evaluate` and `cavra explain`: one action, or a batch of them, judged from the command line. Implements spec/cli.md sections 2 to 4.

import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Authority,
  assess,
  compileSources,
  decide,
  openAuthority,
  type PolicyChoice,
  whoIsActing,
  workspaceAround,
} from "../../authority/index.js";
import { bad, ok, type Problem, parseJson, type Result } from "../../base/index.js";
import { ACTION_TYPES, type Action, type ActionType } from "../../change/index.js";
import { explain } from "../../policy/index.js";
import { EXIT, type ExitStatus, exitForVerdict } from "../exit.js";
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
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly exitZero?: boolean;
}

export function evaluate(terminal: Terminal, actionType: string, target: string, options: EvaluateOptions): ExitStatus {
  const read = readAction({ ...options, action_type: actionType, target }, terminal);
  if (!read.ok) return report(terminal, read.problem, options.json === true);
  const authority = open(terminal, read.value, options);
  const who = whoIsActing(callerOf(options.agent, options.session), read.value.workspace_root);
  const decision = decide(read.value, who, authority, { record: options.dryRun !== true });
  terminal.print(options.json ? `${JSON.stringify(decision)}\n` : renderDecision(decision, read.value, terminal));
  return options.exitZero ? EXIT.done : exitForVerdict(decision.decision);
}

/** The same judgement with everything that it rests on, and no record: for people who ask why. */
export function explainAction(terminal: Terminal, actionType: string, target: string, options: EvaluateOptions): ExitStatus {
  const read = readAction({ ...options, action_type: actionType, target }, terminal);
  if (!read.ok) return report(terminal, read.problem, options.json === true);
  const authority = open(terminal, read.value, options);
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

function open(terminal: Terminal, action: Action, options: EvaluateOptions): Authority {
  return openAuthority({ workspace: action.workspace_root, env: terminal.env, choice: choiceOf(options), compiler: () => compileSources });
}

export function choiceOf(options: { readonly policyPack?: string; readonly policy?: string }): PolicyChoice | null {
  if (options.policyPack === undefined && options.policy === undefined) return null;
  return { pack: options.policyPack ?? "", file: options.policy === undefined ? "" : resolve(options.policy) };
}

/** A line of a batch, in bytes. */
export const BATCH_LINE_BYTES = 1_048_576;

/** Reads JSON lines from standard input, writes a decision or an error for each. One authority a workspace is kept for the whole run. */
export function evaluateBatch(terminal: Terminal, options: EvaluateOptions): ExitStatus {
  const authorities = new Map<string, Authority>();
  let number = 0;
  for (const line of linesOf(0)) {
    number += 1;
    if (line.length <= BATCH_LINE_BYTES && line.toString("latin1").trim() === "") continue;
    terminal.print(`${JSON.stringify(batchLine(terminal, line, number, options, authorities))}\n`);
  }
  for (const authority of authorities.values()) authority.journal.close();
  return EXIT.done;
}

function batchLine(
  terminal: Terminal,
  line: Buffer,
  number: number,
  options: EvaluateOptions,
  authorities: Map<string, Authority>,
): object {
  const failed = (problem: Problem) => ({ error: { ...problem, line: number } });
  try {
    const request = readRequest(line, options, terminal);
    if (!request.ok) return failed(request.problem);
    const { action, agent, session } = request.value;
    const authority = authorities.get(action.workspace_root) ?? open(terminal, action, options);
    authorities.set(action.workspace_root, authority);
    const who = whoIsActing(callerOf(agent, session), action.workspace_root);
    return decide(action, who, authority, { record: options.dryRun !== true });
  } catch (thrown) {
    return failed(problemOf(thrown));
  }
}

interface BatchRequest {
  readonly action: Action;
  readonly agent: string | undefined;
  readonly session: string | undefined;
}

function readRequest(line: Buffer, options: EvaluateOptions, terminal: Terminal): Result<BatchRequest> {
  if (line.length > BATCH_LINE_BYTES) return bad("line_too_long", `the line has more than ${BATCH_LINE_BYTES} bytes`);
  const parsed = parseJson(line);
  if (!parsed.ok)
    return bad(
      "line_malformed",
      `the line is not JSON: ${parsed.problem.message}`,
      parsed.problem.at === undefined ? {} : { at: parsed.problem.at },
    );
  if (typeof parsed.value !== "object" || parsed.value === null || Array.isArray(parsed.value))
    return bad("line_malformed", "the line is not a JSON object");
  const fields: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(parsed.value)) {
    if (typeof value !== "string") return bad("line_malformed", `\`${key}\` is not a text`);
    fields[key] = value;
  }
  const action = readAction({ ...options, ...renamed(fields) }, terminal);
  return action.ok
    ? ok({ action: action.value, agent: fields.agent ?? options.agent, session: fields.session ?? options.session })
    : action;
}

function renamed({ workspace_root, ...fields }: Record<string, string>): Record<string, string> {
  return workspace_root === undefined ? fields : { ...fields, workspace: workspace_root };
}

interface ActionFields extends EvaluateOptions {
  readonly action_type?: string;
  readonly target?: string;
}

function readAction(fields: ActionFields, terminal: Terminal): Result<Action> {
  const type = fields.action_type ?? "";
  if (!isActionType(type))
    return bad("unknown_action_type", `there is no action type \`${type}\``, { hint: `use one of: ${ACTION_TYPES.join(", ")}` });
  if (typeof fields.target !== "string") return bad("target_missing", "the action has no `target`");
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

function isActionType(type: string): type is ActionType {
  return (ACTION_TYPES as readonly string[]).includes(type);
}

function callerOf(agent: string | undefined, session: string | undefined) {
  return { agent: agent ?? "", sub_agent: "", session: session ?? "", channel: "cli", unattended: false };
}

/** Lines of a file descriptor without their line ends, as bytes. A line beyond the limit is cut there, so that it never fills the memory. */
function* linesOf(fd: number): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(65_536);
  let kept: Buffer[] = [];
  let size = 0;
  const input = fd === 0 ? openSync("/dev/stdin", "r") : fd;
  for (let count = readSync(input, chunk); count > 0; count = readSync(input, chunk)) {
    let from = 0;
    for (let end = chunk.indexOf(10, from); end !== -1 && end < count; end = chunk.indexOf(10, from)) {
      kept.push(Buffer.from(chunk.subarray(from, end)));
      yield Buffer.concat(kept);
      kept = [];
      size = 0;
      from = end + 1;
    }
    size += count - from;
    if (size - (count - from) <= BATCH_LINE_BYTES) kept.push(Buffer.from(chunk.subarray(from, count)));
  }
  if (input !== fd) closeSync(input);
  if (kept.length > 0) yield Buffer.concat(kept);
}
