// Who approved a policy: a statement about one compiled policy, signed by a key that the trust document names. Implements spec/policy.md section 11.
// The text carries the trust documents with it, so that one file and one pinned key are enough.

import { bad, canonicalRecord, isDigest, ok, parseJson, parseTime, type Result } from "../../base/index.js";
import { TRUST_SKEW_MS, TRUST_VERSIONS } from "./chain.js";
import { isObjectOf } from "./closed.js";
import { type KeySigner, parseEnvelope, signEnvelope } from "./dsse.js";
import type { Role } from "./key-id.js";
import { newestTrust, signersOf, type TrustGiven } from "./signers.js";
import type { TrustKey } from "./trust-document.js";

export const POLICY_SIGNATURE_SCHEMA = "cavra.policy-signature.v1";
export const POLICY_SIGNATURE_TYPE = "application/vnd.cavra.policy-signature.v1+json";
/** The canonical bytes of a statement are at most so many, and its reason so many. */
export const POLICY_SIGNATURE_BYTES = 4_096;
export const SIGNATURE_REASON_BYTES = 500;
/** The roles whose keys may sign policies. */
export const POLICY_SIGNERS = ["approver", "builder"] as const satisfies readonly Role[];
export type PolicySigner = (typeof POLICY_SIGNERS)[number];

export interface PolicyStatement {
  /** "" for never. */
  readonly expires_at: string;
  readonly issued_at: string;
  /** The compiled policy of the host, by itself. */
  readonly policy: { readonly digest: string; readonly id: string; readonly version: string };
  readonly reason: string;
  readonly schema_version: typeof POLICY_SIGNATURE_SCHEMA;
}

/** Envelopes of trust documents, oldest first, then the statement's, one a line. Problem: `signature_malformed`. */
export function signPolicy(statement: PolicyStatement, signers: readonly KeySigner[], chain: readonly string[]): Result<string> {
  const text = canonicalRecord(statement);
  const wrong = text.ok ? parseStatement(Buffer.from(text.value)) : text;
  if (!text.ok || !wrong.ok) return malformed(wrong.ok ? "the statement has no canonical form" : wrong.problem.message);
  const envelope = signEnvelope(POLICY_SIGNATURE_TYPE, Buffer.from(text.value), signers);
  return envelope.ok ? ok(`${[...chain, envelope.value].join("\n")}\n`) : malformed(envelope.problem.message);
}

/** What the verifier knows besides the file. */
export interface SignatureCheck extends TrustGiven {
  readonly digest: string;
  readonly roles: readonly PolicySigner[];
}

export interface SignedPolicy {
  readonly statement: PolicyStatement;
  readonly signers: readonly TrustKey[];
}

/**
 * Is this policy signed? Problems, in the order of the checks: `signature_malformed`, those of openTrust, `signature_invalid`, those of keyFor,
 * `policy_changed`, `signature_future`, `signature_expired`.
 */
export function openPolicySignature(text: string, check: SignatureCheck): Result<SignedPolicy> {
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const last = lines.at(-1);
  if (last === undefined || lines.length > TRUST_VERSIONS + 1) return malformed("it is no list of envelopes");
  const envelope = parseEnvelope(last);
  if (!envelope.ok) return malformed(envelope.problem.message);
  if (envelope.value.payloadType !== POLICY_SIGNATURE_TYPE) return malformed("the last envelope holds something else");
  const statement = parseStatement(envelope.value.payload);
  if (!statement.ok) return statement;
  const trust = newestTrust(lines.slice(0, -1), check);
  if (!trust.ok) return trust;
  const signers = signersOf(envelope.value, statement.value.issued_at, trust.value, check.roles);
  if (!signers.ok) return signers;
  const current = isCurrent(statement.value, check);
  return current.ok ? ok({ statement: statement.value, signers: signers.value }) : current;
}

function isCurrent({ policy, issued_at, expires_at }: PolicyStatement, check: SignatureCheck): Result<null> {
  if (policy.digest !== check.digest) {
    const message = `another policy was signed: \`${policy.id}@${policy.version}\`, ${policy.digest.slice(0, 19)}…`;
    return bad("policy_changed", message, {
      hint: "the policy, a pack or the catalogue changed since; look at it, and have it signed again",
    });
  }
  if (momentOf(issued_at) > check.nowMs + TRUST_SKEW_MS) return bad("signature_future", `the signature is dated ${issued_at}`);
  const isOver = expires_at !== "" && momentOf(expires_at) <= check.nowMs;
  return isOver ? bad("signature_expired", `the signature ended at ${expires_at}`, { hint: "have the policy signed again" }) : ok(null);
}

function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}

const STATEMENT_KEYS = ["expires_at", "issued_at", "policy", "reason", "schema_version"];

function parseStatement(payload: Uint8Array): Result<PolicyStatement> {
  const parsed = parseJson(payload, { sizeBytes: POLICY_SIGNATURE_BYTES, depth: 3 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const canonical = canonicalRecord(parsed.value);
  if (!canonical.ok || canonical.value !== Buffer.from(payload).toString("utf8")) return malformed("the statement is not canonical JSON");
  if (!isObjectOf(parsed.value, STATEMENT_KEYS)) return malformed("the statement has other keys");
  const { expires_at, issued_at, policy, reason, schema_version } = parsed.value;
  if (schema_version !== POLICY_SIGNATURE_SCHEMA) return malformed("the schema_version is another");
  if (!isObjectOf(policy, ["digest", "id", "version"])) return malformed("the policy has other keys");
  const { digest, id, version } = policy;
  if (typeof digest !== "string" || !isDigest(digest) || typeof id !== "string" || typeof version !== "string")
    return malformed("the policy is not named by id, version and digest");
  if (typeof issued_at !== "string" || !parseTime(issued_at).ok) return malformed("issued_at is no time");
  if (expires_at !== "" && !(typeof expires_at === "string" && parseTime(expires_at).ok && expires_at > issued_at))
    return malformed("expires_at is not after issued_at");
  if (typeof reason !== "string" || Buffer.byteLength(reason) > SIGNATURE_REASON_BYTES)
    return malformed(`the reason has more than ${SIGNATURE_REASON_BYTES} bytes`);
  return ok(parsed.value as unknown as PolicyStatement);
}

function malformed<T>(message: string): Result<T> {
  return bad("signature_malformed", `this is no signature of a policy: ${message}`);
}
