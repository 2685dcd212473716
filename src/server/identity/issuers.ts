// Tokens of issuers that this server trusts: JWTs, verified against the issuer's own keys. Implements spec/service.md 4.6.
// SECURITY: of a token that was not verified two things are read: its algorithm, to refuse it, and its issuer, to find whose keys count.

import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { sha256 } from "../../base/index.js";
import { type IssuerRule, type IssuerSettings, scopesOf } from "../../identity/index.js";
import type { Grant, Known } from "./caller.js";
import { type FetchText, type IssuerKeys, type KeySet, keysOf } from "./issuer-keys.js";

/** Public keys alone: with a shared secret whoever checks a token could make one. */
const ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"];
/** What a token may call itself; without it, any. */
const TYPES: ReadonlySet<string> = new Set(["jwt", "at+jwt", "application/at+jwt"]);
const TOLERANCE_S = 60;
const LONGEST_S = 86_400;
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/** `why` is for the log alone. */
export type Verified = { readonly ok: true; readonly known: Known } | { readonly ok: false; readonly why: string };

export interface Issuers {
  readonly verify: (token: string, nowMs: number) => Promise<Verified>;
}

export function openIssuers(settings: readonly IssuerSettings[], fetchText?: FetchText): Issuers {
  const known = new Map(settings.map((one) => [one.issuer, { settings: one, keys: keysOf(one, fetchText) }]));
  return {
    verify: async (token, nowMs) => {
      try {
        const claimed = claimedOf(token);
        if (typeof claimed === "string") return { ok: false, why: claimed };
        const issuer = known.get(claimed.issuer);
        if (issuer === undefined) return { ok: false, why: "issuer_unknown" };
        return knownBy(issuer.settings, await payloadOf(token, issuer, nowMs), nowMs);
      } catch (thrown) {
        return { ok: false, why: whyOf(thrown) };
      }
    },
  };
}

/** What an unverified token says of itself; or why nothing more is read. The algorithm is refused before any key is looked for. */
function claimedOf(token: string): { readonly issuer: string } | string {
  const { alg, typ } = decodeProtectedHeader(token);
  if (alg === undefined || !ALGORITHMS.includes(alg)) return "algorithm_refused";
  if (typ !== undefined && !TYPES.has(typ.toLowerCase())) return "type_refused";
  const { iss } = decodeJwt(token);
  return typeof iss === "string" ? { issuer: iss } : "issuer_missing";
}

interface OpenIssuer {
  readonly settings: IssuerSettings;
  readonly keys: IssuerKeys;
}

async function payloadOf(token: string, { settings, keys }: OpenIssuer, nowMs: number): Promise<JWTPayload> {
  const by = async (set: KeySet): Promise<JWTPayload> => {
    const { issuer, audience } = settings;
    const times = { clockTolerance: TOLERANCE_S, currentDate: new Date(nowMs), requiredClaims: ["exp", "iat", "sub"] };
    return (await jwtVerify(token, set, { algorithms: ALGORITHMS, issuer, audience, ...times })).payload;
  };
  try {
    return await by(await keys.current(nowMs));
  } catch (thrown) {
    const fresh = thrown instanceof errors.JWKSNoMatchingKey ? await keys.again(nowMs) : null;
    if (fresh === null) throw thrown;
    return by(fresh);
  }
}

function knownBy({ issuer, rules }: IssuerSettings, claims: JWTPayload, nowMs: number): Verified {
  const { sub = "", iat = 0, exp = 0 } = claims;
  if (!SUBJECT.test(sub)) return { ok: false, why: "subject_refused" };
  if (iat > nowMs / 1_000 + TOLERANCE_S) return { ok: false, why: "issued_later" };
  if (exp - iat > LONGEST_S) return { ok: false, why: "good_too_long" };
  const id = `oidc_${sha256(`${issuer}\n${sub}`).slice("sha256:".length, "sha256:".length + 32)}`;
  return {
    ok: true,
    known: { name: `oidc:${issuer}:${sub}`, id, agent: "", grants: rules.filter((rule) => holds(claims, rule)).map(grantOf) },
  };
}

/** Own keys alone: a claim called `constructor` is none that an object has of itself. */
function holds(claims: JWTPayload, { claim, value }: IssuerRule): boolean {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return Array.isArray(found) ? found.includes(value) : found === value;
}

function grantOf({ roles, workspaces }: IssuerRule): Grant {
  return { scopes: scopesOf(roles), workspaces };
}

/** `ERR_JWT_EXPIRED` is `jwt_expired`. */
function whyOf(thrown: unknown): string {
  const { code = "", message = "" } = thrown as { readonly code?: string; readonly message?: string };
  return code === "" ? `token_malformed: ${message.slice(0, 100)}` : code.toLowerCase().replace(/^err_/, "");
}
