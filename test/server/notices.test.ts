// Notices, hold and lease over HTTP: reading keeps nothing, telling is the command's, and a person's word needs their key. Proves spec/service.md section 12.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatTime } from "../../src/base/index.js";
import type { KeySigner } from "../../src/evidence/index.js";
import { keyIdOf } from "../../src/evidence/index.js";
import { ACK_SCHEMA, signAcknowledgement } from "../../src/promotion/index.js";
import { findPlan, foundTrust, keysFolder, newKey, openLedger, readNotices, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { configFolder } from "../cli/ledger-keys.js";
import { cavra, cavraJson, type Scratch, scratch, write } from "../cli/program.js";
import { type Ask, documented, type Server, startServer } from "./server.js";
import { type MadeToken, makeToken } from "./tokens.js";

const PREFIX = "/runtime/go-pilot/rollback-drill-notifications";
let place: Scratch;
let server: Server;
let ask: Ask;
let operator: MadeToken;
let alice: KeySigner;

beforeAll(async () => {
  place = scratch();
  alice = withApprover(place, "alice");
  const schedule = { schedule_id: "go-drills", enabled: true, interval_days: 7, due_soon_hours: 24, next_due_at: "", owners: ["alice"] };
  write(
    join(configFolder(place), "rollback-drill-schedule.json"),
    JSON.stringify({ schema_version: "cavra.go-backend-rollback-drill-schedule.v1", ...schedule }),
  );
  const routes = {
    author: "carol",
    providers: { screen: { kind: "stdout" } },
    owners: { alice: { person: "alice" }, bob: { person: "bob" } },
    route: { id: "ops", owner: "alice", provider: "screen", ack_minutes: 30, escalation_owner: "bob" },
    windows: [],
  };
  write(
    join(configFolder(place), "rollback-drill-routes.json"),
    JSON.stringify({ schema_version: "cavra.go-backend-rollback-drill-routes.v1", ...routes }),
  );
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

function withApprover(where: Scratch, name: string): KeySigner {
  const ledger = openLedger(where.state, SYSTEM_CLOCK);
  const [root, key, approver] = [newKey("root"), newKey("ledger"), newKey("approver")];
  for (const one of [root, key, approver]) one.keep(keysFolder(where.state), "", SYSTEM_CLOCK);
  const named = [
    { role: "ledger", key, name: "ledger" },
    { role: "approver", key: approver, name },
  ] as const;
  const founded = foundTrust(where.state, ledger.origin, root, named, SYSTEM_CLOCK);
  ledger.close();
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(where), root.keyId, SYSTEM_CLOCK);
  return { keyId: keyIdOf("approver", approver.signer.publicKey), signer: approver.signer };
}

/** Every file below, by name, size and content. */
function fingerprint(folder: string): string {
  const lines = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return `${name} ${bytes.length} ${createHash("sha256").update(bytes).digest("hex")}`;
    });
  return lines.join("\n");
}

const READS = ["", "/escalation-plan", "/routes", "/routes?limit=1&action=sent", "/suppression-trends", "/suppression-trends?bucket=hour"];
const withoutMoment = ({ at: _at, ...plan }: { readonly at?: string }) => plan;

