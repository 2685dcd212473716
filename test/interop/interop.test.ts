// What CAVRA makes, checked by software that nobody here wrote, and what that software makes, checked by CAVRA: Go's sumdb/note and sumdb/tlog,
// torchwood, openssl. Versions are pinned in go.mod and go.sum. Where there is no Go, or its modules cannot be fetched, this says so and is skipped.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  consistencyProof,
  formatProofFile,
  formatVerifierKey,
  inclusionProof,
  ledgerNoteKey,
  openLedgerCheckpoint,
  parseEnvelope,
  parseNote,
  preAuthEncoding,
  signCheckpoint,
  signTrust,
  tilePath,
  tilesOf,
  treeRoot,
  verifyCosignatures,
  verifyProofFile,
  witnessNoteKey,
} from "../../src/evidence/index.js";
import {
  LEDGER,
  must,
  ROOT,
  SAMPLE_ORIGIN,
  sampleCheckpoint,
  sampleLedger,
  sampleTrust,
  WITNESS,
  WITNESS_NAME,
} from "../evidence/bundle/sample-ledger.js";

const SIZE = 1300;
const INDICES = [0, 1, 255, 256, 511, 777, 1024, 1279, 1299];
const OLD_SIZES = [1, 2, 255, 256, 257, 512, 1000, 1299];
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

interface Answer {
  readonly size: number;
  readonly signers: readonly string[];
  readonly signed: string;
  readonly cosigned: string;
  readonly proof_files: readonly string[];
  readonly consistency: readonly (readonly string[])[];
  readonly unnoticed: readonly number[];
}

const folder = mkdtempSync(join(tmpdir(), "cavra-interop-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The path of the Go program, or why it cannot be had. */
function buildProgram(): { readonly program: string; readonly missing: string } {
  const program = join(folder, "interop");
  const built = spawnSync("go", ["build", "-o", program, "."], { cwd: import.meta.dirname, encoding: "utf8" });
  if (built.error !== undefined) return { program, missing: "there is no Go here" };
  const isOffline = /dial tcp|no such host|i\/o timeout|proxyconnect|requires go >=|module lookup disabled/.test(built.stderr);
  if (built.status !== 0 && !isOffline) throw new Error(built.stderr);
  return { program, missing: built.status === 0 ? "" : `the Go modules cannot be fetched: ${built.stderr.slice(0, 200)}` };
}

const { program, missing } = buildProgram();
if (missing !== "") console.warn(`skipped: ${missing}`);

describe.skipIf(missing !== "")("Go's sumdb/note and tlog, and torchwood", () => {
  const ledger = sampleLedger(SIZE);
  const checkpoint = sampleCheckpoint(ledger);
  const root = must(treeRoot(SIZE, ledger.readTile));
  const proofFiles = INDICES.map((index) =>
    formatProofFile({
      index,
      text: ledger.records[index]?.text ?? "",
      proof: must(inclusionProof(index, SIZE, ledger.readTile)),
      checkpoint,
    }),
  );
  const consistency = OLD_SIZES.map((size) => must(consistencyProof(size, SIZE, ledger.readTile)).map(base64));
  let answer: Answer;

  beforeAll(() => {
    exportTiles();
    const request = {
      ledger_key: formatVerifierKey(ledgerNoteKey(SAMPLE_ORIGIN, LEDGER.signer.publicKey)),
      witness_key: formatVerifierKey(witnessNoteKey(WITNESS_NAME, WITNESS.signer.publicKey)),
      ledger_seed: base64(LEDGER.seed),
      witness_seed: base64(WITNESS.seed),
      checkpoint,
      indices: INDICES,
      records: INDICES.map((index) => ledger.records[index]?.text),
      proof_files: proofFiles,
      old_sizes: OLD_SIZES,
      old_roots: OLD_SIZES.map((size) => base64(must(treeRoot(size, ledger.readTile)))),
      consistency,
    };
    writeFileSync(join(folder, "request.json"), JSON.stringify(request));
    // It ends with an error, and the reason on its standard error, when anything of ours does not verify.
    answer = JSON.parse(execFileSync(program, [folder], { encoding: "utf8" })) as Answer;
  });

  function exportTiles(): void {
    for (const { level, n, width } of tilesOf(SIZE)) {
      const path = join(folder, tilePath(level, n, width));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, ledger.readTile(level, n) ?? "");
    }
  }

  it("open the checkpoint with ledger and witness, and notice every changed byte but one", () => {
    expect({ size: answer.size, signers: answer.signers }).toEqual({ size: SIZE, signers: [SAMPLE_ORIGIN, WITNESS_NAME] });
    // The one is a character of base64 whose last bits stand for nothing. CAVRA refuses that too: spec/evidence.md 1.4.
    expect(answer.unnoticed).toEqual([Buffer.from(checkpoint).indexOf("=\n", 200) - 1]);
    const changed = Array.from(Buffer.from(checkpoint).keys(), (i) =>
      Buffer.from(checkpoint).fill((Buffer.from(checkpoint)[i] ?? 0) ^ 1, i, i + 1),
    );
    const required = sampleTrust({ witnesses_required: 1 });
    expect(changed.filter((bytes) => openLedgerCheckpoint(bytes.toString(), required).ok)).toEqual([]);
  });

  it("check every proof file, and make the same ones from the exported tiles", () => {
    expect(answer.proof_files).toEqual(proofFiles);
  });

  it("check every consistency proof, and make the same ones from the exported tiles", () => {
    expect(answer.consistency).toEqual(consistency);
  });

  it("sign a checkpoint as CAVRA does, byte for byte", () => {
    expect(answer.signed).toBe(signCheckpoint({ origin: SAMPLE_ORIGIN, size: SIZE, root }, LEDGER.signer));
  });

  it("make a cosignature and proof files that CAVRA verifies", () => {
    const cosigned = verifyCosignatures(must(parseNote(answer.cosigned)), [witnessNoteKey(WITNESS_NAME, WITNESS.signer.publicKey)]);
    expect(must(cosigned).map(({ key }) => key.name)).toEqual([WITNESS_NAME]);
    for (const file of answer.proof_files) expect(verifyProofFile(file, sampleTrust()).ok).toBe(true);
  });
});

describe("openssl", () => {
  it("verifies a trust envelope's signature, and refuses it for another payload", () => {
    const envelope = must(parseEnvelope(must(signTrust(sampleTrust(), [ROOT]))));
    const key = join(folder, "root.der");
    writeFileSync(key, Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), ROOT.signer.publicKey]));
    const verify = (payload: Uint8Array): number | null => {
      writeFileSync(join(folder, "message"), preAuthEncoding(envelope.payloadType, payload));
      writeFileSync(join(folder, "signature"), envelope.signatures[0]?.signature ?? "");
      const options = ["-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-rawin"];
      const files = ["-in", join(folder, "message"), "-sigfile", join(folder, "signature")];
      return spawnSync("openssl", ["pkeyutl", ...options, ...files]).status;
    };
    expect(verify(envelope.payload)).toBe(0);
    expect(verify(Buffer.concat([envelope.payload, Buffer.from(" ")]))).toBe(1);
  });
});
