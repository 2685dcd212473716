// `cavra allow`: an exception with an end, made from one recorded decision, as narrow as that decision lets it be. Implements spec/cli.md 11.3.

import { DOCTOR_SESSION } from "../../agents/index.js";
import {
  changeHostSettings,
  currentPolicy,
  type HostException,
  type HostSettings,
  judgeAgain,
  MAX_HOST_EXCEPTIONS,
  newHostChange,
  policyWith,
  readHostSettings,
  recordHostChange,
} from "../../authority/index.js";
import { bad, type JsonObject, ok, type Result, stops } from "../../base/index.js";
import { checkReason, type DecisionRecord } from "../../evidence/index.js";
import type { Proposal } from "../../policy/index.js";
import { newId, type StoredRecord, SYSTEM_CLOCK } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { requirePerson, whoRunsThis } from "../person.js";
import { alsoMatched, clauseLine, clauseSource, leavesOpen, nothingStopped, policyReader, proposalsFor, targetOf } from "../propose.js";
import { findDecision, lastRecorded } from "../recorded-decisions.js";
import { badge } from "../render.js";
import { parseEnd, sayLength, toSecond } from "../span-of-time.js";
import { report, type Terminal } from "../terminal.js";

export interface AllowOptions {
  readonly until?: string;
  readonly reason?: string;
  readonly list?: boolean;
  readonly remove?: string;
  readonly json?: boolean;
}

/** The longest exception, in milliseconds: 90 days. What should hold longer belongs into the policy. */
export const MAX_EXCEPTION_MS = 90 * 86_400_000;
const MIN_EXCEPTION_MS = 60_000;

export function allow(terminal: Terminal, id: string, options: AllowOptions): ExitStatus {
  const json = options.json === true;
  if (options.list) return list(terminal, json);
  if (options.remove !== undefined) return remove(terminal, options.remove, json);
  const prepared = prepare(terminal, id, options);
  if (!prepared.ok) return report(terminal, prepared.problem, json);
  const person = requirePerson(terminal, { telling: tellingOf(terminal, prepared.value), word: "allow" });
  if (!person.ok) return report(terminal, person.problem, json);
  for (const exception of prepared.value.exceptions) {
    const { reason, decision_id } = exception;
    const change = { recordId: exception.record_id, change: "exception_added" as const, person: person.value, reason, decision_id };
    recordHostChange({ ...change, before: null, after: { ...exception } }, terminal.env);
  }
  changeHostSettings(terminal.env, (settings) => withExceptions(settings, prepared.value.exceptions, prepared.value.nowMs));
  // Compiled and kept now, so that the agent's next call need not wait for it.
  currentPolicy(prepared.value.record.action?.workspace_root ?? "", terminal.env);
  if (json) terminal.print(`${JSON.stringify({ allowed: prepared.value.exceptions })}\n`);
  else
    for (const { rule, until, id: made } of prepared.value.exceptions)
      terminal.print(`${terminal.colours.green("✓")} ${made}: ${rule} is excepted until ${until}\n`);
  if (!json) terminal.print("tell the agent to try again; `cavra allow --list` shows what is excepted\n");
  return EXIT.done;
}

interface Prepared {
  readonly record: DecisionRecord;
  readonly proposals: readonly Proposal[];
  readonly exceptions: readonly HostException[];
  readonly nowMs: number;
  readonly endMs: number;
}

/** All that can be refused is refused before anybody is asked. */
function prepare(terminal: Terminal, id: string, options: AllowOptions): Result<Prepared> {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const end = endOf(options.until, nowMs);
  if (!end.ok) return end;
  const reason = checkReason(options.reason ?? "");
  if (!reason.ok) return reason;
  const found = id === "" ? lastStopped(terminal) : findDecision(terminal, id);
  if (!found.ok) return found;
  const { record } = found.value;
  const proposals = proposalsFor(record, policyReader(terminal)(record.action?.workspace_root ?? ""), terminal, nowMs);
  if (!proposals.ok) return proposals;
  const exceptions = proposals.value.map((proposal) => exceptionOf(proposal, record, reason.value, toSecond(end.value)));
  if (readHostSettings(terminal.env).exceptions.length + exceptions.length > MAX_HOST_EXCEPTIONS) return tooMany();
  return ok({ record, proposals: proposals.value, exceptions, nowMs, endMs: end.value });
}

function tooMany(): Result<never> {
  return bad("too_many", `this host has ${MAX_HOST_EXCEPTIONS} exceptions, and may not have more`, { hint: "run `cavra allow --list`" });
}

function endOf(until: string | undefined, nowMs: number): Result<number> {
  if (until === undefined)
    return bad("until_missing", "an exception needs an end", { hint: "give it with `--until 2h`, `--until 7d` or a moment" });
  const end = parseEnd(until, nowMs);
  if (!end.ok) return end;
  const length = end.value - nowMs;
  // A little more than the limit, so that `90d` fits whatever passes between two looks at the clock.
  if (length >= MIN_EXCEPTION_MS - 1000 && length <= MAX_EXCEPTION_MS + 1000) return end;
  return bad("bad_time", `an exception ends between 1 minute and ${sayLength(MAX_EXCEPTION_MS)} from now, not at \`${until}\``, {
    hint: "what should hold for good belongs into the host's policy",
  });
}

/** Records in which the last that was stopped is looked for. */
const RECENT_RECORDS = 1_000;

