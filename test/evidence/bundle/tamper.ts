// Every way to tamper with a bundle that a person without the keys has, and two that take keys: sealing as somebody else, and as a ledger that lies.
// Each tampering comes with the codes that are right for it; scripts/tamper.mjs and tamper.test.ts hold both verifiers to them.

import { createHash } from "node:crypto";
import { formatBase64, type Signer } from "../../../src/base/index.js";
import { sealedMessage } from "../../../src/evidence/index.js";

/** How the seal is made good again after the change: not at all, its digest only (no key needed), or by the ledger itself. */
export type Depth = "as_it_is" | "redigested" | "resealed";

export interface Tampering {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Any of these codes is right. */
  readonly right: readonly string[];
}

export interface Sealer {
  readonly keyId: string;
  readonly signer: Signer;
}

/** The parts of a bundle by their bytes: where each line of which section begins and ends. */
export interface Layout {
  readonly bytes: Buffer;
  readonly lines: readonly Line[];
  /** Where the seal's line begins. */
  readonly seal: number;
}

interface Line {
  readonly section: "head" | "origin" | "count" | "trust" | "checkpoint" | "records" | "proof" | "revealed" | "seal";
  readonly start: number;
  /** Behind its newline. */
  readonly end: number;
}

export function layoutOf(bytes: Buffer): Layout {
  const lines: Line[] = [];
  let section: Line["section"] = "head";
  let left = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start) + 1;
    const header = left === 0 ? /^(trust|checkpoint|records|proof|revealed) (\d+)\n$/.exec(bytes.toString("latin1", start, end)) : null;
    if (left > 0) {
      lines.push({ section, start, end });
      left--;
    } else if (header !== null) {
      lines.push({ section: "count", start, end });
      section = header[1] as Line["section"];
      left = Number(header[2]);
    } else {
      lines.push({ section: lines.length === 0 ? "head" : lines.length === 1 ? "origin" : "seal", start, end });
    }
    start = end;
  }
  return { bytes, lines, seal: lines.at(-1)?.start ?? 0 };
}

/** A byte at `at` set to `value`, which differs from what is there. */
export function changeByte(layout: Layout, at: number, value: number, depth: Depth, sealer: Sealer): Tampering {
  const changed = Buffer.from(layout.bytes);
  changed[at] = value;
  const right = depth === "as_it_is" ? rightAsItIs(layout, at, value) : rightDeeper(layout, at, value, depth);
  return { kind: `${depth}:byte`, bytes: again(layout, changed, depth, sealer), right };
}

// Without a new digest only the seal's own line decides: its form, the digest, whose key, the signature.
function rightAsItIs({ bytes, seal }: Layout, at: number, value: number): readonly string[] {
  if (at < seal - 1) return ["bundle_digest_mismatch"];
  const inSeal = at - seal;
  const [word, digest, keyId] = bytes.toString("latin1", seal, bytes.length - 1).split(" ");
  const digestAt = (word?.length ?? 0) + 1;
  const keyAt = digestAt + (digest?.length ?? 0) + 1;
  const signatureAt = keyAt + (keyId?.length ?? 0) + 1;
  const isHex = (value >= 0x30 && value <= 0x39) || (value >= 0x61 && value <= 0x66);
  if (inSeal >= digestAt + 7 && inSeal < keyAt - 1) return isHex ? ["bundle_digest_mismatch"] : ["bundle_malformed"];
  if (inSeal >= keyAt + 4 && inSeal < signatureAt - 1) return isHex ? ["unknown_signer"] : ["bundle_malformed"];
  if (inSeal < signatureAt || at === bytes.length - 1) return ["bundle_malformed"];
  const text = Buffer.from(bytes.subarray(seal + signatureAt, bytes.length - 1)).fill(
    value,
    inSeal - signatureAt,
    inSeal - signatureAt + 1,
  );
  const decoded = Buffer.from(text.toString("latin1"), "base64");
  const isCanonical = decoded.toString("base64") === text.toString("latin1");
  return isCanonical && decoded.length === 64 ? ["signature_invalid"] : ["bundle_malformed"];
}

// With the digest made good, the part that was changed decides.
function rightDeeper(layout: Layout, at: number, value: number, depth: Depth): readonly string[] {
  const line = layout.lines.find(({ start, end }) => at >= start && at < end);
  if (line === undefined || value === 0x0a || value === 0 || at === line.end - 1) return ["bundle_malformed"];
  return (depth === "redigested" ? RIGHT_REDIGESTED : RIGHT_RESEALED)[line.section] ?? [];
}

