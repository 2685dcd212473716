// Notices as they are kept: one plan after the other, what they remember of each other, deliveries and what is left after them.
// Proves spec/notices.md 4.4, 5.2, 6.1, 7.3, 8.1, 8.2 and 9.1.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeId } from "../../../src/base/index.js";
import { planEscalations, planNotices, type Routing } from "../../../src/promotion/index.js";
import {
  ATTEMPT_MS,
  ATTEMPTS,
  beginDeliveries,
  type DeliveryResult,
  endDeliveries,
  findNotice,
  findPlan,
  keepAcknowledgement,
  keepPlan,
  listHistory,
  type NoticeStore,
  nextDelivery,
  openNotices,
  readNotices,
  recount,
} from "../../../src/store/index.js";
import { DAY_MS, facts, HOUR_MS, MINUTE_MS, NOON_MS, reportAt, routing, timeOf } from "../../promotion/notices/sample.js";

let folder: string;
let store: NoticeStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cavra-notices-"));
  store = openNotices(folder);
});
afterEach(() => {
  expect(recount(store).differences).toEqual([]);
  store.close();
  rmSync(folder, { recursive: true });
});

const STALE = facts({ last_passed_at: timeOf(NOON_MS - 8 * DAY_MS) });
const SOON = facts({ last_passed_at: timeOf(NOON_MS - 6.5 * DAY_MS) });
let serial = 0;

function planAt(nowMs: number, known = STALE, routes: Routing = routing(), counts = () => true) {
  const planId = makeId("pln", nowMs, new Uint8Array(10).fill(++serial));
  const head = { planId, nowMs, kind: "notification", schedule: "go-drills" } as const;
  return keepPlan(store, head, counts, (memory) =>
    planNotices({ report: reportAt(nowMs, known), facts: known, routing: routes, memory, nowMs }),
  );
}

function escalateAt(nowMs: number, routes: Routing, counts = () => true) {
  const planId = makeId("pln", nowMs, new Uint8Array(10).fill(++serial));
  const head = { planId, nowMs, kind: "escalation", schedule: "go-drills" } as const;
  return keepPlan(store, head, counts, (memory) => planEscalations({ routing: routes, memory, nowMs }));
}

function deliver(nowMs: number, result: DeliveryResult = { kind: "sent", told: "" }): number {
  const begun = beginDeliveries(store, nowMs, 100, () => "{}");
  endDeliveries(
    store,
    begun.map((delivery) => ({ delivery, result })),
    nowMs,
  );
  return begun.length;
}

function history() {
  const page = listHistory(store, {}, 1000, "");
  if (!page.ok) throw new Error(page.problem.message);
  return page.value.rows;
}

const actions = () => history().map(({ action, cause }) => `${action} ${cause}`);

describe("a plan", () => {
  it("keeps what is to be delivered as waiting, and its outcome when it was sent", () => {
    const { planId, planned } = planAt(NOON_MS);
    expect(planned.notices.map(({ key, decided }) => [key, decided])).toEqual([[`stale_critical:${timeOf(NOON_MS - DAY_MS)}`, null]]);
    expect([history(), recount(store).waiting, nextDelivery(store)]).toEqual([[], 1, NOON_MS]);
    expect(deliver(NOON_MS + 5)).toBe(1);
    expect([recount(store).waiting, nextDelivery(store)]).toEqual([0, null]);
    expect(history()).toMatchObject([
      { notice_id: `${planId}-1`, action: "sent", cause: "delivered", at: timeOf(NOON_MS + 5), attempts: 1 },
    ]);
    expect(findNotice(store, `${planId}-1`)).toEqual(history()[0]);
  });

  it("says the same again only after its time, and not while it waits", () => {
    planAt(NOON_MS);
    planAt(NOON_MS + 1);
    deliver(NOON_MS + 2);
    planAt(NOON_MS + 3);
    planAt(NOON_MS + 2 + DAY_MS);
    deliver(NOON_MS + 2 + DAY_MS);
    expect(actions()).toEqual(["sent delivered", "deduplicated already_sent", "sent delivered", "deduplicated in_delivery"]);
  });

  it("without notices is not kept", () => {
    expect(planAt(NOON_MS, facts({ last_passed_at: timeOf(NOON_MS - HOUR_MS) })).planId).toBe("");
    expect(recount(store).planned).toBe(0);
  });
});

