// Signed notes: a text and lines of signatures under it. Implements spec/evidence.md sections 4.1 to 4.3 (C2SP signed-note).
// Stricter than C2SP: base64 is canonical, texts and names are ASCII, and a note has limits. What is written here every reader of notes opens.

import { createHash } from "node:crypto";
import { bad, formatBase64, ok, PUBLIC_KEY_BYTES, parseBase64, type Result, type Signer, verifyEd25519 } from "../../base/index.js";

/** A note has at most so many UTF-8 bytes, and so many signatures. */
export const NOTE_BYTES = 65_536;
export const NOTE_SIGNATURES = 100;
/** A key's name has at most so many characters. */
export const NOTE_NAME_BYTES = 255;

/** 1: an Ed25519 signature of the text. 4: a timestamped cosignature of a checkpoint. */
export type NoteAlgorithm = 1 | 4;

/** Whom a signature line may be from. */
export interface NoteKey {
  readonly name: string;
  readonly algorithm: NoteAlgorithm;
  readonly publicKey: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  /** 8 hexadecimal digits: the first four bytes of what the line encodes. */
  readonly keyHash: string;
  /** What stands behind the key hash. */
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends with a newline; what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** 8 hexadecimal digits: the beginning of SHA-256(name ‖ LF ‖ algorithm ‖ public key). */
export function noteKeyHash(key: NoteKey): string {
  const hash = createHash("sha256")
    .update(`${key.name}\n`)
    .update(Buffer.from([key.algorithm]))
    .update(key.publicKey);
  return hash.digest("hex").slice(0, 8);
}

/** `name+hash+base64(algorithm ‖ public key)`: how other programs are given a key. */
export function formatVerifierKey(key: NoteKey): string {
  return `${key.name}+${noteKeyHash(key)}+${formatBase64(Buffer.concat([Buffer.from([key.algorithm]), key.publicKey]))}`;
}

/** Problem: `verifier_key_malformed`. */
export function parseVerifierKey(text: string): Result<NoteKey> {
  const wrong = bad<NoteKey>("verifier_key_malformed", "a verifier key looks like `name+0a1b2c3d+BASE64`");
  const [name, hash, encoded] = splitKey(text);
  const bytes = parseBase64(encoded);
  const algorithm = bytes?.[0];
  if (bytes === null || bytes.length !== 1 + PUBLIC_KEY_BYTES || (algorithm !== 1 && algorithm !== 4) || !isNoteName(name)) return wrong;
  const key: NoteKey = { name, algorithm, publicKey: bytes.subarray(1) };
  return noteKeyHash(key) === hash ? ok(key) : wrong;
}

// Base64 may hold a plus sign too, a name may not.
function splitKey(text: string): readonly [string, string, string] {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  return second < 0 ? ["", "", ""] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

/** Signs a text that ends with a newline. The signer's name must be one of isNoteName. */
export function signNote(text: string, name: string, signer: Signer): string {
  const key: NoteKey = { name, algorithm: 1, publicKey: signer.publicKey };
  return `${text}\n${signatureLine(key, signer.sign(Buffer.from(text)))}`;
}

/** One signature line with its newline. */
export function signatureLine(key: NoteKey, signature: Uint8Array): string {
  return `${DASH}${key.name} ${formatBase64(Buffer.concat([Buffer.from(noteKeyHash(key), "hex"), signature]))}\n`;
}

const DASH = "— ";

/** Takes a note apart and verifies nothing. Problem: `note_malformed`. */
export function parseNote(note: string): Result<Note> {
  if (note.length > NOTE_BYTES || Buffer.byteLength(note) > NOTE_BYTES) return malformed(`a note has at most ${NOTE_BYTES} bytes`);
  const middle = note.lastIndexOf("\n\n");
  if (middle < 0 || !note.endsWith("\n")) return malformed("a note is a text, an empty line, and lines of signatures");
  for (let i = 0; i < middle; i++) if (!isPlain(note.charCodeAt(i))) return malformed("the text is not plain ASCII");
  const signatures = parseSignatures(note.slice(middle + 2));
  if (!signatures.ok) return signatures;
  return ok({ text: note.slice(0, middle + 1), signatures: signatures.value });
}

/** Signature lines alone, as a witness answers them; at least one. Problem: `note_malformed`. */
export function parseSignatures(lines: string): Result<readonly NoteSignature[]> {
  if (!lines.endsWith("\n")) return malformed("the last line has no end");
  const each = lines.slice(0, -1).split("\n");
  if (each.length > NOTE_SIGNATURES) return malformed(`a note has at most ${NOTE_SIGNATURES} signatures`);
  const signatures: NoteSignature[] = [];
  for (const line of each) {
    const one = parseSignature(line);
    if (one === null) return malformed("a signature line looks like `— name BASE64`");
    signatures.push(one);
  }
  return ok(signatures);
}

function parseSignature(line: string): NoteSignature | null {
  const space = line.indexOf(" ", DASH.length);
  if (!line.startsWith(DASH) || space < 0) return null;
  const name = line.slice(DASH.length, space);
  const bytes = parseBase64(line.slice(space + 1));
  if (bytes === null || bytes.length < 5 || !isNoteName(name)) return null;
  return { name, keyHash: Buffer.from(bytes.subarray(0, 4)).toString("hex"), signature: bytes.subarray(4) };
}

/**
 * The keys whose signatures (of algorithm 1) the note bears, each once. Signatures of keys that are not given are no matter.
 * Problems: `signature_invalid` (a given key's signature does not verify), `unknown_signer` (none of the keys signed).
 */
export function verifyNote(note: Note, keys: readonly NoteKey[]): Result<readonly NoteKey[]> {
  const signers: NoteKey[] = [];
  for (const one of note.signatures) {
    const key = keys.find((known) => known.algorithm === 1 && isFrom(one, known));
    if (key === undefined || signers.includes(key)) continue;
    if (!verifyEd25519(key.publicKey, Buffer.from(note.text), one.signature))
      return bad("signature_invalid", `the signature of \`${key.name}\` does not verify`);
    signers.push(key);
  }
  return signers.length > 0 ? ok(signers) : bad("unknown_signer", "the note is signed by none of the trusted keys");
}

/** Does the line name this key? Name and hash together do. */
export function isFrom(signature: NoteSignature, key: NoteKey): boolean {
  return signature.name === key.name && signature.keyHash === noteKeyHash(key);
}

/** Names are 1 to 255 characters of U+0021 to U+007E, but for the plus sign. */
export function isNoteName(name: string): boolean {
  if (name === "" || name.length > NOTE_NAME_BYTES) return false;
  for (let i = 0; i < name.length; i++) if (name[i] === "+" || name[i] === " " || !isPlain(name.charCodeAt(i))) return false;
  return true;
}

// A newline, or printable ASCII. The one dash of each signature line is taken off before.
function isPlain(unit: number): boolean {
  return unit === 0x0a || (unit >= 0x20 && unit <= 0x7e);
}

function malformed<T>(message: string): Result<T> {
  return bad("note_malformed", message);
}
