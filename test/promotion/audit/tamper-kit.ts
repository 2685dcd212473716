// Every way to tamper with a kit that a person without keys has, and those of a person who has the ledger's: another answer, a document out, a record out.
// Each tampering comes with the codes that are right for it; tamper.test.ts and scripts/tamper-kits.mjs hold both verifiers to them.

import { createHash } from "node:crypto";
import { formatBase64 } from "../../../src/base/index.js";
import { kitSealMessage, verifyKit } from "../../../src/promotion/index.js";
import type { Dice } from "../../dice.js";
import { LEDGER } from "../../evidence/bundle/sample-ledger.js";
import { type KitGiven, recordsOf, type Step, sampleDocuments, sampleKit } from "./sample-kit.js";

/** How the kit's seal is made good again: not at all, its digest only (no key needed), or by the ledger itself; or all is made anew by the ledger, from other records. */
export type Depth = "as_it_is" | "redigested" | "resealed" | "owner";

export interface Tampering {
  readonly kind: string;
  readonly bytes: Buffer;
  /** Codes, or `same` where the answer may still be what it was. */
  readonly right: readonly string[];
  /** Kind of the document in which a byte was changed; "" or none for elsewhere. */
  readonly within?: string;
}

type Section = "head" | "at" | "answer" | "count" | "documents" | "bundle" | "seal";

interface Line {
  readonly section: Section;
  readonly start: number;
  readonly end: number;
}

export interface Layout {
  readonly bytes: Buffer;
  readonly lines: readonly Line[];
  readonly seal: number;
  readonly bundleSeal: number;
  readonly given: KitGiven;
  /** The answer's text. */
  readonly answer: string;
}

const whole = sampleDocuments();

/** A kit with everything in it: two leases, a renewal, a hold that was lifted, all documents. */
export function tamperedKit(): Layout {
  const steps: readonly Step[] = [
    [-300, "started"],
    [-299, "gate", { code: "open" }],
    [-200, "held", { code: "operator" }],
    [-150, "lifted"],
    [-50, "leased", { lease: "a", evidence: whole.evidence }],
    [-40, "decision"],
    [-20, "leased", { lease: "b", evidence: whole.evidence }],
    [-10, "decision"],
    [3, "ended", { lease: "b", code: "gate_closed" }],
    [4, "gate", { code: "closed" }],
    [6, "decision"],
  ];
  return layoutOf({ steps, documents: whole.documents });
}

export function layoutOf(given: KitGiven): Layout {
  const { bytes, answer } = sampleKit(given);
  const spans: { start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start) + 1;
    spans.push({ start, end });
    start = end;
  }
  const documents = given.documents?.length ?? 0;
  const lines = spans.map((span, i) => ({ ...span, section: sectionOf(i, documents, spans.length) }));
  return {
    bytes,
    lines,
    seal: lines.at(-1)?.start ?? 0,
    bundleSeal: lines.at(-2)?.start ?? 0,
    given,
    answer: JSON.stringify(answer),
  };
}

function sectionOf(i: number, documents: number, lines: number): Section {
  if (i === lines - 1) return "seal";
  if (i < 3) return (["head", "at", "answer"] as const)[i] ?? "head";
  if (i === 3 || i === 4 + documents) return "count";
  return i < 4 + documents ? "documents" : "bundle";
}

/** The first code that does not hold, `same` where it holds with that answer, `other` where it holds with another. */
export function toldOf(bytes: Buffer, layout: Layout, check: Parameters<typeof verifyKit>[1]): string {
  const kit = verifyKit(bytes, check);
  if (!kit.ok) return kit.problem.code;
  return JSON.stringify(kit.value.answer) === layout.answer ? "same" : "other";
}

