// Bundles, proof files and reveals through their makers: what is made is verified, at the limits and one beyond.

import { describe, expect, it } from "vitest";
import {
  type BundleParts,
  formatBundle,
  formatProofFile,
  inclusionProof,
  isFresh,
  makeReveal,
  openLedgerCheckpoint,
  type ProofFile,
  REVEAL_VALUE_BYTES,
  verifyBundle,
  verifyProofFile,
} from "../../../src/evidence/index.js";
import { SAMPLE_KEY } from "../sample.js";
import {
  LEDGER,
  must,
  ROOT,
  SAMPLE_NOW_MS,
  SAMPLE_ORIGIN,
  SAMPLE_SECRET,
  sampleBundle,
  sampleCheckpoint,
  sampleLedger,
  sampleTrust,
  WITNESS_NAME,
} from "./sample-ledger.js";

const ledger = sampleLedger(300);
const sampleRoot = must(openLedgerCheckpoint(sampleCheckpoint(ledger), sampleTrust())).root;
const CHECK = { pin: ROOT.keyId, nowMs: SAMPLE_NOW_MS, seenTrustVersion: 0 };
const codeOf = (result: { readonly ok: boolean; readonly problem?: { readonly code: string } }) => result.problem?.code ?? "ok";

describe("a bundle", () => {
  it.each([[[0]], [[299]], [[0, 1, 2, 3]], [[5, 100, 255, 256, 299]], [[...ledger.records.keys()]]])(
    "of records %j is verified, with all that it says",
    (indices) => {
      const verified = must(verifyBundle(Buffer.from(sampleBundle(ledger, indices)), CHECK));
      expect(verified.records.map(({ index }) => index)).toEqual(indices);
      expect(verified.records.map(({ text }) => text)).toEqual(indices.map((index) => ledger.records[index]?.text));
      expect(verified.checkpoint.size).toBe(300);
      expect(verified.checkpoint.witnesses.map(({ name }) => name)).toEqual([WITNESS_NAME]);
      expect(verified.sealed_by).toBe(LEDGER.keyId);
      const secrets = indices.filter((index) => index < 100 && index % 7 === 3).map(() => SAMPLE_SECRET);
      expect(verified.revealed.map(({ value_base64 }) => Buffer.from(value_base64, "base64").toString())).toEqual(secrets);
    },
  );

  it("holds no secret that was not revealed", () => {
    expect(sampleBundle(ledger, [3], { revealed: [] })).not.toContain(Buffer.from(SAMPLE_SECRET).toString("base64").slice(0, 8));
    expect(sampleBundle(ledger, [3], { revealed: [] })).not.toContain(SAMPLE_SECRET);
  });

  it("is not made of nothing, nor of more than there may be", () => {
    const parts: BundleParts = { origin: SAMPLE_ORIGIN, trust: ["{}"], checkpoint: "a\nb\nc\n\nd\n", records: [], proof: [], revealed: [] };
    const records = (count: number) => Array.from({ length: count }, (_, index) => ({ index, text: "{}" }));
    const made = (more: Partial<BundleParts>) => codeOf(formatBundle({ ...parts, records: records(1), ...more }, LEDGER));
    expect(made({ records: [] })).toBe("bundle_empty");
    expect(made({ records: records(65_536) })).toBe("ok");
    expect(made({ records: records(65_537) })).toBe("bundle_too_large");
    expect(made({ trust: Array<string>(256).fill("{}") })).toBe("ok");
    expect(made({ trust: Array<string>(257).fill("{}") })).toBe("bundle_too_large");
    expect(made({ revealed: Array<string>(1024).fill("{}") })).toBe("ok");
    expect(made({ revealed: Array<string>(1025).fill("{}") })).toBe("bundle_too_large");
    expect(made({ records: Array.from({ length: 129 }, (_, index) => ({ index, text: "x".repeat(1_048_576) })) })).toBe("bundle_too_large");
  });

  it("is refused by whoever pinned nothing, whatever it is", () => {
    const bundle = Buffer.from(sampleBundle(ledger, [1]));
    expect(codeOf(verifyBundle(bundle, { ...CHECK, pin: "" }))).toBe("unknown_signer");
    expect(codeOf(verifyBundle(bundle, CHECK))).toBe("ok");
  });

  it.each(["", "\n", "seal", "cavra.bundle.v1\n", "\0", "\xff\xfe\n", "seal sha256: key_ \n"])("is nothing like %j", (text) => {
    expect(codeOf(verifyBundle(Buffer.from(text, "latin1"), CHECK))).toBe("bundle_malformed");
  });
});