/** Also where it was let through, because the host observes or is paused; never a probe of the doctor, which nobody needs to pass. */
function lastStopped(terminal: Terminal): Result<StoredRecord> {
  const recent = lastRecorded(terminal, {}, RECENT_RECORDS);
  const last = recent.find(
    ({ record }) => record.judgement !== null && stops(record.judgement.verdict) && record.who.session !== DOCTOR_SESSION,
  );
  return last === undefined ? nothingStopped() : ok(last);
}

function exceptionOf({ rule, match }: Proposal, { record_id }: DecisionRecord, reason: string, until: string): HostException {
  const [own, change] = [newId("exc", SYSTEM_CLOCK).id, newHostChange(SYSTEM_CLOCK).id];
  return { id: own, rule, match: [clauseSource(match)], reason, until, decision_id: record_id, record_id: change };
}

/** Exceptions whose end has passed go when the next one comes: they hold for nothing, and their records stay. */
function withExceptions(settings: HostSettings, added: readonly HostException[], nowMs: number): HostSettings {
  return { ...settings, exceptions: [...settings.exceptions.filter(({ until }) => until > toSecond(nowMs)), ...added] };
}

/** Days of records that are tried against a new exception, and how many of them at most. */
const HISTORY_DAYS = 7;
const HISTORY_RECORDS = 10_000;
const SAMPLES = 5;

function tellingOf(terminal: Terminal, { record, proposals, exceptions, nowMs, endMs }: Prepared): string {
  const workspace = record.action?.workspace_root ?? "";
  const trial = policyWith(withExceptions(readHostSettings(terminal.env), exceptions, nowMs), workspace, terminal.env);
  const since = new Date(nowMs - HISTORY_DAYS * 86_400_000).toISOString();
  const history = lastRecorded(terminal, { since }, HISTORY_RECORDS).filter((one) => one.record.record_id !== record.record_id);
  const others = alsoMatched(history, exceptions, trial, terminal, nowMs);
  const after = judgeAgain(record, trial, nowMs, terminal.env);
  const still = after !== null && stops(after.verdict) ? `, still stopped by ${after.rule_id}` : "";
  const lines = [
    `${badge(record.judgement?.verdict ?? record.decision, terminal)} ${oneLine(targetOf(record), 100)}   (${record.record_id})`,
    ...proposals.flatMap(proposalLines),
    `  until     ${toSecond(endMs)} (${sayLength(endMs - nowMs)} from now)`,
    `  reason    ${oneLine(exceptions[0]?.reason ?? "", 500)}`,
    `  then      ${badge(after?.verdict ?? "deny", terminal)} for the call above${still}`,
    `  also      ${others.length} other ${others.length === 1 ? "call" : "calls"} of the last ${HISTORY_DAYS} days that ${others.length === 1 ? "was" : "were"} stopped`,
    ...others.slice(0, SAMPLES).map((one) => `              ${oneLine(targetOf(one.record), 90)}`),
  ];
  return `${lines.join("\n")}\n`;
}

function proposalLines({ rule, severity, reason, match }: Proposal): string[] {
  return [
    `  except    ${oneLine(rule, 200)} (${severity}): ${oneLine(reason, 200)}`,
    `  matches   ${oneLine(clauseLine(clauseSource(match)), 400)}`,
    `            ${leavesOpen(match)}`,
  ];
}

function list(terminal: Terminal, json: boolean): ExitStatus {
  const { exceptions } = readHostSettings(terminal.env);
  const now = toSecond(SYSTEM_CLOCK.nowMs());
  const shown = exceptions.map((one) => ({ ...one, ended: one.until <= now }));
  if (json) terminal.print(`${JSON.stringify({ exceptions: shown })}\n`);
  else if (shown.length === 0)
    terminal.print("nothing is excepted on this host; `cavra allow ID --until 2h --reason R` excepts what was stopped\n");
  for (const one of json ? [] : shown) {
    const { bold, dim, yellow } = terminal.colours;
    terminal.print(
      `${one.ended ? dim("ended ") : yellow("allows")} ${bold(one.rule)} until ${one.until}  ${dim(one.id)}\n         ${one.match.map((clause) => oneLine(clauseLine(clause), 300)).join("\n         ")}\n         ${oneLine(one.reason, 300)}\n`,
    );
  }
  return EXIT.done;
}

/** Takes an exception away. It tightens, so nobody is asked. */
function remove(terminal: Terminal, id: string, json: boolean): ExitStatus {
  const settings = readHostSettings(terminal.env);
  const found = settings.exceptions.filter((one) => one.id.startsWith(id));
  const [first] = found;
  if (first === undefined || found.length > 1) {
    const message = found.length > 1 ? `${found.length} exceptions begin with \`${id}\`` : `there is no exception \`${id}\``;
    return report(terminal, { code: "exception_not_found", message, hint: "run `cavra allow --list`" }, json);
  }
  const change = { recordId: newHostChange(SYSTEM_CLOCK).id, change: "exception_removed" as const, person: whoRunsThis(terminal) };
  const before: JsonObject = { ...first };
  recordHostChange(
    { ...change, reason: "the exception was taken away", decision_id: first.decision_id, before, after: null },
    terminal.env,
  );
  changeHostSettings(terminal.env, (now) => ({ ...now, exceptions: now.exceptions.filter((one) => one.id !== first.id) }));
  if (json) terminal.print(`${JSON.stringify({ removed: first })}\n`);
  else terminal.print(`${terminal.colours.green("✓")} ${first.rule} is asked again\n`);
  return EXIT.done;
}
