// Plans, delivers and acknowledges at random until it is killed: `node plan.mjs STATE SEED RECEIPTS [settle]`. A day of its world is a moment of ours.
// It prints a line for each step, so that whoever kills it knows after which. With `settle` it delivers what waits, and ends.

import { closeSync, openSync, writeSync } from "node:fs";
import { type CavraError, formatTime, makeId } from "../../../../src/base/index.js";
import {
  allRoutes,
  type DrillFacts,
  planEscalations,
  planNotices,
  type Routing,
  readRouting,
  readSchedule,
  scheduleReport,
} from "../../../../src/promotion/index.js";
import {
  beginDeliveries,
  type Delivery,
  type DeliveryResult,
  endDeliveries,
  findPlan,
  keepAcknowledgement,
  keepPlan,
  type NoticeStore,
  nextDelivery,
  openNotices,
  wasSentOn,
} from "../../../../src/store/index.js";
import { diceOf } from "../../../dice.js";

const [state = "", seed = "1", receipts = "", mode = ""] = process.argv.slice(2);
const FIRST_MS = Date.UTC(2026, 8, 1);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;
const ROUTES = 24;
const dice = diceOf(Number(seed));
const store = openNotices(state);
const routings = [0, 1, 2, 3].map(routingNumber);
const handle = openSync(receipts, "a", 0o600);

function say(step: string): void {
  writeSync(1, `${step}\n`);
}

/** Two dozen routes that all go on, with limits, windows and calendars of every kind; four sets of them. */
function routingNumber(n: number): Routing {
  const owners = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [
      `owner${i}`,
      i % 3 === 0
        ? {
            accounts: [`owner${i}`],
            calendar: { zone: zoneOf(i), working: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }] },
          }
        : { accounts: [`owner${i}`] },
    ]),
  );
  const route = (i: number) => ({
    id: `route${i}`,
    continue: true,
    owner: `owner${(i + n) % 8}`,
    provider: `provider${i % 4}`,
    escalation_owner: `owner${(i + 3) % 8}`,
    ack_minutes: i % 2 === 0 ? 60 : 0,
    repeat_minutes: [15, 60, 240, 1_440][i % 4],
    ...(i % 3 === 0 ? { rate_limit: { count: 5 + i, minutes: 120 } } : {}),
  });
  const window = (id: string, zone: string, from: string, to: string, routes: readonly string[]) => ({
    id,
    author: "carol",
    reason: "work on the network",
    zone,
    weekly: { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from, to, starts: "2026-09-01", ends: "2027-08-31" },
    routes,
  });
  const read = readRouting(
    JSON.stringify({
      schema_version: "cavra.go-backend-rollback-drill-routes.v1",
      author: `author${n}`,
      providers: Object.fromEntries([0, 1, 2, 3].map((i) => [`provider${i}`, { kind: "stdout" }])),
      owners,
      route: { id: "root", owner: "owner0", provider: "provider0", routes: Array.from({ length: ROUTES }, (_, i) => route(i)) },
      windows: [
        window("night", "Europe/Berlin", "22:00", "06:00", ["route1", "route2", "route3"]),
        window("noon", "America/New_York", "12:00", "13:30", ["route4", "route5", "route6", "route7"]),
      ],
    }),
  );
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

function zoneOf(i: number): string {
  return ["Europe/Berlin", "America/New_York", "Asia/Kolkata"][i % 3] ?? "UTC";
}

function now(): number {
  const last = Number(store.database.prepare("SELECT max(at) AS at FROM plan").get()?.at ?? FIRST_MS) || FIRST_MS;
  return last + dice.below(90 * MINUTE_MS);
}

