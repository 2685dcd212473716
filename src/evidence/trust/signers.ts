// Who signed a document that carries its trust documents with it. Implements spec/trust.md section 5 for files that are handed on.

import { bad, ok, type Result } from "../../base/index.js";
import { openTrust } from "./chain.js";
import { type Envelope, isSignedBy } from "./dsse.js";
import type { Role } from "./key-id.js";
import { keyFor, publicKeyOf, type TrustDocument, type TrustKey } from "./trust-document.js";

/** What the verifier knows of trust besides the file. */
export interface TrustGiven {
  /** The key id of the root that counts. */
  readonly pin: string;
  /** Trust documents that the verifier has itself; the newer of both chains counts. */
  readonly ownChain: readonly string[];
  readonly seenVersion: number;
  readonly nowMs: number;
  /** `ownChain` opened already, by whoever opens many files. */
  readonly own?: Result<TrustDocument>;
}

// Whoever hands on an old file must not bring back a key that was called back since.
export function newestTrust(
  given: readonly string[],
  { pin, ownChain, seenVersion, nowMs, own: opened }: TrustGiven,
): Result<TrustDocument> {
  const own = opened ?? openTrust(ownChain, { pin, nowMs, seenVersion });
  // Most files carry the very chain that the verifier has: it was opened just now.
  if (given.length === 0 || (own.ok && isSame(given, ownChain))) return own;
  const theirs = openTrust(given, { pin, nowMs, seenVersion: 0 });
  if (own.ok && (!theirs.ok || own.value.version >= theirs.value.version)) return own;
  return theirs.ok ? openTrust(given, { pin, nowMs, seenVersion }) : theirs;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

/**
 * The keys of these roles that have signed a document of that time. One that is named and does not verify spoils the whole; others are no matter as
 * long as one counts. Problems: `signature_invalid`, and those of keyFor.
 */
export function signersOf(envelope: Envelope, issuedAt: string, trust: TrustDocument, roles: readonly Role[]): Result<readonly TrustKey[]> {
  const signers: TrustKey[] = [];
  let refused: Result<never> | undefined;
  for (const signature of envelope.signatures) {
    const role = trust.keys.find((key) => key.key_id === signature.keyId)?.role;
    const wanted = roles.find((one) => one === role) ?? roles[0] ?? "approver";
    const key = keyFor(trust, signature.keyId, wanted, { kind: "document", issuedAt });
    if (!key.ok) {
      refused ??= key;
      continue;
    }
    if (!isSignedBy(envelope, signature, publicKeyOf(key.value)))
      return bad("signature_invalid", `the signature of \`${key.value.key_id}\` does not verify`);
    signers.push(key.value);
  }
  return signers.length === 0 && refused !== undefined ? refused : ok(signers);
}
