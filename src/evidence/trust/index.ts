// The door of trust: envelopes, the trust document, and the way to it from a pinned key. Pure; pin, time and memory come in.

export { openTrust, signTrust, TRUST_PAYLOAD_TYPE, TRUST_SKEW_MS, TRUST_VERSIONS, type TrustCheck } from "./chain.js";
export { isObjectOf } from "./closed.js";
export {
  ENVELOPE_BYTES,
  ENVELOPE_SIGNATURES,
  type Envelope,
  type EnvelopeSignature,
  isSignedBy,
  type KeySigner,
  parseEnvelope,
  preAuthEncoding,
  signEnvelope,
} from "./dsse.js";
export { isKeyId, keyIdOf, ROLES, type Role } from "./key-id.js";
export {
  openPolicySignature,
  POLICY_SIGNATURE_BYTES,
  POLICY_SIGNATURE_SCHEMA,
  POLICY_SIGNATURE_TYPE,
  POLICY_SIGNERS,
  type PolicySigner,
  type PolicyStatement,
  SIGNATURE_REASON_BYTES,
  type SignatureCheck,
  type SignedPolicy,
  signPolicy,
} from "./policy-signature.js";
export { newestTrust, signersOf, type TrustGiven } from "./signers.js";
export {
  activeKeys,
  formatTrust,
  type KeyUse,
  keyFor,
  parseTrust,
  publicKeyOf,
  TRUST_BYTES,
  TRUST_KEYS,
  TRUST_NAME_BYTES,
  TRUST_REASON_BYTES,
  TRUST_SCHEMA,
  type TrustDocument,
  type TrustKey,
  WITNESSES_REQUIRED,
} from "./trust-document.js";
