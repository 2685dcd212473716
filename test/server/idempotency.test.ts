// Idempotency keys: the same request once, also after a restart, and also where nobody knows whether the first one came to its end. Proves spec/service.md 3.9.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/store/ledger/database.js";
import { cavraJson, type Scratch, scratch } from "../cli/program.js";
import { type Ask, documented, type Server, startServer } from "./server.js";
import { type MadeToken, makeToken } from "./tokens.js";

let place: Scratch;
let server: Server;
let ask: Ask;
let token: MadeToken;
beforeAll(async () => {
  place = scratch();
  token = await makeToken(place, { name: "ci", roles: ["owner"] });
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

const DECIDE = "/v1/decisions";
const action = (target: string, session: string) => ({ action_type: "execute_command", target, cwd: place.repository, session });
const post = (path: string, key: string, body: object, by = token) =>
  ask("POST", path, { headers: { ...by.headers, "idempotency-key": key }, body });
const recorded = async (session: string) =>
  (await ask("GET", `${DECIDE}?session=${session}`, { headers: token.headers })).value.items.length as number;

/** As a server leaves it that was killed while it answered. */
function killedIn(where: Scratch): void {
  const database = openDatabase(join(where.state, "idempotency/keys.sqlite"), { readOnly: false });
  database.exec("UPDATE key SET status = NULL, type = NULL, answer = NULL, owner = 'gone'");
  database.close();
}

describe("a key", () => {
  it("gives the first answer again, byte for byte, and nothing is done again", async () => {
    const [first, again] = [await post(DECIDE, "k1", action("ls", "twice")), await post(DECIDE, "k1", action("ls", "twice"))];
    expect([again.status, again.text, again.headers["idempotency-replayed"]]).toEqual([first.status, first.text, "true"]);
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    expect(again.headers["x-request-id"]).not.toBe(first.headers["x-request-id"]);
    expect(await recorded("twice")).toBe(1);
  });

  it("is of its body, caller, method and target", async () => {
    expect((await post(DECIDE, "k1", action("pwd", "twice"))).value).toMatchObject({ status: 422, code: "idempotency_key_reused" });
    const other = await makeToken(place, { name: "other", roles: ["owner"] });
    await post(DECIDE, "k1", action("ls", "twice"), other);
    expect((await post(`${DECIDE}:batch`, "k1", { actions: [action("ls", "twice")] })).status).toBe(200);
    expect(await recorded("twice")).toBe(3);
  });

  it("keeps a refusal too, and is no matter of reading", async () => {
    const hold = "/runtime/go-pilot/hold";
    expect((await post(hold, "k2", { reason: "" })).value.code).toBe("reason_missing");
    expect((await post(hold, "k2", { reason: "" })).headers["idempotency-replayed"]).toBe("true");
    expect((await ask("GET", hold, { headers: { ...token.headers, "idempotency-key": "" } })).status).toBe(200);
  });

  it.each(["", "two words", "x".repeat(256)])("of another form is refused: `%s`", async (key) => {
    expect((await post(DECIDE, key, action("ls", "form"))).value).toMatchObject({ status: 400, code: "bad_idempotency_key" });
    expect((await post(DECIDE, "x".repeat(255), action("ls", "longest"))).status).toBe(200);
  });

  it("that many come with at a time is done once", async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => post(DECIDE, "k3", action("ls", "at-once"))));
    const told = answers.map(({ status, value }) => (status === 200 ? "done" : value.code));
    expect(told.filter((one) => one !== "done" && one !== "idempotency_in_progress")).toEqual([]);
    expect(told).toContain("done");
    expect(await recorded("at-once")).toBe(1);
  });
});

describe("after a restart", () => {
  it("keys that were answered are answered, and uncertain ones by their record, or done where there is none", async () => {
    const batch = { actions: [action("ls", "batch"), action("pwd", "batch")] };
    const before = [await post(DECIDE, "r1", action("ls", "restart")), await post(`${DECIDE}:batch`, "r2", batch)];
    const again = async () => {
      await server.stop("SIGKILL");
      server = await startServer(place);
      ({ ask } = await documented(server));
      return [await post(DECIDE, "r1", action("ls", "restart")), await post(`${DECIDE}:batch`, "r2", batch)];
    };
    const kept = await again();
    expect(kept.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    await server.stop("SIGKILL");
    killedIn(place);
    const found = await again();
    expect(found.map(({ value }) => value)).toEqual(before.map(({ value }) => value));
    expect(found.map(({ headers }) => headers["idempotency-replayed"])).toEqual([undefined, undefined]);
    expect([await recorded("restart"), await recorded("batch")]).toEqual([1, 2]);
    expect((await post(DECIDE, "r3", action("ls", "new"))).status).toBe(200);
    expect((await cavraJson(place, ["evidence", "verify"])).value).toMatchObject({ holds: true });
  });

  it("one that never came to a record is done", async () => {
    await server.stop("SIGKILL");
    const database = openDatabase(join(place.state, "idempotency/keys.sqlite"), { readOnly: false });
    const moment = Date.now() - 1_000;
    const rows = database.prepare("SELECT name, body FROM key").all();
    database.exec("DELETE FROM key");
    for (const { name = "", body = "" } of rows)
      database
        .prepare("INSERT INTO key (name, body, owner, attempts, at) VALUES (?, ?, 'gone', ?, ?)")
        .run(String(name), String(body), String(moment), moment);
    database.close();
    server = await startServer(place);
    ({ ask } = await documented(server));
    expect((await post(DECIDE, "r3", action("ls", "new"))).status).toBe(200);
    expect(await recorded("new")).toBe(2);
  });
});
