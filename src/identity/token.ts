// API tokens: their form, what is kept of one, and whether one that came is it. Implements spec/service.md 4.3 and 4.4. Pure.
// SECURITY: what is kept opens nothing: 32 random bytes are not found from their digest, so a plain SHA-256 is enough.

import { createHash, timingSafeEqual } from "node:crypto";
import { formatTime, parseId, parseTime } from "../base/index.js";
import type { Scope } from "./scopes.js";

export const TOKEN_PREFIX = "tok";
export const TOKEN_SECRET_BYTES = 32;
export const MIN_TOKEN_MS = 60_000;
export const MAX_TOKEN_MS = 365 * 86_400_000;
export const DEFAULT_TOKEN_MS = 90 * 86_400_000;
/** At most so many are kept. */
export const MAX_TOKENS = 10_000;
/** One goes so long after its end. */
export const TOKEN_KEPT_MS = 90 * 86_400_000;

/** What is kept of a token. INVARIANT: nothing of it changes but its being revoked. */
export interface KeptToken {
  readonly token_id: string;
  readonly name: string;
  /** `sha256:…` of the secret's bytes. */
  readonly digest: string;
  readonly scopes: readonly Scope[];
  readonly workspaces: readonly string[];
  /** The one agent that it speaks for; "" for any. */
  readonly agent: string;
  readonly made_at: string;
  readonly ends_at: string;
  readonly revoked: RevokedToken | null;
}

export interface RevokedToken {
  readonly revoked_at: string;
  readonly reason: string;
  readonly record_id: string;
}

const BEGINNING = "cavra_";
const ID_CHARACTERS = 26;
const SECRET_CHARACTERS = 43;
const TOKEN_CHARACTERS = BEGINNING.length + ID_CHARACTERS + 1 + SECRET_CHARACTERS;

/** The token as its owner gets it, once. */
export function tokenText(tokenId: string, secret: Uint8Array): string {
  return `${BEGINNING}${tokenId.slice(TOKEN_PREFIX.length + 1)}_${Buffer.from(secret).toString("base64url")}`;
}

export interface PresentedToken {
  readonly tokenId: string;
  readonly secret: Uint8Array;
}

/** Null for what is no token of ours. */
export function readToken(text: string): PresentedToken | null {
  if (text.length !== TOKEN_CHARACTERS || !isOwnToken(text) || text.charAt(BEGINNING.length + ID_CHARACTERS) !== "_") return null;
  const tokenId = `${TOKEN_PREFIX}_${text.slice(BEGINNING.length, BEGINNING.length + ID_CHARACTERS)}`;
  const said = text.slice(-SECRET_CHARACTERS);
  const secret = Buffer.from(said, "base64url");
  // Only one way to write it: what the decoder passed over would make many texts of one token.
  return parseId(tokenId).ok && secret.length === TOKEN_SECRET_BYTES && secret.toString("base64url") === said ? { tokenId, secret } : null;
}

/** Does it say of itself that it is one of ours, and no other issuer's? */
export function isOwnToken(text: string): boolean {
  return text.startsWith(BEGINNING);
}

export function secretDigest(secret: Uint8Array): string {
  return `sha256:${createHash("sha256").update(secret).digest("hex")}`;
}

/** Why it counts for nothing, for the log; "" where it holds. Looks at the secret first, in a time that does not depend on where digests differ. */
export function tokenFault({ secret }: PresentedToken, kept: KeptToken | null, nowMs: number): string {
  const digest = Buffer.from(secretDigest(secret));
  // Against nothing too: whoever guesses ids must not see by the time which there are.
  const known = Buffer.from(kept?.digest ?? secretDigest(new Uint8Array(TOKEN_SECRET_BYTES)));
  const isSame = known.length === digest.length && timingSafeEqual(known, digest);
  if (kept === null) return "token_unknown";
  if (!isSame) return "token_wrong";
  if (kept.revoked !== null) return "token_revoked";
  const end = parseTime(kept.ends_at);
  return end.ok && nowMs < end.value ? "" : "token_ended";
}

/** May it be forgotten? */
export function isTokenOld({ ends_at }: KeptToken, nowMs: number): boolean {
  return ends_at < formatTime(Math.max(0, nowMs - TOKEN_KEPT_MS));
}
