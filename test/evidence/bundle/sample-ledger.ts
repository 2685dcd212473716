// A ledger in memory, with keys from fixed seeds: records, tiles, trust documents, checkpoints and bundles for tests and campaigns.

import { makeId, privateKeyOfSeed, type Result, type Signer, signerOf } from "../../../src/base/index.js";
import {
  appendLeaves,
  type BundleParts,
  cosign,
  type DecisionRecord,
  formatBundle,
  formatCheckpoint,
  keyIdOf,
  leafHash,
  makeReveal,
  multiProof,
  type ReadTile,
  type Role,
  signCheckpoint,
  signTrust,
  type Tile,
  type TrustDocument,
  type TrustKey,
  treeRoot,
} from "../../../src/evidence/index.js";
import { builtRecord, SAMPLE_KEY, SAMPLE_MS, sampleId } from "../sample.js";

export const SAMPLE_NOW = "2026-11-20T00:00:00.000Z";
export const SAMPLE_NOW_MS = Date.UTC(2026, 10, 20);
export const SAMPLE_SECRET = "Tr0ub4dor-3xyz";
const RANDOM = new Uint8Array(10).fill(3);
export const SAMPLE_ORIGIN = `cavra.ledger/${makeId("ldg", SAMPLE_MS, RANDOM)}`;

/** A pair of keys in a role. `n` is every byte of the seed. */
export function sampleKey(n: number, role: Role): { readonly keyId: string; readonly signer: Signer; readonly seed: Uint8Array } {
  const seed = new Uint8Array(32).fill(n);
  const signer = signerOf(privateKeyOfSeed(seed));
  if (signer === null) throw new Error("no signer");
  return { keyId: keyIdOf(role, signer.publicKey), signer, seed };
}

export const ROOT = sampleKey(1, "root");
export const LEDGER = sampleKey(2, "ledger");
export const WITNESS = sampleKey(5, "witness");
export const WITNESS_NAME = "witness.example/w";

export function sampleTrustKey(n: number, role: Role, more: Partial<TrustKey> = {}): TrustKey {
  const { keyId, signer } = sampleKey(n, role);
  return {
    key_id: keyId,
    name: role === "witness" ? WITNESS_NAME : role,
    public_key: Buffer.from(signer.publicKey).toString("base64"),
    reason: "",
    role,
    since: "2026-11-01T00:00:00.000Z",
    state: "active",
    tree_size: null,
    until: "",
    ...more,
  };
}

export function sampleTrust(more: Partial<TrustDocument> = {}): TrustDocument {
  return {
    expires_at: "",
    issued_at: "2026-11-01T00:00:00.000Z",
    keys: [sampleTrustKey(1, "root"), sampleTrustKey(2, "ledger"), sampleTrustKey(5, "witness")],
    origin: SAMPLE_ORIGIN,
    schema_version: "cavra.trust.v1",
    trust_id: makeId("tru", SAMPLE_MS, RANDOM),
    version: 1,
    witnesses_required: 0,
    ...more,
  };
}

export interface SampleLedger {
  readonly size: number;
  readonly records: readonly { readonly text: string; readonly record: DecisionRecord }[];
  readonly tiles: readonly Tile[];
  readonly readTile: ReadTile;
}

/** Every seventh record holds a redacted value. */
export function sampleLedger(size: number): SampleLedger {
  const records = Array.from({ length: size }, (_, i) => {
    const target = i % 7 === 3 ? `curl -u ada:${SAMPLE_SECRET} https://example.com/${i}` : `cat src/file-${i}.ts`;
    return builtRecord({ recordId: sampleId(i, 1000), target });
  });
  const grown = must(
    appendLeaves(
      0,
      records.map(({ text }) => leafHash(text)),
      () => undefined,
    ),
  );
  const stored = new Map(grown.tiles.map((tile) => [`${tile.level}/${tile.n}`, tile.hashes]));
  return { size, records, tiles: grown.tiles, readTile: (level, n) => stored.get(`${level}/${n}`) };
}

/** The signed checkpoint of the first `size` records, cosigned by the witness. */
export function sampleCheckpoint(ledger: SampleLedger, size = ledger.size, signer = LEDGER.signer): string {
  const checkpoint = { origin: SAMPLE_ORIGIN, size, root: must(treeRoot(size, ledger.readTile)) };
  return signCheckpoint(checkpoint, signer) + cosign(formatCheckpoint(checkpoint), 1_764_000_000, WITNESS_NAME, WITNESS.signer);
}

/** A bundle of these records, with a reveal of each redacted value among the first hundred; parts may be exchanged before it is sealed. */
export function sampleBundle(
  ledger: SampleLedger,
  indices: readonly number[],
  more: Partial<BundleParts> = {},
  sealer: { readonly keyId: string; readonly signer: Signer } = LEDGER,
): string {
  const records = indices.map((index) => ({ index, text: ledger.records[index]?.text ?? "" }));
  const parts: BundleParts = {
    origin: SAMPLE_ORIGIN,
    trust: [must(signTrust(sampleTrust(), [ROOT]))],
    checkpoint: sampleCheckpoint(ledger),
    records,
    proof: must(multiProof(indices, ledger.size, ledger.readTile)),
    revealed: indices.filter((index) => index < 100).flatMap((index) => sampleReveal(ledger, index)),
    ...more,
  };
  return must(formatBundle(parts, sealer));
}

function sampleReveal(ledger: SampleLedger, index: number): readonly string[] {
  const record = ledger.records[index]?.record;
  const first = record?.redactions[0];
  if (record === undefined || first === undefined) return [];
  const place = { path: first.path, start: first.span.start };
  return [must(makeReveal(record, place, Buffer.from(SAMPLE_SECRET), SAMPLE_KEY))];
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  return result.value;
}
