// One line of `cavra log`: a decision, a change of the guard itself, or what became of an approval or of promotion. Implements spec/cli.md 11.5.

import { stops } from "../base/index.js";
import {
  APPROVAL_EVENT_SCHEMA,
  type ApprovalEvent,
  type DecisionRecord,
  HOST_CHANGE_SCHEMA,
  type HostChange,
  PROMOTION_EVENT_SCHEMA,
  type PromotionEvent,
} from "../evidence/index.js";
import { asStored, type FoundRecord, matchesFilter, type RecordFilter } from "../store/index.js";
import { oneLine } from "./one-line.js";
import { badge } from "./render.js";
import type { Terminal } from "./terminal.js";

/** A record that the log shows. Changes of the guard and approvals have no verdict, agent or rule: a filter for one of those leaves them out. */
export function isShown(item: FoundRecord, filter: RecordFilter): boolean {
  const stored = asStored(item);
  if (stored !== null) return matchesFilter(stored.record, filter);
  const { since, until, ...others } = filter;
  if (!BESIDE.includes(item.record.schema_version) || Object.keys(others).length > 0) return false;
  if (item.record.schema_version === PROMOTION_EVENT_SCHEMA && isQuiet(item.record as unknown as PromotionEvent)) return false;
  const at = item.record.recorded_at;
  return (since === undefined || at >= since) && (until === undefined || at < until);
}

const BESIDE: readonly string[] = [HOST_CHANGE_SCHEMA, APPROVAL_EVENT_SCHEMA, PROMOTION_EVENT_SCHEMA];

/** A lease that is given each half minute says nothing new: its first one follows the gate's own line. */
function isQuiet({ event }: PromotionEvent): boolean {
  return event === "leased";
}

/**
 * `10:12:33Z ✗ deny  claude-code  cat .env  secrets.read  dec_…`, the action cut so that all of it fits into `columns`. The day stands before a time that
 * is of another one than `today`, and the id behind what was stopped, where the action keeps room enough.
 */
export function logLine(item: FoundRecord, terminal: Terminal, columns: number, today: string): string {
  const stored = asStored(item);
  const { recorded_at: at } = item.record;
  const moment = at.startsWith(today) ? `${at.slice(11, 19)}Z` : `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
  const time = terminal.colours.dim(moment);
  // The journal holds records by schema, each written by its builder.
  if (stored === null && item.record.schema_version === APPROVAL_EVENT_SCHEMA)
    return `${time} ${eventLine(item.record as unknown as ApprovalEvent, terminal)}`;
  if (stored === null && item.record.schema_version === PROMOTION_EVENT_SCHEMA)
    return `${time} ${promotionLine(item.record as unknown as PromotionEvent, terminal)}`;
  if (stored === null) return `${time} ${changeLine(item.record as unknown as HostChange, terminal)}`;
  const { record } = stored;
  const verdict = badge(record.decision, terminal);
  const agent = oneLine(record.who.agent || record.who.channel, 24);
  const rule = ruleOf(record);
  const all = columns - moment.length - 1 - BADGE - agent.length - rule.length - 6;
  const id = stops(record.decision) && all - record.record_id.length - 2 >= ROOM ? `  ${record.record_id}` : "";
  const room = Math.max(16, all - id.length);
  const pad = " ".repeat(BADGE - PLAIN[record.decision]);
  return `${time} ${verdict}${pad} ${terminal.colours.dim(agent)}  ${oneLine(record.action?.target ?? "(no action)", room)}  ${terminal.colours.dim(rule + id)}`;
}

/** Columns that an action keeps before an id stands behind it. */
const ROOM = 32;

/** Columns of a badge without its colours. */
const PLAIN = { allow: 7, warn: 6, require_approval: 5, deny: 6 };
const BADGE = 7;

/** What decided, and where it stopped nothing although it would have, why. */
function ruleOf({ judgement, basis }: DecisionRecord): string {
  const rule = judgement?.rule_id || basis.code;
  const instead = { audit: "observed: not stopped", paused: "paused: not stopped", approved: "approved" }[basis.code];
  return instead === undefined ? rule : `${rule} (${instead})`;
}

const TOLD: Readonly<Record<HostChange["change"], string>> = {
  observe_on: "observes from now on",
  observe_off: "enforces from now on",
  exception_added: "an exception was made",
  exception_removed: "an exception was taken away",
  paused: "paused",
  resumed: "the pause was ended",
  keys_made: "the ledger's keys were made",
  key_rotated: "a key was replaced",
  key_revoked: "a key was revoked",
  trust_signed: "the trust document was signed anew",
  root_pinned: "a root key was pinned",
  policy_signed: "a policy was signed",
  token_made: "a token was made",
  token_revoked: "a token was revoked",
};

function changeLine(record: HostChange, terminal: Terminal): string {
  const { yellow, bold, dim } = terminal.colours;
  const what = record.after ?? record.before ?? {};
  const rule = typeof what.rule === "string" ? ` to ${what.rule}` : "";
  const end = typeof what.until === "string" ? what.until : typeof what.ends_at === "string" ? what.ends_at : "";
  const until = record.after === null || end === "" ? "" : ` until ${end}`;
  return `${yellow(bold(`● ${TOLD[record.change]}${oneLine(rule, 120)}${oneLine(until, 40)}`))} by ${oneLine(record.person.user, 40)}: ${oneLine(record.reason, 120)}  ${dim(record.record_id)}`;
}

const HAPPENED: Readonly<Record<ApprovalEvent["event"], string>> = {
  requested: "an approval was asked for",
  approved: "approved",
  denied: "denied",
  expired: "a request was ended",
  used: "an approval was used",
};

function eventLine({ event, approval_id, person, reason }: ApprovalEvent, terminal: Terminal): string {
  const { magenta, bold, dim } = terminal.colours;
  const why = reason === "" ? "" : `: ${oneLine(reason, 120)}`;
  return `${magenta(bold(`● ${HAPPENED[event]}`))} by ${oneLine(person.user, 40)}${why}  ${dim(approval_id)}`;
}

const BECAME: Readonly<Record<PromotionEvent["event"], string>> = {
  started: "an authority began in the mode promoted",
  gate: "the gate",
  leased: "a lease was given",
  ended: "the lease ended",
  held: "Go is held back",
  lifted: "the hold was lifted",
  demoted: "both engines differed: Go is held back",
  stopped: "the authority ended",
};

function promotionLine(
  { event, code, checks, person, reason, hold_id, lease, decision_id, record_id }: PromotionEvent,
  terminal: Terminal,
): string {
  const { cyan, bold, dim } = terminal.colours;
  const closed = checks.filter(({ verdict }) => verdict !== "pass").map((check) => `${check.id} ${check.code}`);
  const what = event === "gate" ? `the gate is ${code}` : BECAME[event];
  const who = person === null ? "" : ` by ${oneLine(person.user, 40)}`;
  const why = [closed.join(", "), event === "ended" ? code : "", reason].filter((one) => one !== "").join("; ");
  const about = hold_id || lease?.lease_id || decision_id || record_id;
  return `${cyan(bold(`● ${what}`))}${who}${why === "" ? "" : `: ${oneLine(why, 160)}`}  ${dim(about)}`;
}
