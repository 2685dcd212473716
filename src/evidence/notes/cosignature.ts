// What a witness puts under a checkpoint: "I saw it grow". Implements spec/evidence.md section 4.5 (C2SP tlog-cosignature v1).

import { bad, ok, type Result, SIGNATURE_BYTES, type Signer, verifyEd25519 } from "../../base/index.js";
import { isFrom, type Note, type NoteKey, type NoteSignature, parseNote, parseSignatures, signatureLine } from "./note.js";

/** A cosignature and when it was made, in whole seconds since 1970. */
export interface Cosignature {
  readonly key: NoteKey;
  readonly timeSeconds: number;
}

/** The key with which a witness cosigns. */
export function witnessNoteKey(name: string, publicKey: Uint8Array): NoteKey {
  return { name, algorithm: 4, publicKey };
}

/** The signature line of a witness, with its newline, for the text of a checkpoint. */
export function cosign(checkpointText: string, timeSeconds: number, name: string, signer: Signer): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(timeSeconds));
  return signatureLine(witnessNoteKey(name, signer.publicKey), Buffer.concat([time, signer.sign(cosigned(checkpointText, timeSeconds))]));
}

function cosigned(checkpointText: string, timeSeconds: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${checkpointText}`);
}

/**
 * The witnesses, of those given, that cosigned the note, each once, in the order of the lines. None is no problem.
 * Problem: `signature_invalid` (a given witness's cosignature does not verify).
 */
export function verifyCosignatures(note: Note, witnesses: readonly NoteKey[]): Result<readonly Cosignature[]> {
  const found: Cosignature[] = [];
  for (const one of note.signatures) {
    const key = witnesses.find((known) => known.algorithm === 4 && isFrom(one, known));
    if (key === undefined || found.some((cosignature) => cosignature.key === key)) continue;
    const timeSeconds = timeOf(note.text, key, one);
    if (timeSeconds === null) return bad("signature_invalid", `the cosignature of \`${key.name}\` does not verify`);
    found.push({ key, timeSeconds });
  }
  return ok(found);
}

function timeOf(text: string, key: NoteKey, { signature }: NoteSignature): number | null {
  if (signature.length !== 8 + SIGNATURE_BYTES) return null;
  const bytes = Buffer.from(signature);
  const timeSeconds = Number(bytes.readBigUInt64BE());
  if (!Number.isSafeInteger(timeSeconds)) return null;
  return verifyEd25519(key.publicKey, cosigned(text, timeSeconds), bytes.subarray(8)) ? timeSeconds : null;
}

/** The note with more signature lines under it; lines that it has already are left out. Problem: `note_malformed`. */
export function addSignatures(note: string, lines: string): Result<string> {
  const parsed = parseSignatures(lines);
  if (!parsed.ok) return parsed;
  const has = new Set(note.slice(note.lastIndexOf("\n\n") + 2).split("\n"));
  const added = lines.split("\n").filter((line) => line !== "" && !has.has(line) && has.add(line));
  const grown = note + added.map((line) => `${line}\n`).join("");
  const checked = parseNote(grown);
  return checked.ok ? ok(grown) : checked;
}
