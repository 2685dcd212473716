// History and trends held against plain counting: every filter, page after page, while new notices come; sums by name at every edge of a window.
// Proves spec/notices.md sections 9 and 10 over the database.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatTime, makeId } from "../../../src/base/index.js";
import {
  BUCKETS,
  type Category,
  type Decided,
  HELD_BACK,
  OUTCOMES,
  type PlannedNotice,
  suppressionTrends,
  trendWindow,
  windowBefore,
} from "../../../src/promotion/index.js";
import {
  beginDeliveries,
  endDeliveries,
  type HistoryFilter,
  type HistoryRow,
  keepPlan,
  listHistory,
  type NoticeStore,
  openNotices,
  readNotices,
  recount,
  trendSums,
} from "../../../src/store/index.js";
import { diceOf } from "../../dice.js";
import { DAY_MS, HOUR_MS, NOON_MS } from "../../promotion/notices/sample.js";

const dice = diceOf(3);
let folder: string;
let store: NoticeStore;
let all: readonly HistoryRow[];
let serial = 0;

/** `rare` is a category that is met once in a hundred notices, and only at first. */
function notice(nowMs: number, early: boolean): PlannedNotice {
  const category: Category = early && dice.below(20) === 0 ? "mismatch" : dice.pick(["due_soon", "drill_failed", "overdue"] as const);
  const until = formatTime(nowMs + (1 + dice.below(30)) * HOUR_MS);
  const held: readonly Decided[] = [
    { outcome: "suppressed", cause: "maintenance_window", author: "carol", until, window: dice.pick(["night", "noon"]) },
    { outcome: "deferred", cause: "outside_hours", author: "alice", until, window: "" },
    { outcome: "deduplicated", cause: "already_sent", author: "carol", until, window: "" },
    { outcome: "rate_limited", cause: "rate_limit", author: "carol", until, window: "" },
  ];
  return {
    category,
    level: category === "mismatch" ? "critical" : category === "due_soon" ? "info" : "warning",
    schedule: dice.pick(["s1", "s2"]),
    key: `${category}:${dice.below(40)}`,
    summary: "x",
    route: dice.pick(["r1", "r2", "r3"]),
    owner: dice.pick(["alice", "bob"]),
    provider: dice.pick(["log", "chat"]),
    ackMinutes: 0,
    decided: category === "mismatch" || dice.below(3) === 0 ? null : dice.pick(held),
  };
}

function plan(nowMs: number, count: number, early: boolean): void {
  const planId = makeId("pln", nowMs, new Uint8Array(10).fill(++serial));
  const notices = Array.from({ length: count }, () => notice(nowMs, early));
  keepPlan(
    store,
    { planId, nowMs, kind: "notification", schedule: "s1" },
    () => true,
    () => ({ notices, problems: [] }),
  );
  const begun = beginDeliveries(store, nowMs, count, () => "{}");
  const result = () =>
    dice.below(10) === 0 ? ({ kind: "failed", cause: "provider_refused", told: "" } as const) : ({ kind: "sent", told: "" } as const);
  endDeliveries(
    store,
    begun.map((delivery) => ({ delivery, result: result() })),
    nowMs + 1,
  );
}

function pageAfterPage(filter: HistoryFilter, limit: number, between: () => void = () => {}): readonly HistoryRow[] {
  const rows: HistoryRow[] = [];
  let cursor = "";
  do {
    const page = listHistory(store, filter, limit, cursor);
    if (!page.ok) throw new Error(page.problem.message);
    rows.push(...page.value.rows);
    cursor = page.value.nextCursor;
    between();
  } while (cursor !== "");
  return rows;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cavra-history-"));
  store = openNotices(folder);
  store.database.exec("PRAGMA synchronous = OFF");
  for (let i = 0; i < 30; i++) plan(NOON_MS + i * 7 * HOUR_MS, 120, i < 5);
  all = pageAfterPage({}, 1_000);
});
afterAll(() => {
  expect(recount(store).differences).toEqual([]);
  store.close();
  rmSync(folder, { recursive: true });
});

