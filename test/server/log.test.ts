// The log is one JSON object a line, closed, and never has a secret, wherever in a request it came. Proves spec/service.md 13.2.

import { afterAll, beforeAll, expect, it } from "vitest";
import { type Scratch, scratch } from "../cli/program.js";
import { type Server, send, sendRaw, startServer } from "./server.js";
import { type MadeToken, makeToken } from "./tokens.js";

const SECRET = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
const KEYS = ["time", "level", "request_id", "method", "route", "status", "duration_ms", "caller", "caller_request_id", "code", "why"];

let place: Scratch;
let server: Server;
let token: MadeToken;
beforeAll(async () => {
  place = scratch();
  token = await makeToken(place, { roles: ["owner"] });
  server = await startServer(place, ["--log-requests"]);
});
afterAll(() => server.stop());

it("has no secret of any place of a request, nor a token", async () => {
  const { headers } = token;
  const action = { action_type: "execute_command", target: `curl -H 'Authorization: ${SECRET}' x`, cwd: place.repository };
  const over = (body: object | string, more = {}) => send(server, "POST", "/v1/decisions", { headers: { ...headers, ...more }, body });
  await over({ ...action, agent: SECRET, session: SECRET, sub_agent: SECRET, arguments: SECRET });
  await over({ ...action, [SECRET]: 1 });
  await over(`{"${SECRET}`);
  await over({ ...action, cwd: `relative/${SECRET}` });
  await over(action, { cookie: SECRET, "user-agent": SECRET, "content-type": `text/${SECRET}` });
  await send(server, "GET", `/v1/decisions?words=${SECRET}&limit=${SECRET}`, { headers });
  await send(server, "GET", `/v1/decisions/${SECRET}`, { headers });
  await send(server, "GET", `/${SECRET}?a=${SECRET}`, { headers });
  await send(server, "GET", "/v1/decisions", { headers: { authorization: `Bearer ${SECRET}` } });
  await send(server, "GET", "/v1/decisions", { headers: { authorization: `Bearer ${token.text}x` } });
  await send(server, "GET", "/v1/decisions", { headers: { ...headers, origin: `https://${SECRET}` } });
  await send(server, "GET", "/v1/decisions", { headers: { ...headers, host: SECRET } });
  // An id is told as it came (3.3) where it has the form of one; this has not.
  await send(server, "GET", "/healthz", { headers: { "x-request-id": `${SECRET} ${SECRET}` } });
  await sendRaw(server, `GET /${SECRET} HTTP/9.9\r\n${SECRET}: ${SECRET}\r\n\r\n`);
  await server.stop();
  const said = server.complaints();
  const lines = said.split("\n").filter((line) => line.startsWith("{"));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.flatMap((line) => Object.keys(JSON.parse(line)).filter((key) => !KEYS.includes(key)))).toEqual([]);
  expect(said).not.toContain(SECRET.slice(4, 24));
  expect(said).not.toContain(token.text.slice(-43));
});
