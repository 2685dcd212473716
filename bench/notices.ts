// Measures history and trends of notices on many rows: every filter alone, pairs of which some fit nothing, pages from deep inside; and 90 days of trends.
// A program, not a test: `node scripts/bench.mjs notices [--million]`; without `--million` it has 100,000 rows.

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatTime, makeId } from "../src/base/index.js";
import {
  CATEGORIES,
  type Category,
  type Decided,
  LEVEL_OF,
  type PlannedNotice,
  suppressionTrends,
  trendWindow,
  windowBefore,
} from "../src/promotion/index.js";
import {
  beginDeliveries,
  endDeliveries,
  type HistoryFilter,
  keepPlan,
  listHistory,
  type NoticeStore,
  nextDelivery,
  openNotices,
  readNotices,
  trendSums,
} from "../src/store/index.js";
import { diceOf } from "../test/dice.js";
import { ascending, at, type Goal, median, report, rounded } from "./report.js";

const ROWS = process.argv.includes("--million") ? 1_000_000 : 100_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** 90 days, and the 90 days before them. */
const DAYS = 180;
const FIRST_MS = Date.UTC(2026, 4, 4);
const LAST_MS = FIRST_MS + DAYS * DAY_MS;
const PLAN = 1_000;
const dice = diceOf(42);

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const [ROUTES, OWNERS, PROVIDERS, SCHEDULES, WINDOWS] = [
  names("route", 24),
  names("owner", 12),
  ["chat", "pager", "log", "mail"],
  names("schedule", 6),
  names("window", 8),
] as const;
const KINDS = CATEGORIES.filter((category): category is Exclude<Category, "escalation"> => category !== "escalation");

/** One thing that never was told is in every list, for filters that fit nothing together. */
function notice(nowMs: number): PlannedNotice {
  const category = dice.pick(KINDS);
  const route = dice.below(ROUTES.length);
  return {
    category,
    level: LEVEL_OF[category],
    schedule: dice.pick(SCHEDULES),
    key: `${category}:${dice.below(2_000)}`,
    summary: "a rollback drill is due",
    route: ROUTES[route] ?? "",
    owner: OWNERS[route % OWNERS.length] ?? "",
    provider: PROVIDERS[route % PROVIDERS.length] ?? "",
    ackMinutes: 0,
    decided: dice.below(4) === 0 ? null : decided(category, OWNERS[route % OWNERS.length] ?? "", nowMs),
  };
}

function decided(category: Category, owner: string, nowMs: number): Decided {
  const until = formatTime(nowMs + (1 + dice.below(12)) * HOUR_MS);
  const repeated: Decided = { outcome: "deduplicated", cause: "already_sent", author: "carol", until, window: "" };
  if (LEVEL_OF[category as keyof typeof LEVEL_OF] === "critical") return repeated;
  switch (dice.below(4)) {
    case 0:
      return { outcome: "suppressed", cause: "maintenance_window", author: "carol", until, window: dice.pick(WINDOWS) };
    case 1:
      return { outcome: "deferred", cause: "outside_hours", author: owner, until, window: "" };
    case 2:
      return { outcome: "rate_limited", cause: "rate_limit", author: "carol", until, window: "" };
    default:
      return repeated;
  }
}

function fill(store: NoticeStore): number {
  // What is measured is reading; a bench that waits for the disk a thousand times measures the disk.
  store.database.exec("PRAGMA synchronous = OFF");
  const began = performance.now();
  const plans = ROWS / PLAN;
  for (let i = 0; i < plans; i++) {
    const nowMs = FIRST_MS + Math.floor((i * DAYS * DAY_MS) / plans);
    const planId = makeId(
      "pln",
      nowMs,
      Uint8Array.from({ length: 10 }, () => dice.below(256)),
    );
    const notices = Array.from({ length: PLAN }, () => notice(nowMs));
    keepPlan(
      store,
      { planId, nowMs, kind: "notification", schedule: SCHEDULES[0] ?? "" },
      () => true,
      () => ({ notices, problems: [] }),
    );
    for (let next = nextDelivery(store); next !== null; next = nextDelivery(store)) {
      const begun = beginDeliveries(store, next, PLAN, () => "{}");
      const ended = begun.map((delivery) => ({
        delivery,
        result:
          dice.below(50) === 0 ? ({ kind: "failed", cause: "provider_refused", told: "" } as const) : ({ kind: "sent", told: "" } as const),
      }));
      endDeliveries(store, ended, next);
    }
  }
  return performance.now() - began;
}

const PAGE = 50;