function fits(row: HistoryRow, filter: HistoryFilter): boolean {
  const { schedule, plan: planId, provider, owner, route, action, category, cause, level, window, fromMs, toMs } = filter;
  const pairs = [
    [schedule, row.schedule_id],
    [planId, row.plan_id],
    [provider, row.provider],
    [owner, row.owner],
    [route, row.route_id],
    [action, row.action],
    [category, row.category],
    [cause, row.cause],
    [level, row.alert_level],
    [window, row.window],
  ] as const;
  const at = Date.parse(row.at);
  return (
    pairs.every(([wanted, is]) => wanted === undefined || wanted === is) && at >= (fromMs ?? 0) && at < (toMs ?? Number.MAX_SAFE_INTEGER)
  );
}

describe("history", () => {
  it("has every notice once, the last first", () => {
    expect(all).toHaveLength(3_600);
    expect(new Set(all.map(({ notice_id }) => notice_id)).size).toBe(3_600);
    expect(all.every(({ at }, i) => i === 0 || at <= (all[i - 1]?.at ?? ""))).toBe(true);
  });

  const from = NOON_MS + 20 * HOUR_MS;
  it.each<readonly [string, HistoryFilter]>([
    ["schedule", { schedule: "s2" }],
    ["provider", { provider: "chat" }],
    ["owner", { owner: "bob" }],
    ["route", { route: "r3" }],
    ["action", { action: "failed" }],
    ["category", { category: "overdue" }],
    ["cause", { cause: "outside_hours" }],
    ["level", { level: "warning" }],
    ["window", { window: "noon" }],
    ["what was only long ago", { category: "mismatch" }],
    ["what was only long ago, of one owner that failed", { category: "mismatch", owner: "alice", action: "failed" }],
    ["from", { fromMs: NOON_MS + 150 * HOUR_MS }],
    ["to, which is not included", { toMs: NOON_MS + 7 * HOUR_MS }],
    ["from and to and a name", { fromMs: from, toMs: from + DAY_MS, owner: "alice", action: "sent" }],
    ["two that do not go together", { level: "critical", action: "suppressed" }],
    ["a name that there is not", { owner: "nobody" }],
    ["a time to come", { fromMs: NOON_MS + 1_000 * DAY_MS }],
  ])("by %s is what plain looking finds, by pages of any size", (_, filter) => {
    const should = all.filter((row) => fits(row, filter)).map(({ notice_id }) => notice_id);
    for (const limit of [7, 50, 1_000]) expect(pageAfterPage(filter, limit).map(({ notice_id }) => notice_id)).toEqual(should);
  });

  it("by plan, and by the beginning of its id", () => {
    const planId = all[200]?.plan_id ?? "";
    const should = all.filter((row) => fits(row, { plan: planId, action: "sent" })).map(({ notice_id }) => notice_id);
    expect(pageAfterPage({ plan: planId, action: "sent" }, 10).map(({ notice_id }) => notice_id)).toEqual(should);
  });

  it.each(["x", "0", "-1", "1.5", "9".repeat(16)])("knows no cursor %j", (cursor) => {
    expect(listHistory(store, {}, 10, cursor)).toMatchObject({ ok: false, problem: { code: "bad_cursor" } });
  });

  it("goes on where a page ended, whatever came meanwhile", () => {
    const filter: HistoryFilter = { owner: "alice" };
    const before = pageAfterPage(filter, 1_000).map(({ notice_id }) => notice_id);
    let more = 3;
    const during = pageAfterPage(filter, 400, () => {
      if (more-- > 0) plan(NOON_MS + 300 * HOUR_MS + more, 20, false);
    });
    expect(during.map(({ notice_id }) => notice_id)).toEqual(before);
    all = pageAfterPage({}, 1_000);
  });
});

