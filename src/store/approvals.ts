// What was asked and answered, as files that are made once and never changed. Implements spec/approval.md 4.4.
// INVARIANT: no file here is ever written twice, so that two processes can only agree: the first name stands, for an answer as for the one use.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ApprovalFiles, type BuiltRequest, bindingKey, markOf, readRequest } from "../approval/index.js";
import { CavraError, type Problem, parseId } from "../base/index.js";
import { isKeyId } from "../evidence/index.js";
import type { Clock } from "./clock.js";
import { createDurably, readNoFollow } from "./durable-file.js";
import { redactionKey } from "./redaction-key.js";

const APPROVALS_FOLDER = "approvals";
/** At most so many requests stand in the folder. */
export const APPROVALS = 10_000;
/** A request goes so many milliseconds after it was made: no answer and no approval lasts longer than 14 days. */
export const APPROVAL_KEPT_MS = 30 * 86_400_000;

/** One request with all that stands beside it; or what is wrong with its file. */
export type StoredApproval =
  | { readonly ok: true; readonly approvalId: string; readonly files: ApprovalFiles }
  | { readonly ok: false; readonly approvalId: string; readonly problem: Problem };

export function approvalsFolder(stateFolder: string): string {
  return join(stateFolder, APPROVALS_FOLDER);
}

/** The key under which bindings are made in this state folder. */
export function approvalKey(stateFolder: string, clock: Clock): Uint8Array {
  return bindingKey(redactionKey(stateFolder, clock));
}

/** Keeps a new request. Throws CavraError `approvals_full`. */
export function keepRequest(stateFolder: string, built: BuiltRequest, clock: Clock): void {
  const names = namesIn(stateFolder);
  const left = names.filter((name) => name.endsWith(".request")).length - forget(stateFolder, names, clock.nowMs());
  if (left >= APPROVALS) {
    throw new CavraError("approvals_full", `${APPROVALS} requests for approvals stand already`, {
      hint: "`cavra approval list` shows them; `cavra approval expire ID` ends one, and after 30 days it goes",
    });
  }
  const name = `${built.request.approval_id}.${markOf(built.request.subject)}.request`;
  createDurably(join(approvalsFolder(stateFolder), name), built.text, clock);
}

/** Keeps one key's answer. False where that key has answered already. */
export function keepAnswer(stateFolder: string, approvalId: string, keyId: string, text: string, clock: Clock): boolean {
  return createDurably(join(approvalsFolder(stateFolder), `${approvalId}.${keyId}.answer`), text, clock);
}

/** Ends a request before its time. False where somebody has. */
export function endApproval(stateFolder: string, approvalId: string, recordId: string, clock: Clock): boolean {
  return createDurably(join(approvalsFolder(stateFolder), `${approvalId}.expired`), `${recordId}\n`, clock);
}

/** Takes an approval for one record. False where it has been taken: only one of those who try at a time gets it. */
export function takeApproval(stateFolder: string, approvalId: string, recordId: string, clock: Clock): boolean {
  return createDurably(join(approvalsFolder(stateFolder), `${approvalId}.used`), `${recordId}\n`, clock);
}

/** Is there anything to look for? */
export function hasApprovals(stateFolder: string): boolean {
  return readFolder(approvalsFolder(stateFolder)).length > 0;
}

/** All that stand, the first asked first; with a mark, those that may be meant by it. */
export function listApprovals(stateFolder: string, mark = ""): readonly StoredApproval[] {
  const names = namesIn(stateFolder);
  const beside = new Map<string, string[]>();
  for (const name of names) {
    const id = name.slice(0, name.indexOf("."));
    if (!name.endsWith(".request")) beside.set(id, [...(beside.get(id) ?? []), name]);
  }
  return names
    .filter((name) => name.endsWith(mark === "" ? ".request" : `.${mark}.request`))
    .map((name) => readOne(stateFolder, name, beside.get(name.slice(0, name.indexOf("."))) ?? []));
}

/** The one with this id, or a beginning of it that no other shares; null for none or several. */
export function findApproval(stateFolder: string, start: string): StoredApproval | null {
  const [found, ...more] = listApprovals(stateFolder).filter(({ approvalId }) => approvalId.startsWith(start));
  return found !== undefined && (more.length === 0 || found.approvalId === start) ? found : null;
}

function readOne(stateFolder: string, name: string, beside: readonly string[]): StoredApproval {
  const folder = approvalsFolder(stateFolder);
  const [approvalId = "", mark = ""] = name.split(".");
  const text = textOf(folder, name);
  const asked = text === null ? unreadable(name) : readRequest(text);
  if (!asked.ok) return { ok: false, approvalId, problem: asked.problem };
  const { request } = asked.value;
  if (request.approval_id !== approvalId || markOf(request.subject) !== mark) {
    const problem = { code: "approval_malformed", message: `\`${name}\` holds another request than its name says` };
    return { ok: false, approvalId, problem };
  }
  const answers = beside.flatMap((one) => {
    const [, keyId = "", kind = ""] = one.split(".");
    return kind === "answer" && isKeyId(keyId) ? [{ keyId, text: textOf(folder, one) ?? "" }] : [];
  });
  const isEnded = beside.includes(`${approvalId}.expired`);
  // A mark that cannot be read stands all the same.
  const usedFor = beside.includes(`${approvalId}.used`) ? (textOf(folder, `${approvalId}.used`)?.trim() ?? "") || "unknown" : "";
  return { ok: true, approvalId, files: { asked: asked.value, answers, isEnded, usedFor } };
}

function unreadable(name: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code: "approval_malformed", message: `\`${name}\` cannot be read` } };
}

/** Null for what is not there, or cannot be read: a file that nobody can read answers nothing. */
function textOf(folder: string, name: string): string | null {
  try {
    return readNoFollow(join(folder, name))?.text ?? null;
  } catch {
    return null;
  }
}

/** Names whose first part is an approval's id, in byte order: an id begins with its time. */
function namesIn(stateFolder: string): readonly string[] {
  const names = readFolder(approvalsFolder(stateFolder));
  return names.filter((name) => isApprovalId(name.slice(0, Math.max(0, name.indexOf("."))))).sort();
}

function readFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isApprovalId(text: string): boolean {
  const id = parseId(text);
  return id.ok && id.value.prefix === "apr";
}

/** Removes what is old, and says how many requests that were. A request's own file goes last: without it nobody finds the others. */
function forget(stateFolder: string, names: readonly string[], nowMs: number): number {
  const old = names.filter((name) => {
    const id = parseId(name.slice(0, name.indexOf(".")));
    return id.ok && id.value.momentMs + APPROVAL_KEPT_MS < nowMs;
  });
  const [requests, others] = [old.filter((name) => name.endsWith(".request")), old.filter((name) => !name.endsWith(".request"))];
  for (const name of [...others, ...requests]) rmSync(join(approvalsFolder(stateFolder), name), { force: true });
  return requests.length;
}
