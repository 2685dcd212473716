// An issuer of our own: keys of every algorithm, tokens that hold, and `serve.json` that names it.

import { chmodSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { type Scratch, write } from "../cli/program.js";

export const ISSUER = "https://id.example.org/realms/shop";
export const AUDIENCE = "cavra";
const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

export interface Issuer {
  /** The public keys, as the issuer publishes them. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** Of a key that the issuer never published. */
  readonly foreign: Pair;
  readonly pair: (algorithm: Algorithm) => Pair;
  /** Signed as it should be, but for what is said otherwise; a claim that is `undefined` is left out. */
  readonly token: (claims?: JWTPayload, header?: object, key?: Pair["privateKey"]) => Promise<string>;
}

export async function makeIssuer(nowMs: () => number = Date.now): Promise<Issuer> {
  const made = await Promise.all([...ALGORITHMS, "RS256"].map((alg) => generateKeyPair(alg, { extractable: true })));
  const pairs = new Map(ALGORITHMS.map((alg, at) => [alg, made[at] as Pair]));
  const keys = await Promise.all(
    ALGORITHMS.map(async (alg) => ({ ...(await exportJWK((pairs.get(alg) as Pair).publicKey)), kid: `key-${alg}`, alg, use: "sig" })),
  );
  const pair = (algorithm: Algorithm) => pairs.get(algorithm) as Pair;
  return {
    jwks: { keys },
    foreign: made[ALGORITHMS.length] as Pair,
    pair,
    token: (claims = {}, header = {}, key) => {
      const seconds = Math.floor(nowMs() / 1_000);
      const all = { iss: ISSUER, aud: AUDIENCE, sub: "ann", iat: seconds, exp: seconds + 600, ...claims };
      const protectedHeader = { alg: "RS256", ...header } as { readonly alg: Algorithm };
      const named = "kid" in header ? protectedHeader : { ...protectedHeader, kid: `key-${protectedHeader.alg}` };
      return new SignJWT(JSON.parse(JSON.stringify(all))).setProtectedHeader(named).sign(key ?? pair(protectedHeader.alg).privateKey);
    },
  };
}

export interface Rule {
  readonly claim: string;
  readonly value: string;
  readonly roles: readonly string[];
  readonly workspaces: readonly string[];
}

/** Puts the issuer into the place's `serve.json`. */
export function trustIssuer(place: Scratch, { jwks }: Issuer, rules: readonly Rule[]): string {
  const issuers = [{ issuer: ISSUER, audience: AUDIENCE, jwks, rules }];
  return writeServeSettings(place, { schema_version: "cavra.serve-settings.v1", issuers });
}

export function writeServeSettings(place: Scratch, value: unknown): string {
  const path = write(join(place.config, "cavra/serve.json"), JSON.stringify(value));
  chmodSync(path, 0o600);
  return path;
}

/** A `serve.json` that holds: one issuer by discovery, one rule. */
export const wholeSettings = () => ({
  schema_version: "cavra.serve-settings.v1",
  issuers: [
    { issuer: ISSUER, audience: AUDIENCE, rules: [{ claim: "groups", value: "x", roles: ["reader"], workspaces: ["*"] }] },
  ] as object[],
});