describe("trends", () => {
  it.each(BUCKETS)("by %s are what plain counting finds, at any edge", (bucket) => {
    for (let i = 0; i < 6; i++) {
      const fromMs = NOON_MS + dice.below(200 * 60) * 60_000;
      const window = trendWindow(fromMs, fromMs + HOUR_MS + dice.below(6 * DAY_MS), bucket);
      if (!window.ok) throw new Error(window.problem.message);
      const trends = suppressionTrends({
        window: window.value,
        ...trendSums(store, window.value, windowBefore(window.value), NOON_MS + 400 * HOUR_MS),
      });
      const within = all.filter((row) => row.at >= trends.from && row.at < trends.to);
      for (const outcome of OUTCOMES) expect(trends.totals[outcome]).toBe(within.filter(({ action }) => action === outcome).length);
      expect(trends.series.reduce((sum, { planned }) => sum + planned, 0)).toBe(within.length);
      for (const { from, planned } of trends.series.slice(0, -1)) {
        const next = trends.series[trends.series.findIndex((one) => one.from === from) + 1]?.from ?? "";
        expect(planned).toBe(within.filter(({ at }) => at >= from && at < next).length);
      }
      for (const { name, suppressed, planned } of trends.by_owner) {
        expect(planned).toBe(within.filter(({ owner }) => owner === name).length);
        expect(suppressed).toBe(within.filter(({ owner, action }) => owner === name && action === "suppressed").length);
      }
      for (const { name, planned } of trends.by_window) expect(planned).toBe(within.filter((row) => row.window === name).length);
      const before = all.filter((row) => row.at >= trends.before.from && row.at < trends.before.to);
      expect([trends.before.planned, trends.change.planned]).toEqual([before.length, within.length - before.length]);
    }
  });

  it("name the longest mutes as plain looking finds them", () => {
    const nowMs = NOON_MS + 400 * HOUR_MS;
    const mutes: { key: string; from: number; to: number }[] = [];
    const threads = new Map<string, { from: number; to: number } | null>();
    for (const row of [...all].reverse()) {
      const name = `${row.route_id}\n${row.key}`;
      const [open, at] = [threads.get(name) ?? null, Date.parse(row.at)];
      if (row.action === "sent") {
        if (open !== null) mutes.push({ key: row.key, from: open.from, to: Math.min(open.to, at) });
        threads.set(name, null);
      } else if (HELD_BACK.includes(row.action))
        threads.set(name, { from: open?.from ?? at, to: Math.max(open?.to ?? 0, Date.parse(row.until)) });
    }
    for (const [name, open] of threads)
      if (open !== null) mutes.push({ key: name.split("\n")[1] ?? "", from: open.from, to: Math.min(open.to, nowMs) });
    const longest = mutes.map(({ from, to }) => to - from).sort((a, b) => b - a);
    const window = trendWindow(NOON_MS, nowMs, "day");
    if (!window.ok) throw new Error(window.problem.message);
    const trends = suppressionTrends({ window: window.value, ...trendSums(store, window.value, windowBefore(window.value), nowMs) });
    expect(trends.longest_muted.map(({ duration_ms }) => duration_ms)).toEqual(longest.slice(0, 10));
  });
});

describe("a database", () => {
  it.each([
    ["that is none", "this is no database, and long enough to be read as one".repeat(40), "notices_damaged"],
    ["of nothing", "", null],
  ] as const)("%s", (_, content, code) => {
    const place = mkdtempSync(join(tmpdir(), "cavra-other-"));
    openNotices(place).close();
    writeFileSync(join(place, "notices/notices.sqlite"), content);
    if (code === null) expect(readNotices(place)).toBeNull();
    else expect(() => readNotices(place)).toThrow(expect.objectContaining({ code }));
    rmSync(place, { recursive: true });
  });

  it("of a newer format, or of somebody else, is not touched", () => {
    for (const pragma of ["user_version = 99", "application_id = 7"]) {
      const place = mkdtempSync(join(tmpdir(), "cavra-newer-"));
      const made = openNotices(place);
      made.database.exec(`PRAGMA ${pragma}`);
      made.close();
      for (const open of [openNotices, readNotices])
        expect(() => open(place)).toThrow(expect.objectContaining({ code: "notices_format_unknown" }));
      rmSync(place, { recursive: true });
    }
  });
});
