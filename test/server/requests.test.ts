// What is no request for this server, and what it says of that: names, origins, forms, limits. Proves spec/service.md section 3.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scratch, scratch } from "../cli/program.js";
import { type Ask, type Asked, documented, type Server, send, sendRaw, startServer } from "./server.js";

const ORIGIN = "https://console.example.org";

let place: Scratch;
let server: Server;
let ask: Ask;
beforeAll(async () => {
  place = scratch();
  server = await startServer(place, ["--allow-origin", ORIGIN, "--allow-host", "cavra.example.org"]);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

const DECIDE = "/v1/decisions";
const ls = (more: object = {}) => ({ action_type: "execute_command", target: "ls", cwd: "/srv", ...more });
const nested = (depth: number) => `${'{"x":'.repeat(depth)}1${"}".repeat(depth)}`;

/** What is sent → status, code, place. */
const ROWS: readonly (readonly [string, string, string, Asked, number, string, string?])[] = [
  ["another name", "GET", "/healthz", { headers: { host: "evil.example:80" } }, 421, "host_not_allowed", "Host"],
  ["the right name without its port", "GET", "/healthz", { headers: { host: "127.0.0.1" } }, 421, "host_not_allowed"],
  ["a page of another origin", "GET", "/healthz", { headers: { origin: "https://evil.example" } }, 403, "origin_not_allowed", "Origin"],
  ["a page without an origin", "GET", "/healthz", { headers: { origin: "null" } }, 403, "origin_not_allowed"],
  ["an image on another page", "GET", "/healthz", { headers: { "sec-fetch-site": "cross-site" } }, 403, "origin_not_allowed"],
  ["no route", "GET", "/v2/decisions", {}, 404, "route_not_found"],
  ["a slash at the end", "GET", "/v1/decisions/", {}, 400, "bad_id"],
  ["two slashes", "GET", "//v1/decisions", {}, 404, "route_not_found"],
  ["another method", "DELETE", DECIDE, {}, 405, "method_not_allowed"],
  ["an escape that is none", "GET", "/v1/decisions/%zz", {}, 400, "bad_request"],
  ["a path trick", "GET", "/v1/decisions/..%2f..%2fetc%2fpasswd", {}, 400, "bad_id"],
  ["a part of 129 bytes", "GET", `/v1/decisions/${"d".repeat(129)}`, {}, 400, "bad_request"],
  ["a parameter that nobody knows", "GET", "/v1/decisions?wings=2", {}, 400, "bad_parameter", "wings"],
  ["a parameter twice", "GET", "/v1/decisions?agent=a&agent=b", {}, 400, "bad_parameter", "agent"],
  ["a page of none", "GET", "/v1/decisions?limit=0", {}, 400, "bad_parameter", "limit"],
  ["a page of 1,001", "GET", "/v1/decisions?limit=1001", {}, 400, "bad_parameter", "limit"],
  ["nine words", "GET", "/v1/decisions?words=a+b+c+d+e+f+g+h+i", {}, 400, "bad_parameter", "words"],
  ["a body where there is none", "GET", "/healthz", { body: {} }, 400, "body_not_wanted"],
  ["no body", "POST", DECIDE, {}, 400, "body_missing"],
  ["an empty body", "POST", DECIDE, { body: "" }, 400, "body_missing"],
  [
    "another form",
    "POST",
    DECIDE,
    { body: "x=1", headers: { "content-type": "application/x-www-form-urlencoded" } },
    415,
    "media_type_unsupported",
  ],
  ["text", "POST", DECIDE, { body: ls(), headers: { "content-type": "text/plain" } }, 415, "media_type_unsupported"],
  [
    "another alphabet",
    "POST",
    DECIDE,
    { body: ls(), headers: { "content-type": "application/json; charset=utf-16" } },
    415,
    "media_type_unsupported",
  ],
  ["no JSON", "POST", DECIDE, { body: "{" }, 400, "json_unexpected_end", "byte 1"],
  ["two equal keys", "POST", DECIDE, { body: '{"target":"ls","target":"rm"}' }, 400, "json_duplicate_key", "byte 15"],
  ["half a surrogate pair", "POST", DECIDE, { body: '{"target":"\\ud800"}' }, 400, "json_lone_surrogate"],
  ["17 deep", "POST", DECIDE, { body: nested(17) }, 400, "json_too_deep"],
  ["16 deep", "POST", DECIDE, { body: nested(16) }, 400, "missing_key"],
  ["a list", "POST", DECIDE, { body: [] }, 400, "bad_value"],
  ["a key less", "POST", DECIDE, { body: { action_type: "execute_command", cwd: "/" } }, 400, "missing_key", "/target"],
  ["a key that nobody knows", "POST", DECIDE, { body: ls({ user: "root" }) }, 400, "unknown_key", "/user"],
  [
    "a prototype",
    "POST",
    DECIDE,
    { body: '{"action_type":"execute_command","target":"ls","cwd":"/","__proto__":1}' },
    400,
    "unknown_key",
    "/__proto__",
  ],
  ["another type", "POST", DECIDE, { body: ls({ target: 5 }) }, 400, "bad_value", "/target"],
  ["an action that nobody knows", "POST", DECIDE, { body: ls({ action_type: "fly" }) }, 400, "unknown_action_type", "/action_type"],
  ["a relative folder", "POST", DECIDE, { body: ls({ cwd: "src" }) }, 400, "bad_value", "/cwd"],
  ["a name of 257", "POST", DECIDE, { body: ls({ agent: "a".repeat(257) }) }, 400, "bad_value", "/agent"],
  ["no target", "POST", DECIDE, { body: ls({ action_type: "read_file", target: "" }) }, 400, "target_missing"],
  ["a query with it", "POST", `${DECIDE}?x=1`, { body: ls() }, 400, "bad_parameter", "x"],
];

describe("a request with", () => {
  for (const [name, method, path, asked, status, code, at] of ROWS) {
    it(`${name} is told so`, async () => {
      const { value } = await ask(method, path, asked);
      expect([value.status, value.code, ...(at === undefined ? [] : [value.at])]).toEqual([
        status,
        code,
        ...(at === undefined ? [] : [at]),
      ]);
    });
  }

  it("all names of loopback, a name that is allowed, and an origin that is listed is answered", async () => {
    for (const host of [`localhost:${server.port}`, `LOCALHOST:${server.port}`, `[::1]:${server.port}`, "cavra.example.org"])
      expect((await ask("GET", "/healthz", { headers: { host } })).status).toBe(200);
    for (const origin of [ORIGIN, server.url]) expect((await ask("GET", "/healthz", { headers: { origin } })).status).toBe(200);
    expect((await ask("GET", "/healthz", { headers: { "sec-fetch-site": "none" } })).status).toBe(200);
  });

  it("another method is told which ones there are", async () => {
    expect((await ask("PUT", DECIDE)).headers.allow).toBe("GET, HEAD, POST");
    expect((await ask("GET", "/v1/decisions:batch")).headers.allow).toBe("POST");
  });

  it("a body at its limit is read, and one byte more is not", async () => {
    const body = (bytes: number) => `${JSON.stringify(ls({ target: "" })).slice(0, -1)}${" ".repeat(bytes)}`.slice(0, bytes - 1);
    const sized = async (bytes: number) => (await ask("POST", DECIDE, { body: `${body(bytes)}}` })).value;
    expect((await sized(1_048_576)).decision).toBe("allow");
    expect((await sized(1_048_577)).code).toBe("body_too_large");
  });

  it("a path that does not take the method says so first, whatever came with it", async () => {
    for (const method of ["PUT", "QUERY", "PROPFIND", "DELETE"])
      expect((await ask(method, "/healthz", { headers: { "content-type": "text/plain" }, body: "{" })).value.code).toBe(
        "method_not_allowed",
      );
    expect((await ask("GET", "/v1/decisions:batch", { body: {} })).value.code).toBe("method_not_allowed");
    expect((await ask("GET", "/healthz", { body: {} })).value.code).toBe("body_not_wanted");
  });

  it.each(["+", "true", "1e2", "0x10", "01", "1.0", "-0", ""])("a number of a query is written as one: not `%s`", async (said) => {
    expect((await ask("GET", `/v1/decisions?limit=${said}`)).value).toMatchObject({ status: 400, code: "bad_parameter", at: "limit" });
  });

  it("a folder with a zero byte is none", async () => {
    const { value } = await ask("POST", DECIDE, { body: { action_type: "write_file", target: "x", cwd: "/srv/\u0000" } });
    expect(value).toMatchObject({ status: 400, code: "bad_value", at: "/cwd" });
  });

  it("HEAD is answered like GET, without a body", async () => {
    const { status, text, headers } = await send(server, "HEAD", "/healthz");
    expect([status, text, headers["x-request-id"]]).toEqual([200, "", expect.stringMatching(/^req_/)]);
  });
});

describe("bytes that are", () => {
  const rest = "\r\nConnection: close\r\n\r\n";
  it.each([
    ["no HTTP", "GARBAGE\r\n\r\n", 400, "bad_request"],
    ["without a name", `GET /healthz HTTP/1.1${rest}`, 421, "host_not_allowed"],
    ["for a proxy", `GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost:PORT${rest}`, 400, "bad_request"],
    ["for the server itself", `OPTIONS * HTTP/1.1\r\nHost: localhost:PORT${rest}`, 400, "bad_request"],
    ["of two names", `GET /healthz HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example${rest}`, 421, "host_not_allowed"],
    [
      "of two lengths",
      `POST /v1/decisions HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 5\r\nTransfer-Encoding: chunked${rest}`,
      400,
      "bad_request",
    ],
    ["a long head", `GET /healthz HTTP/1.1\r\nHost: localhost:PORT\r\nX: ${"x".repeat(17_000)}${rest}`, 431, "headers_too_large"],
    ["a long target", `GET /healthz?${"x".repeat(8_192)} HTTP/1.1\r\nHost: localhost:PORT${rest}`, 414, "url_too_long"],
  ])("%s are told so, as a problem with an id", async (_, text, status, code) => {
    const answer = await sendRaw(server, text.replaceAll("PORT", String(server.port)));
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain("content-type: application/problem+json");
    expect(JSON.parse(body)).toMatchObject({ status, code, request_id: expect.stringMatching(/^req_/) });
  });
});

describe("the server", () => {
  it("told nothing of a mistake of its own: there was none", () => {
    expect(server.complaints()).not.toContain("internal_error");
  });
});
