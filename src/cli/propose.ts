// From recorded decisions to the exceptions that would let them pass. Implements spec/cli.md 11.3. It changes nothing; the person decides.

import { currentPolicy, type HostException, judgeAgain, subjectOf } from "../authority/index.js";
import { bad, type JsonObject, type Result, stops } from "../base/index.js";
import type { DecisionRecord } from "../evidence/index.js";
import { type Clause, type Policy, type Proposal, proposeExceptions } from "../policy/index.js";
import type { StoredRecord } from "../store/index.js";
import type { Terminal } from "./terminal.js";

/** The exceptions that the policy in force would need to let this recorded action pass. Problems: `not_judged`, and those of proposeExceptions. */
export function proposalsFor(record: DecisionRecord, policy: Policy, terminal: Terminal, nowMs: number): Result<readonly Proposal[]> {
  const subject = subjectOf(record, nowMs, terminal.env);
  if (record.judgement === null || subject === null)
    return bad("not_judged", `no policy judged \`${record.record_id}\`, so there is no rule to except`, {
      hint: `run \`cavra why ${record.record_id}\``,
    });
  const proposals = proposeExceptions(record.judgement.effects, subject, policy);
  if (!proposals.ok) return proposals;
  const redacted = proposals.value.find(({ effect }) => record.redactions.some(({ path }) => path.startsWith(effectPath(effect))));
  if (redacted === undefined) return proposals;
  return bad("not_narrow", `what \`${redacted.rule}\` stopped was redacted in the record, so an exception could not name it`, {
    hint: "write the exception into the host's policy yourself, or do this step yourself",
  });
}

function effectPath(effect: number): string {
  return `/judgement/effects/${effect}/`;
}

/** Policies by workspace: a week of records comes from a few repositories. */
export function policyReader(terminal: Terminal): (workspace: string) => Policy {
  const known = new Map<string, Policy>();
  return (workspace) => {
    const policy = known.get(workspace) ?? currentPolicy(workspace, terminal.env);
    known.set(workspace, policy);
    return policy;
  };
}

/** Of these records, those that the exceptions would let through a rule that stops them now. */
export function alsoMatched(
  records: readonly StoredRecord[],
  exceptions: readonly Pick<HostException, "rule" | "reason" | "until">[],
  trial: Policy,
  terminal: Terminal,
  nowMs: number,
): readonly StoredRecord[] {
  const isOurs = (used: Pick<HostException, "rule" | "reason" | "until">) =>
    exceptions.some(({ rule, reason, until }) => rule === used.rule && reason === used.reason && until === used.until);
  return records.filter(({ record }) => {
    if (record.judgement === null || !stops(record.judgement.verdict)) return false;
    return judgeAgain(record, trial, nowMs, terminal.env)?.rulings.some((ruling) => ruling.exceptions.some(isOurs)) === true;
  });
}

/** A clause as a pack writes it: a list of one as its one value. */
export function clauseSource(clause: Clause): JsonObject {
  return Object.fromEntries(
    Object.entries(clause).map(([key, value]) => [key, Array.isArray(value) && value.length === 1 ? value[0] : value]),
  ) as JsonObject;
}

/** `{ effect: read, path: /srv/app/.env }`: one line of YAML. */
export function clauseLine(clause: JsonObject): string {
  const shown = (value: unknown): string =>
    Array.isArray(value) ? `[${value.map(shown).join(", ")}]` : typeof value === "string" ? yamlText(value) : String(value);
  return `{ ${Object.entries(clause)
    .map(([key, value]) => `${key}: ${shown(value)}`)
    .join(", ")} }`;
}

/** A text as YAML takes it anywhere. */
export function yamlText(text: string): string {
  return isPlain(text) ? text : JSON.stringify(text);
}

/** Texts that YAML reads as they stand, whatever stands around them. */
function isPlain(text: string): boolean {
  return /^[A-Za-z/][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text);
}

/** What a clause leaves open, in words: what else it will match. */
export function leavesOpen(clause: Clause): string {
  const agents = clause.agent === undefined ? "by every agent" : `by ${clause.agent.join(", ")}`;
  const isFile = clause.path !== undefined;
  const where = isFile ? "whatever command or tool touches it" : "in every repository of this user, whatever the rest of the command";
  return `${agents}, ${where}`;
}

/** The record's action, or what stands for it. */
export function targetOf(record: DecisionRecord): string {
  return record.action?.target ?? "(no action)";
}

export function nothingStopped(): Result<never> {
  return bad("record_not_found", "nothing was stopped yet", { hint: "run `cavra evidence list`" });
}