describe("reading", () => {
  it("writes nothing, and tells what the commands tell", async () => {
    const before = fingerprint(place.state);
    for (const path of READS) expect([path, (await ask("GET", `${PREFIX}${path}`)).status]).toEqual([path, 200]);
    expect((await ask("GET", "/runtime/go-pilot/hold")).value).toEqual({ held: false, standing: null, lifted: [] });
    expect((await ask("GET", "/runtime/go-pilot/lease")).value).toEqual({ held: false, purpose: "production", leases: [] });
    const { value } = await ask("GET", PREFIX);
    expect(value.notices.map(({ category, action }: { category: string; action: string }) => [category, action])).toEqual([
      ["stale_critical", "deliver"],
    ]);
    expect(fingerprint(place.state)).toBe(before);
    const own = (await cavraJson(place, ["runtime", "go-rollback-drill-notification-plan"])).value;
    expect(withoutMoment(value)).toEqual(withoutMoment(own));
  });

  it.each([
    ["/routes?action=flown", 400, "bad_parameter"],
    ["/routes?from=soon", 400, "bad_time"],
    ["/routes?cursor=1", 400, "bad_cursor"],
    ["/routes?limit=0", 400, "bad_parameter"],
    ["/suppression-trends?from=2000-01-01&bucket=hour", 400, "too_many_buckets"],
    ["/suppression-trends?bucket=year", 400, "bad_parameter"],
  ])("%s is %i `%s`", async (path, status, code) => {
    expect((await ask("GET", `${PREFIX}${path}`)).value).toMatchObject({ status, code });
  });
});

describe("without a token", () => {
  it.each([
    ["deliver", {}],
    ["escalation-plan", {}],
    ["go-drills/acknowledgements", { envelope: "x" }],
  ])("nobody may POST …/%s", async (path, body) => {
    expect((await ask("POST", `${PREFIX}/${path}`, { body })).value).toMatchObject({ status: 403, code: "identity_missing" });
    expect((await ask("POST", "/runtime/go-pilot/hold", { body: { reason: "x" } })).value.code).toBe("identity_missing");
  });
});

