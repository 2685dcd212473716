// Tokens of issuers: which hold, which do not and why, whose keys are asked for and how often. Proves spec/service.md 4.6.

import { execFileSync, spawnSync } from "node:child_process";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { exportSPKI, type JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IssuerSettings } from "../../src/identity/index.js";
import { callerFor } from "../../src/server/identity/identify.js";
import { openIssuers } from "../../src/server/identity/issuers.js";
import { type Scratch, scratch } from "../cli/program.js";
import { AUDIENCE, ISSUER, type Issuer, makeIssuer, trustIssuer, wholeSettings, writeServeSettings } from "./issuer.js";
import { type Ask, documented, type Server, startServer } from "./server.js";

const NOW_MS = 1_790_000_000_000;
const NOW_S = NOW_MS / 1_000;
const RULES = [
  { claim: "groups", value: "developers", roles: ["agent" as const], workspaces: ["/srv/shop"] },
  { claim: "groups", value: "security", roles: ["auditor" as const], workspaces: ["*"] },
  { claim: "email", value: "ann@example.org", roles: ["reader" as const], workspaces: ["/srv/ann*"] },
];

let issuer: Issuer;
let settings: IssuerSettings;
beforeAll(async () => {
  issuer = await makeIssuer(() => NOW_MS);
  settings = { issuer: ISSUER, audience: AUDIENCE, jwks_uri: "", jwks: JSON.parse(JSON.stringify(issuer.jwks)), rules: RULES };
});

const verify = async (token: string, nowMs = NOW_MS) => openIssuers([settings]).verify(token, nowMs);
const why = async (token: string) => {
  const verified = await verify(token);
  return verified.ok ? "" : verified.why.split(":")[0];
};
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = { iss: ISSUER, aud: AUDIENCE, sub: "ann", iat: NOW_S, exp: NOW_S + 600 };

