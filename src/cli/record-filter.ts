// Which records are shown: the options that lists of records share, and what they mean. Implements spec/cli.md 6.1.

import type { Command } from "commander";
import { bad, formatTime, ok, parseTime, type Result, VERDICTS } from "../base/index.js";
import { ACTION_TYPES } from "../change/index.js";
import { type RecordFilter, SYSTEM_CLOCK } from "../store/index.js";
import { parseLength } from "./span-of-time.js";

export interface FilterOptions {
  readonly decision?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly since?: string;
  readonly until?: string;
  readonly rule?: string;
  readonly repository?: string;
  readonly actionType?: string;
}

export function withFilters(command: Command): Command {
  return command
    .option("--decision <verdict>", VERDICTS.join(", "))
    .option("--agent <name>", "only this agent's")
    .option("--session <id>", "only this session's")
    .option("--rule <id>", "only those that this rule decided")
    .option("--repository <name>", "only this repository's, named as the records name it")
    .option("--action-type <type>", ACTION_TYPES.join(", "))
    .option("--since <time>", "from so long ago, or from this time on (2h, 7d, 2026-11-23, 2026-11-23T10:00:00Z)")
    .option("--until <time>", "before this time");
}

/** Problems: `unknown_verdict`, `unknown_action_type`, `bad_time`. */
export function filterFrom(options: FilterOptions): Result<RecordFilter> {
  const { decision, actionType } = options;
  if (decision !== undefined && !(VERDICTS as readonly string[]).includes(decision))
    return bad("unknown_verdict", `there is no verdict \`${decision}\``, { hint: verdictHint(decision) });
  if (actionType !== undefined && !(ACTION_TYPES as readonly string[]).includes(actionType))
    return bad("unknown_action_type", `there is no action type \`${actionType}\``, { hint: `use one of: ${ACTION_TYPES.join(", ")}` });
  const nowMs = SYSTEM_CLOCK.nowMs();
  const [since, until] = [momentOf(options.since, nowMs), momentOf(options.until, nowMs)];
  if (!since.ok) return since;
  if (!until.ok) return until;
  const given = {
    decision,
    agent: options.agent,
    session: options.session,
    rule_id: options.rule,
    repository: options.repository,
    action_type: actionType,
    since: since.value,
    until: until.value,
  };
  return ok(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as RecordFilter);
}

/** What people call the verdicts, and what lists show for one of them. */
const SPOKEN: ReadonlyMap<string, string> = new Map([
  ["ask", "require_approval"],
  ["approve", "require_approval"],
  ["approval", "require_approval"],
  ["block", "deny"],
  ["refuse", "deny"],
]);

function verdictHint(given: string): string {
  const meant = SPOKEN.get(given);
  return meant === undefined ? `use one of: ${VERDICTS.join(", ")}` : `did you mean \`${meant}\`?`;
}

/** The beginning of a record's time that is meant: a length counts back from now. Problem: `bad_time`. */
function momentOf(text: string | undefined, nowMs: number): Result<string | undefined> {
  if (text === undefined) return ok(undefined);
  const length = parseLength(text);
  if (length.ok) return ok(formatTime(nowMs - length.value).replace(/Z$/, ""));
  if (isMoment(text)) return ok(text.replace(/Z$/, ""));
  return bad("bad_time", `\`${text}\` is no time`, {
    hint: "write a length back from now as `2h` or `7d`, a day as `2026-11-23`, a moment as `2026-11-23T10:00:00Z`; both in UTC",
  });
}

/** A day, or a moment in UTC to the minute or finer: a beginning of the 24 bytes that records have, so that text order is time order. */
function isMoment(text: string): boolean {
  const bare = text.replace(/Z$/, "");
  const form = "1970-01-01T00:00:00.000";
  return (
    [10, 16, 19, 23].includes(bare.length) && (bare.length > 10 || bare === text) && parseTime(`${bare}${form.slice(bare.length)}Z`).ok
  );
}