function facts(nowMs: number): DrillFacts {
  const some = (most: number, prefix: string) => Array.from({ length: dice.below(most) }, () => `${prefix}${dice.below(60)}`);
  const event = (id: string) => ({ id, at: formatTime(nowMs - dice.below(DAY_MS)), cause: "operator" });
  return {
    last_passed_at: formatTime(nowMs - Math.floor((6 + dice.below(30) / 20) * DAY_MS)),
    failed: [...new Set(some(80, "fault"))].map((fault) => ({ fault, at: formatTime(nowMs) })),
    demotions: some(4, "hold").map(event),
    mismatches: some(3, "hold").map(event),
  };
}

function plan(): void {
  const nowMs = now();
  const routing = dice.pick(routings);
  const schedule = `schedule${dice.below(3)}`;
  const known = facts(nowMs);
  const read = readSchedule(
    JSON.stringify({
      schema_version: "cavra.go-backend-rollback-drill-schedule.v1",
      schedule_id: schedule,
      enabled: true,
      interval_days: 7,
      due_soon_hours: 24,
      next_due_at: "",
      owners: ["owner0"],
    }),
  );
  const report = scheduleReport(read, { ok: true, value: known }, nowMs);
  const kind = dice.below(10) === 0 ? "escalation" : "notification";
  const planId = makeId(
    "pln",
    nowMs,
    Uint8Array.from({ length: 10 }, () => dice.below(256)),
  );
  keepPlan(
    store,
    { planId, nowMs, kind, schedule },
    () => true,
    (memory) =>
      kind === "escalation" ? planEscalations({ routing, memory, nowMs }) : planNotices({ report, facts: known, routing, memory, nowMs }),
  );
  say(`plan ${kind}`);
}

/** What the provider says is chosen anew for each attempt; what it took is written down as it would write it down. */
function result({ notice }: Delivery): DeliveryResult {
  const roll = dice.below(100);
  if (roll < 85) {
    writeSync(handle, `${notice.notice_id}\n`);
    return { kind: "sent", told: "" };
  }
  return roll < 97 ? { kind: "again", cause: "provider_timeout", told: "" } : { kind: "failed", cause: "provider_refused", told: "" };
}

function deliver(nowMs: number): number {
  const begun = beginDeliveries(store, nowMs, AT_ONCE, () => "{}");
  say("begun");
  const ended = begun.map((delivery) => ({ delivery, result: result(delivery) }));
  say("sent");
  if (ended.length > 0) endDeliveries(store, ended, nowMs);
  say("ended");
  return begun.length;
}

function acknowledge(target: NoticeStore): void {
  const last = target.database.prepare("SELECT plan_id FROM plan ORDER BY plan_no DESC LIMIT 1 OFFSET ?").get(dice.below(20))?.plan_id;
  const found = findPlan(target, String(last ?? ""));
  const route = dice.pick([...allRoutes(dice.pick(routings).root).keys()]);
  if (!found.ok || !wasSentOn(target, found.value.planNo, route)) return;
  const nowMs = now();
  const ack = {
    schema_version: "cavra.drill-notice-ack.v1",
    plan_id: found.value.planId,
    plan_digest: found.value.digest,
    route_id: route,
    owner: "owner0",
    person: `owner${dice.below(8)}`,
    note: "",
    issued_at: formatTime(nowMs),
  } as const;
  keepAcknowledgement(target, found.value, ack, { kind: "terminal", text: JSON.stringify(ack) }, nowMs);
  say("acknowledged");
}

function settle(): void {
  for (let next = nextDelivery(store); next !== null; next = nextDelivery(store)) deliver(next);
}

/** One step. Where others held the database for too long, as they may on a busy machine, it is simply not done. */
function step(): void {
  const roll = dice.below(10);
  try {
    if (roll < 4) plan();
    else if (roll < 9) deliver(now());
    else acknowledge(store);
  } catch (error) {
    if ((error as CavraError).code !== "notices_unavailable") throw error;
    say("busy");
  }
}

/** Lets the others in: a lock that is taken again at once is never free when somebody looks. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 + dice.below(8));
}

say("ready");
if (mode === "settle") {
  settle();
  closeSync(handle);
  store.close();
} else
  for (;;) {
    step();
    pause();
  }
