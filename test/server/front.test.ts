// What stands between a caller and the routes: rates, pages of other origins, what is in front, the caller's own request id. Proves spec/service.md 2.2, 3.2, 3.3 and 3.8.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf, allowedFor, callersRequestId } from "../../src/server/head.js";
import { newRates } from "../../src/server/identity/rates.js";
import { cavraJson, type Scratch, scratch } from "../cli/program.js";
import { type Ask, documented, type Server, send, startServer } from "./server.js";
import { type MadeToken, makeToken } from "./tokens.js";

describe("a bucket", () => {
  it("holds twice its rate, fills by itself, and says how long to wait", () => {
    const rates = newRates(10);
    const taken = (key: string, ms: number) => rates.take(key, ms);
    expect(Array.from({ length: 20 }, () => taken("a", 0)).every((wait) => wait === 0)).toBe(true);
    expect([taken("a", 0), taken("a", 99), taken("a", 100), taken("a", 100)]).toEqual([100, 1, 0, 100]);
    expect(taken("b", 100)).toBe(0);
    // It never holds more, however long nobody came; and a clock that was set back fills nothing.
    expect(Array.from({ length: 21 }, () => taken("a", 1_000_000)).filter((wait) => wait > 0)).toHaveLength(1);
    expect(taken("a", 0)).toBe(100);
  });

  it("owes what comes to light later", () => {
    const rates = newRates(10);
    expect(rates.take("a", 0)).toBe(0);
    rates.owe("a", 99, 0);
    expect(rates.take("a", 0)).toBe(8_100);
    expect([rates.take("a", 8_099), rates.take("a", 8_100)]).toEqual([1, 0]);
  });

  it("is none where there is no limit, and one of a bounded number", () => {
    const open = newRates(0);
    expect(Array.from({ length: 100 }, () => open.take("a", 0)).every((wait) => wait === 0)).toBe(true);
    const two = newRates(1, 2);
    for (let count = 0; count < 3; count++) two.take("a", 0);
    expect(two.take("a", 0)).toBeGreaterThan(0);
    two.take("b", 0);
    two.take("c", 0);
    expect(two.take("a", 0)).toBe(0);
  });
});

describe("who is in front", () => {
  it.each([
    ["nothing", "10.0.0.9, 203.0.113.7", false, "127.0.0.1"],
    ["one that says who asked", "203.0.113.7", true, "203.0.113.7"],
    ["one that adds to what the caller said", "1.2.3.4, 203.0.113.7", true, "203.0.113.7"],
    ["one that says nothing", undefined, true, "127.0.0.1"],
    ["one that says what is no address", "203.0.113.7, unknown", true, "127.0.0.1"],
  ])("%s: the address is the right one", (_, said, isBehindProxy, address) => {
    expect(addressOf("127.0.0.1", { "x-forwarded-for": said }, isBehindProxy)).toBe(address);
  });

  it("speaks TLS under the names that were allowed, and its own pages are no others'", () => {
    const more = { hosts: ["Cavra.example.org:443", "cavra.example.org"], origins: ["https://console.example.org"], isBehindProxy: true };
    const { origins, listed } = allowedFor({ host: "0.0.0.0", port: 8000 }, more);
    expect(origins).toContain("https://cavra.example.org");
    expect([...listed]).toEqual(["https://console.example.org"]);
    expect(allowedFor({ host: "0.0.0.0", port: 8000 }, { ...more, isBehindProxy: false }).origins).not.toContain(
      "https://cavra.example.org",
    );
  });

  it.each([
    [["--host", "0.0.0.0"], "tls_missing", true],
    [["--host", "0.0.0.0", "--behind-proxy"], "identity_missing", false],
    [["--behind-proxy"], "identity_missing", false],
    [["--rate-limit", "-1"], "bad_rate", true],
    [["--rate-limit", "1000001"], "bad_rate", true],
    [["--rate-limit", "many"], "bad_rate", true],
  ])("%j is `%s`", async (args, code, isKnown) => {
    const place = scratch();
    if (isKnown) await makeToken(place, { roles: ["reader"] });
    const { status, value } = await cavraJson(place, ["serve", ...args]);
    expect([status, value.error.code]).toEqual([2, code]);
  });

  it("is a switch that says yes or no", async () => {
    const env = { CAVRA_SERVE_BEHIND_PROXY: "yes" };
    expect((await cavraJson(scratch(), ["serve"], { env })).value.error.code).toBe("bad_switch");
  });
});

describe("a caller's own request id", () => {
  it.each([
    ["trace-1", "trace-1"],
    ["a".repeat(128), "a".repeat(128)],
    ["a".repeat(129), ""],
    ["a b", ""],
    ["", ""],
    ["ä", ""],
  ])("`%s` is `%s` to the log", (said, kept) => {
    expect(callersRequestId({ "x-request-id": said })).toBe(kept);
  });
});

const ORIGIN = "https://console.example.org";

