// A kit as text: a time, an answer, documents, a whole bundle, and a seal over all of it. Implements spec/promotion.md 10.2.
// Lines, so that a shell reads them; what stands in them is judged elsewhere.

import { createHash } from "node:crypto";
import { bad, formatBase64, isDigest, ok, parseBase64, parseId, parseTime, type Result, SIGNATURE_BYTES } from "../../base/index.js";
import { isKeyId, type KeySigner, parseDecimal, type Role } from "../../evidence/index.js";
import { DOCUMENT_BYTES } from "../documents/document.js";

export const AUDIT_KIT_SCHEMA = "cavra.audit-kit.v1";
export const AUDIT_KIT_BYTES = 268_435_456;
export const AUDIT_DOCUMENTS = 64;
const BUNDLE_LINES = 2_000_000;

/** Kinds of the documents in a kit, in byte order, and who signs each; nobody signs a request. */
export const AUDIT_ROLES = {
  approval_answer: "approver",
  approval_request: null,
  deployment_report: "builder",
  parity_report: "builder",
  promotion_evidence: "builder",
  rehearsal: "drill",
  rollback_plan: "builder",
} as const satisfies Readonly<Record<string, Role | null>>;
export type AuditKind = keyof typeof AUDIT_ROLES;
const KINDS = Object.keys(AUDIT_ROLES) as readonly AuditKind[];

export interface KitDocument {
  readonly kind: AuditKind;
  /** The digest of the content; of a request its id. */
  readonly name: string;
  /** Null where it was not found. */
  readonly content: Buffer | null;
}

export interface KitParts {
  readonly at: string;
  /** Canonical JSON. */
  readonly answer: string;
  /** By kind, then name. */
  readonly documents: readonly KitDocument[];
  readonly bundle: string;
}

/** Writes and seals a kit. Problem: `audit_too_large`. */
export function formatKit({ at, answer, documents, bundle }: KitParts, { keyId, signer }: KeySigner): Result<Buffer> {
  const lines = documents.map(({ kind, name, content }) => `${kind} ${name} ${content === null ? "-" : formatBase64(content)}\n`);
  const head = `${AUDIT_KIT_SCHEMA}\nat ${at}\nanswer ${answer}\ndocuments ${documents.length}\n`;
  const body = Buffer.concat([
    Buffer.from(head),
    ...lines.map((line) => Buffer.from(line)),
    Buffer.from(`bundle ${bundle.split("\n").length - 1}\n`),
    Buffer.from(bundle),
  ]);
  const digest = digestOf(body);
  const kit = Buffer.concat([body, Buffer.from(`seal ${digest} ${keyId} ${formatBase64(signer.sign(kitSealMessage(digest)))}\n`)]);
  if (documents.length > AUDIT_DOCUMENTS || kit.length > AUDIT_KIT_BYTES)
    return bad("audit_too_large", `a kit has at most ${AUDIT_DOCUMENTS} documents, and ${AUDIT_KIT_BYTES} bytes`);
  return ok(kit);
}

/** What the seal's key signs. */
export function kitSealMessage(digest: string): Uint8Array {
  return Buffer.from(`${AUDIT_KIT_SCHEMA} seal\n${digest}\n`);
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A kit cut into its parts; of what stands in them only the form is known. */
export interface KitRead {
  readonly at: string;
  readonly answer: string;
  readonly documents: readonly KitDocument[];
  readonly bundle: Buffer;
  readonly seal: { readonly digest: string; readonly keyId: string; readonly signature: Uint8Array };
}

/** Checks 1 to 3 of 10.7: `audit_malformed`, `audit_digest_mismatch`, `audit_malformed`. */
export function parseKit(bytes: Buffer): Result<KitRead> {
  if (bytes.length > AUDIT_KIT_BYTES) return malformed(`a kit has at most ${AUDIT_KIT_BYTES} bytes`);
  if (bytes.at(-1) !== NEWLINE) return malformed("the last line has no end");
  const start = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  const seal = parseSeal(bytes.toString("latin1", start, bytes.length - 1));
  if (seal === null) return malformed("the last line is no seal");
  const body = bytes.subarray(0, start);
  if (digestOf(body) !== seal.digest) return bad("audit_digest_mismatch", "the kit is not as it was sealed");
  if (body.includes(0)) return malformed("a kit holds no zero bytes");
  return parseBody(body, seal);
}

const NEWLINE = 0x0a;

function parseSeal(line: string): KitRead["seal"] | null {
  const [word, digest = "", keyId = "", signature = "", ...more] = line.split(" ");
  const bytes = parseBase64(signature);
  if (word !== "seal" || more.length > 0 || !isDigest(digest) || !isKeyId(keyId)) return null;
  return bytes === null || bytes.length !== SIGNATURE_BYTES ? null : { digest, keyId, signature: bytes };
}

function parseBody(body: Buffer, seal: KitRead["seal"]): Result<KitRead> {
  let at = 0;
  const line = (): string => {
    const end = body.indexOf(NEWLINE, at);
    if (end < 0) return "";
    const found = body.toString("latin1", at, end);
    at = end + 1;
    return found;
  };
  const after = (name: string): string | null => {
    const found = line();
    return found.startsWith(`${name} `) ? found.slice(name.length + 1) : null;
  };
  if (line() !== AUDIT_KIT_SCHEMA) return malformed(`the first line is not \`${AUDIT_KIT_SCHEMA}\``);
  const [time, answer] = [after("at"), after("answer")];
  if (time === null || !parseTime(time).ok || answer === null) return malformed("time or answer is not there");
  const count = parseDecimal(after("documents") ?? "");
  if (count === null || count > AUDIT_DOCUMENTS) return malformed("`documents` does not begin as it should");
  const documents: KitDocument[] = [];
  for (let i = 0; i < count; i++) {
    const document = parseDocument(line());
    if (document === null || !isBehind(document, documents.at(-1))) return malformed(`document ${i + 1} has another form, or place`);
    documents.push(document);
  }
  const lines = parseDecimal(after("bundle") ?? "");
  const bundle = body.subarray(at);
  if (lines === null || lines < 1 || lines > BUNDLE_LINES || lines !== countLines(bundle)) return malformed("the bundle has other lines");
  return ok({ at: time, answer, documents, bundle, seal });
}

function parseDocument(line: string): KitDocument | null {
  const [word, name = "", text = "", ...more] = line.split(" ");
  const kind = KINDS.find((one) => one === word);
  if (kind === undefined || more.length > 0 || !isName(kind, name)) return null;
  if (text === "-") return { kind, name, content: null };
  const content = text === "" ? null : parseBase64(text);
  return content === null || content.length > DOCUMENT_BYTES ? null : { kind, name, content: Buffer.from(content) };
}

function isName(kind: AuditKind, name: string): boolean {
  if (kind !== "approval_request") return isDigest(name);
  const id = parseId(name);
  return id.ok && id.value.prefix === "apr";
}

function isBehind(document: KitDocument, before: KitDocument | undefined): boolean {
  return before === undefined || `${before.kind} ${before.name}` < `${document.kind} ${document.name}`;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

function malformed<T>(message: string): Result<T> {
  return bad("audit_malformed", message);
}
