// Requests that nobody thought of: whatever comes, the answer is one that the document names, and never a mistake of ours. Proves spec/service.md 14.2.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACTION_TYPES } from "../../src/change/index.js";
import { scratch } from "../cli/program.js";
import { type Ask, documented, type Server, startServer } from "./server.js";

const SEED = 20_261_123;
const RUNS = 150;

let server: Server;
let ask: Ask;
beforeAll(async () => {
  server = await startServer(scratch());
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

const text = fc.string({ unit: "binary", maxLength: 40 });
const action = fc.record(
  {
    action_type: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ACTION_TYPES) }, text),
    target: fc.oneof({ weight: 4, arbitrary: text }, fc.jsonValue()),
    cwd: fc.oneof({ weight: 4, arbitrary: text.map((path) => `/${path}`) }, text),
    operation: text,
    arguments: fc.oneof(text, fc.json()),
    workspace_root: text.map((path) => `/${path}`),
    agent: text,
    session: text,
    unattended: fc.oneof(fc.boolean(), text),
    user: text,
  },
  { requiredKeys: ["action_type", "target", "cwd"] },
);
const body = fc.oneof({ weight: 3, arbitrary: action }, fc.jsonValue()).map((value) => JSON.stringify(value) ?? "null");
const part = fc
  .string({ unit: "binary", maxLength: 60 })
  .filter((said) => !/[\ud800-\udfff]/.test(said))
  .map(encodeURIComponent);

const whole = async (method: string, path: string, asked = {}) => {
  const { status } = await ask(method, path, asked);
  expect(status, `${method} ${path} ${JSON.stringify(asked)}`).toBeLessThan(500);
};
const check = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, { seed: SEED, numRuns: RUNS });

describe("whatever comes", () => {
  it.each(["/v1/decisions", "/runtime/go-pilot/evaluate"])("to POST %s is answered as documented", (path) =>
    check(fc.asyncProperty(body, (said) => whole("POST", path, { body: said }))),
  );

  it("to POST /v1/decisions:batch is answered as documented", () =>
    check(
      fc.asyncProperty(fc.oneof(fc.array(fc.oneof(action, fc.jsonValue()), { maxLength: 5 }), fc.jsonValue()), (actions) =>
        whole("POST", "/v1/decisions:batch", { body: JSON.stringify({ actions }) }),
      ),
    ));

  it("to GET /v1/decisions is answered as documented", () => {
    const names = ["decision", "agent", "session", "rule", "repository", "action_type", "since", "until", "words", "limit", "cursor"];
    const pair = fc.tuple(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, part), fc.oneof(part, fc.nat(2_000).map(String)));
    const query = fc.array(pair, { maxLength: 4 }).map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));
    return check(fc.asyncProperty(query, (said) => whole("GET", `/v1/decisions?${said}`)));
  });

  it("as a path is answered as documented", () =>
    check(
      fc.asyncProperty(fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH"), fc.array(part, { maxLength: 4 }), (method, parts) =>
        whole(method, `/${["v1", "decisions", ...parts].slice(parts.length % 3).join("/")}`, method === "GET" ? {} : { body: "{}" }),
      ),
    ));
});