describe("a proof file", () => {
  const file = (index: number, more: Partial<ProofFile> = {}) =>
    formatProofFile({
      index,
      text: ledger.records[index]?.text ?? "",
      proof: must(inclusionProof(index, 300, ledger.readTile)),
      checkpoint: sampleCheckpoint(ledger),
      ...more,
    });
  const verify = (text: string) => codeOf(verifyProofFile(text, sampleTrust()));

  it.each([0, 3, 255, 256, 299])("of record %i is verified, and its proof has at most 2 KB", (index) => {
    const verified = must(verifyProofFile(file(index), sampleTrust()));
    expect([verified.index, verified.text]).toEqual([index, ledger.records[index]?.text]);
    const withoutRecord = file(index).replace(/^extra .*\n/m, "");
    expect(Buffer.byteLength(withoutRecord)).toBeLessThan(2048);
  });

  it("is refused for every kind of change, with the code of what is wrong", () => {
    const good = file(3);
    const hash = good.split("\n")[3] ?? "";
    expect(hash).toHaveLength(44);
    const cases: readonly (readonly [string, string])[] = [
      ["", "proof_malformed"],
      [good.replace("@v1", "@v2"), "proof_malformed"],
      [good.replace(/^extra .*\n/m, ""), "proof_malformed"],
      [good.replace("index 3", "index 03"), "proof_malformed"],
      [good.replace(hash, hash.slice(0, -1)), "proof_malformed"],
      [good.replace("index 3", "index 4"), "proof_invalid"],
      [good.replace("index 3", "index 300"), "proof_invalid"],
      [good.replace(`${hash}\n`, ""), "proof_invalid"],
      [file(3, { text: `${ledger.records[3]?.text} ` }), "proof_invalid"],
      [file(3, { text: ledger.records[4]?.text ?? "" }), "proof_invalid"],
      [good.replace("\n300\n", "\n301\n"), "signature_invalid"],
      [good.slice(0, -1), "note_malformed"],
      [file(3, { checkpoint: sampleCheckpoint(ledger, 300, ROOT.signer) }), "unknown_signer"],
    ];
    expect(cases.map(([text]) => verify(text))).toEqual(cases.map(([, code]) => code));
  });

  it.each([
    [300, sampleRoot, "ok"],
    [299, sampleRoot, "ok"],
    [301, sampleRoot, "checkpoint_replayed"],
    [300, new Uint8Array(32), "checkpoint_forked"],
  ])("is compared with the checkpoint of %i records that was seen before: root %s is %s", (size, root, code) => {
    expect(codeOf(verifyProofFile(file(3), sampleTrust(), { origin: SAMPLE_ORIGIN, size, root }))).toBe(code);
    // Freshness is asked before the proof: whoever brings an old head is told so whatever stands under it.
    const spoilt = file(3, { text: ledger.records[4]?.text ?? "" });
    expect(codeOf(verifyProofFile(spoilt, sampleTrust(), { origin: SAMPLE_ORIGIN, size, root }))).toBe(
      code === "ok" ? "proof_invalid" : code,
    );
  });

  it("needs the witnesses that the trust document requires", () => {
    const required = sampleTrust({ witnesses_required: 1 });
    const checkpoint = sampleCheckpoint(ledger);
    expect(codeOf(openLedgerCheckpoint(checkpoint, required))).toBe("ok");
    expect(codeOf(openLedgerCheckpoint(checkpoint.slice(0, checkpoint.lastIndexOf("—")), required))).toBe("witness_missing");
  });
});

describe("a reveal", () => {
  const record = ledger.records[3]?.record;
  if (record === undefined) throw new Error("no record");
  const place = { path: record.redactions[0]?.path ?? "", start: record.redactions[0]?.span.start ?? 0 };
  const make = (value: Uint8Array, where = place, key = SAMPLE_KEY) => codeOf(makeReveal(record, where, value, key));

  it("is made of the value that stood there, and of no other", () => {
    expect(make(Buffer.from(SAMPLE_SECRET))).toBe("ok");
    expect(make(Buffer.from(`${SAMPLE_SECRET}\n`))).toBe("reveal_invalid");
    expect(make(Buffer.from(SAMPLE_SECRET), place, new Uint8Array(32))).toBe("reveal_invalid");
    expect(make(Buffer.from(SAMPLE_SECRET), { ...place, start: place.start + 1 })).toBe("reveal_no_such_place");
    expect(make(Buffer.alloc(REVEAL_VALUE_BYTES))).toBe("reveal_invalid");
    expect(make(Buffer.alloc(REVEAL_VALUE_BYTES + 1))).toBe("reveal_too_large");
  });
});

describe("what was seen before", () => {
  it.each([
    [undefined, "ok"],
    [{ origin: SAMPLE_ORIGIN, size: 3, root: new Uint8Array(32) }, "ok"],
    [{ origin: SAMPLE_ORIGIN, size: 4, root: new Uint8Array(32) }, "ok"],
    [{ origin: SAMPLE_ORIGIN, size: 4, root: new Uint8Array(32).fill(1) }, "checkpoint_forked"],
    [{ origin: SAMPLE_ORIGIN, size: 5, root: new Uint8Array(32) }, "checkpoint_replayed"],
    [{ origin: "other", size: 4, root: new Uint8Array(32) }, "origin_mismatch"],
  ])("%j is answered with %s", (seen, code) => {
    expect(codeOf(isFresh({ origin: SAMPLE_ORIGIN, size: 4, root: new Uint8Array(32) }, seen))).toBe(code);
  });
});
