// The limits of spec/evidence.md and spec/trust.md that vectors would be too large for: at each, and one beyond.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalRecord } from "../../../src/base/index.js";
import {
  appendLeaves,
  BUNDLE_BYTES,
  commitmentOf,
  ENVELOPE_BYTES,
  formatProofFile,
  leafHash,
  NOTE_BYTES,
  openTrust,
  PROOF_FILE_BYTES,
  parseEnvelope,
  parseNote,
  RECORD_BYTES,
  REVEAL_VALUE_BYTES,
  signCheckpoint,
  signTrust,
  verifyBundle,
  verifyProofFile,
  verifyReveal,
} from "../../../src/evidence/index.js";
import { sampleId } from "../sample.js";
import { LEDGER, must, ROOT, SAMPLE_NOW_MS, SAMPLE_ORIGIN, sampleBundle, sampleLedger, sampleTrust } from "./sample-ledger.js";

const CHECK = { pin: ROOT.keyId, nowMs: SAMPLE_NOW_MS, seenTrustVersion: 0 };
const told = (result: { readonly ok: boolean; readonly problem?: { readonly code: string; readonly message: string } }) =>
  result.ok ? "ok" : `${result.problem?.code}: ${result.problem?.message}`;

describe("limits of evidence", () => {
  it("a bundle has 134,217,728 bytes", () => {
    expect(told(verifyBundle(Buffer.alloc(BUNDLE_BYTES), CHECK))).toBe("bundle_malformed: the last line has no end");
    expect(told(verifyBundle(Buffer.alloc(BUNDLE_BYTES + 1), CHECK))).toBe("bundle_malformed: a bundle has at most 134217728 bytes");
  });

  it("a note has 65,536 bytes", () => {
    const note = (bytes: number) => {
      const start = "text\n\n— name ";
      const length = bytes - Buffer.byteLength(start) - 1;
      return `${start}${"A".repeat(length)}\n`;
    };
    expect(NOTE_BYTES % 4).toBe(0);
    const longest = [0, 1, 2, 3].map((less) => note(NOTE_BYTES - less)).filter((text) => parseNote(text).ok);
    expect(longest).toHaveLength(1);
    const [fits = ""] = longest;
    expect(told(parseNote(`${"x".repeat(NOTE_BYTES - Buffer.byteLength(fits))}${fits}`))).toBe("ok");
    expect(told(parseNote(`${"x".repeat(NOTE_BYTES + 1 - Buffer.byteLength(fits))}${fits}`))).toBe(
      "note_malformed: a note has at most 65536 bytes",
    );
  });

  it("a record in a bundle has 1,048,576 bytes", () => {
    const verified = (bytes: number) => {
      const text = recordOf(bytes);
      const grown = must(appendLeaves(0, [leafHash(text)], () => undefined));
      const checkpoint = signCheckpoint({ origin: SAMPLE_ORIGIN, size: 1, root: grown.root }, LEDGER.signer);
      const bundle = sampleBundle(sampleLedger(1), [0], { records: [{ index: 0, text }], checkpoint, revealed: [] });
      return told(verifyBundle(Buffer.from(bundle), CHECK));
    };
    expect(verified(RECORD_BYTES)).toBe("ok");
    expect(verified(RECORD_BYTES + 1)).toMatch(/^bundle_malformed/);
  });

  it("a proof file has 2,097,152 bytes, and its record 1,048,576", () => {
    const file = (bytes: number) => {
      const text = recordOf(bytes);
      const { root } = must(appendLeaves(0, [leafHash(text)], () => undefined));
      const checkpoint = signCheckpoint({ origin: SAMPLE_ORIGIN, size: 1, root }, LEDGER.signer);
      return formatProofFile({ index: 0, text, proof: [], checkpoint });
    };
    expect(told(verifyProofFile(file(RECORD_BYTES), sampleTrust()))).toBe("ok");
    expect(told(verifyProofFile(file(RECORD_BYTES + 1), sampleTrust()))).toBe("proof_malformed: the record or the proof is too long");
    expect(told(verifyProofFile("x".repeat(PROOF_FILE_BYTES + 1), sampleTrust()))).toBe(
      "proof_malformed: a proof file has at most 2097152 bytes",
    );
  });

  it("a chain of trust has 256 documents", () => {
    const chain = Array.from({ length: 257 }, (_, i) => must(signTrust(sampleTrust({ version: i + 1 }), [ROOT])));
    expect(told(openTrust(chain.slice(0, 256), { ...CHECK, seenVersion: 256 }))).toBe("ok");
    expect(told(openTrust(chain, { ...CHECK, seenVersion: 0 }))).toBe("trust_malformed: a chain has at most 256 documents");
  });

  it("an envelope has 4,194,304 bytes", () => {
    const envelope = (payload: string) =>
      `{"payload":"${payload}","payloadType":"t","signatures":[{"keyid":"${ROOT.keyId}","sig":"${"A".repeat(86)}=="}]}`;
    const room = ENVELOPE_BYTES - envelope("").length;
    const fits = "A".repeat(room - (room % 4));
    expect(told(parseEnvelope(envelope(fits)))).toBe("ok");
    expect(told(parseEnvelope(envelope(`${fits}AAAA`)))).toMatch(/^envelope_malformed/);
  });

  it("a revealed value has 1,048,576 bytes", () => {
    const salt = "0".repeat(64);
    const verified = (length: number) => {
      const value = Buffer.alloc(length, "v");
      const place = { path: "/action/target", kind: "password", span: { end: length, start: 0 } };
      const text = recordOf(4000, [{ ...place, commitment: commitmentOf(salt, value) }]);
      const digest = `sha256:${Buffer.from(sha256Of(text)).toString("hex")}`;
      const reveal = must(
        canonicalRecord({
          ...place,
          record_digest: digest,
          record_id: sampleId(0),
          salt,
          schema_version: "cavra.reveal.v1",
          value_base64: value.toString("base64"),
        }),
      );
      return told(verifyReveal(reveal, text));
    };
    expect(verified(REVEAL_VALUE_BYTES)).toBe("ok");
    expect(verified(REVEAL_VALUE_BYTES + 1)).toMatch(/^reveal_malformed/);
  });
});

/** The canonical text of a record of exactly so many bytes. */
function recordOf(bytes: number, redactions: readonly unknown[] = []): string {
  const record = (filler: string) =>
    must(
      canonicalRecord({
        filler,
        record_id: sampleId(0),
        recorded_at: "2026-11-03T12:34:56.789Z",
        redactions,
        schema_version: "cavra.record.v1",
      }),
    );
  return record("x".repeat(bytes - record("").length));
}

function sha256Of(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
