// A trust document of seeds, for tests of signed documents.

import { formatTime, privateKeyOfSeed, signerOf } from "../../src/base/index.js";
import { type KeySigner, keyIdOf, type Role, signTrust, type TrustDocument } from "../../src/evidence/index.js";
import { activeKey } from "../../src/store/index.js";

export const NOW = Date.UTC(2026, 10, 20);
export const DAY = 86_400_000;

export function signerFor(role: Role, byte: number): KeySigner {
  const made = signerOf(privateKeyOfSeed(new Uint8Array(32).fill(byte)));
  if (made === null) throw new Error("a seed gives a key");
  return { keyId: keyIdOf(role, made.publicKey), signer: made };
}

export const ROOT = signerFor("root", 1);
export const BUILDER = signerFor("builder", 2);
export const LEASER = signerFor("lease", 3);
export const DRILLER = signerFor("drill", 4);
export const APPROVER = signerFor("approver", 7);
/** Signed before, and was called back. */
export const CALLED_BACK = signerFor("builder", 5);
/** In no trust document. */
export const STRANGER = signerFor("builder", 6);

const since = formatTime(NOW - 30 * DAY);
export const TRUST: TrustDocument = {
  schema_version: "cavra.trust.v1",
  trust_id: "tru_01m83tsp7qfhv9g8mvbpyfm4yb",
  version: 1,
  issued_at: since,
  expires_at: "",
  origin: "cavra.ledger/ldg_01m83tsp7qfhv9g8mvbpyfm4yb",
  witnesses_required: 0,
  keys: [
    activeKey("root", ROOT.signer.publicKey, "root", since),
    activeKey("builder", BUILDER.signer.publicKey, "builder", since),
    activeKey("lease", LEASER.signer.publicKey, "lease", since),
    activeKey("approver", APPROVER.signer.publicKey, "alice", since),
    activeKey("drill", DRILLER.signer.publicKey, "drill", since),
    {
      ...activeKey("builder", CALLED_BACK.signer.publicKey, "mallory", since),
      state: "revoked",
      until: formatTime(NOW - DAY),
      reason: "stolen",
    },
  ],
};
const signed = signTrust(TRUST, [ROOT]);
export const CHAIN: readonly string[] = signed.ok ? [signed.value] : [];
export const GIVEN = { pin: ROOT.keyId, ownChain: CHAIN, seenVersion: 0, nowMs: NOW };
