// DSSE envelopes: who signed which bytes as what. Implements spec/trust.md section 2 (DSSE v1).
// Narrower than DSSE: the envelope is canonical JSON with closed keys and canonical base64, so that one envelope has one text.

import {
  bad,
  canonicalJson,
  formatBase64,
  type JsonValue,
  ok,
  parseBase64,
  type Result,
  readCanonical,
  SIGNATURE_BYTES,
  type Signer,
  verifyEd25519,
} from "../../base/index.js";
import { isObjectOf } from "./closed.js";
import { isKeyId } from "./key-id.js";

/** An envelope has at most so many UTF-8 bytes, and so many signatures. */
export const ENVELOPE_BYTES = 4_194_304;
export const ENVELOPE_SIGNATURES = 8;

export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** Who signs, under which key id. */
export interface KeySigner {
  readonly keyId: string;
  readonly signer: Signer;
}

/** What is signed: `DSSEv1`, and length and bytes of type and payload, with blanks between. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The text of an envelope, signed by each in the given order. Problem: `envelope_malformed` for no signer, too many, or a type without a text form. */
export function signEnvelope(payloadType: string, payload: Uint8Array, signers: readonly KeySigner[]): Result<string> {
  if (signers.length === 0 || signers.length > ENVELOPE_SIGNATURES) return malformed("the number of signers is not 1 to 8");
  const message = preAuthEncoding(payloadType, payload);
  const signatures = signers.map(({ keyId, signer }) => ({ keyid: keyId, sig: formatBase64(signer.sign(message)) }));
  if (!signers.every(({ keyId }) => isKeyId(keyId))) return malformed("a signer has no key id");
  const text = canonicalJson({ payload: formatBase64(payload), payloadType, signatures });
  return text.ok ? text : malformed(text.problem.message);
}

/** Takes an envelope apart and verifies nothing. Problem: `envelope_malformed`. */
export function parseEnvelope(text: string): Result<Envelope> {
  const { encoded, rest } = withoutPayload(text);
  const parsed = readCanonical(rest, { sizeBytes: ENVELOPE_BYTES, depth: 4 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  if (!isObjectOf(parsed.value, ["payload", "payloadType", "signatures"])) return malformed("the envelope has other keys");
  const { payload, payloadType, signatures } = parsed.value;
  const said = encoded ?? payload;
  const bytes = typeof said === "string" ? parseBase64(said) : null;
  const signed = signaturesOf(signatures);
  if (bytes === null || typeof payloadType !== "string" || signed === null) return malformed("a part of the envelope has another form");
  return ok({ payloadType, payload: bytes, signatures: signed });
}

const BEGINS = '{"payload":"';

/**
 * What is long in an envelope is its payload, and base64 is canonical JSON as it stands: it has nothing to escape. So it is cut out up to its quote, and JSON
 * reads the rest. What is cut out and is no base64 is refused as such; null where the text begins otherwise, or is longer than any envelope.
 */
function withoutPayload(text: string): { readonly encoded: string | null; readonly rest: string } {
  const end = text.startsWith(BEGINS) && text.length <= ENVELOPE_BYTES ? text.indexOf('"', BEGINS.length) : -1;
  return end < 0 ? { encoded: null, rest: text } : { encoded: text.slice(BEGINS.length, end), rest: BEGINS + text.slice(end) };
}

function signaturesOf(value: JsonValue | undefined): readonly EnvelopeSignature[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > ENVELOPE_SIGNATURES) return null;
  const signatures: EnvelopeSignature[] = [];
  for (const one of value as readonly JsonValue[]) {
    if (!isObjectOf(one, ["keyid", "sig"]) || typeof one.keyid !== "string" || !isKeyId(one.keyid) || typeof one.sig !== "string")
      return null;
    const signature = parseBase64(one.sig);
    if (signature === null || signature.length !== SIGNATURE_BYTES) return null;
    signatures.push({ keyId: one.keyid, signature });
  }
  return signatures;
}

/** Does this signature of the envelope verify under the key? */
export function isSignedBy(envelope: Envelope, { signature }: EnvelopeSignature, publicKey: Uint8Array): boolean {
  return verifyEd25519(publicKey, preAuthEncoding(envelope.payloadType, envelope.payload), signature);
}

function malformed<T>(message: string): Result<T> {
  return bad("envelope_malformed", message);
}
