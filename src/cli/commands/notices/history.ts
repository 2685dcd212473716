// `cavra runtime go-rollback-drill-routes`: what became of every notice, filtered, a page at a time; and routes to begin with.
// Implements spec/notices.md section 9. Looking writes nothing.

import { bad, ok, type Result } from "../../../base/index.js";
import { CATEGORIES, LEVELS, OUTCOMES, type Outcome, ROUTES_SCHEMA } from "../../../promotion/index.js";
import {
  HISTORY_PAGE,
  type HistoryFilter,
  type HistoryPage,
  type HistoryRow,
  listHistory,
  MOST_HISTORY_PAGE,
  readNotices,
  SYSTEM_CLOCK,
  stateDir,
} from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";
import { parseMoment } from "../../window.js";
import { type NoticeOptions, routesPath } from "./inputs.js";
import { writeNew } from "./written.js";

export interface HistoryOptions extends NoticeOptions {
  readonly schedule?: string;
  readonly plan?: string;
  readonly provider?: string;
  readonly owner?: string;
  readonly route?: string;
  readonly action?: string;
  readonly category?: string;
  readonly cause?: string;
  readonly level?: string;
  readonly window?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

export function showHistory(terminal: Terminal, options: HistoryOptions): ExitStatus {
  const json = options.json === true;
  const page = historyPage(terminal, options);
  if (!page.ok) return report(terminal, page.problem, json);
  const { rows, nextCursor } = page.value;
  if (json) terminal.print(`${JSON.stringify({ notices: rows, next_cursor: nextCursor })}\n`);
  else terminal.print(`${tell(terminal, rows, nextCursor)}\n`);
  return EXIT.done;
}

/** Problems: `unknown_value`, `bad_time`, `bad_limit`, `bad_cursor`, `ack_plan_unknown`. */
export function historyPage({ env }: Pick<Terminal, "env">, options: HistoryOptions): Result<HistoryPage> {
  const filter = readFilter(options);
  if (!filter.ok) return filter;
  const limit = readLimit(options.limit);
  if (!limit.ok) return limit;
  const store = readNotices(stateDir(env));
  if (store === null) return ok(NO_PAGE);
  try {
    return listHistory(store, filter.value, limit.value, options.cursor ?? "");
  } finally {
    store.close();
  }
}

const NO_PAGE: HistoryPage = { rows: [], nextCursor: "" };

function readLimit(text: string | undefined): Result<number> {
  if (text === undefined) return ok(HISTORY_PAGE);
  const limit = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : Number.NaN;
  return limit <= MOST_HISTORY_PAGE ? ok(limit) : bad("bad_limit", `\`--limit\` is a whole number from 1 to ${MOST_HISTORY_PAGE}`);
}

/** Problems: `unknown_value`, `bad_time`. */
function readFilter(options: HistoryOptions): Result<HistoryFilter> {
  const { schedule, plan, provider, owner, route, cause, window } = options;
  const action = oneOf("action", options.action, OUTCOMES);
  const category = oneOf("category", options.category, CATEGORIES);
  const level = oneOf("level", options.level, LEVELS);
  const from = momentOrNone(options.from);
  const to = momentOrNone(options.to);
  for (const read of [action, category, level, from, to]) if (!read.ok) return read;
  const given = Object.entries({ schedule, plan, provider, owner, route, cause, window }).filter(([, value]) => value !== undefined);
  return ok({
    ...Object.fromEntries(given),
    ...(action.ok && action.value !== null ? { action: action.value } : {}),
    ...(category.ok && category.value !== null ? { category: category.value } : {}),
    ...(level.ok && level.value !== null ? { level: level.value } : {}),
    ...(from.ok && from.value !== null ? { fromMs: from.value } : {}),
    ...(to.ok && to.value !== null ? { toMs: to.value } : {}),
  });
}

/** Null where nothing was said. */
export function oneOf<T extends string>(option: string, value: string | undefined, known: readonly T[]): Result<T | null> {
  if (value === undefined) return ok(null);
  const found = known.find((one) => one === value);
  return found === undefined
    ? bad("unknown_value", `\`${value}\` is no \`--${option}\``, { hint: `use one of: ${known.join(", ")}` })
    : ok(found);
}

function momentOrNone(text: string | undefined): Result<number | null> {
  return text === undefined ? ok(null) : parseMoment(text, SYSTEM_CLOCK.nowMs());
}

function tell(terminal: Terminal, rows: readonly HistoryRow[], nextCursor: string): string {
  if (rows.length === 0) return "no notice fits";
  const { colours } = terminal;
  const lines = rows.map((row) => {
    const held = row.until === "" ? "" : ` until ${row.until}`;
    const where = `${row.category} to ${row.owner} by ${row.provider} on ${row.route_id}`;
    const cause = row.action === "sent" ? "" : ` (${row.cause}${row.window === "" ? "" : ` ${row.window}`}, ${row.author}${held})`;
    return `${colours.dim(row.at)} ${paintAction(terminal, row.action)} ${where}${cause} ${colours.dim(oneLine(row.notice_id, 40))}`;
  });
  return [...lines, ...(nextCursor === "" ? [] : [colours.dim(`more: --cursor ${nextCursor}`)])].join("\n");
}

export function paintAction({ colours }: Terminal, action: Outcome): string {
  const paint = action === "sent" ? colours.green : action === "failed" ? colours.red : colours.yellow;
  return paint(action.padEnd(12));
}

export interface RoutesInit extends NoticeOptions {
  readonly owner?: string;
  readonly account?: string;
  readonly escalationOwner?: string;
}

/** Writes routes to begin with, where there are none: everything to one owner on the screen, what is critical to be acknowledged. */
export function initRoutes(terminal: Terminal, options: RoutesInit): ExitStatus {
  const json = options.json === true;
  if (options.owner === undefined)
    return report(terminal, { code: "owner_missing", message: "somebody must own the notices", hint: "`--owner alice`" }, json);
  const path = routesPath(terminal, options);
  const routes = firstRoutes(options.owner, options.escalationOwner, options.account);
  const written = writeNew(path, `${JSON.stringify(routes, null, 2)}\n`);
  if (!written.ok) return report(terminal, written.problem, json);
  terminal.print(json ? `${JSON.stringify({ path, routes })}\n` : `wrote ${path}\n`);
  return EXIT.done;
}

function firstRoutes(owner: string, escalation: string | undefined, account: string | undefined): object {
  const person = { person: owner, ...(account === undefined ? {} : { accounts: [account] }) };
  return {
    schema_version: ROUTES_SCHEMA,
    author: owner,
    providers: { screen: { kind: "stdout" } },
    owners: { [owner]: person, ...(escalation === undefined || escalation === owner ? {} : { [escalation]: { person: escalation } }) },
    route: {
      id: "all",
      owner,
      provider: "screen",
      repeat_minutes: 1_440,
      routes: [
        {
          id: "critical",
          match: { levels: ["critical"] },
          ack_minutes: 60,
          ...(escalation === undefined ? {} : { escalation_owner: escalation }),
        },
      ],
    },
    windows: [],
  };
}
