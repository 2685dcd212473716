// `cavra evaluate --batch`: JSON lines in, one decision or one error a line out, in the same order and as they come. Implements spec/cli.md section 4.
// A line that cannot be read never stops the run, and never becomes an allow.

import { type Authority, whoIsActing } from "../../authority/index.js";
import { bad, type JsonValue, ok, type Problem, parseJson, type Result } from "../../base/index.js";
import type { Action } from "../../change/index.js";
import { stateDir } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { linesOf } from "../lines.js";
import { problemOf, type Terminal } from "../terminal.js";
import { callerOf, choiceOf, decideFor, type EvaluateOptions, openFor, readAction } from "./evaluate.js";

/** A line of a batch, in bytes. */
export const BATCH_LINE_BYTES = 1_048_576;

/** Workspaces whose policy and journal are kept open at a time; the one that was opened first makes room. */
const OPEN_WORKSPACES = 32;

interface Run {
  readonly terminal: Terminal;
  readonly options: EvaluateOptions;
  readonly authorities: Map<string, Authority>;
}

/** Exit status 0 whenever the input could be read to its end. Throws what makes every line impossible: an unknown pack, no place for the state. */
export function evaluateBatch(terminal: Terminal, options: EvaluateOptions): ExitStatus {
  const run: Run = { terminal, options, authorities: new Map() };
  stateDir(terminal.env);
  if (choiceOf(options) !== null || options.registry !== undefined) openFor(terminal, terminal.cwd, options);
  let number = 0;
  for (const line of linesOf(0, BATCH_LINE_BYTES)) {
    number += 1;
    if (!isBlank(line)) terminal.print(`${JSON.stringify(answerLine(line, number, run))}\n`);
  }
  for (const authority of run.authorities.values()) authority.journal.close();
  return EXIT.done;
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function answerLine(line: Buffer, number: number, run: Run): object {
  const failed = (problem: Problem) => ({ error: { ...problem, line: number } });
  try {
    const request = readRequest(line, run);
    if (!request.ok) return failed(request.problem);
    const { action, agent, session } = request.value;
    const who = whoIsActing(callerOf(agent, session), action.workspace_root);
    return decideFor(run.terminal, action, who, run.options, (workspace) => authorityFor(workspace, run));
  } catch (thrown) {
    return failed(problemOf(thrown));
  }
}

function authorityFor(workspace: string, { terminal, options, authorities }: Run): Authority {
  const known = authorities.get(workspace);
  if (known !== undefined) return known;
  const authority = openFor(terminal, workspace, options);
  for (const [oldest, { journal }] of authorities) {
    if (authorities.size < OPEN_WORKSPACES) break;
    journal.close();
    authorities.delete(oldest);
  }
  authorities.set(workspace, authority);
  return authority;
}

interface Request {
  readonly action: Action;
  readonly agent: string | undefined;
  readonly session: string | undefined;
}

/** The keys that say something; every other is passed over, so that a caller may number its lines. */
const KEYS = ["action_type", "target", "operation", "arguments", "cwd", "workspace_root", "agent", "session"] as const;

export function readRequest(line: Buffer, { terminal, options }: Pick<Run, "terminal" | "options">): Result<Request> {
  if (line.length > BATCH_LINE_BYTES) return bad("line_too_long", `the line has more than ${BATCH_LINE_BYTES} bytes`);
  const parsed = parseJson(line);
  if (!parsed.ok) {
    const { message, at } = parsed.problem;
    return bad("line_malformed", `the line is not JSON: ${message}`, at === undefined ? {} : { at });
  }
  const fields = textsOf(parsed.value);
  if (!fields.ok) return fields;
  const { workspace_root, agent, session, ...action } = fields.value;
  const workspace = workspace_root === undefined ? {} : { workspace: workspace_root };
  const read = readAction({ ...options, ...action, ...workspace }, terminal);
  return read.ok ? ok({ action: read.value, agent: agent ?? options.agent, session: session ?? options.session }) : read;
}

function textsOf(value: JsonValue): Result<Partial<Record<(typeof KEYS)[number], string>>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("line_malformed", "the line is not a JSON object");
  const fields = new Map(Object.entries(value));
  const texts: Partial<Record<(typeof KEYS)[number], string>> = {};
  for (const key of KEYS) {
    const text = fields.get(key);
    if (text === undefined) continue;
    if (typeof text !== "string") return bad("line_malformed", `\`${key}\` is not a text`);
    texts[key] = text;
  }
  return ok(texts);
}