describe("a server behind a proxy", () => {
  let place: Scratch;
  let server: Server;
  let ask: Ask;
  let token: MadeToken;
  beforeAll(async () => {
    place = scratch();
    token = await makeToken(place, { roles: ["owner"] });
    const flags = ["--behind-proxy", "--allow-host", "cavra.example.org", "--allow-origin", ORIGIN, "--rate-limit", "1", "--log-requests"];
    server = await startServer(place, flags);
    ({ ask } = await documented(server));
  });
  afterAll(() => server.stop());
  const from = (address: string, more: object = {}) => ({ headers: { "x-forwarded-for": address, ...more } });
  const many = <T>(count: number, one: (n: number) => Promise<T>) => Promise.all(Array.from({ length: count }, (_, n) => one(n)));

  it("lets the pages of listed origins know the answer, and no others", async () => {
    const { headers } = await ask("GET", "/healthz", { headers: { origin: ORIGIN } });
    expect(headers).toMatchObject({ "access-control-allow-origin": ORIGIN, vary: "Origin" });
    expect(headers["access-control-expose-headers"]).toContain("X-Request-Id");
    expect(headers["access-control-allow-credentials"]).toBeUndefined();
    const own = await ask("GET", "/healthz", { headers: { origin: "https://cavra.example.org", host: "cavra.example.org" } });
    expect([own.status, own.headers["access-control-allow-origin"], own.headers.vary]).toEqual([200, undefined, "Origin"]);
    const other = await ask("GET", "/healthz", { headers: { origin: "https://evil.example" } });
    expect([other.status, other.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    // A refusal is to be read too.
    const refused = await ask("GET", "/v1/decisions", { headers: { origin: ORIGIN } });
    expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([401, ORIGIN]);
  });

  it("answers a browser that asks first, without a token, on paths that there are", async () => {
    const asks = (path: string, more: object = {}) =>
      send(server, "OPTIONS", path, { headers: { origin: ORIGIN, "access-control-request-method": "POST", ...more } });
    const { status, headers, text } = await asks("/v1/decisions");
    expect([status, text, headers["access-control-allow-origin"], headers["access-control-max-age"]]).toEqual([204, "", ORIGIN, "600"]);
    expect(headers["access-control-allow-headers"]).toContain("Authorization");
    expect((await asks("/nowhere")).value.code).toBe("route_not_found");
    expect((await asks("/v1/decisions", { origin: "https://evil.example" })).value.code).toBe("origin_not_allowed");
    expect((await send(server, "OPTIONS", "/v1/decisions", { headers: { origin: ORIGIN } })).value.code).toBe("method_not_allowed");
    expect((await send(server, "OPTIONS", "/v1/decisions")).value.code).toBe("method_not_allowed");
  });

  it("lets each caller do so much in a time, and its health be asked always", async () => {
    const asked = await many(20, () => ask("GET", "/v1/evidence/trust", { headers: token.headers }));
    const limited = asked.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const { value, headers } of limited) {
      expect(value.code).toBe("rate_limited");
      expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    }
    expect((await many(20, () => ask("GET", "/healthz"))).map(({ status }) => status)).toEqual(Array(20).fill(200));
    const ready = await many(20, () => ask("GET", "/readyz", from("203.0.113.1")));
    expect(ready.map(({ status }) => status)).toContain(429);
    expect((await ask("GET", "/readyz", from("203.0.113.2"))).status).toBe(200);
  });

  it("takes a batch as many requests", async () => {
    const made = await makeToken(place, { roles: ["agent", "reader"] });
    const actions = Array.from({ length: 100 }, () => null);
    expect((await ask("POST", "/v1/decisions:batch", { headers: made.headers, body: { actions } })).status).toBe(200);
    const { status, headers } = await ask("GET", "/v1/decisions", { headers: made.headers });
    expect([status, Number(headers["retry-after"]) > 30]).toEqual([429, true]);
  });

  it("lets an address fail so often, and who is well is not held up by that", async () => {
    const wrong = { authorization: `Bearer cavra_${"0".repeat(26)}_${"A".repeat(43)}` };
    const answers = await many(60, () => ask("GET", "/v1/decisions", from("203.0.113.3", wrong)));
    expect(new Set(answers.map(({ value }) => value.code))).toEqual(new Set(["token_invalid", "rate_limited"]));
    const made = await makeToken(place, { roles: ["reader"] });
    expect((await ask("GET", "/v1/decisions", from("203.0.113.3", made.headers))).status).toBe(200);
    expect((await ask("GET", "/v1/decisions", from("203.0.113.4", wrong))).value.code).toBe("token_invalid");
  });

  it("tells the log the caller's own name of a request and the token's id, and nobody else", async () => {
    const made = await makeToken(place, { roles: ["reader"] });
    const { headers } = await ask("GET", "/v1/decisions?words=needle", { headers: { ...made.headers, "x-request-id": "trace-77" } });
    expect(JSON.stringify(headers)).not.toContain("trace-77");
    const line = () =>
      server
        .complaints()
        .split("\n")
        .find((one) => one.includes("trace-77"));
    await expect.poll(line, { timeout: 10_000 }).toBeDefined();
    expect(JSON.parse(line() ?? "")).toMatchObject({ caller_request_id: "trace-77", caller: made.id, route: "/v1/decisions", status: 200 });
    for (const hidden of ["needle", made.text.slice(33)]) expect(server.complaints()).not.toContain(hidden);
  });
});
