// Limits of schedules, routes, plans and acknowledgements that no vector has, and what holds for every plan. Proves spec/notices.md sections 1 to 6.

import { describe, expect, it } from "vitest";
import {
  CATEGORIES,
  EMPTY_MEMORY,
  HELD_BACK,
  NEVER_HELD,
  PLAN_NOTICES,
  planDigest,
  planDocument,
  planEscalations,
  planNotices,
  readRouting,
  readSchedule,
  routingFor,
  SCHEDULE_BYTES,
} from "../../../src/promotion/index.js";
import { diceOf } from "../../dice.js";
import { DAY_MS, facts, HOUR_MS, MINUTE_MS, NOON_MS, reportAt, routesText, routing, timeOf } from "./sample.js";

const SOON = facts({ last_passed_at: timeOf(NOON_MS - 6.5 * DAY_MS) });

describe("a file", () => {
  it("of a schedule has at most 65,536 bytes", () => {
    const text = `{"schema_version":"cavra.go-backend-rollback-drill-schedule.v1","schedule_id":"s","enabled":true,"interval_days":7,"due_soon_hours":24,"next_due_at":"","owners":["a"]}`;
    expect(readSchedule(text.padEnd(SCHEDULE_BYTES)).ok).toBe(true);
    expect(readSchedule(text.padEnd(SCHEDULE_BYTES + 1)).ok).toBe(false);
  });

  it.each(["", "{", "null", "[]", '"x"', "\u0000", '{"__proto__":1}', "9".repeat(1_000)])(
    "of nothing that is known is refused: %j",
    (text) => {
      expect(readSchedule(text)).toMatchObject({ ok: false, problem: { code: "schedule_malformed" } });
      expect(readRouting(text)).toMatchObject({ ok: false, problem: { code: "routes_malformed" } });
    },
  );

  it.each([
    [
      "64 providers",
      { providers: Object.fromEntries(Array.from({ length: 64 }, (_, i) => [i === 0 ? "screen" : `p${i}`, { kind: "stdout" }])) },
      true,
    ],
    [
      "65 providers",
      { providers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [i === 0 ? "screen" : `p${i}`, { kind: "stdout" }])) },
      false,
    ],
    ["256 owners", { owners: Object.fromEntries(Array.from({ length: 256 }, (_, i) => [i === 0 ? "alice" : `o${i}`, {}])) }, true],
    ["257 owners", { owners: Object.fromEntries(Array.from({ length: 257 }, (_, i) => [i === 0 ? "alice" : `o${i}`, {}])) }, false],
    [
      "a time-out of 30 s",
      { providers: { screen: { kind: "webhook", url: "https://a", timeout_ms: 30_000 } }, owners: { alice: {} } },
      true,
    ],
    [
      "a time-out of 30.001 s",
      { providers: { screen: { kind: "webhook", url: "https://a", timeout_ms: 30_001 } }, owners: { alice: {} } },
      false,
    ],
    ["a text of 200 bytes", { providers: { screen: { kind: "file", path: "/".padEnd(200, "x") } }, owners: { alice: {} } }, true],
    ["a text of 201 bytes", { providers: { screen: { kind: "file", path: "/".padEnd(201, "x") } }, owners: { alice: {} } }, false],
    ["a line break in a text", { owners: { alice: { person: "a\nb" } } }, false],
  ] as const)("of routes may have %s: %j", (_, over, holds) => {
    const given = "owners" in over ? over : { owners: { alice: {} }, ...over };
    expect(readRouting(routesText(given)).ok).toBe(holds);
  });
});