/** A byte at `at` set to `value`, which differs from what is there. */
export function changeByte(layout: Layout, at: number, value: number, depth: Exclude<Depth, "owner">): Tampering {
  const changed = Buffer.from(layout.bytes);
  changed[at] = value;
  const right = depth === "as_it_is" ? rightAsItIs(layout, at) : rightDeeper(layout, at, value, depth);
  const line = layout.lines.find(({ start, end }) => at >= start && at < end);
  const within = line?.section === "documents" ? layout.bytes.toString("latin1", line.start, layout.bytes.indexOf(0x20, line.start)) : "";
  return { kind: `${depth}:byte`, bytes: again(layout, changed, depth), right, within };
}

function rightAsItIs({ bytes, seal }: Layout, at: number): readonly string[] {
  if (at < seal - 1) return ["audit_digest_mismatch"];
  const [word = "", digest = "", key = ""] = bytes.toString("latin1", seal).split(" ");
  const inSeal = at - seal;
  const keyAt = word.length + digest.length + 2;
  if (inSeal < word.length + 8) return ["audit_malformed"];
  if (inSeal < keyAt - 1) return ["audit_malformed", "audit_digest_mismatch"];
  if (inSeal >= keyAt + 4 && inSeal < keyAt + key.length) return ["audit_malformed", "unknown_signer"];
  return inSeal > keyAt + key.length ? ["audit_malformed", "signature_invalid"] : ["audit_malformed"];
}

function rightDeeper(layout: Layout, at: number, value: number, depth: "redigested" | "resealed"): readonly string[] {
  const line = layout.lines.find(({ start, end }) => at >= start && at < end);
  if (line === undefined || value === 0x0a || value === 0 || at === line.end - 1) return ["audit_malformed"];
  if (line.section !== "bundle") return (depth === "redigested" ? REDIGESTED : RESEALED)[line.section];
  return at < layout.bundleSeal
    ? ["bundle_digest_mismatch"]
    : ["bundle_malformed", "bundle_digest_mismatch", "unknown_signer", "signature_invalid"];
}

const SIGNED = ["audit_malformed", "signature_invalid"];
const REDIGESTED: Readonly<Record<Exclude<Section, "bundle">, readonly string[]>> = {
  head: ["audit_malformed"],
  at: SIGNED,
  answer: SIGNED,
  count: ["audit_malformed"],
  documents: SIGNED,
  seal: ["audit_malformed"],
};
const RESEALED: typeof REDIGESTED = {
  ...REDIGESTED,
  at: ["audit_malformed", "audit_answer_differs", "audit_documents_differ"],
  answer: ["audit_malformed", "audit_answer_differs"],
  documents: ["audit_malformed", "audit_document_altered", "audit_document_malformed", "audit_documents_differ"],
};

function again(layout: Layout, changed: Buffer, depth: Exclude<Depth, "owner">): Buffer {
  if (depth === "as_it_is") return changed;
  return sealed(changed.subarray(0, changed.length - (layout.bytes.length - layout.seal)), layout, depth);
}

function sealed(body: Buffer, layout: Layout, depth: "redigested" | "resealed"): Buffer {
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  const [, , keyId, signature] = layout.bytes.toString("latin1", layout.seal, layout.bytes.length - 1).split(" ");
  const seal =
    depth === "resealed"
      ? `seal ${digest} ${LEDGER.keyId} ${formatBase64(LEDGER.signer.sign(kitSealMessage(digest)))}\n`
      : `seal ${digest} ${keyId} ${signature}\n`;
  return Buffer.concat([body, Buffer.from(seal)]);
}

