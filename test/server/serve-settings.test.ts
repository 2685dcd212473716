// What `serve.json` may say of issuers and their rules, and what is refused, at its place. Proves spec/service.md 4.6 and spec/schema/serve-settings.schema.json.

import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { readServeSettingsText } from "../../src/identity/index.js";
import { cavraJson, scratch } from "../cli/program.js";
import { type Issuer, makeIssuer, wholeSettings, writeServeSettings } from "./issuer.js";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await makeIssuer();
});

const [one] = wholeSettings().issuers;

describe("`serve.json`", () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(join(import.meta.dirname, "../../spec/schema/serve-settings.schema.json"), "utf8")),
  );
  // What a schema cannot say of a file: how its text is read, and that an issuer stands there once.
  const BEYOND_SCHEMA: ReadonlySet<string> = new Set(["no JSON", "two equal keys", "an issuer twice"]);
  const problem = (value: unknown) => {
    const read = readServeSettingsText(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
    return read.ok ? "" : `${read.problem.code} ${read.problem.at}`;
  };
  const withIssuer = (more: object) => ({ ...wholeSettings(), issuers: [{ ...one, ...more }] });
  const withRule = (more: object) =>
    withIssuer({ rules: [{ claim: "groups", value: "x", roles: ["reader"], workspaces: ["*"], ...more }] });

  it("holds with keys by discovery, from an address, or as they are", () => {
    expect(problem(wholeSettings())).toBe("");
    for (const value of [wholeSettings(), withIssuer({ jwks_uri: "https://keys.example.org/x" }), withIssuer({ jwks: issuer.jwks })])
      expect(validate(value) || validate.errors).toBe(true);
    expect(problem(withIssuer({ jwks_uri: "https://keys.example.org/x" }))).toBe("");
    expect(problem(withIssuer({ jwks: issuer.jwks }))).toBe("");
    const many = (count: number) => Array.from({ length: count }, (_, n) => ({ ...one, issuer: `https://id${n}.example.org` }));
    expect([problem({ ...wholeSettings(), issuers: many(8) }), problem({ ...wholeSettings(), issuers: many(9) })]).toEqual([
      "",
      "bad_serve_settings /issuers",
    ]);
  });

  it.each<[string, () => unknown, string]>([
    ["no JSON", () => "{", ""],
    ["two equal keys", () => '{"issuers":[],"issuers":[]}', ""],
    ["another schema", () => ({ ...wholeSettings(), schema_version: "v2" }), "/schema_version"],
    ["a key that nobody knows", () => ({ ...wholeSettings(), open: true }), ""],
    ["no issuer", () => ({ ...wholeSettings(), issuers: [] }), "/issuers"],
    ["an issuer twice", () => ({ ...wholeSettings(), issuers: [one, one] }), "/issuers"],
    ["an issuer without TLS", () => withIssuer({ issuer: "http://id.example.org" }), "/issuers/0/issuer"],
    ["an issuer with a password", () => withIssuer({ issuer: "https://a:b@id.example.org" }), "/issuers/0/issuer"],
    ["no audience", () => withIssuer({ audience: "" }), "/issuers/0/audience"],
    ["keys without TLS", () => withIssuer({ jwks_uri: "http://id.example.org/keys" }), "/issuers/0/jwks_uri"],
    ["keys twice", () => withIssuer({ jwks_uri: "https://k.example.org", jwks: issuer.jwks }), "/issuers/0/jwks"],
    ["no keys", () => withIssuer({ jwks: { keys: [] } }), "/issuers/0/jwks"],
    ["a shared key", () => withIssuer({ jwks: { keys: [{ kty: "oct", k: "AAAA" }] } }), "/issuers/0/jwks/keys/0"],
    ["a private key", () => withIssuer({ jwks: { keys: [{ kty: "OKP", crv: "Ed25519", x: "A", d: "A" }] } }), "/issuers/0/jwks/keys/0"],
    ["no rules", () => withIssuer({ rules: [] }), "/issuers/0/rules"],
    ["a role that nobody knows", () => withRule({ roles: ["king"] }), "/issuers/0/rules/0/roles"],
    ["no workspace", () => withRule({ workspaces: [] }), "/issuers/0/rules/0/workspaces"],
    ["a value that is none", () => withRule({ value: 1 }), "/issuers/0/rules/0"],
    ["a rule with a key more", () => withRule({ admin: true }), "/issuers/0/rules/0"],
  ])("with %s is refused at its place", (name, make, at) => {
    if (!BEYOND_SCHEMA.has(name)) expect(validate(make())).toBe(false);
    expect(problem(make()).trim()).toMatch(new RegExp(`^bad_serve_settings ?${at}`));
  });

  it("that others may read, or that is none, keeps the server from starting", async () => {
    const place = scratch();
    const path = writeServeSettings(place, wholeSettings());
    chmodSync(path, 0o640);
    const code = async () => (await cavraJson(place, ["serve", "--port", "0"])).value.error.code;
    expect(await code()).toBe("serve_settings_exposed");
    writeServeSettings(place, {});
    expect(await code()).toBe("bad_serve_settings");
  });
});
