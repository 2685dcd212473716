// `cavra runtime go-rollback-drill-routes explain-route`: why a notice went where it went, or where one would go. Implements spec/notices.md 9.2.

import { bad, formatTime, ok, type Result } from "../../../base/index.js";
import {
  CATEGORIES,
  type Category,
  type Condition,
  decide,
  EMPTY_MEMORY,
  LEVEL_OF,
  LEVELS,
  type Memory,
  openMoment,
  type Resolved,
  type Routing,
  wayOf,
} from "../../../promotion/index.js";
import { findNotice, type HistoryRow, lookMemory, type NoticeStore, readNotices, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";
import { parseMoment } from "../../window.js";
import { oneOf, paintAction } from "./history.js";
import { ackCounter, type NoticeOptions, readInputs } from "./inputs.js";

export interface ExplainOptions extends NoticeOptions {
  readonly category?: string;
  readonly level?: string;
  readonly schedule?: string;
  readonly key?: string;
  readonly at?: string;
}

interface Asking {
  readonly condition: Condition;
  readonly atMs: number;
  /** The notice that was kept; null for one that is only thought of. */
  readonly kept: HistoryRow | null;
  /** Its thread is looked up. */
  readonly remembers: boolean;
}

export function explainRoute(terminal: Terminal, noticeId: string | undefined, options: ExplainOptions): ExitStatus {
  const json = options.json === true;
  const inputs = readInputs(terminal, options);
  const store = readNotices(stateDir(terminal.env));
  try {
    const asking = noticeId === undefined ? thoughtOf(options, inputs.report.schedule_id) : keptNotice(store, noticeId);
    if (!asking.ok) return report(terminal, asking.problem, json);
    const counter = ackCounter(terminal, inputs.nowMs);
    const look = <T>(action: (memory: Memory) => T): T =>
      store === null || !asking.value.remembers ? action(EMPTY_MEMORY) : lookMemory(store, counter, action);
    const told = look((memory) => explained(asking.value, inputs.routing, memory));
    terminal.print(json ? `${JSON.stringify({ ...told, problems: inputs.routing.problems })}\n` : tell(terminal, told));
    return EXIT.done;
  } finally {
    store?.close();
  }
}

/** What was kept is explained by its own moment and without memory: what came after it must not explain it. Problem: `notice_unknown`. */
function keptNotice(store: NoticeStore | null, noticeId: string): Result<Asking> {
  const kept = store === null ? null : findNotice(store, noticeId);
  if (kept === null)
    return bad("notice_unknown", `no notice \`${noticeId}\` has an outcome`, {
      hint: "`cavra runtime go-rollback-drill-routes` shows their ids",
    });
  const { category, alert_level: level, schedule_id: schedule, key, summary } = kept;
  return ok({ condition: { category, level, schedule, key, summary }, atMs: Date.parse(kept.planned_at), kept, remembers: false });
}

/** Problems: `category_missing`, `unknown_value`, `bad_time`. */
function thoughtOf(options: ExplainOptions, schedule: string): Result<Asking> {
  const category = oneOf("category", options.category, CATEGORIES);
  if (!category.ok) return category;
  if (category.value === null)
    return bad("category_missing", "a notice is needed, or a category to think of", {
      hint: `a notice's id, or \`--category\` and one of: ${CATEGORIES.join(", ")}`,
    });
  const level = oneOf("level", options.level, LEVELS);
  if (!level.ok) return level;
  const nowMs = SYSTEM_CLOCK.nowMs();
  const at = options.at === undefined ? ok(nowMs) : parseMoment(options.at, nowMs);
  if (!at.ok) return at;
  const condition: Condition = {
    category: category.value,
    level: level.value ?? levelOf(category.value),
    schedule: options.schedule ?? schedule,
    key: options.key ?? `${category.value}:`,
    summary: "",
  };
  return ok({ condition, atMs: at.value, kept: null, remembers: options.key !== undefined });
}

function levelOf(category: Category) {
  return category === "escalation" ? "critical" : LEVEL_OF[category];
}

interface Explained {
  readonly notice: HistoryRow | null;
  readonly at: string;
  readonly category: string;
  readonly alert_level: string;
  readonly schedule_id: string;
  readonly asked: readonly { readonly route_id: string; readonly matched: boolean; readonly because: string }[];
  readonly routes: readonly ExplainedRoute[];
}

interface ExplainedRoute {
  readonly route_id: string;
  readonly settings: readonly { readonly setting: string; readonly value: string; readonly from: string }[];
  readonly steps: readonly { readonly step: string; readonly stops: boolean; readonly because: string }[];
  readonly action: string;
  readonly cause: string;
  readonly until: string;
}

function explained({ condition, atMs, kept }: Asking, routing: Routing, memory: Memory): Explained {
  const { asked, taken } = wayOf(condition, routing.root);
  const moment = openMoment(routing, memory, atMs);
  const routes = taken.map((route): ExplainedRoute => {
    const { decided, steps } = decide(condition, route, moment);
    return {
      route_id: route.id,
      settings: settingsOf(route),
      steps,
      action: decided?.outcome ?? "deliver",
      cause: decided?.cause ?? "",
      until: decided?.until ?? "",
    };
  });
  return {
    notice: kept,
    at: formatTime(atMs),
    category: condition.category,
    alert_level: condition.level,
    schedule_id: condition.schedule,
    asked: asked.map(({ route, matched, because }) => ({ route_id: route, matched, because })),
    routes,
  };
}

function settingsOf({ settings, from, escalation }: Resolved): ExplainedRoute["settings"] {
  const { rateLimit } = settings;
  const limit = rateLimit === null ? "none" : `${rateLimit.count} in ${rateLimit.minutes} minutes`;
  return [
    { setting: "owner", value: settings.owner, from: from.owner },
    { setting: "provider", value: settings.provider, from: from.provider },
    { setting: "ack_minutes", value: String(settings.ackMinutes), from: from.ackMinutes },
    { setting: "escalation_owner", value: escalation.join(", then "), from: from.escalationOwner },
    { setting: "repeat_minutes", value: String(settings.repeatMinutes), from: from.repeatMinutes },
    { setting: "rate_limit", value: limit, from: from.rateLimit },
  ];
}

function tell(terminal: Terminal, { notice, at, category, alert_level, schedule_id, asked, routes }: Explained): string {
  const { colours } = terminal;
  const mark = (yes: boolean) => (yes ? colours.green("✓") : colours.dim("·"));
  const lines = [`${category} (${alert_level})${schedule_id === "" ? "" : ` of ${schedule_id}`} at ${at}`];
  if (notice !== null)
    lines.push(
      `${notice.notice_id} was ${paintAction(terminal, notice.action).trimEnd()} (${notice.cause}) on ${notice.route_id}; by the routes of today:`,
    );
  for (const one of asked) lines.push(`  ${mark(one.matched)} route ${one.route_id}: ${one.because}`);
  for (const route of routes) {
    lines.push(
      `on ${route.route_id}: ${route.action}${route.cause === "" ? "" : ` (${route.cause}${route.until === "" ? "" : ` until ${route.until}`})`}`,
    );
    for (const { setting, value, from } of route.settings)
      lines.push(
        `    ${setting.padEnd(17)}${value === "" ? "nobody" : value} ${colours.dim(from === "" ? "(as it is where nothing is said)" : `(from ${from})`)}`,
      );
    for (const { step, stops, because } of route.steps) lines.push(`  ${mark(stops)} ${step}: ${because}`);
  }
  return `${lines.join("\n")}\n`;
}