describe("a token of an issuer", () => {
  it.each(["RS256", "PS256", "ES256", "EdDSA"])("that is signed by %s holds", async (alg) => {
    expect(await verify(await issuer.token({}, { alg }))).toMatchObject({ ok: true, known: { name: `oidc:${ISSUER}:ann`, grants: [] } });
  });

  it.each<[string, JWTPayload, string]>([
    ["of another issuer", { iss: "https://evil.example" }, "issuer_unknown"],
    ["of an issuer with a slash more", { iss: `${ISSUER}/` }, "issuer_unknown"],
    ["without an issuer", { iss: undefined as never }, "issuer_missing"],
    ["for another audience", { aud: "other" }, "jwt_claim_validation_failed"],
    ["for several others", { aud: ["other", "cavra2"] }, "jwt_claim_validation_failed"],
    ["for no audience", { aud: undefined as never }, "jwt_claim_validation_failed"],
    ["without a subject", { sub: undefined as never }, "jwt_claim_validation_failed"],
    ["with an empty subject", { sub: "" }, "subject_refused"],
    ["with a subject of 256", { sub: "s".repeat(256) }, "subject_refused"],
    ["with a line in its subject", { sub: "ann\nroot" }, "subject_refused"],
    ["without an end", { exp: undefined as never }, "jwt_claim_validation_failed"],
    ["without a beginning", { iat: undefined as never }, "jwt_claim_validation_failed"],
    ["that has ended", { exp: NOW_S - 61 }, "jwt_expired"],
    ["that begins later", { nbf: NOW_S + 61 }, "jwt_claim_validation_failed"],
    ["that was made later", { iat: NOW_S + 61 }, "issued_later"],
    ["that is good for more than a day", { exp: NOW_S + 86_401 }, "good_too_long"],
    ["whose end is a text", { exp: String(NOW_S + 600) as never }, "jwt_claim_validation_failed"],
  ])("%s is refused", async (_, more, code) => {
    expect(await why(await issuer.token(more))).toBe(code);
  });

  it.each<[string, JWTPayload]>([
    ["an end just now", { exp: NOW_S - 59 }],
    ["a beginning just now", { nbf: NOW_S + 60 }],
    ["a making just now", { iat: NOW_S + 60, exp: NOW_S + 600 }],
    ["a day", { exp: NOW_S + 86_400 }],
    ["us among several audiences", { aud: ["other", AUDIENCE] }],
    ["a subject of 255", { sub: "s".repeat(255) }],
  ])("with %s holds", async (_, more) => {
    expect(await why(await issuer.token(more))).toBe("");
  });

  it("is refused by its algorithm before a key is looked for", async () => {
    let asked = 0;
    const fetching = openIssuers([{ ...settings, jwks: null }], async () => {
      asked += 1;
      return Buffer.from("{}");
    });
    const none = `${encoded({ alg: "none" })}.${encoded(claims)}.`;
    const head = encoded({ alg: "HS256", kid: "key-RS256", typ: "JWT" });
    // Key confusion: what everybody may know, taken for a secret.
    const shared = await exportSPKI(issuer.pair("RS256").publicKey);
    const confused = `${head}.${encoded(claims)}.${createHmac("sha256", shared)
      .update(`${head}.${encoded(claims)}`)
      .digest("base64url")}`;
    for (const token of [
      none,
      confused,
      `${encoded({ alg: "None" })}.${encoded(claims)}.`,
      `${encoded({ alg: "RS512" })}.${encoded(claims)}.AAAA`,
    ])
      expect(await fetching.verify(token, NOW_MS)).toEqual({ ok: false, why: "algorithm_refused" });
    expect(asked).toBe(0);
  });

  it("is refused where its key is another, unknown, of another algorithm, or comes with it", async () => {
    const { foreign } = issuer;
    expect(await why(await issuer.token({}, {}, foreign.privateKey))).toBe("jws_signature_verification_failed");
    expect(await why(await issuer.token({}, { kid: "key-other" }))).toBe("jwks_no_matching_key");
    expect(await why(await issuer.token({}, { kid: "key-ES256" }))).toBe("jwks_no_matching_key");
    // RSA fits both, but the key says which one it is for.
    expect(await why(await issuer.token({}, { alg: "PS256", kid: "key-RS256" }))).toBe("jwks_no_matching_key");
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = publicKey.export({ format: "jwk" });
    for (const header of [{ jwk }, { jku: "https://evil.example/keys" }, { x5u: "https://evil.example/cert" }])
      expect(await why(await issuer.token({}, { ...header, kid: "key-other" }, foreign.privateKey))).toBe("jwks_no_matching_key");
    expect(
      await why(
        await issuer
          .token({}, { crit: ["x"], x: 1 })
          .catch(() => `${encoded({ alg: "RS256", crit: ["x"], x: 1 })}.${encoded(claims)}.AAAA`),
      ),
    ).toBe("jose_not_supported");
  });

  it("is refused where it is no token, or was changed", async () => {
    const whole = await issuer.token({ groups: ["developers"] });
    const [head = "", , signature = ""] = whole.split(".");
    expect(await why(`${head}.${encoded({ ...claims, groups: ["security"] })}.${signature}`)).toBe("jws_signature_verification_failed");
    for (const text of ["", "a.b", "a.b.c", "a.b.c.d.e", `${whole}.x`, "..", whole.slice(0, -8)]) expect(await why(text)).not.toBe("");
    expect(await why(await issuer.token({}, { typ: "logout+jwt" }))).toBe("type_refused");
    expect(await why(await issuer.token({}, { typ: "at+jwt" }))).toBe("");
  });
});

describe("a rule", () => {
  const grants = async (more: JWTPayload) => {
    const verified = await verify(await issuer.token(more));
    if (!verified.ok) throw new Error(verified.why);
    return verified.known;
  };

  it("gives its roles in its own workspaces to whose claim is, or holds, the value", async () => {
    const both = await grants({ groups: ["developers", "security"], email: "ann@example.org" });
    const of = (scope: "decisions:ask" | "decisions:read" | "evidence:read") => {
      const caller = callerFor(both, scope);
      return caller.ok ? caller.value.workspaces : caller.problem.code;
    };
    // A role for one repository is none for the others.
    expect([of("decisions:ask"), of("decisions:read"), of("evidence:read")]).toEqual([["/srv/shop"], ["*", "/srv/ann*"], ["*"]]);
  });

  it.each<[string, JWTPayload]>([
    ["no claim", {}],
    ["another value", { groups: ["developer"] }],
    ["a text that holds it", { groups: "developers and others" }],
    ["a number", { groups: 1 }],
    ["a claim of every object", { constructor: "developers" }],
  ])("gives nothing for %s", async (_, more) => {
    const caller = callerFor(await grants(more), "decisions:ask");
    expect(caller.ok ? "" : caller.problem.code).toBe("scope_missing");
  });
});