const TRUST_CODES = ["trust_malformed", "unknown_signer", "signature_invalid", "trust_future", "trust_expired", "origin_mismatch"];
const RIGHT_REDIGESTED: Readonly<Record<string, readonly string[]>> = {
  head: ["bundle_malformed"],
  origin: ["bundle_malformed", "origin_mismatch"],
  count: ["bundle_malformed"],
  trust: TRUST_CODES,
  checkpoint: ["note_malformed", "checkpoint_malformed", "origin_mismatch", "signature_invalid"],
  records: ["signature_invalid"],
  proof: ["signature_invalid"],
  revealed: ["signature_invalid"],
};
const RIGHT_RESEALED: Readonly<Record<string, readonly string[]>> = {
  ...RIGHT_REDIGESTED,
  checkpoint: ["note_malformed", "checkpoint_malformed", "origin_mismatch", "signature_invalid", "unknown_signer", "witness_missing"],
  records: ["bundle_malformed", "proof_invalid"],
  proof: ["bundle_malformed", "proof_invalid"],
  revealed: ["reveal_malformed", "reveal_other_record", "reveal_no_such_place", "reveal_invalid"],
};

/** The body with the seal that the depth allows. `body` may also be a whole bundle of the same layout, whose seal is then replaced. */
export function again(layout: Layout, changed: Buffer, depth: Depth, sealer: Sealer): Buffer {
  if (depth === "as_it_is") return changed;
  return sealed(changed.subarray(0, changed.length - (layout.bytes.length - layout.seal)), layout, depth, sealer);
}

export function sealed(body: Buffer, layout: Layout, depth: Depth, sealer: Sealer): Buffer {
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const [, , keyId, signature] = layout.bytes.toString("latin1", layout.seal, layout.bytes.length - 1).split(" ");
  const seal =
    depth === "resealed"
      ? `seal ${digest} ${sealer.keyId} ${formatBase64(sealer.signer.sign(sealedMessage(digest)))}\n`
      : `seal ${digest} ${keyId} ${signature}\n`;
  return Buffer.concat([body, Buffer.from(seal)]);
}

/** What is done to whole lines and to the ends of the file. Every line is deleted, doubled, and swapped with the next. */
export function* changeLines(layout: Layout, depth: Depth, sealer: Sealer, lines = layout.lines.slice(0, -1)): Generator<Tampering> {
  const { bytes, seal } = layout;
  for (const line of lines) {
    const next = layout.lines[layout.lines.indexOf(line) + 1];
    const parts: readonly (readonly [string, readonly Buffer[]])[] = [
      ["delete", [bytes.subarray(0, line.start), bytes.subarray(line.end, seal)]],
      ["double", [bytes.subarray(0, line.end), bytes.subarray(line.start, seal)]],
      ...(next === undefined || next.start === seal || same(bytes, line, next, depth)
        ? []
        : ([
            [
              "swap",
              [
                bytes.subarray(0, line.start),
                bytes.subarray(next.start, next.end),
                bytes.subarray(line.start, line.end),
                bytes.subarray(next.end, seal),
              ],
            ],
          ] as const)),
    ];
    for (const [what, pieces] of parts) {
      const right = depth === "as_it_is" ? ["bundle_digest_mismatch"] : rightOfLines(what, line, next, depth);
      const body = Buffer.concat(pieces);
      const whole = depth === "as_it_is" ? Buffer.concat([body, bytes.subarray(seal)]) : sealed(body, layout, depth, sealer);
      yield { kind: `${depth}:line_${what}`, bytes: whole, right };
    }
  }
}

// Equal lines; and where the ledger seals anew, two signatures of a note or two reveals, whose order says nothing.
function same(bytes: Buffer, a: Line, b: Line, depth: Depth): boolean {
  const [left, right] = [bytes.subarray(a.start, a.end), bytes.subarray(b.start, b.end)];
  const isFree = (line: Line, text: Buffer) => line.section === "revealed" || text.toString().startsWith("—");
  return left.equals(right) || (depth === "resealed" && a.section === b.section && isFree(a, left) && isFree(b, right));
}

// A line more or less never fits the counts; two lines that changed places within a section do.
function rightOfLines(what: string, line: Line, next: Line | undefined, depth: Depth): readonly string[] {
  if (what !== "swap" || next?.section !== line.section || line.section === "count") return ["bundle_malformed"];
  return (depth === "redigested" ? RIGHT_REDIGESTED : RIGHT_RESEALED)[line.section] ?? [];
}

/** Cut off at `at`; a byte taken out at `at`; a byte put in before `at`; a piece repeated. */
export function cutAndPaste(layout: Layout, at: number, value: number): readonly Tampering[] {
  const { bytes, seal } = layout;
  const made = (kind: string, ...pieces: readonly Buffer[]): Tampering => ({
    kind: `as_it_is:${kind}`,
    bytes: Buffer.concat(pieces),
    right: at < seal - 1 ? ["bundle_digest_mismatch"] : ["bundle_malformed", "bundle_digest_mismatch"],
  });
  const before = bytes.subarray(0, at);
  return [
    { kind: "as_it_is:truncate", bytes: before, right: ["bundle_malformed"] },
    made("byte_out", before, bytes.subarray(at + 1)),
    made("byte_in", before, Buffer.from([value]), bytes.subarray(at)),
    made("piece_doubled", bytes.subarray(0, Math.min(at + 64, seal)), bytes.subarray(at)),
  ].filter((one) => !one.bytes.equals(bytes));
}