describe("with one", () => {
  beforeAll(async () => {
    operator = await makeToken(place, { name: "ops", roles: ["operator"] });
  });
  const asked = (method: string, path: string, body?: object) =>
    ask(method, path, { headers: operator.headers, ...(body === undefined ? {} : { body }) });

  it("notices are delivered once, kept, and listed in pages of any size", async () => {
    const first = await asked("POST", `${PREFIX}/deliver`, {});
    expect([first.status, first.value.delivered, first.value.notices.length]).toEqual([200, { sent: 1, failed: 0, left: 0 }, 1]);
    const again = await asked("POST", `${PREFIX}/deliver`, {});
    expect([again.value.delivered, again.value.notices[0].cause]).toEqual([{ sent: 0, failed: 0, left: 0 }, "already_sent"]);
    const all = (await asked("GET", `${PREFIX}/routes`)).value;
    const own = (await cavraJson(place, ["runtime", "go-rollback-drill-routes"])).value;
    expect([all.items, all.next_cursor]).toEqual([own.notices, ""]);
    const one = (await asked("GET", `${PREFIX}/routes?limit=1`)).value;
    const two = (await asked("GET", `${PREFIX}/routes?limit=1&cursor=${one.next_cursor}`)).value;
    expect([...one.items, ...two.items, two.next_cursor]).toEqual([...own.notices, ""]);
    expect((await asked("GET", `${PREFIX}/routes?action=sent&cursor=${one.next_cursor}`)).value.code).toBe("bad_cursor");
    expect((await asked("GET", `${PREFIX}/routes?plan=pln_none`)).value).toEqual({ items: [], next_cursor: "" });
    expect((await asked("GET", `${PREFIX}/suppression-trends`)).value.totals).toMatchObject({ sent: 1, deduplicated: 1, planned: 2 });
    expect(server.complaints()).toContain("rollback drills are stale");
  });

  const acknowledgement = (over: object = {}, signer = alice) => {
    const store = readNotices(place.state);
    const sent = store === null ? null : findPlan(store, planId);
    store?.close();
    if (sent === null || !sent.ok) throw new Error("no plan");
    const ack = { plan_id: sent.value.planId, plan_digest: sent.value.digest, route_id: "ops", owner: "alice", person: "alice", note: "" };
    const text = signAcknowledgement({ schema_version: ACK_SCHEMA, ...ack, issued_at: formatTime(SYSTEM_CLOCK.nowMs()), ...over }, signer);
    if (!text.ok) throw new Error(text.problem.message);
    return text.value;
  };
  let planId = "";
  const acknowledge = (envelope: string, schedule = "go-drills") => asked("POST", `${PREFIX}/${schedule}/acknowledgements`, { envelope });

  it("a token alone acknowledges nothing, whatever the envelope says", async () => {
    planId = (await asked("GET", `${PREFIX}/routes?action=sent`)).value.items[0].plan_id;
    const stranger = newKey("approver");
    const other = { keyId: keyIdOf("approver", stranger.signer.publicKey), signer: stranger.signer };
    const forged = JSON.parse(acknowledgement({ note: "mine" }));
    const real = JSON.parse(acknowledgement());
    const cases: readonly (readonly [string, number, string])[] = [
      ["{}", 422, "envelope_malformed"],
      [acknowledgement({}, other), 422, "unknown_signer"],
      [JSON.stringify({ ...real, payload: forged.payload }), 422, "signature_invalid"],
      [acknowledgement({ person: "bob", owner: "bob" }), 422, "ack_other_person"],
      [acknowledgement({ owner: "bob" }), 403, "ack_other_person"],
      [acknowledgement({ route_id: "none" }), 404, "ack_route_unknown"],
      [acknowledgement({ plan_digest: `sha256:${"0".repeat(64)}` }), 422, "ack_other_plan"],
      [acknowledgement({ issued_at: "2020-01-01T00:00:00.000Z" }), 422, "ack_early"],
    ];
    for (const [envelope, , code] of cases) {
      const { value } = await acknowledge(envelope);
      expect(value.code).toBe(code);
    }
    expect((await acknowledge(acknowledgement(), "others")).value).toMatchObject({ status: 404, code: "ack_plan_unknown" });
    expect((await asked("GET", `${PREFIX}/escalation-plan`)).value.notices).toEqual([]);
  });

  it("a person's signature does, once", async () => {
    const envelope = acknowledgement();
    const { status, value } = await acknowledge(envelope);
    expect([status, value.acknowledgements]).toMatchObject([200, [{ person: "alice", verified_by: "key", counts: true }]]);
    expect((await acknowledge(envelope)).value).toMatchObject({ status: 409, code: "ack_twice" });
    const plan = (await asked("POST", `${PREFIX}/deliver`, {})).value;
    expect(plan.notices[0]).toMatchObject({ action: "deduplicated", cause: "acknowledged", author: "alice" });
  });

  it("nobody is escalated to before it is due", async () => {
    expect((await asked("POST", `${PREFIX}/escalation-plan`, {})).value).toMatchObject({ kind: "escalation", notices: [] });
  });

  it("a hold is set for the caller's own name, stands once, and is not lifted", async () => {
    const { status, value } = await asked("POST", "/runtime/go-pilot/hold", { reason: "it answers oddly" });
    expect([status, value]).toMatchObject([
      200,
      { held: true, stood_before: false, unrecorded: "", hold: { person: { user: "token:ops" } } },
    ]);
    expect((await asked("POST", "/runtime/go-pilot/hold", { reason: "again" })).value).toMatchObject({ held: true, stood_before: true });
    expect((await asked("POST", "/runtime/go-pilot/hold", { reason: "" })).value.status).toBe(400);
    expect((await asked("GET", "/runtime/go-pilot/hold")).value.standing.hold_id).toBe(value.hold.hold_id);
    expect((await asked("GET", "/runtime/go-pilot/lease")).value.held).toBe(true);
    expect((await asked("DELETE", "/runtime/go-pilot/hold")).value.code).toBe("method_not_allowed");
    expect((await cavra(place, ["runtime", "go-hold", "list"])).stdout).toContain(value.hold.hold_id);
  });

  it("of a reader none of it is taken", async () => {
    const reader = await makeToken(place, { roles: ["reader"] });
    for (const path of [`${PREFIX}/deliver`, `${PREFIX}/escalation-plan`, "/runtime/go-pilot/hold"])
      expect((await ask("POST", path, { headers: reader.headers, body: {} })).value.code).toBe("scope_missing");
  });
});