describe("a plan", () => {
  it("has no more notices than its limit, the critical ones first, and says what is missing", () => {
    const routes = Array.from({ length: 255 }, (_, i) => ({ id: `r${i}`, continue: true, owner: "alice", provider: "screen" }));
    const failed = Array.from({ length: 100 }, (_, i) => ({ fault: `f${i}`, at: timeOf(NOON_MS) }));
    const known = facts({ last_passed_at: timeOf(NOON_MS - DAY_MS), failed, mismatches: [{ id: "m", at: timeOf(NOON_MS) }] });
    const given = { report: reportAt(NOON_MS, known), facts: known, memory: EMPTY_MEMORY, nowMs: NOON_MS };
    const planned = planNotices({ ...given, routing: routing({ route: { routes } }) });
    expect(planned.notices).toHaveLength(PLAN_NOTICES);
    expect(planned.notices.filter(({ category }) => category === "mismatch")).toHaveLength(255);
    expect(planned.problems.map(({ code }) => code)).toEqual(["plan_too_large"]);
  });

  it("tells one owner once through one provider, whatever the routes", () => {
    const routes = [{ id: "a", continue: true }, { id: "b", continue: true, provider: "other" }, { id: "c" }];
    const given = { report: reportAt(NOON_MS, SOON), facts: SOON, memory: EMPTY_MEMORY, nowMs: NOON_MS };
    const planned = planNotices({ ...given, routing: routing({ route: { routes } }) });
    expect(planned.notices.map(({ route, decided }) => [route, decided?.cause ?? "deliver"])).toEqual([
      ["a", "deliver"],
      ["b", "deliver"],
      ["c", "same_target"],
    ]);
  });

  it("of a limit delivers so many itself, and holds back the rest", () => {
    const failed = ["a", "b", "c"].map((fault) => ({ fault, at: timeOf(NOON_MS) }));
    const known = facts({ last_passed_at: timeOf(NOON_MS - DAY_MS), failed });
    const given = { report: reportAt(NOON_MS, known), facts: known, memory: EMPTY_MEMORY, nowMs: NOON_MS };
    const planned = planNotices({ ...given, routing: routing({ route: { rate_limit: { count: 2, minutes: 60 } } }) });
    expect(planned.notices.map(({ decided }) => decided?.until ?? "deliver")).toEqual(["deliver", "deliver", timeOf(NOON_MS + HOUR_MS)]);
  });

  it("without routes reaches every owner of the schedule, and says so", () => {
    const report = reportAt(NOON_MS, SOON, { owners: ["ann", "ben"] });
    const given = { report, facts: SOON, memory: EMPTY_MEMORY, nowMs: NOON_MS };
    const planned = planNotices({ ...given, routing: routingFor(null, report.owners) });
    expect(planned.notices.map(({ owner, provider, route }) => [owner, provider, route])).toEqual([
      ["ann", "stdout", "unrouted.ann"],
      ["ben", "stdout", "unrouted.ben"],
    ]);
    expect(planned.problems.map(({ code }) => code)).toEqual(["routes_missing"]);
  });

  it("is named by its digest: the same plan the same, any other another", () => {
    const about = { planId: "pln_1", at: timeOf(NOON_MS), kind: "notification", schedule: "s" } as const;
    const given = { report: reportAt(NOON_MS, SOON), facts: SOON, memory: EMPTY_MEMORY, nowMs: NOON_MS, routing: routing() };
    const { notices } = planNotices(given);
    const digests = [
      planDocument(about, notices),
      planDocument(about, notices),
      planDocument({ ...about, planId: "pln_2" }, notices),
      planDocument(about, []),
    ].map(planDigest);
    expect(new Set(digests).size).toBe(3);
    expect(digests[0]).toBe(digests[1]);
  });
});