/** Every line deleted, doubled, and swapped with the next. */
export function* changeLines(layout: Layout, depth: Exclude<Depth, "owner">): Generator<Tampering> {
  const { bytes, lines, seal } = layout;
  const part = (from: number, to: number) => bytes.subarray(from, to);
  for (const [i, line] of lines.slice(0, -1).entries()) {
    const next = lines[i + 1];
    const ways: (readonly [string, readonly Buffer[]])[] = [
      ["delete", [part(0, line.start), part(line.end, seal)]],
      ["double", [part(0, line.end), part(line.start, seal)]],
    ];
    const isSame = next === undefined || part(line.start, line.end).equals(part(next.start, next.end));
    if (next !== undefined && next.start !== seal && !isSame)
      ways.push(["swap", [part(0, line.start), part(next.start, next.end), part(line.start, line.end), part(next.end, seal)]]);
    for (const [what, pieces] of ways) {
      const body = Buffer.concat(pieces);
      const isWithin = what === "swap" && line.section === "bundle" && next?.section === "bundle";
      yield depth === "as_it_is"
        ? { kind: `as_it_is:line_${what}`, bytes: Buffer.concat([body, part(seal, bytes.length)]), right: ["audit_digest_mismatch"] }
        : {
            kind: `${depth}:line_${what}`,
            bytes: sealed(body, layout, depth),
            right: isWithin ? ["bundle_malformed", "bundle_digest_mismatch"] : ["audit_malformed"],
          };
    }
  }
}

/** Cut off at `at`; a byte taken out, or put in; a piece doubled. */
export function cutAndPaste({ bytes, seal }: Layout, at: number, value: number): readonly Tampering[] {
  const made = (kind: string, ...pieces: readonly Buffer[]): Tampering => ({
    kind: `as_it_is:${kind}`,
    bytes: Buffer.concat(pieces),
    right: at < seal - 1 ? ["audit_digest_mismatch"] : ["audit_malformed", "audit_digest_mismatch", "unknown_signer"],
  });
  const before = bytes.subarray(0, at);
  return [
    { kind: "as_it_is:truncate", bytes: before, right: ["audit_malformed"] },
    made("byte_out", before, bytes.subarray(at + 1)),
    made("byte_in", before, Buffer.from([value]), bytes.subarray(at)),
    made("piece_doubled", bytes.subarray(0, Math.min(at + 64, seal)), bytes.subarray(at)),
  ].filter((one) => !one.bytes.equals(bytes));
}

/** What whoever has the ledger's key may try: the old answer over other records, or fewer; over fewer documents; or another answer over the same. */
export function ownerLie(layout: Layout, dice: Dice): Tampering {
  const { given } = layout;
  const answer = JSON.parse(layout.answer);
  const claim = () => answer;
  const at = dice.below(given.steps.length);
  const lies: readonly (() => Tampering)[] = [
    () => {
      const indices = given.steps.map((_, i) => i).filter((i) => i !== at);
      return owned("record_out", { ...given, indices, claim });
    },
    () => owned("history_without", { ...given, steps: given.steps.filter((_, i) => i !== at), claim }),
    () => {
      const steps = given.steps.map((step, i) => (i === at ? ([step[0] + dice.below(120) - 60, step[1], step[2]] as Step) : step));
      return owned("history_moved", { ...given, steps, claim });
    },
    () => {
      const step: Step = [
        -dice.below(100) - 1,
        dice.pick(["ended", "held", "demoted", "stopped", "started"] as const),
        { lease: dice.pick(["a", "b"]) },
      ];
      const records = recordsOf([...given.steps.slice(0, at), step, ...given.steps.slice(at)]);
      return owned("history_with", { ...given, records, claim });
    },
    () => owned("document_out", { ...given, documents: given.documents?.filter((_, i) => i !== at % 7) ?? [], claim }),
    () =>
      owned("document_gone", {
        ...given,
        documents: given.documents?.map((one, i) => (i === at % 7 ? { ...one, content: null } : one)) ?? [],
        claim,
      }),
    () =>
      owned("answer", {
        ...given,
        claim: (right) =>
          dice.pick([
            { ...right, selected: !right.selected },
            { ...right, complete: false },
            { ...right, state: "off" as const },
            { ...right, because: [] },
          ]),
      }),
  ];
  return dice.pick(lies)();
}

// An answer to the request that is not there is one that was not kept: whoever makes a kit can leave it out.
function owned(kind: string, given: KitGiven): Tampering {
  const mayBeSame = kind !== "answer" && kind !== "document_gone";
  const right = ["audit_answer_differs", "audit_documents_differ", ...(mayBeSame ? ["same"] : [])];
  return { kind: `owner:${kind}`, bytes: sampleKit(given).bytes, right };
}
