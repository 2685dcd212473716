// The keys of one issuer: given, or fetched and kept for a while. Implements spec/service.md 4.6.
// SECURITY: an address comes from the settings or from the issuer's own document, and never from a token; no redirect is followed.

import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { CavraError, type JsonObject, parseJson } from "../../base/index.js";
import type { IssuerSettings } from "../../identity/index.js";

export type KeySet = ReturnType<typeof createLocalJWKSet>;

export interface IssuerKeys {
  /** Rejects with `keys_unavailable`. */
  readonly current: (nowMs: number) => Promise<KeySet>;
  /** Fetched anew for a key that is not among them; null where that was done just now, or nothing is fetched. */
  readonly again: (nowMs: number) => Promise<KeySet | null>;
}

/** How long fetched keys hold, and how long nothing is fetched after a fetch. */
export const KEYS_KEPT_MS = 600_000;
export const FETCH_PAUSE_MS = 30_000;
const FETCH_MS = 5_000;
const DOCUMENT_BYTES = 1_048_576;

/** The text at an address of HTTPS; rejects for everything but an answer of 200 in time and of this size. */
export type FetchText = (address: string) => Promise<Uint8Array>;

export function keysOf(settings: IssuerSettings, fetchText: FetchText = fetched): IssuerKeys {
  if (settings.jwks !== null) {
    const keys = createLocalJWKSet(settings.jwks as unknown as JSONWebKeySet);
    return { current: async () => keys, again: async () => null };
  }
  let held: { readonly keys: KeySet; readonly atMs: number } | null = null;
  let triedMs = Number.NEGATIVE_INFINITY;
  let running: Promise<KeySet> | null = null;
  // Of many who wait one asks; and after a failure nobody does for a while, or every request would be one to the issuer.
  const renewed = (nowMs: number): Promise<KeySet> | null => {
    if (running !== null) return running;
    if (nowMs - triedMs < FETCH_PAUSE_MS) return null;
    triedMs = nowMs;
    running = fetchKeys(settings, fetchText)
      .then((keys) => {
        held = { keys, atMs: nowMs };
        return keys;
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  return {
    current: async (nowMs) => {
      if (held !== null && nowMs - held.atMs < KEYS_KEPT_MS) return held.keys;
      const keys = await (renewed(nowMs) ?? Promise.reject(unavailable("they could not be fetched just now")));
      return keys;
    },
    again: async (nowMs) => renewed(nowMs),
  };
}

async function fetchKeys({ issuer, jwks_uri }: IssuerSettings, fetchText: FetchText): Promise<KeySet> {
  const address = jwks_uri === "" ? await discovered(issuer, fetchText) : jwks_uri;
  const set = objectIn(await fetchText(address));
  if (!Array.isArray(set.keys)) throw unavailable("there is no key set at its address");
  return createLocalJWKSet(set as unknown as JSONWebKeySet);
}

/** OpenID Connect Discovery 1.0: the document must be of this very issuer. */
async function discovered(issuer: string, fetchText: FetchText): Promise<string> {
  const about = objectIn(await fetchText(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`));
  if (about.issuer !== issuer) throw unavailable("its document is of another issuer");
  if (typeof about.jwks_uri !== "string" || !about.jwks_uri.startsWith("https://"))
    throw unavailable("its document names no address of keys");
  return about.jwks_uri;
}

function objectIn(text: Uint8Array): JsonObject {
  const read = parseJson(text, { sizeBytes: DOCUMENT_BYTES, depth: 16 });
  if (!read.ok || typeof read.value !== "object" || read.value === null || Array.isArray(read.value))
    throw unavailable("that is no JSON object");
  return read.value as JsonObject;
}

async function fetched(address: string): Promise<Uint8Array> {
  const answer = await fetch(address, {
    redirect: "error",
    signal: AbortSignal.timeout(FETCH_MS),
    headers: { accept: "application/json" },
  });
  if (answer.status !== 200 || answer.body === null) throw unavailable(`its address answers ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > DOCUMENT_BYTES) throw unavailable("what stands at its address is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unavailable(why: string): CavraError {
  return new CavraError("keys_unavailable", `the issuer's keys are not here: ${why}`);
}