describe("every decision", () => {
  it("has a cause, an author and, held back, an end within 14 days; what is critical is never held back", () => {
    const dice = diceOf(11);
    const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "UTC"];
    const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    const time = () => `${String(dice.below(24)).padStart(2, "0")}:${String(dice.below(60)).padStart(2, "0")}`;
    let held = 0;
    for (let round = 0; round < 400; round++) {
      const nowMs = Date.UTC(2026, 0, 1) + dice.below(365 * 24 * 60) * MINUTE_MS;
      const hours = { days: days.filter(() => dice.below(3) > 0).concat("mon"), from: time(), to: time() };
      const routes = routing({
        owners: {
          alice: { calendar: { zone: dice.pick(zones), working: [{ ...hours, days: [...new Set(hours.days)] }] } },
          bob: { provider: "other" },
          carol: {},
        },
        route: dice.below(2) === 0 ? {} : { rate_limit: { count: 1, minutes: 1 + dice.below(1_440) } },
        windows: [0, 1].map((i) => ({
          id: `w${i}`,
          author: "carol",
          reason: "r",
          zone: dice.pick(zones),
          weekly: { ...hours, days: [...new Set(hours.days)], from: time(), to: time(), starts: "2026-01-01", ends: "2026-12-31" },
        })),
      });
      const heldSinceMs = dice.below(2) === 0 ? null : nowMs - dice.below(15 * DAY_MS);
      const sentMs = dice.below(3) === 0 ? nowMs - dice.below(3 * DAY_MS) : null;
      const memory = {
        ...EMPTY_MEMORY,
        thread: () => ({ sentMs, heldSinceMs, inDelivery: false, acknowledged: null }),
        counted: () => (dice.below(2) === 0 ? [] : [nowMs - 1]),
      };
      const known = facts({
        last_passed_at: timeOf(nowMs - dice.below(9 * DAY_MS)),
        failed: [{ fault: "sigkill", at: timeOf(nowMs) }],
        demotions: [{ id: "d", at: timeOf(nowMs), cause: "operator" }],
        mismatches: [{ id: "m", at: timeOf(nowMs) }],
      });
      for (const { category, decided } of planNotices({ report: reportAt(nowMs, known), facts: known, routing: routes, memory, nowMs })
        .notices) {
        expect(CATEGORIES).toContain(category);
        if (decided === null) continue;
        expect([decided.cause, decided.author]).not.toContain("");
        if (!HELD_BACK.includes(decided.outcome)) continue;
        held += 1;
        expect(NEVER_HELD).not.toContain(category);
        const until = Date.parse(decided.until);
        expect(until).toBeGreaterThan(nowMs);
        expect(until).toBeLessThanOrEqual((heldSinceMs ?? nowMs) + 14 * DAY_MS);
      }
    }
    expect(held).toBeGreaterThan(100);
  });
});

describe("an escalation", () => {
  const routes = routing({ route: { ack_minutes: 30, escalation_owner: "carol", routes: [{ id: "a", escalation_owner: "bob" }] } });
  const open = {
    route: "a",
    schedule: "s",
    key: "stale_critical:x",
    category: "stale_critical",
    level: "critical",
    planId: "pln_1",
    sinceMs: NOON_MS,
    failed: false,
    levelsDone: [] as readonly number[],
  } as const;
  const dueAt = (nowMs: number, over: object = {}) =>
    planEscalations({ routing: routes, memory: { ...EMPTY_MEMORY, open: () => [{ ...open, ...over }] }, nowMs }).notices.map(
      ({ owner, provider, key }) => [owner, provider, key],
    );

  it("goes up one level with each acknowledgement time that passes", () => {
    const [first, second] = [
      ["bob", "other", "escalation:1:pln_1:stale_critical:x"],
      ["carol", "screen", "escalation:2:pln_1:stale_critical:x"],
    ];
    expect(dueAt(NOON_MS + 30 * MINUTE_MS - 1)).toEqual([]);
    expect(dueAt(NOON_MS + 30 * MINUTE_MS)).toEqual([first]);
    expect(dueAt(NOON_MS + 60 * MINUTE_MS)).toEqual([first, second]);
    expect(dueAt(NOON_MS + 60 * MINUTE_MS, { levelsDone: [1] })).toEqual([second]);
    expect(dueAt(NOON_MS + 600 * MINUTE_MS, { levelsDone: [1, 2] })).toEqual([]);
  });

  it("of what could not be delivered begins at once", () => {
    expect(dueAt(NOON_MS, { failed: true }).map(([owner]) => owner)).toEqual(["bob"]);
  });

  it("is not held back by a window, a calendar or a limit", () => {
    const away = { calendar: { zone: "UTC", working: [{ days: ["sun"], from: "00:00", to: "00:01" }] } };
    const strict = routing({
      owners: { alice: away, bob: away, carol: away },
      route: { ack_minutes: 30, escalation_owner: "bob", rate_limit: { count: 1, minutes: 60 } },
      windows: [{ id: "w", author: "carol", reason: "r", zone: "UTC", once: { from: "2026-11-03T00:00", to: "2026-11-05T00:00" } }],
    });
    const memory = { ...EMPTY_MEMORY, counted: () => [NOON_MS], open: () => [{ ...open, route: "ops", level: "warning" as const }] };
    expect(planEscalations({ routing: strict, memory, nowMs: NOON_MS + HOUR_MS }).notices.map(({ decided }) => decided)).toEqual([null]);
  });
});
