// From the one key that a person pinned to the newest trust document. Implements spec/trust.md sections 4 and 5.
// INVARIANT: nothing in a document counts before a root key that was trusted already has signed it.

import { bad, ok, parseTime, type Result } from "../../base/index.js";
import { type Envelope, isSignedBy, type KeySigner, parseEnvelope, signEnvelope } from "./dsse.js";
import { activeKeys, formatTrust, parseTrust, publicKeyOf, TRUST_BYTES, type TrustDocument, type TrustKey } from "./trust-document.js";

export const TRUST_PAYLOAD_TYPE = "application/vnd.cavra.trust.v1+json";
/** A chain has at most so many documents. */
export const TRUST_VERSIONS = 256;
/** A document may be dated so much later than the verifier's clock. */
export const TRUST_SKEW_MS = 300_000;

/** What the verifier knows besides the chain. */
export interface TrustCheck {
  /** The key id of the pinned root; "" for none. */
  readonly pin: string;
  readonly nowMs: number;
  /** The newest version that was seen before; 0 for none. */
  readonly seenVersion: number;
}

/** The envelope of a trust document. Problems: `trust_malformed`. */
export function signTrust(document: TrustDocument, signers: readonly KeySigner[]): Result<string> {
  const text = formatTrust(document);
  if (!text.ok) return text;
  const envelope = signEnvelope(TRUST_PAYLOAD_TYPE, Buffer.from(text.value), signers);
  return envelope.ok ? envelope : bad("trust_malformed", envelope.problem.message);
}

/**
 * The newest document of a chain, oldest first. Problems, in the order of the checks: `trust_malformed`, `unknown_signer`, `trust_chain_broken`,
 * `signature_invalid`, `trust_rolled_back`, `trust_future`, `trust_expired`.
 */
export function openTrust(chain: readonly string[], check: TrustCheck): Result<TrustDocument> {
  const links = parseChain(chain);
  if (!links.ok) return links;
  const start = links.value.findIndex(({ document }) => activeKeys(document.keys, "root").some((key) => key.key_id === check.pin));
  if (start < 0) return unknown("no trust document names the pinned root key");
  let newest: TrustDocument | undefined;
  for (const link of links.value.slice(start)) {
    const followed = newest === undefined ? begins(link, check.pin) : follows(link, newest);
    if (!followed.ok) return followed;
    newest = link.document;
  }
  return newest === undefined ? unknown("there is no trust document") : isCurrent(newest, check);
}

interface Link {
  readonly envelope: Envelope;
  readonly document: TrustDocument;
}

function parseChain(chain: readonly string[]): Result<readonly Link[]> {
  if (chain.length > TRUST_VERSIONS) return malformed(`a chain has at most ${TRUST_VERSIONS} documents`);
  const links: Link[] = [];
  for (const text of chain) {
    const envelope = parseEnvelope(text);
    if (!envelope.ok) return malformed(envelope.problem.message);
    if (envelope.value.payloadType !== TRUST_PAYLOAD_TYPE) return malformed("the envelope holds something else");
    if (envelope.value.payload.length > TRUST_BYTES) return malformed(`a trust document has at most ${TRUST_BYTES} bytes`);
    const document = parseTrust(Buffer.from(envelope.value.payload).toString("latin1"));
    if (!document.ok) return document;
    links.push({ envelope: envelope.value, document: document.value });
  }
  return ok(links);
}

function begins(link: Link, pin: string): Result<null> {
  const pinned = activeKeys(link.document.keys, "root").filter((key) => key.key_id === pin);
  const signers = signersOf(link, pinned);
  if (!signers.ok) return signers;
  return signers.value.length > 0 ? ok(null) : unknown("the trust document is not signed by the pinned root key");
}

function follows(link: Link, before: TrustDocument): Result<null> {
  const { document } = link;
  const isNext = document.version === before.version + 1 && document.trust_id === before.trust_id && document.origin === before.origin;
  if (!isNext || document.issued_at < before.issued_at) return broken("a trust document does not continue the one before");
  const unrevoked = before.keys.find((key) => key.state === "revoked" && !isRevokedIn(document, key));
  if (unrevoked !== undefined) return broken(`\`${unrevoked.key_id}\` was revoked, and is not any more`);
  const trusted = activeKeys(before.keys, "root");
  const added = activeKeys(document.keys, "root").filter((key) => !trusted.some((old) => old.key_id === key.key_id));
  const signers = signersOf(link, [...trusted, ...added]);
  if (!signers.ok) return signers;
  if (!trusted.some((key) => signers.value.includes(key.key_id))) return broken("no root key of the document before has signed");
  if (!added.every((key) => signers.value.includes(key.key_id))) return broken("a new root key has not signed");
  return ok(null);
}

function isRevokedIn(document: TrustDocument, { key_id }: TrustKey): boolean {
  return document.keys.some((key) => key.key_id === key_id && key.state === "revoked");
}

/** The ids of those of the keys that have signed. One that is named and does not verify spoils the whole. */
function signersOf({ envelope }: Link, keys: readonly TrustKey[]): Result<readonly string[]> {
  const signers: string[] = [];
  for (const signature of envelope.signatures) {
    const key = keys.find((one) => one.key_id === signature.keyId);
    if (key === undefined) continue;
    if (!isSignedBy(envelope, signature, publicKeyOf(key)))
      return bad("signature_invalid", `the signature of \`${key.key_id}\` does not verify`);
    signers.push(key.key_id);
  }
  return ok(signers);
}

function isCurrent(document: TrustDocument, check: TrustCheck): Result<TrustDocument> {
  if (document.version < check.seenVersion) {
    return bad(
      "trust_rolled_back",
      `the newest trust document is version ${document.version}, version ${check.seenVersion} was seen before`,
    );
  }
  if (momentOf(document.issued_at) > check.nowMs + TRUST_SKEW_MS)
    return bad("trust_future", `the trust document is dated ${document.issued_at}`);
  const isOver = document.expires_at !== "" && momentOf(document.expires_at) <= check.nowMs;
  return isOver ? bad("trust_expired", `the trust document expired at ${document.expires_at}`) : ok(document);
}

function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}

function unknown<T>(message: string): Result<T> {
  return bad("unknown_signer", message, { hint: "pin the root key that you were given: cavra trust pin KEY_ID" });
}

function broken<T>(message: string): Result<T> {
  return bad("trust_chain_broken", message);
}

function malformed<T>(message: string): Result<T> {
  return bad("trust_malformed", message);
}
