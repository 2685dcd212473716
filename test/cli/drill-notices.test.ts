// Drill notices on the built program: looking changes not a byte, an acknowledgement needs the person whom it concerns, what was held back changes
// no readiness, and a delivery that is killed is taken up by the next. Proves spec/notices.md 2.5, 6.2, 7.3 and section 11.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ATTEMPT_MS,
  beginDeliveries,
  endDeliveries,
  foundTrust,
  keysFolder,
  newKey,
  openLedger,
  openNotices,
  recount,
  SYSTEM_CLOCK,
  writePin,
} from "../../src/store/index.js";
import { atTerminal, CONFIRM, NO_TERMINAL } from "./at-terminal.js";
import { drilled, withDrillKeys } from "./drill-keys.js";
import { configFolder } from "./ledger-keys.js";
import { cavra, cavraJson, ended, program, type Scratch, scratch, write } from "./program.js";

const RUNTIME = (name: string) => ["runtime", `go-rollback-drill-${name}`];

function withRoutes(over: object = {}, route: object = {}): Scratch {
  const place = scratch();
  write(
    join(configFolder(place), "rollback-drill-schedule.json"),
    JSON.stringify({
      schema_version: "cavra.go-backend-rollback-drill-schedule.v1",
      schedule_id: "go-drills",
      enabled: true,
      interval_days: 7,
      due_soon_hours: 24,
      next_due_at: "",
      owners: ["alice"],
    }),
  );
  write(
    join(configFolder(place), "rollback-drill-routes.json"),
    JSON.stringify({
      schema_version: "cavra.go-backend-rollback-drill-routes.v1",
      author: "carol",
      providers: { screen: { kind: "stdout" } },
      owners: { alice: { accounts: [userInfo().username] }, bob: { person: "bob" } },
      route: { id: "ops", owner: "alice", provider: "screen", ack_minutes: 30, escalation_owner: "bob", ...route },
      windows: [],
      ...over,
    }),
  );
  return place;
}

/** Every file below, by name, size, time and content. */
function fingerprint(folder: string): string {
  if (!existsSync(folder)) return "nothing";
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const lines = names.map((name) => {
    const about = statSync(join(folder, name));
    const content = about.isFile()
      ? createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")
      : "folder";
    return `${name} ${about.mtimeMs} ${content}`;
  });
  return lines.join("\n");
}

describe("looking", () => {
  it("writes nothing, neither where nothing is nor where everything is", async () => {
    const place = withRoutes();
    const looks = [
      RUNTIME("schedule"),
      RUNTIME("notification-plan"),
      RUNTIME("escalation-plan"),
      RUNTIME("routes"),
      [...RUNTIME("routes"), "explain-route", "--category", "overdue"],
      RUNTIME("suppression-trends"),
    ];
    for (const look of looks) await cavra(place, look);
    expect(fingerprint(place.state)).toBe("nothing");
    await cavra(place, [...RUNTIME("notification-plan"), "deliver"]);
    const before = fingerprint(place.state);
    expect(before).toContain("notices/notices.sqlite");
    for (const look of looks) await cavra(place, look);
    expect(fingerprint(place.state)).toBe(before);
  });
});

describe("the drill history", () => {
  it("makes the schedule ready when a drill passed, and is told when one failed or a line is gone", async () => {
    const { place, driller } = withDrillKeys();
    write(
      join(configFolder(place), "rollback-drill-schedule.json"),
      readFileSync(join(configFolder(withRoutes()), "rollback-drill-schedule.json")),
    );
    const said = async () => {
      const { status, value } = await cavraJson(place, RUNTIME("schedule"));
      const { value: plan } = await cavraJson(place, RUNTIME("notification-plan"));
      return [
        status,
        value.status,
        value.code,
        plan.notices.map(({ category, key }: { category: string; key: string }) => `${category} ${key}`),
      ];
    };
    expect(await said()).toEqual([5, "needs_attention", "drill_never", ["stale_critical stale_critical:drill_never"]]);
    drilled(place, driller, "a-kill-that-went-well");
    expect(await said()).toEqual([0, "ready", "drill_current", []]);
    drilled(place, driller, "an-answer-that-is-wrong");
    expect(await said()).toEqual([5, "needs_attention", "drill_failed", ["drill_failed drill_failed:sigkill"]]);
    const path = join(place.state, "promotion/drills.jsonl");
    const lines = readFileSync(path, "utf8").split("\n");
    write(path, `${lines.slice(0, 2).join("\n")}\n`);
    expect(await said()).toEqual([5, "needs_attention", "history_unreadable", ["stale_critical stale_critical:history_unreadable"]]);
  });
});

describe("what is held back", () => {
  it("changes no readiness: the schedule says the same, whatever stands in windows and notices", async () => {
    const place = withRoutes();
    const said = async () => {
      const { status, value } = await cavraJson(place, RUNTIME("schedule"));
      return { ...value, next_due_at: "", status_code: status };
    };
    const before = await said();
    expect(before).toMatchObject({ status: "needs_attention", code: "drill_never", status_code: 5 });
    const window = {
      author: "carol",
      reason: "r",
      zone: "UTC",
      weekly: {
        days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        from: "00:00",
        to: "00:00",
        starts: "2026-01-01",
        ends: "2026-12-31",
      },
    };
    const muted = withRoutes({ windows: [{ id: "always", ...window }] });
    await cavra(muted, [...RUNTIME("notification-plan"), "deliver"]);
    await cavra(place, [...RUNTIME("notification-plan"), "deliver"]);
    const after = await cavraJson(muted, RUNTIME("schedule"));
    expect({ ...after.value, next_due_at: "", status_code: after.status }).toEqual(before);
    expect(await said()).toEqual(before);
  });
});

