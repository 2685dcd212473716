// Making signatures of policies, and changing every byte of one; what is accepted stands in the vectors. Proves spec/policy.md sections 11.2 and 11.3.

import { describe, expect, it } from "vitest";
import { formatBase64, privateKeyOfSeed, sha256, signerOf } from "../../src/base/index.js";
import {
  type KeySigner,
  keyIdOf,
  openPolicySignature,
  POLICY_SIGNATURE_SCHEMA,
  type PolicyStatement,
  type Role,
  type SignatureCheck,
  signPolicy,
  signTrust,
  TRUST_SCHEMA,
  type TrustDocument,
  type TrustKey,
} from "../../src/evidence/index.js";

const DIGEST = sha256("a policy");
const STATEMENT: PolicyStatement = {
  schema_version: POLICY_SIGNATURE_SCHEMA,
  policy: { id: "mine", version: "1.0.0", digest: DIGEST },
  issued_at: "2026-11-23T10:00:00.000Z",
  expires_at: "2027-02-01T00:00:00.000Z",
  reason: "reviewed",
};

const ROOT = keyOf("root", 1);
const APPROVER = keyOf("approver", 2);
const BUILDER = keyOf("builder", 3);

function keyOf(role: Role, seed: number): KeySigner & { readonly role: Role } {
  const signer = signerOf(privateKeyOfSeed(Buffer.alloc(32, seed)));
  if (signer === null) throw new Error("no key");
  return { keyId: keyIdOf(role, signer.publicKey), signer, role };
}

const KEYS = [ROOT, APPROVER, BUILDER].map((key) => entry(key));
const CHAIN = [signed(1, KEYS)];

function entry({ keyId, signer, role }: ReturnType<typeof keyOf>, more: Partial<TrustKey> = {}): TrustKey {
  const since = "2026-11-01T00:00:00.000Z";
  const plain = { key_id: keyId, name: role, public_key: formatBase64(signer.publicKey), reason: "", role, since };
  return { ...plain, state: "active", tree_size: null, until: "", ...more };
}

function signed(version: number, keys: readonly TrustKey[], root = ROOT): string {
  const document: TrustDocument = {
    schema_version: TRUST_SCHEMA,
    trust_id: "tru_01m83tsp7qfhv9g8mvbpyfm4yb",
    version,
    issued_at: "2026-11-20T00:00:00.000Z",
    expires_at: "",
    origin: "cavra.ledger/ldg_01m83tsp7qfhv9g8mvbpyfm4yb",
    witnesses_required: 0,
    keys,
  };
  const text = signTrust(document, [root]);
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}

function file(
  statement: PolicyStatement = STATEMENT,
  signers: readonly KeySigner[] = [APPROVER],
  chain: readonly string[] = CHAIN,
): string {
  const text = signPolicy(statement, signers, chain);
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}

const CHECK: SignatureCheck = {
  digest: DIGEST,
  pin: ROOT.keyId,
  ownChain: [],
  seenVersion: 0,
  nowMs: Date.parse("2026-11-23T12:00:00Z"),
  roles: ["approver", "builder"],
};

function codeOf(text: string, check: Partial<SignatureCheck> = {}): string {
  const opened = openPolicySignature(text, { ...CHECK, ...check });
  return opened.ok ? opened.value.signers.map(({ role }) => role).join(" ") : opened.problem.code;
}

describe("a policy signed", () => {
  it("by two is signed by both, in their order", () => {
    expect(codeOf(file(STATEMENT, [BUILDER, APPROVER]))).toBe("builder approver");
  });

  it("is not made of a statement that nobody would take", () => {
    for (const wrong of [{ reason: "x".repeat(501) }, { issued_at: "today" }, { policy: { id: "mine", version: "1", digest: "" } }]) {
      const text = signPolicy({ ...STATEMENT, ...wrong }, [APPROVER], CHAIN);
      expect(text.ok ? "" : text.problem.code).toBe("signature_malformed");
    }
  });

  it("is refused at every changed byte", () => {
    const text = file();
    const codes = new Set<string>();
    for (let i = 0; i < text.length; i++) codes.add(codeOf(`${text.slice(0, i)}${text[i] === "A" ? "B" : "A"}${text.slice(i + 1)}`));
    expect([...codes].filter((code) => !REFUSALS.has(code))).toEqual([]);
  }, 20_000);
});

const REFUSALS = new Set(["signature_invalid", "signature_malformed", "trust_malformed", "unknown_signer"]);
