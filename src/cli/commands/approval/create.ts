// `cavra approval create`: ask persons for one action under the policy in force, or for a set of documents. Implements spec/cli.md 15.2.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Asker, BoundDocument, BuiltRequest, RequestInput } from "../../../approval/index.js";
import { approvalSubject, assess, decide, requestApproval, routesOf, whoIsActing } from "../../../authority/index.js";
import { bad, compareBytes, ok, type Result } from "../../../base/index.js";
import { openJournal, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { whoRunsThis } from "../../person.js";
import { parseLength } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { callerOf, type EvaluateOptions, openFor, readAction } from "../evaluate.js";
import { documentRoutes } from "./document-routes.js";
import { approvalLine, approvalNamed, shownApproval } from "./requests.js";

export interface CreateOptions extends EvaluateOptions {
  readonly reason?: string;
  /** How long the request waits. */
  readonly for?: string;
  /** `KIND=FILE`. */
  readonly document?: readonly string[];
}

export function createApproval(terminal: Terminal, actionType: string, target: string, options: CreateOptions): ExitStatus {
  const json = options.json === true;
  const wait = options.for === undefined ? ok(null) : parseLength(options.for);
  const made = wait.ok ? makeRequest(terminal, actionType, target, wait.value, options) : wait;
  if (!made.ok) return report(terminal, made.problem, json);
  const known = approvalNamed(terminal, made.value.request.approval_id);
  if (!known.ok) return report(terminal, known.problem, json);
  terminal.print(json ? `${JSON.stringify(shownApproval(known.value))}\n` : `${approvalLine(terminal, known.value)}\n`);
  return EXIT.done;
}

function makeRequest(
  terminal: Terminal,
  actionType: string,
  target: string,
  waitMs: number | null,
  options: CreateOptions,
): Result<BuiltRequest> {
  if (options.document !== undefined && actionType === "") return forDocuments(terminal, waitMs, options.document, options);
  if (actionType === "" || options.document !== undefined)
    return bad("action_missing", "an action, or documents, are needed, and not both", {
      hint: 'for example `cavra approval create execute_command "terraform apply" --reason R`',
    });
  return forAction(terminal, actionType, target, waitMs, options);
}

function forAction(
  terminal: Terminal,
  actionType: string,
  target: string,
  waitMs: number | null,
  options: CreateOptions,
): Result<BuiltRequest> {
  const action = readAction({ ...options, action_type: actionType, target }, terminal);
  if (!action.ok) return action;
  const authority = openFor(terminal, action.value.workspace_root, options);
  const who = whoIsActing(callerOf(options.agent, options.session), action.value.workspace_root);
  const step = { action: action.value, who, ...assess(action.value, who, authority, authority.clock.nowMs()) };
  const { verdict, rule_id } = step.judgement;
  if (verdict !== "require_approval") {
    const message = verdict === "deny" ? `${rule_id} denies it, and no approval lifts that` : "the policy asks nobody about it";
    return bad("approval_not_needed", message, { hint: "`cavra explain` shows what was judged" });
  }
  const places = { env: terminal.env, journal: authority.journal };
  // Nothing that was approved is used up by asking again.
  const decision = decide(action.value, who, { ...authority, approvals: null }, { record: true });
  return requestApproval(
    { ...askedBy(terminal, options, waitMs), subject: approvalSubject(step, decision, places), routes: routesOf(step, authority.policy) },
    places,
  );
}

function forDocuments(terminal: Terminal, waitMs: number | null, given: readonly string[], options: CreateOptions): Result<BuiltRequest> {
  const documents: BoundDocument[] = [];
  for (const one of given) {
    const cut = one.indexOf("=");
    if (cut < 1)
      return bad("bad_document", `\`${one}\` is not \`KIND=FILE\``, { hint: "for example `parity_report=docs/parity/baseline.dsse`" });
    const bytes = readFileSync(resolve(terminal.cwd, one.slice(cut + 1)));
    documents.push({ kind: one.slice(0, cut), digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` });
  }
  documents.sort((a, b) => compareBytes(a.kind, b.kind));
  const subject = { kind: "documents", purpose: "go_promotion", documents } as const;
  const places = { env: terminal.env, journal: openJournal(stateDir(terminal.env)) };
  return requestApproval({ ...askedBy(terminal, options, waitMs), subject, routes: documentRoutes(terminal.env) }, places);
}

/** A person at a terminal, or else an agent: who has no terminal is none that could be named. */
function askedBy(terminal: Terminal, options: CreateOptions, waitMs: number | null): Pick<RequestInput, "asker" | "reason" | "waitMs"> {
  const { user, host, tty } = whoRunsThis(terminal);
  const agent: Asker = { kind: "agent", name: options.agent ?? "unknown", user, host };
  const asker: Asker = tty === "" && options.agent !== undefined ? agent : { kind: "person", name: user, user, host };
  return { asker, reason: options.reason ?? "", waitMs };
}
