// A bundle as text: records, the proof of them, the checkpoint, and the keys. Implements spec/evidence.md sections 5.1 and 5.2.
// Lines, so that a shell reads them; a seal over all of it, so that nothing can be taken out and the rest still hold.

import { createHash } from "node:crypto";
import { bad, formatBase64, ok, parseBase64, type Result, SIGNATURE_BYTES } from "../../base/index.js";
import { parseDecimal } from "../notes/index.js";
import type { Hash } from "../tree/index.js";
import { isKeyId, type KeySigner, TRUST_VERSIONS } from "../trust/index.js";

export const BUNDLE_SCHEMA = "cavra.bundle.v1";
export const BUNDLE_BYTES = 134_217_728;
export const BUNDLE_RECORDS = 65_536;
export const BUNDLE_PROOF_HASHES = 1_048_576;
export const BUNDLE_REVEALED = 1024;
/** Lines of the checkpoint: three, an empty one, and the signatures. */
export const BUNDLE_CHECKPOINT_LINES = 104;

export interface BundleParts {
  readonly origin: string;
  /** The envelopes of the trust documents, oldest first. */
  readonly trust: readonly string[];
  /** The signed note. */
  readonly checkpoint: string;
  /** Ascending by index; `text` is canonical. */
  readonly records: readonly { readonly index: number; readonly text: string }[];
  /** The multi-proof of all records. */
  readonly proof: readonly Hash[];
  readonly revealed: readonly string[];
}

/** Writes and seals a bundle. Problems: `bundle_empty`, `bundle_too_large`. */
export function formatBundle(parts: BundleParts, { keyId, signer }: KeySigner): Result<string> {
  if (parts.records.length === 0) return bad("bundle_empty", "a bundle holds at least one record");
  const sections = {
    trust: parts.trust,
    checkpoint: parts.checkpoint.slice(0, -1).split("\n"),
    records: parts.records.map(({ index, text }) => `${index} ${text}`),
    proof: parts.proof.map(formatBase64),
    revealed: parts.revealed,
  };
  const tooMany = SECTIONS.find(({ name, most }) => sections[name].length > most);
  if (tooMany !== undefined) return bad("bundle_too_large", `a bundle has at most ${tooMany.most} lines of \`${tooMany.name}\``);
  const lines = SECTIONS.flatMap(({ name }) => [`${name} ${sections[name].length}`, ...sections[name]]);
  const body = `${[BUNDLE_SCHEMA, `origin ${parts.origin}`, ...lines].join("\n")}\n`;
  const digest = digestOf(Buffer.from(body));
  const text = `${body}seal ${digest} ${keyId} ${formatBase64(signer.sign(sealedMessage(digest)))}\n`;
  return Buffer.byteLength(text) > BUNDLE_BYTES ? bad("bundle_too_large", `a bundle has at most ${BUNDLE_BYTES} bytes`) : ok(text);
}

const SECTIONS = [
  { name: "trust", least: 1, most: TRUST_VERSIONS },
  { name: "checkpoint", least: 5, most: BUNDLE_CHECKPOINT_LINES },
  { name: "records", least: 1, most: BUNDLE_RECORDS },
  { name: "proof", least: 0, most: BUNDLE_PROOF_HASHES },
  { name: "revealed", least: 0, most: BUNDLE_REVEALED },
] as const;

/** What the seal's key signs. */
export function sealedMessage(digest: string): Uint8Array {
  return Buffer.from(`${BUNDLE_SCHEMA} seal\n${digest}\n`);
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A bundle cut into lines; of what stands in them nothing is known yet. */
export interface BundleLines {
  readonly origin: string;
  readonly trust: readonly Buffer[];
  readonly checkpoint: readonly Buffer[];
  readonly records: readonly Buffer[];
  readonly proof: readonly Buffer[];
  readonly revealed: readonly Buffer[];
  readonly seal: Seal;
}

export interface Seal {
  readonly digest: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Problems, in the order of the checks: `bundle_malformed` (the seal's form), `bundle_digest_mismatch`, `bundle_malformed` (the rest). */
export function parseBundle(bytes: Buffer): Result<BundleLines> {
  if (bytes.length > BUNDLE_BYTES) return malformed(`a bundle has at most ${BUNDLE_BYTES} bytes`);
  if (bytes.at(-1) !== NEWLINE) return malformed("the last line has no end");
  const start = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  const seal = parseSeal(bytes.toString("latin1", start, bytes.length - 1));
  if (seal === null) return malformed("the last line is no seal");
  const body = bytes.subarray(0, start);
  if (digestOf(body) !== seal.digest) return bad("bundle_digest_mismatch", "the bundle is not as it was sealed");
  if (body.includes(0)) return malformed("a bundle holds no zero bytes");
  return parseSections(body, seal);
}

const NEWLINE = 0x0a;

function parseSeal(line: string): Seal | null {
  const [word, digest = "", keyId = "", signature = "", ...more] = line.split(" ");
  const bytes = parseBase64(signature);
  if (word !== "seal" || more.length > 0 || !isDigestText(digest) || !isKeyId(keyId)) return null;
  return bytes === null || bytes.length !== SIGNATURE_BYTES ? null : { digest, keyId, signature: bytes };
}

function isDigestText(text: string): boolean {
  return text.length === 71 && text.startsWith("sha256:") && [...text.slice(7)].every((digit) => "0123456789abcdef".includes(digit));
}

function parseSections(body: Buffer, seal: Seal): Result<BundleLines> {
  let at = 0;
  const line = (): Buffer | undefined => {
    const end = body.indexOf(NEWLINE, at);
    if (end < 0) return undefined;
    const found = body.subarray(at, end);
    at = end + 1;
    return found;
  };
  if (line()?.toString("latin1") !== BUNDLE_SCHEMA) return malformed(`the first line is not \`${BUNDLE_SCHEMA}\``);
  const origin = line()?.toString("latin1") ?? "";
  if (!origin.startsWith("origin ")) return malformed("the second line is no origin");
  const sections: Record<(typeof SECTIONS)[number]["name"], readonly Buffer[]> = {
    trust: [],
    checkpoint: [],
    records: [],
    proof: [],
    revealed: [],
  };
  for (const { name, least, most } of SECTIONS) {
    const count = countOf(line()?.toString("latin1") ?? "", name);
    if (count === null || count < least || count > most) return malformed(`\`${name}\` does not begin as it should`);
    const lines: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const one = line();
      if (one === undefined) return malformed(`\`${name}\` ends too early`);
      lines.push(one);
    }
    sections[name] = lines;
  }
  if (at !== body.length) return malformed("there is more before the seal");
  return ok({ origin: origin.slice("origin ".length), ...sections, seal });
}

function countOf(line: string, name: string): number | null {
  return line.startsWith(`${name} `) ? parseDecimal(line.slice(name.length + 1)) : null;
}

function malformed<T>(message: string): Result<T> {
  return bad("bundle_malformed", message);
}
