// Whoever wants in without being let: every operation that the server names, by everybody who may not.
// Proves spec/service.md 3.6, 3.7 and section 4; connections that never come to a request are connections.test.ts. What the document names is tried by itself: a route of tomorrow is in it too.

import { createHmac } from "node:crypto";
import { Agent } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { exportSPKI } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SCOPES, type Scope } from "../../src/identity/index.js";
import { makeKeys } from "../cli/ledger-keys.js";
import { type Scratch, scratch, write } from "../cli/program.js";
import { askedOf, BODIES, type Operation, operationsOf } from "./every-operation.js";
import { AUDIENCE, ISSUER, type Issuer, makeIssuer, trustIssuer } from "./issuer.js";
import { type Answer, type Ask, documented, type Server, send, startServer } from "./server.js";
import { type MadeToken, makeToken, revokeToken, type TokenWish } from "./tokens.js";

let place: Scratch;
let server: Server;
let ask: Ask;
let issuer: Issuer;
let all: readonly Operation[];
let scoped: readonly Operation[];
beforeAll(async () => {
  place = scratch();
  makeKeys(place);
  issuer = await makeIssuer();
  trustIssuer(place, issuer, [{ claim: "groups", value: "everybody", roles: ["owner"], workspaces: ["*"] }]);
  // Each request of an address of its own: how often one address may fail is another test's.
  server = await startServer(place, ["--behind-proxy", "--rate-limit", "0"]);
  const known = await documented(server);
  ({ ask } = known);
  all = operationsOf(known.document);
  scoped = all.filter(({ scope }) => scope !== null);
});
afterAll(() => server.stop());

let asked = 0;
const elsewhere = () => {
  asked += 1;
  return { "x-forwarded-for": `198.51.${Math.floor(asked / 256) % 256}.${asked % 256}` };
};
const tryOne = (operation: Operation, headers: Readonly<Record<string, string>> = {}, query = ""): Promise<Answer> =>
  ask(operation.method, `${operation.path}${query}`, askedOf(operation, { ...elsewhere(), ...headers }));
/** The same over connections that stay, and not held against the document: what a refusal looks like is seen where one token is missing. */
let agent: Agent;
beforeEach(() => {
  agent = new Agent({ keepAlive: true, maxSockets: 8 });
});
// One that waits from one test to the next is ended by the server when it likes.
afterEach(() => agent.destroy());
const tryQuickly = (operation: Operation, headers: Readonly<Record<string, string>> = {}, query = ""): Promise<Answer> =>
  send(server, operation.method, `${operation.path}${query}`, { ...askedOf(operation, { ...elsewhere(), ...headers }), agent });
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const told = ({ id }: Operation, { status, value }: Answer) => [id, status, value?.code];
/** Some at a time: a whole walk at once would be a flood. */
async function each<T>(list: readonly T[], look: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < list.length; from += 8) await Promise.all(list.slice(from, from + 8).map(look));
}