function filters(store: NoticeStore): readonly (readonly [string, () => HistoryFilter])[] {
  const plans = store
    .sql("SELECT plan_id FROM plan")
    .all()
    .map((row) => String(row.plan_id));
  const day = () => {
    const fromMs = FIRST_MS + dice.below(DAYS) * DAY_MS;
    return { fromMs, toMs: fromMs + DAY_MS };
  };
  return [
    ["nothing", () => ({})],
    ["schedule", () => ({ schedule: dice.pick(SCHEDULES) })],
    ["plan", () => ({ plan: dice.pick(plans) })],
    ["provider", () => ({ provider: dice.pick(PROVIDERS) })],
    ["owner", () => ({ owner: dice.pick(OWNERS) })],
    ["route", () => ({ route: dice.pick(ROUTES) })],
    ["action", () => ({ action: dice.pick(["sent", "suppressed", "failed"] as const) })],
    ["category", () => ({ category: dice.pick(KINDS) })],
    ["cause", () => ({ cause: dice.pick(["maintenance_window", "outside_hours", "provider_refused"]) })],
    ["level", () => ({ level: dice.pick(["info", "warning", "critical"] as const) })],
    ["window", () => ({ window: dice.pick(WINDOWS) })],
    ["from and to", day],
    ["a day of one owner", () => ({ ...day(), owner: dice.pick(OWNERS) })],
    ["owner, action, category", () => ({ owner: dice.pick(OWNERS), action: "failed" as const, category: dice.pick(KINDS) })],
    ["two that fit nothing together", () => ({ level: "critical" as const, action: "suppressed" as const })],
    ["a name that there is not", () => ({ owner: "nobody" })],
    ["a plan and what is rare in it", () => ({ plan: dice.pick(plans), cause: "provider_refused" })],
    ["failed before a day long ago", () => ({ action: "failed" as const, toMs: FIRST_MS + dice.below(20) * DAY_MS })],
  ];
}

const ROUNDS = 40;

interface Times {
  readonly wall: number[];
  /** Of the processor: what it would take where nobody else is. */
  readonly cpu: number[];
}

function timed(times: Times, action: () => void): void {
  const [began, before] = [performance.now(), process.cpuUsage()];
  action();
  const { user, system } = process.cpuUsage(before);
  times.wall.push(performance.now() - began);
  times.cpu.push((user + system) / 1000);
}

function shown({ wall, cpu }: Times): string {
  const of = (values: readonly number[]) => `median ${median(values).toFixed(1)}, p99 ${at(ascending(values), 0.99).toFixed(1)} ms`;
  return `${of(wall)}; processor ${of(cpu)}`;
}

function measureHistory(store: NoticeStore): { readonly all: Times; readonly lines: readonly string[] } {
  const all: Times = { wall: [], cpu: [] };
  const lines = filters(store).map(([what, make]) => {
    const own: Times = { wall: [], cpu: [] };
    let rows = 0;
    for (let i = 0; i < ROUNDS; i++) {
      // Every other one a page from somewhere inside.
      const cursor = i % 2 === 0 ? "" : String(1 + dice.below(ROWS));
      const filter = make();
      timed(own, () => {
        const page = listHistory(store, filter, PAGE, cursor);
        if (page.ok) rows = Math.max(rows, page.value.rows.length);
      });
    }
    all.wall.push(...own.wall);
    all.cpu.push(...own.cpu);
    return `  ${what.padEnd(32)} ${shown(own)} (up to ${rows} rows)`;
  });
  return { all, lines };
}

function measureTrends(store: NoticeStore): { readonly all: Times; readonly lines: readonly string[] } {
  const all: Times = { wall: [], cpu: [] };
  const lines = (["hour", "day", "week"] as const).map((bucket) => {
    const window = trendWindow(LAST_MS - 90 * DAY_MS, LAST_MS, bucket);
    if (!window.ok) throw new Error(window.problem.message);
    const own: Times = { wall: [], cpu: [] };
    for (let i = 0; i < 15; i++)
      timed(own, () => {
        const sums = trendSums(store, window.value, windowBefore(window.value), LAST_MS);
        JSON.stringify(suppressionTrends({ window: window.value, ...sums }));
      });
    all.wall.push(...own.wall);
    all.cpu.push(...own.cpu);
    return `  90 days by ${bucket.padEnd(4)}                  ${shown(own)}`;
  });
  return { all, lines };
}

const folder = mkdtempSync(join(tmpdir(), "cavra-bench-notices-"));
const writing = openNotices(folder);
const filledMs = fill(writing);
writing.close();
const store = readNotices(folder);
if (store === null) throw new Error("there are no notices");
const shapes = Number(store.sql("SELECT count(*) AS count FROM shape").get()?.count);
const bytes = statSync(join(folder, "notices/notices.sqlite")).size;
const history = measureHistory(store);
const trends = measureTrends(store);
store.close();
rmSync(folder, { recursive: true });

const goalsOf = (what: string, { wall, cpu }: Times, goal: number): readonly Goal[] => [
  { what: `${what}, p99`, measured: rounded(at(ascending(wall), 0.99)), goal, bound: "most", unit: "ms" },
  { what: `${what}, p99 of processor time`, measured: rounded(at(ascending(cpu), 0.99)), goal, bound: "most", unit: "ms" },
];
const many = ROWS.toLocaleString("en");
const goals: Goal[] = [
  ...goalsOf(`history of ${many} notices by any filter`, history.all, 50),
  ...goalsOf(`trends of 90 days in ${many} notices`, trends.all, 500),
];
report({
  name: "notices",
  details: [
    `${ROWS.toLocaleString("en")} notices in ${DAYS} days, ${shapes} shapes, ${Math.round(bytes / ROWS)} bytes a notice; written in ${(filledMs / 1000).toFixed(0)} s without waiting for the disk`,
    `history, pages of ${PAGE}, half of them from inside`,
    ...history.lines,
    "trends, compared with the 90 days before",
    ...trends.lines,
  ],
  goals,
});
