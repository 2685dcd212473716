// The bundles that are tampered with, and those that are whole but lie: an older one replayed, one made by somebody else under the same name.

import { type BundleCheck, parseCheckpoint, parseNote, signTrust } from "../../../src/evidence/index.js";
import {
  LEDGER,
  must,
  ROOT,
  SAMPLE_NOW,
  SAMPLE_NOW_MS,
  sampleBundle,
  sampleCheckpoint,
  sampleKey,
  sampleLedger,
  sampleTrust,
  sampleTrustKey,
} from "./sample-ledger.js";
import { type Layout, layoutOf, type Sealer, type Tampering } from "./tamper.js";

export interface TamperSample {
  readonly layout: Layout;
  readonly check: BundleCheck;
  /** For the shell script. */
  readonly now: string;
  readonly seen: string;
  readonly sealer: Sealer;
  readonly lies: readonly Tampering[];
}

/** A bundle of `records` of a ledger of one and a half times as many, which requires a witness. */
export function tamperSample(records: number): TamperSample {
  const ledger = sampleLedger(records + Math.ceil(records / 2));
  // Two of three records, so that the proof has hashes.
  const indices = Array.from({ length: records }, (_, i) => i + Math.floor(i / 2));
  const trust = [must(signTrust(sampleTrust({ witnesses_required: 1 }), [ROOT]))];
  const bundle = sampleBundle(ledger, indices, { trust });
  const seen = sampleCheckpoint(ledger);
  const checkpoint = must(parseCheckpoint(must(parseNote(seen)).text));
  const older = sampleLedger(ledger.size - 1);
  const few = indices.filter((index) => index < older.size);
  const thief = sampleKey(9, "root");
  const stolen = { keyId: sampleKey(8, "ledger").keyId, signer: sampleKey(8, "ledger").signer };
  const made = (keys: readonly number[]) => [
    must(
      signTrust(
        sampleTrust({ keys: [...keys.map((n) => sampleTrustKey(n, "root")), sampleTrustKey(8, "ledger"), sampleTrustKey(5, "witness")] }),
        [thief],
      ),
    ),
  ];
  const lie = (kind: string, text: string, right: string): Tampering => ({
    kind: `whole:${kind}`,
    bytes: Buffer.from(text),
    right: [right],
  });
  const resigned = { checkpoint: sampleCheckpoint(ledger, ledger.size, stolen.signer) };
  return {
    layout: layoutOf(Buffer.from(bundle)),
    check: { pin: ROOT.keyId, nowMs: SAMPLE_NOW_MS, seenTrustVersion: 1, seen: checkpoint },
    now: SAMPLE_NOW,
    seen,
    sealer: LEDGER,
    lies: [
      lie("replayed", sampleBundle(older, few, { trust }), "checkpoint_replayed"),
      lie("resigned", sampleBundle(ledger, indices, { trust, ...resigned }, stolen), "unknown_signer"),
      lie("resigned_with_own_trust", sampleBundle(ledger, indices, { trust: made([9]), ...resigned }, stolen), "unknown_signer"),
      lie("resigned_naming_the_root", sampleBundle(ledger, indices, { trust: made([1, 9]), ...resigned }, stolen), "unknown_signer"),
      lie(
        "resigned_behind_the_trust",
        sampleBundle(ledger, indices, { trust: [...trust, ...made([9])], ...resigned }, stolen),
        "trust_chain_broken",
      ),
      lie("sealed_by_the_witness", sampleBundle(ledger, indices, { trust }, sampleKey(5, "witness")), "wrong_role"),
      lie(
        "without_the_witness",
        sampleBundle(ledger, indices, { trust, checkpoint: seen.slice(0, seen.lastIndexOf("—")) }),
        "witness_missing",
      ),
    ],
  };
}