describe("every operation", () => {
  it("names a scope that there is, but for the four that are open", () => {
    expect(all.length).toBeGreaterThan(30);
    expect(scoped.filter(({ scope }) => !SCOPES.includes(scope as Scope))).toEqual([]);
    const open = all.filter(({ scope }) => scope === null).map(({ path }) => path);
    expect(open.filter((path) => !["/healthz", "/readyz", "/openapi.json", "/docs"].includes(path))).toEqual([]);
  });

  it("wants a token, in the one header", async () => {
    const owner = await makeToken(place, { roles: ["owner"] });
    const wrong: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ["", {}],
      [`?access_token=${owner.text}`, {}],
      [`?token=${owner.text}`, { cookie: `token=${owner.text}` }],
      ["", { "x-api-key": owner.text, "proxy-authorization": `Bearer ${owner.text}` }],
      ["", { authorization: `Basic ${Buffer.from(`cavra:${owner.text}`).toString("base64")}` }],
      ["", { authorization: owner.text }],
    ];
    for (const [query, headers] of wrong)
      await each(scoped, async (operation) => {
        const answer = await (query === "" && Object.keys(headers).length === 0 ? tryOne : tryQuickly)(operation, headers, query);
        expect(told(operation, answer)).toEqual([operation.id, 401, "token_missing"]);
      });
    expect((await ask("GET", "/v1/policies", { headers: { authorization: `bearer ${owner.text}` } })).status).toBe(200);
  });

  it("wants it for HEAD as for GET", async () => {
    const nothing = await makeToken(place, { scopes: ["tokens:manage"] });
    await each(
      scoped.filter(({ method }) => method === "GET"),
      async ({ id, path }) => {
        const answers = [await send(server, "HEAD", path), await send(server, "HEAD", path, { headers: nothing.headers })];
        expect([id, ...answers.map(({ status, text }) => `${status}${text}`)]).toEqual([id, "401", "403"]);
      },
    );
  });

  it("wants its own scope, and no other one will do", async () => {
    const made = new Map<string, MadeToken>();
    for (const scope of new Set(scoped.map(({ scope }) => scope as Scope)))
      made.set(scope, await makeToken(place, { scopes: SCOPES.filter((one) => one !== scope) }));
    await each(scoped, async (operation) => {
      const answer = await tryQuickly(operation, made.get(operation.scope ?? "")?.headers);
      expect(told(operation, answer)).toEqual([operation.id, 403, "scope_missing"]);
    });
  });

  it("lets whoever has it in", async () => {
    const made = new Map<string, MadeToken>();
    for (const scope of new Set(scoped.map(({ scope }) => scope as Scope))) made.set(scope, await makeToken(place, { scopes: [scope] }));
    // A report takes a process and a second each (document.test.ts asks them), and a stream does not end.
    const quick = scoped.filter(({ tags, template }) => !tags.includes("reports") && !template.endsWith("/stream"));
    await each(quick, async (operation) => {
      const { status, value } = await tryOne(operation, made.get(operation.scope ?? "")?.headers);
      expect([operation.id, [401, 403, 429, 500].includes(status), value?.code === "internal_error"]).toEqual([operation.id, false, false]);
    });
  });

  it("refuses with one code whatever is no token, or is none any more, or was forged", async () => {
    const wish: TokenWish = { roles: ["owner"] };
    const [good, revoked, ended] = [
      await makeToken(place, wish),
      await makeToken(place, wish),
      await makeToken(place, { ...wish, lengthMs: -1 }),
    ];
    await revokeToken(place, revoked);
    const everybody = { groups: ["everybody"] };
    const seconds = Math.floor(Date.now() / 1_000);
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: "eve", iat: seconds, exp: seconds + 600, ...everybody };
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const mac = (header: object, secret: string | Uint8Array) => {
      const text = `${encoded(header)}.${encoded(claims)}`;
      return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
    };
    const spki = await exportSPKI(issuer.pair("RS256").publicKey);
    const modulus = Buffer.from(issuer.jwks.keys[0]?.n ?? "", "base64url");
    const forged: Readonly<Record<string, string>> = {
      revoked: revoked.text,
      ended: ended.text,
      "another's secret": `${good.text.slice(0, 33)}${revoked.text.slice(33)}`,
      "an id that is none": `cavra_${"7".repeat(26)}_${"A".repeat(43)}`,
      "a path for an id": `cavra_${"../".repeat(8)}ab_${"A".repeat(43)}`,
      "the digest for the secret": `${good.text.slice(0, 33)}${"A".repeat(43)}`,
      "one character less": good.text.slice(0, -1),
      "alg none": `${encoded({ alg: "none", typ: "JWT" })}.${encoded(claims)}.`,
      "alg nOnE": `${encoded({ alg: "nOnE" })}.${encoded(claims)}.`,
      "the public key as a secret": mac({ alg: "HS256", kid: "key-RS256" }, spki),
      "the modulus as a secret": mac({ alg: "HS256", kid: "key-RS256" }, modulus),
      "an empty secret": mac({ alg: "HS512" }, ""),
      "another key": await issuer.token(everybody, {}, issuer.foreign.privateKey),
      "a key id that there is not": await issuer.token(everybody, { kid: "../../../dev/null" }),
      "another key's id": await issuer.token(everybody, { kid: "key-PS256" }),
      "another issuer": await issuer.token({ ...everybody, iss: "https://evil.example" }),
      "another audience": await issuer.token({ ...everybody, aud: "other" }),
      "an end that is over": await issuer.token({ ...everybody, exp: seconds - 120, iat: seconds - 600 }),
      "a beginning to come": await issuer.token({ ...everybody, nbf: seconds + 600 }),
    };
    const holds = await ask("GET", "/v1/policies", { headers: { ...elsewhere(), ...bearer(await issuer.token(everybody)) } });
    expect(holds.status).toBe(200);
    for (const [name, text] of Object.entries(forged))
      await each(scoped, async (operation) => {
        const answer = await tryQuickly(operation, bearer(text));
        expect([name, ...told(operation, answer)]).toEqual([name, operation.id, 401, "token_invalid"]);
        expect(answer.value.detail).toBe("the token counts for nothing");
      });
  });

  it("takes no trick in its path", async () => {
    const { headers } = await makeToken(place, { roles: ["owner"] });
    const tricks = [
      "..",
      ".",
      "%2e%2e",
      "..%2f..%2fetc%2fpasswd",
      "%00",
      "x%0d%0aX-Evil:%201",
      "%c0%ae%c0%ae",
      "..%5c..%5c",
      "%252e%252e",
      "~root",
      "*",
      "'%20or%201=1--",
    ];
    const withId = scoped.filter(({ template, tags }) => template.includes("{") && !tags.includes("reports"));
    expect(withId.length).toBeGreaterThan(5);
    for (const trick of tricks)
      await each(withId, async (operation) => {
        const path = operation.template.replace(/\{\w+\}/g, trick);
        const answer = await send(server, operation.method, path, { ...askedOf(operation, { ...elsewhere(), ...headers }), agent });
        expect([path, [400, 404].includes(answer.status)]).toEqual([path, true]);
        expect([answer.headers["x-evil"], answer.text.includes("root:")]).toEqual([undefined, false]);
      });
  });
});

