// Whether this host believes only signed policies, and whether the one it has is signed. Implements spec/policy.md 11.3 and 11.4.
// SECURITY: it fails closed. What asks for signatures can be put where only the machine's owner writes, and then nobody else can take it away.

import { join } from "node:path";
import { bad, CavraError, type JsonObject, parseJson, type Result } from "../base/index.js";
import { isKeyId, openPolicySignature, POLICY_SIGNERS, type PolicySigner, type SignedPolicy } from "../evidence/index.js";
import { configDir, readNoFollow, readPin, SYSTEM_CLOCK, stateDir, trustChain } from "../store/index.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Beside the host's policy. */
export const POLICY_SIGNATURE = "policy.signature";
const SIGNING_FILE = "policy-signing.json";
const SIGNING_SCHEMA = "cavra.policy-signing.v1";
/** The machine owner's place; where it says something, the configuration folder's word does not count. No variable leads elsewhere. */
const SYSTEM_FOLDER = "/etc/cavra";

/** What a host asks for that believes only signed policies. */
export interface PolicySigning {
  readonly path: string;
  /** Whose trust documents say which keys there are. */
  readonly root_key_id: string;
  readonly roles: readonly PolicySigner[];
}

/** Null where policies need no signature. Throws CavraError `policy_signing_damaged`. */
export function policySigning(env: Environment, systemFolder: string = SYSTEM_FOLDER): PolicySigning | null {
  for (const folder of [systemFolder, configDir(env)]) {
    const path = join(folder, SIGNING_FILE);
    const text = readText(path);
    if (text === null) continue;
    const signing = asSigning(text, path);
    if (signing !== null) return signing;
    throw new CavraError("policy_signing_damaged", `\`${path}\` does not say whose signatures count`, {
      hint: 'write {"schema_version": "cavra.policy-signing.v1", "root_key_id": "key_…", "roles": ["approver"]}',
    });
  }
  return null;
}

function asSigning(text: string, path: string): PolicySigning | null {
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return null;
  const { schema_version, root_key_id, roles, ...more } = parsed.value;
  if (schema_version !== SIGNING_SCHEMA || Object.keys(more).length > 0) return null;
  if (typeof root_key_id !== "string" || !isKeyId(root_key_id) || !Array.isArray(roles) || roles.length === 0) return null;
  const known = POLICY_SIGNERS.filter((role) => roles.includes(role));
  return known.length === new Set(roles).size ? { path, root_key_id, roles: known } : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Throws CavraError `policy_unsigned`, with what is wrong, unless the host's policy with this digest is signed as the host asks. */
export function requireSigned(digest: string, signing: PolicySigning, env: Environment): SignedPolicy {
  const checked = checkSigned(join(configDir(env), POLICY_SIGNATURE), digest, signing, env);
  if (checked.ok) return checked.value;
  const { message, code, hint } = checked.problem;
  throw new CavraError("policy_unsigned", `this host believes signed policies only: ${message} (${code})`, {
    hint: hint ?? "`cavra policy verify` says more",
  });
}

/** Problems: `signature_missing`, and those of openPolicySignature. */
export function checkSigned(
  path: string,
  digest: string,
  { root_key_id: pin, roles }: Pick<PolicySigning, "root_key_id" | "roles">,
  env: Environment,
): Result<SignedPolicy> {
  const text = readText(path);
  if (text === null)
    return bad("signature_missing", `there is no signature \`${path}\``, { hint: "a person signs with `cavra policy sign`" });
  const known = readPin(configDir(env));
  return openPolicySignature(text, {
    digest,
    pin,
    ownChain: trustChain(stateDir(env)),
    seenVersion: known?.root_key_id === pin ? known.trust_version_seen : 0,
    nowMs: SYSTEM_CLOCK.nowMs(),
    roles,
  });
}

/** Null where there is no file. What is there and cannot be read is damaged, and never absent. */
function readText(path: string): string | null {
  try {
    return readNoFollow(path)?.text ?? null;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "ENOTDIR") return null;
    throw new CavraError("policy_signing_damaged", `\`${path}\` cannot be read`, {
      hint: "check that it is a file and that you may read it",
      cause,
    });
  }
}