describe.skipIf(NO_TERMINAL !== "")(`an acknowledgement${NO_TERMINAL === "" ? "" : ` (skipped: ${NO_TERMINAL})`}`, () => {
  let place: Scratch;
  let plan = "";
  beforeAll(async () => {
    place = withRoutes();
    const { value } = await cavraJson(place, [...RUNTIME("notification-plan"), "deliver"]);
    plan = value.plan_id;
  });
  const ack = (...rest: string[]) => [...RUNTIME("notification-ack"), ...rest];

  it("needs a terminal, and no agent", async () => {
    const piped = await cavra(place, ack(plan, "ops"), { input: "acknowledge\n" });
    expect([piped.status, piped.stderr]).toEqual([2, expect.stringContaining("(person_required)")]);
    const agents = await atTerminal(place, ack(plan, "ops"), [], { CLAUDECODE: "1" });
    expect([agents.status, agents.shown]).toEqual([2, expect.stringContaining("(person_required)")]);
  });

  it("is of a route that the plan used, and of nobody else's", async () => {
    expect((await atTerminal(place, ack(plan, "other"), [])).shown).toContain("(ack_route_unknown)");
    const foreign = withRoutes({ owners: { alice: { accounts: ["somebody-else"] }, bob: {} } });
    const { value } = await cavraJson(foreign, [...RUNTIME("notification-plan"), "deliver"]);
    expect((await atTerminal(foreign, ack(value.plan_id, "ops"), [])).shown).toContain("(ack_other_person)");
  });

  it("by the owner's account counts once, and is told as such", async () => {
    const done = await atTerminal(place, ack(plan, "ops", "--note", "drill at noon"), [CONFIRM]);
    expect([done.status, done.shown]).toEqual([0, expect.stringContaining(`acknowledged ops of ${plan} for alice`)]);
    expect((await atTerminal(place, ack(plan, "ops"), [CONFIRM])).shown).toContain("(ack_twice)");
    const { value } = await cavraJson(place, RUNTIME("notification-plan"));
    expect(value.notices[0]).toMatchObject({ action: "deduplicated", cause: "acknowledged", author: userInfo().username });
  });

  it("by a key is signed by the person whose name the key has", async () => {
    const own = withRoutes();
    const ledger = openLedger(own.state, SYSTEM_CLOCK);
    const [root, key, approver] = [newKey("root"), newKey("ledger"), newKey("approver")];
    for (const one of [root, key, approver]) one.keep(keysFolder(own.state), "", SYSTEM_CLOCK);
    const roles = [
      { role: "ledger", key, name: "ledger" },
      { role: "approver", key: approver, name: "bob" },
    ] as const;
    const founded = foundTrust(own.state, ledger.origin, root, roles, SYSTEM_CLOCK);
    ledger.close();
    expect(founded.ok).toBe(true);
    writePin(configFolder(own), root.keyId, SYSTEM_CLOCK);
    const { value } = await cavraJson(own, [...RUNTIME("notification-plan"), "deliver"]);
    const done = await atTerminal(own, [...ack(value.plan_id, "ops"), "--json"], [CONFIRM]);
    expect(done.shown).toContain('"person":"bob","verified_by":"key"');
    expect(done.shown).toContain('"counts":true');
  });
});

describe("a delivery that is killed", () => {
  it("stays, and whoever comes when its maker is taken for gone makes it again, with the same idempotency key", async () => {
    const keys: string[] = [];
    const server = createServer((request) => keys.push(String(request.headers["idempotency-key"])));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const place = withRoutes({ providers: { screen: { kind: "webhook", url, timeout_ms: 30_000 } } });
    const call = [program(), ...RUNTIME("notification-plan"), "deliver"];
    const child = spawn(process.execPath, call, { cwd: place.repository, env: place.env, stdio: "pipe" });
    const over = ended(child);
    while (keys.length === 0) await new Promise((done) => setImmediate(done));
    child.kill("SIGKILL");
    await over;
    server.closeAllConnections();
    server.close();
    const { value } = await cavraJson(place, RUNTIME("routes"));
    expect(value.notices).toEqual([]);
    const store = openNotices(place.state);
    const now = SYSTEM_CLOCK.nowMs();
    const again = beginDeliveries(store, now + ATTEMPT_MS, 10, () => "{}");
    expect(again.map(({ attempt, notice }) => [attempt, notice.notice_id])).toEqual([[2, keys[0]]]);
    endDeliveries(
      store,
      again.map((delivery) => ({ delivery, result: { kind: "sent", told: "" } })),
      now + ATTEMPT_MS,
    );
    expect(recount(store)).toMatchObject({ planned: 1, waiting: 0, differences: [], outcomes: { sent: 1 } });
    store.close();
  });
});