describe("a body", () => {
  /** A head that announces a body and never sends it; what comes back. */
  const announced = (operation: Operation, bytes: number, more: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1", () =>
        socket.write(
          `${operation.method} ${operation.path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\n` +
            `Content-Length: ${bytes}\r\nX-Forwarded-For: ${elsewhere()["x-forwarded-for"]}\r\n${more}\r\n`,
        ),
      );
      let said = "";
      socket.on("data", (chunk) => {
        said += chunk.toString();
        if (!/\r\n\r\n\{.*\}$/s.test(said)) return;
        socket.destroy();
        resolve(said);
      });
      socket.on("error", reject);
    });
  const codeIn = (answer: string) => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)).code;

  it("is not waited for where the caller may not, nor where it is too large", async () => {
    const bodied = scoped.filter(({ takesBody }) => takesBody);
    expect(bodied.length).toBeGreaterThan(5);
    const [owner, reader] = [await makeToken(place, { roles: ["owner"] }), await makeToken(place, { scopes: ["tokens:manage"] })];
    const header = ({ text }: MadeToken) => `Authorization: Bearer ${text}\r\n`;
    await each(bodied, async (operation) => {
      const codes = [
        codeIn(await announced(operation, 1_000_000_000, "")),
        codeIn(await announced(operation, 1_000, header(reader))),
        codeIn(await announced(operation, 1_000_000_000, header(owner))),
      ];
      expect([operation.id, ...codes]).toEqual([operation.id, "token_missing", "scope_missing", "body_too_large"]);
    });
  });

  it("that is 100,000 deep, or not what its route takes, is told so", async () => {
    const { headers } = await makeToken(place, { roles: ["owner"] });
    const deep = [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`];
    await each(
      scoped.filter(({ takesBody }) => takesBody),
      async (operation) => {
        for (const body of deep) {
          const answer = await ask(operation.method, operation.path, { headers: { ...elsewhere(), ...headers }, body });
          expect(told(operation, answer)).toEqual([operation.id, 400, "json_too_deep"]);
        }
      },
    );
  });
});

const MARK = "boundary-marker-8c1f";

describe("what is of another workspace", () => {
  let theirs: string;
  let approval: string;
  let here: MadeToken;
  let other: string;
  beforeAll(async () => {
    other = join(place.root, "vault");
    write(join(other, ".git/HEAD"), "ref: refs/heads/main\n");
    const there = await makeToken(place, { name: MARK, roles: ["owner"], workspaces: [other] });
    here = await makeToken(place, { roles: ["owner"], workspaces: [place.repository] });
    const body = { action_type: "execute_command", target: `echo ${MARK}`, cwd: other, session: MARK };
    theirs = (await ask("POST", "/v1/decisions", { headers: there.headers, body })).value.decision_id;
    const documents = [{ kind: "go_parity_report", digest: `sha256:${"0".repeat(64)}` }];
    approval = (await ask("POST", "/v1/approvals", { headers: there.headers, body: { documents, reason: MARK } })).value.request
      ?.approval_id;
    expect(approval).toMatch(/^apr_/);
  });
  const isTold = ({ text }: Answer, path: string) =>
    [MARK, other, theirs, approval].some((secret) => text.replaceAll(path, "").includes(secret));

  it("is told by no operation, whatever it is asked for", async () => {
    const operations = operationsOf((await ask("GET", "/openapi.json")).value, { decision_id: theirs, "approvals/id": approval });
    const quick = operations.filter(
      ({ tags, template, scope }) => scope !== null && !tags.includes("reports") && !template.endsWith("/stream"),
    );
    await each(quick, async (operation) => {
      const body = BODIES[operation.id]?.({ cwd: other, id: theirs }) ?? {};
      const answer = await ask(operation.method, operation.path, askedOf(operation, { ...elsewhere(), ...here.headers }, body));
      // An id that the caller named may come back in the words that it is not there.
      const echoed = answer.status === 404;
      expect([
        operation.id,
        isTold(echoed ? { ...answer, text: answer.text.replaceAll(theirs, "").replaceAll(approval, "") } : answer, operation.path),
      ]).toEqual([operation.id, false]);
      if (operation.template.includes("{decision_id}") || operation.id === "makeBundle")
        expect(told(operation, answer)).toEqual([operation.id, 404, "record_not_found"]);
    });
  });

  it("is in no bundle and in no list, also where nothing is chosen", async () => {
    const mine = await ask("POST", "/v1/decisions", {
      headers: here.headers,
      body: BODIES.decide?.({ cwd: place.repository, id: "" }) ?? {},
    });
    for (const body of [{}, { since: "1h" }, { session: MARK }, { repository: other }]) {
      const answer = await ask("POST", "/v1/evidence/bundles", { headers: here.headers, body });
      expect([body, isTold(answer, "")]).toEqual([body, false]);
      if (Object.keys(body).length === 0) expect(answer.text).toContain(mine.value.decision_id);
    }
    for (const query of ["", `?session=${MARK}`, `?repository=${encodeURIComponent(other)}`, `?words=${MARK}`])
      expect(isTold(await ask("GET", `/v1/decisions${query}`, { headers: here.headers }), "")).toBe(false);
  });

  it.each(["decide", "evaluateBeside"])("cannot be acted in by `%s`, and nothing is recorded of it", async (id) => {
    const operation = all.find((one) => one.id === id) as Operation;
    const owner = await makeToken(place, { roles: ["owner"] });
    const count = async () => (await ask("GET", "/v1/decisions?limit=1000", { headers: owner.headers })).value.items.length;
    const before = await count();
    const answer = await ask(operation.method, operation.path, askedOf(operation, here.headers, BODIES[id]?.({ cwd: other, id: theirs })));
    expect([answer.status, answer.value.code, await count()]).toEqual([403, "scope_missing", before]);
  });

  it("is in no stream", async () => {
    const body = (target: string) => ({ action_type: "execute_command", target, cwd: place.repository });
    await ask("POST", "/v1/decisions", { headers: here.headers, body: body("echo the-last-one") });
    const said = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(server.port, "127.0.0.1", () =>
        socket.write(
          `GET /v1/decisions/stream?after=-1 HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${here.text}\r\n\r\n`,
        ),
      );
      socket.on("error", reject);
      socket.on("data", (chunk) => {
        text += chunk.toString();
        if (!text.includes("the-last-one")) return;
        socket.destroy();
        resolve(text);
      });
    });
    expect([MARK, other, theirs].filter((secret) => said.includes(secret))).toEqual([]);
  });
});
