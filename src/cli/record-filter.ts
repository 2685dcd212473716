// Which records are shown: the options that lists of records share, and what they mean. Implements spec/cli.md 6.1.

import type { Command } from "commander";
import { bad, ok, parseTime, type Result, VERDICTS } from "../base/index.js";
import { ACTION_TYPES } from "../change/index.js";
import type { RecordFilter } from "../store/index.js";

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
    .option("--since <time>", "from this time on (2026-11-23 or 2026-11-23T10:00:00Z)")
    .option("--until <time>", "before this time");
}

/** Problems: `unknown_verdict`, `unknown_action_type`, `bad_time`. */
export function filterFrom(options: FilterOptions): Result<RecordFilter> {
  const { decision, actionType } = options;
  if (decision !== undefined && !(VERDICTS as readonly string[]).includes(decision))
    return bad("unknown_verdict", `there is no verdict \`${decision}\``, { hint: verdictHint(decision) });
  if (actionType !== undefined && !(ACTION_TYPES as readonly string[]).includes(actionType))
    return bad("unknown_action_type", `there is no action type \`${actionType}\``, { hint: `use one of: ${ACTION_TYPES.join(", ")}` });
  const wrong = [options.since, options.until].find((moment) => moment !== undefined && !isMoment(moment));
  if (wrong !== undefined)
    return bad("bad_time", `\`${wrong}\` is no time`, {
      hint: "write a day as `2026-11-23`, a moment as `2026-11-23T10:00:00Z`; both in UTC",
    });
  const given = {
    decision,
    agent: options.agent,
    session: options.session,
    rule_id: options.rule,
    repository: options.repository,
    action_type: actionType,
    since: options.since?.replace(/Z$/, ""),
    until: options.until?.replace(/Z$/, ""),
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

/** A day, or a moment in UTC to the minute or finer: a beginning of the 24 bytes that records have, so that text order is time order. */
function isMoment(text: string): boolean {
  const bare = text.replace(/Z$/, "");
  const form = "1970-01-01T00:00:00.000";
  return (
    [10, 16, 19, 23].includes(bare.length) && (bare.length > 10 || bare === text) && parseTime(`${bare}${form.slice(bare.length)}Z`).ok
  );
}