describe("keys that are fetched", () => {
  const fetching = (more: Partial<IssuerSettings> = {}, documents: (address: string) => unknown = () => issuer.jwks) => {
    const asked: string[] = [];
    const issuers = openIssuers([{ ...settings, jwks: null, ...more }], async (address) => {
      asked.push(address);
      const found = documents(address);
      if (found === null) throw new Error("away");
      return Buffer.from(JSON.stringify(found));
    });
    return { issuers, asked };
  };
  const late = (ms: number) => makeIssuer(() => NOW_MS + ms);

  it("come from their address, or from what discovery says, for all who wait at once", async () => {
    const given = fetching({ jwks_uri: "https://keys.example.org/all" });
    const token = await issuer.token();
    await Promise.all(Array.from({ length: 8 }, () => given.issuers.verify(token, NOW_MS)));
    expect(given.asked).toEqual(["https://keys.example.org/all"]);
    const about = { issuer: ISSUER, jwks_uri: "https://id.example.org/keys" };
    const found = fetching({}, (address) => (address.endsWith("/keys") ? issuer.jwks : about));
    expect((await found.issuers.verify(token, NOW_MS)).ok).toBe(true);
    expect(found.asked).toEqual([`${ISSUER}/.well-known/openid-configuration`, "https://id.example.org/keys"]);
  });

  it("are kept 600 seconds, and asked for again for an unknown one each 30 at most", async () => {
    const { issuers, asked } = fetching({ jwks_uri: "https://keys.example.org/all" });
    const token = await issuer.token({ exp: NOW_S + 3_600 });
    const unknown = await issuer.token({ exp: NOW_S + 3_600 }, { kid: "key-new" });
    const times: readonly (readonly [string, number, number])[] = [
      [token, 0, 1],
      [token, 599_999, 1],
      [unknown, 599_999, 2],
      [unknown, 629_998, 2],
      [unknown, 629_999, 3],
      [token, 1_229_998, 3],
      [token, 1_229_999, 4],
    ];
    for (const [one, ms, count] of times) {
      expect((await issuers.verify(one, NOW_MS + ms)).ok).toBe(one === token);
      expect([ms, asked.length]).toEqual([ms, count]);
    }
  });

  it("that are new are found by the token that names one", async () => {
    const next = await late(60_000);
    let keys = issuer.jwks;
    const { issuers } = fetching({ jwks_uri: "https://keys.example.org/all" }, () => keys);
    expect((await issuers.verify(await issuer.token(), NOW_MS)).ok).toBe(true);
    keys = { keys: next.jwks.keys.map((key) => ({ ...key, kid: `next-${key.alg}` })) };
    expect((await issuers.verify(await next.token({}, { kid: "next-RS256" }), NOW_MS + 60_000)).ok).toBe(true);
    // What the issuer took away counts no more.
    expect((await issuers.verify(await issuer.token(), NOW_MS + 60_000)).ok).toBe(false);
  });

  it.each<[string, (address: string) => unknown]>([
    ["nobody answers", () => null],
    ["the document is of another issuer", () => ({ issuer: "https://evil.example", jwks_uri: "https://evil.example/keys" })],
    ["the document's keys are not behind TLS", () => ({ issuer: ISSUER, jwks_uri: "http://id.example.org/keys" })],
    ["there is a list", () => []],
    [
      "there are no keys",
      (address) => (address.endsWith("/keys") ? { keys: 1 } : { issuer: ISSUER, jwks_uri: "https://id.example.org/keys" }),
    ],
  ])("are not there where %s: nobody holds, and nobody is asked again at once", async (_, documents) => {
    const { issuers, asked } = fetching({}, documents);
    const token = await issuer.token();
    expect((await issuers.verify(token, NOW_MS)).ok).toBe(false);
    const { length } = asked;
    expect((await issuers.verify(token, NOW_MS + 29_999)).ok).toBe(false);
    expect(asked).toHaveLength(length);
    await issuers.verify(token, NOW_MS + 30_000);
    expect(asked.length).toBeGreaterThan(length);
  });
});

