// The bundle reader, behind a seal that is made anew after every change: what it accepts holds the ledger's own records, each in its place.

import { createHash } from "node:crypto";
import { type BundleCheck, sealedMessage, verifyBundle } from "../../src/evidence/index.js";
import { LEDGER, ROOT, SAMPLE_NOW_MS, sampleBundle, sampleLedger } from "../../test/evidence/bundle/sample-ledger.js";
import type { Target } from "../engine.js";

const ledger = sampleLedger(21);
const CHECK: BundleCheck = { pin: ROOT.keyId, nowMs: SAMPLE_NOW_MS, seenTrustVersion: 0 };
const CHOICES = [[0], [3], [20], [0, 1, 2], [3, 4, 10, 20], Array.from({ length: 21 }, (_, i) => i)];
const PIECES =
  '\n|\n\n|0|1|20|21| |trust 1|checkpoint 5|records 1|proof 0|revealed 0|seal|origin |cavra.bundle.v1|=|==|A|AAAA|{|}|"|,|:|\\|\r|\0|é|\xff|— |00|-1|9007199254740993'.split(
    "|",
  );

/** The bundle's bytes, one character each, without the seal. */
function body(indices: readonly number[]): string {
  const text = Buffer.from(sampleBundle(ledger, indices)).toString("latin1");
  return text.slice(0, text.lastIndexOf("\nseal ") + 1);
}

function sealed(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const signature = Buffer.from(LEDGER.signer.sign(sealedMessage(digest))).toString("base64");
  return Buffer.concat([bytes, Buffer.from(`seal ${digest} ${LEDGER.keyId} ${signature}\n`)]);
}

export const bundle: Target = {
  name: "bundle",
  seeds: () => CHOICES.map(body),
  pieces: PIECES,
  maxLength: 60_000,
  check(text) {
    const bytes = sealed(text);
    const verified = verifyBundle(bytes, CHECK);
    const again = verifyBundle(bytes, CHECK);
    if (verified.ok !== again.ok) throw new Error("two verifications differ");
    if (!verified.ok) {
      if (!/^[a-z_]+$/.test(verified.problem.code)) throw new Error(`the code ${JSON.stringify(verified.problem.code)} is none`);
      return;
    }
    if (verified.value.checkpoint.size !== ledger.size) throw new Error("another checkpoint was accepted");
    for (const { index, text: record } of verified.value.records)
      if (record !== ledger.records[index]?.text) throw new Error(`record ${index} is none of the ledger's`);
  },
};