describe("a delivery", () => {
  it("is tried six times, each later than the one before, and then failed", () => {
    planAt(NOON_MS);
    let at = NOON_MS;
    const waits: number[] = [];
    for (let next = nextDelivery(store); next !== null; next = nextDelivery(store)) {
      waits.push(next - at);
      at = next;
      deliver(at, { kind: "again", cause: "provider_timeout", told: "" });
    }
    expect(waits).toEqual([0, 2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(actions()).toEqual(["failed provider_timeout"]);
    expect(history()[0]?.attempts).toBe(ATTEMPTS);
  });

  it("whose maker was killed is made again, and after six of them has failed", () => {
    planAt(NOON_MS);
    for (let i = 0; i < ATTEMPTS; i++) {
      const at = NOON_MS + i * ATTEMPT_MS;
      expect(beginDeliveries(store, at, 100, () => "{}").map(({ attempt }) => attempt)).toEqual([i + 1]);
      expect(beginDeliveries(store, at + ATTEMPT_MS - 1, 100, () => "{}")).toEqual([]);
    }
    expect(beginDeliveries(store, NOON_MS + ATTEMPTS * ATTEMPT_MS, 100, () => "{}")).toEqual([]);
    expect(actions()).toEqual(["failed delivery_interrupted"]);
  });

  it("of which two come to an end has the first one's outcome", () => {
    planAt(NOON_MS);
    const [slow] = beginDeliveries(store, NOON_MS, 1, () => "{}");
    const [fast] = beginDeliveries(store, NOON_MS + ATTEMPT_MS, 1, () => "{}");
    if (slow === undefined || fast === undefined) throw new Error("no delivery");
    endDeliveries(store, [{ delivery: fast, result: { kind: "sent", told: "" } }], NOON_MS + ATTEMPT_MS + 1);
    endDeliveries(store, [{ delivery: slow, result: { kind: "failed", cause: "provider_refused", told: "" } }], NOON_MS + ATTEMPT_MS + 2);
    expect(actions()).toEqual(["sent delivered"]);
  });

  it("that failed is planned again by the next plan", () => {
    planAt(NOON_MS);
    deliver(NOON_MS, { kind: "failed", cause: "provider_refused", told: "" });
    expect(planAt(NOON_MS + 1).planned.notices[0]?.decided).toBeNull();
  });
});

const WINDOW = {
  id: "night",
  author: "carol",
  reason: "the network is moved",
  zone: "UTC",
  once: { from: "2026-11-03T10:00", to: "2026-11-03T18:00" },
};

describe("a window", () => {
  it("hides, and is told in one digest for each route when it has ended", () => {
    const routes = routing({ windows: [WINDOW] });
    for (let i = 0; i < 3; i++) planAt(NOON_MS + i * HOUR_MS, SOON, routes);
    expect(actions()).toEqual(Array(3).fill("suppressed maintenance_window"));
    const after = Date.UTC(2026, 10, 3, 18);
    const digests = (at: number) => planAt(at, SOON, routes).planned.notices.filter(({ category }) => category === "digest");
    expect(digests(after)).toMatchObject([{ route: "ops", decided: null, summary: expect.stringContaining("hid 3 notices: due_soon:") }]);
    deliver(after + 1);
    expect(digests(after + 2)).toEqual([]);
    expect(digests(after + DAY_MS)).toEqual([]);
  });

  it("does not hide what is critical", () => {
    expect(planAt(NOON_MS, STALE, routing({ windows: [WINDOW] })).planned.notices[0]?.decided).toBeNull();
  });
});

describe("an acknowledgement", () => {
  const routes = routing({ route: { ack_minutes: 60, escalation_owner: "bob", repeat_minutes: 30 } });

  function acknowledge(planId: string, atMs: number) {
    const plan = findPlan(store, planId);
    if (!plan.ok) throw new Error(plan.problem.message);
    const ack = {
      schema_version: "cavra.drill-notice-ack.v1",
      plan_id: planId,
      plan_digest: plan.value.digest,
      route_id: "ops",
      owner: "alice",
      person: "Alice",
      note: "",
      issued_at: timeOf(atMs),
    } as const;
    return keepAcknowledgement(store, plan.value, ack, { kind: "terminal", text: JSON.stringify(ack) }, atMs);
  }

  it("that does not come is escalated, once for each level", () => {
    planAt(NOON_MS, STALE, routes);
    deliver(NOON_MS);
    expect(escalateAt(NOON_MS + 60 * MINUTE_MS - 1, routes).planned.notices).toEqual([]);
    const escalated = escalateAt(NOON_MS + 60 * MINUTE_MS, routes).planned.notices;
    expect(escalated).toMatchObject([{ category: "escalation", owner: "bob", provider: "other", level: "critical", decided: null }]);
    deliver(NOON_MS + 60 * MINUTE_MS);
    expect(escalateAt(NOON_MS + 300 * MINUTE_MS, routes).planned.notices).toEqual([]);
  });

  it("ends the escalation of what was sent before it, and of nothing after", () => {
    const { planId } = planAt(NOON_MS, STALE, routes);
    deliver(NOON_MS);
    planAt(NOON_MS + 31 * MINUTE_MS, STALE, routes);
    deliver(NOON_MS + 31 * MINUTE_MS);
    expect(acknowledge(planId, NOON_MS + 32 * MINUTE_MS)).toMatchObject({ ok: true });
    expect(acknowledge(planId, NOON_MS + 33 * MINUTE_MS)).toMatchObject({ ok: false, problem: { code: "ack_twice" } });
    expect(escalateAt(NOON_MS + 90 * MINUTE_MS, routes).planned.notices).toEqual([]);
    expect(escalateAt(NOON_MS + 91 * MINUTE_MS, routes).planned.notices).toHaveLength(1);
  });

  it("that counts no more leaves open what it had closed", () => {
    const { planId } = planAt(NOON_MS, STALE, routes);
    deliver(NOON_MS);
    acknowledge(planId, NOON_MS + MINUTE_MS);
    expect(escalateAt(NOON_MS + 90 * MINUTE_MS, routes).planned.notices).toEqual([]);
    expect(escalateAt(NOON_MS + 90 * MINUTE_MS, routes, () => false).planned.notices).toHaveLength(1);
  });

  it("lets the same rest for its time", () => {
    const { planId } = planAt(NOON_MS, STALE, routes);
    deliver(NOON_MS);
    acknowledge(planId, NOON_MS + 25 * MINUTE_MS);
    expect(planAt(NOON_MS + 40 * MINUTE_MS, STALE, routes).planned.notices[0]?.decided).toMatchObject({
      cause: "acknowledged",
      author: "Alice",
    });
  });
});

describe("the database", () => {
  it("refuses that anything is changed or removed", () => {
    planAt(NOON_MS);
    deliver(NOON_MS);
    for (const table of ["plan", "notice", "outcome", "attempt", "result", "request", "place", "shape", "summary"]) {
      expect(() => store.database.exec(`DELETE FROM ${table}`), table).toThrow("notices are only added");
      expect(() => store.database.exec(`UPDATE ${table} SET rowid = rowid`), table).toThrow();
    }
  });

  it("keeps outcomes in the order of time, also when the clock goes back", () => {
    planAt(NOON_MS);
    deliver(NOON_MS + 10);
    planAt(NOON_MS - HOUR_MS);
    expect(history().map(({ at }) => at)).toEqual([timeOf(NOON_MS + 10), timeOf(NOON_MS + 10)]);
  });

  it("is not made, and not changed, by looking", () => {
    const empty = mkdtempSync(join(tmpdir(), "cavra-none-"));
    expect(readNotices(empty)).toBeNull();
    expect(readdirSync(empty)).toEqual([]);
    planAt(NOON_MS);
    const path = join(folder, "notices/notices.sqlite");
    const before = readFileSync(path);
    const looking = readNotices(folder);
    if (looking === null) throw new Error("no notices");
    listHistory(looking, { category: "stale_critical" }, 10, "");
    expect(() => looking.database.exec("CREATE TABLE x (y)")).toThrow();
    looking.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    rmSync(empty, { recursive: true });
  });
});
