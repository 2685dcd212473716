// Verifies a bundle from one pinned key. Implements spec/evidence.md sections 5.3 to 5.7.
// docs/verify-without-cavra.sh does the same without this code. INVARIANT: both make the checks in the order of section 5.3, so that both give
// the same code; whoever moves a check moves it in both and in the spec.

import { isUtf8 } from "node:buffer";
import { bad, ok, parseBase64, type Result, sha256, verifyEd25519 } from "../../base/index.js";
import { type JournalRecord, readRecord } from "../frame.js";
import { type Checkpoint, parseDecimal } from "../notes/index.js";
import { RECORD_BYTES } from "../record.js";
import { HASH_BYTES, type Hash, type Leaf, leafHash, rootOfLeaves } from "../tree/index.js";
import { keyFor, openTrust, publicKeyOf, type TrustDocument } from "../trust/index.js";
import { type BundleLines, parseBundle, sealedMessage } from "./format.js";
import { isFresh, type LedgerCheckpoint, type ReadCheckpoint, readCheckpoint, vouchedCheckpoint } from "./ledger-checkpoint.js";
import { isOther, parseReveal, proveReveal, type Reveal } from "./reveal.js";

/** What the verifier brings. */
export interface BundleCheck {
  /** The key id of the pinned root; "" for none. */
  readonly pin: string;
  readonly nowMs: number;
  /** The newest version of the trust document that was seen before; 0 for none. */
  readonly seenTrustVersion: number;
  /** The newest checkpoint of this ledger that was seen before. */
  readonly seen?: Checkpoint;
  /** Trust envelopes that continue the bundle's: what was revoked after the bundle was made is in them. */
  readonly laterTrust?: readonly string[];
}

export interface VerifiedBundle {
  readonly checkpoint: LedgerCheckpoint;
  readonly trust: TrustDocument;
  readonly sealed_by: string;
  readonly records: readonly BundleRecord[];
  readonly revealed: readonly Reveal[];
}

export interface BundleRecord {
  readonly index: number;
  /** Canonical. */
  readonly text: string;
  readonly record: JournalRecord;
}

/** Total. The problem's code is the first of section 5.3 that does not hold. */
export function verifyBundle(bytes: Buffer, check: BundleCheck): Result<VerifiedBundle> {
  const lines = parseBundle(bytes);
  if (!lines.ok) return lines;
  const trust = openBundleTrust(lines.value, check);
  if (!trust.ok) return trust;
  const head = openHead(lines.value, trust.value);
  if (!head.ok) return head;
  const fresh = isFresh(head.value, check.seen);
  if (!fresh.ok) return fresh;
  const records = provenRecords(lines.value, head.value);
  if (!records.ok) return records;
  const revealed = openReveals(lines.value.revealed, records.value);
  if (!revealed.ok) return revealed;
  return ok({
    checkpoint: head.value,
    trust: trust.value,
    sealed_by: lines.value.seal.keyId,
    records: records.value,
    revealed: revealed.value,
  });
}

function openBundleTrust({ trust, origin }: BundleLines, check: BundleCheck): Result<TrustDocument> {
  const chain = [...trust.map((line) => line.toString("latin1")), ...(check.laterTrust ?? [])];
  const opened = openTrust(chain, { pin: check.pin, nowMs: check.nowMs, seenVersion: check.seenTrustVersion });
  if (!opened.ok || opened.value.origin === origin) return opened;
  return bad("origin_mismatch", `the bundle is of \`${origin}\`, the trust document of \`${opened.value.origin}\``);
}

function openHead(lines: BundleLines, trust: TrustDocument): Result<LedgerCheckpoint> {
  const bytes = Buffer.concat(lines.checkpoint.map((line) => Buffer.concat([line, Buffer.from("\n")])));
  if (!isUtf8(bytes)) return bad("note_malformed", "the checkpoint is not valid UTF-8");
  const text = bytes.toString("utf8");
  const read = readCheckpoint(text, trust.origin);
  if (!read.ok) return read;
  const sealed = checkSeal(lines, read.value, trust);
  return sealed.ok ? vouchedCheckpoint(text, read.value, trust) : sealed;
}

function checkSeal({ seal }: BundleLines, { checkpoint }: ReadCheckpoint, trust: TrustDocument): Result<null> {
  const key = keyFor(trust, seal.keyId, "ledger", { kind: "checkpoint", size: checkpoint.size });
  if (!key.ok) return key;
  const verified = verifyEd25519(publicKeyOf(key.value), sealedMessage(seal.digest), seal.signature);
  return verified ? ok(null) : bad("signature_invalid", "the seal does not verify");
}

function provenRecords(lines: BundleLines, head: Checkpoint): Result<readonly BundleRecord[]> {
  const placed = placesOf(lines.records, head.size);
  if (placed === null) return bad("bundle_malformed", "the records do not ascend, or are not in the tree");
  const proof = proofOf(lines.proof);
  if (proof === null) return bad("bundle_malformed", "a line of the proof is not base64 of 32 bytes");
  const leaves: readonly Leaf[] = placed.map(({ index, bytes }) => ({ index, hash: leafHash(bytes) }));
  const root = rootOfLeaves(leaves, head.size, proof);
  if (!root.ok) return root;
  if (Buffer.compare(root.value, head.root) !== 0) return bad("proof_invalid", "the proof leads to another root than the checkpoint's");
  return readRecords(placed);
}

interface Placed {
  readonly index: number;
  readonly bytes: Buffer;
}

function placesOf(lines: readonly Buffer[], size: number): readonly Placed[] | null {
  const placed: Placed[] = [];
  let before = -1;
  for (const line of lines) {
    const space = line.indexOf(0x20);
    const index = space < 0 ? null : parseDecimal(line.toString("latin1", 0, space));
    const bytes = line.subarray(space + 1);
    if (index === null || index <= before || index >= size || bytes.length === 0 || bytes.length > RECORD_BYTES) return null;
    placed.push({ index, bytes });
    before = index;
  }
  return placed;
}

function proofOf(lines: readonly Buffer[]): readonly Hash[] | null {
  const proof: Hash[] = [];
  for (const line of lines) {
    const hash = parseBase64(line.toString("latin1"));
    if (hash === null || hash.length !== HASH_BYTES) return null;
    proof.push(hash);
  }
  return proof;
}

// What the ledger signed is what it is; these say that it should not have been signed.
function readRecords(placed: readonly Placed[]): Result<readonly BundleRecord[]> {
  const records: BundleRecord[] = [];
  const ids = new Set<string>();
  for (const { index, bytes } of placed) {
    const read = readRecord(bytes);
    if (typeof read === "string") return bad("record_not_canonical", `record ${index} is no record in canonical form`);
    const { record_id } = read.record;
    if (ids.has(record_id)) return bad("duplicate_record_id", `\`${record_id}\` is there twice`);
    ids.add(record_id);
    records.push({ index, ...read });
  }
  return ok(records);
}

function openReveals(lines: readonly Buffer[], records: readonly BundleRecord[]): Result<readonly Reveal[]> {
  if (lines.length === 0) return ok([]);
  const texts = new Map(records.map(({ text }) => [sha256(text), text]));
  const reveals: Reveal[] = [];
  for (const line of lines) {
    const reveal = parseReveal(line.toString("latin1"));
    if (!reveal.ok) return reveal;
    const text = texts.get(reveal.value.record_digest);
    const proven = text === undefined ? isOther<Reveal>(reveal.value) : proveReveal(reveal.value, text);
    if (!proven.ok) return proven;
    reveals.push(proven.value);
  }
  return ok(reveals);
}