describe("a server with an issuer", () => {
  let place: Scratch;
  let server: Server;
  let ask: Ask;
  let here: Issuer;
  beforeAll(async () => {
    place = scratch();
    here = await makeIssuer();
    trustIssuer(place, here, [
      { claim: "groups", value: "developers", roles: ["agent"], workspaces: [place.repository] },
      { claim: "groups", value: "security", roles: ["auditor"], workspaces: ["*"] },
    ]);
    server = await startServer(place);
    ({ ask } = await documented(server));
  });
  afterAll(() => server.stop());
  const bearer = async (more: JWTPayload) => ({ authorization: `Bearer ${await here.token(more)}` });

  it("knows who asks, and records them", async () => {
    const body = { action_type: "execute_command", target: "ls", cwd: place.repository };
    const { status, value } = await ask("POST", "/v1/decisions", { headers: await bearer({ groups: ["developers"] }), body });
    expect([status, value.who.user]).toEqual([200, `oidc:${ISSUER}:ann`]);
    expect((await ask("GET", "/v1/decisions", { headers: await bearer({ groups: ["developers"] }) })).value.code).toBe("scope_missing");
    expect((await ask("GET", "/v1/decisions", { headers: await bearer({ groups: "security" }) })).value.items).toHaveLength(1);
    expect((await ask("GET", "/v1/decisions", { headers: await bearer({}) })).value.code).toBe("scope_missing");
    expect((await ask("GET", "/v1/decisions")).value.code).toBe("token_missing");
    expect((await ask("GET", "/v1/decisions", { headers: await bearer({ aud: "other", groups: "security" }) })).value.code).toBe(
      "token_invalid",
    );
  });
});

const NO_OPENSSL = spawnSync("openssl", ["version"]).status === 0 ? "" : "openssl is not here";

describe.skipIf(NO_OPENSSL !== "")("an issuer at an address", () => {
  let place: Scratch;
  let web: HttpsServer;
  let here: Issuer;
  let address: string;
  let env: { readonly NODE_EXTRA_CA_CERTS: string };
  let answer: (path: string, response: ServerResponse) => void;
  const asked: string[] = [];
  beforeAll(async () => {
    place = scratch();
    const [key, cert] = [join(place.root, "key.pem"), join(place.root, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, ...subject],
      {
        stdio: "ignore",
      },
    );
    env = { NODE_EXTRA_CA_CERTS: cert };
    web = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, ({ url = "" }, response) => {
      asked.push(url);
      answer(url, response);
    });
    await new Promise<void>((resolve) => {
      web.listen(0, "127.0.0.1", resolve);
    });
    address = `https://localhost:${(web.address() as AddressInfo).port}`;
    here = await makeIssuer();
  });
  afterAll(() => web.close());
  const well = (path: string, response: ServerResponse) =>
    response.end(JSON.stringify(path === "/keys" ? here.jwks : { issuer: address, jwks_uri: `${address}/keys` }));

  async function codeOf(): Promise<string> {
    asked.length = 0;
    writeServeSettings(place, { ...wholeSettings(), issuers: [{ ...wholeSettings().issuers[0], issuer: address }] });
    const server = await startServer(place, [], env);
    try {
      const { ask } = await documented(server);
      const headers = { authorization: `Bearer ${await here.token({ iss: address, groups: "x" })}` };
      const { status, value } = await ask("GET", "/v1/decisions", { headers });
      return status === 200 ? "" : value.code;
    } finally {
      await server.stop();
    }
  }

  it("is asked for what it says of itself, and for its keys", async () => {
    answer = well;
    expect([await codeOf(), asked]).toEqual(["", ["/.well-known/openid-configuration", "/keys"]]);
  });

  it.each<[string, (path: string, response: ServerResponse) => void]>([
    ["sends elsewhere", (_, response) => response.writeHead(302, { location: `${address}/keys` }).end()],
    ["answers more than it may", (_, response) => response.end(`{"a":"${"x".repeat(1_048_576)}"}`)],
    ["is broken", (_, response) => response.writeHead(500).end("{}")],
    ["hangs up", (_, response) => response.destroy()],
  ])("that %s has no keys", async (_, bad) => {
    answer = bad;
    expect([await codeOf(), asked.includes("/keys")]).toEqual(["token_invalid", false]);
  });
});
