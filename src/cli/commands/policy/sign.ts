// `cavra policy sign`: put an approver's or builder's name under a compiled policy. For people. Implements spec/cli.md 7.7.

import { resolve } from "node:path";
import { bad, formatTime, ok, type Result } from "../../../base/index.js";
import {
  type KeySigner,
  POLICY_SIGNATURE_SCHEMA,
  POLICY_SIGNERS,
  type PolicyStatement,
  signPolicy,
  type TrustDocument,
} from "../../../evidence/index.js";
import type { Rulebook } from "../../../policy/index.js";
import { replaceDurably, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { parseEnd } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { agreed, currentTrust, signerOfRole } from "../keys/access.js";
import { signable } from "./signed.js";

export interface SignPolicyOptions {
  readonly role?: string;
  readonly keyFolder?: string;
  readonly passphraseFile?: string;
  readonly expires?: string;
  readonly reason?: string;
  readonly output?: string;
  readonly json?: boolean;
}

export function sign(terminal: Terminal, name: string, options: SignPolicyOptions): ExitStatus {
  const signed = signAndKeep(terminal, name, options);
  if (!signed.ok) return report(terminal, signed.problem, options.json === true);
  const { statement, key_id, file } = signed.value;
  const told = `signed ${statement.policy.id}@${statement.policy.version} ${statement.policy.digest}\n  by ${key_id}, in ${file}\n`;
  terminal.print(options.json ? `${JSON.stringify({ file, key_id, statement })}\n` : told);
  return EXIT.done;
}

interface Signed {
  readonly statement: PolicyStatement;
  readonly key_id: string;
  readonly file: string;
}

function signAndKeep(terminal: Terminal, name: string, options: SignPolicyOptions): Result<Signed> {
  const { policy, signature } = signable(terminal, name);
  const file = options.output === undefined ? signature : resolve(terminal.cwd, options.output);
  if (file === "") return bad("output_missing", "a pack has no place for its signature", { hint: "say where to: `--output FILE`" });
  const statement = statementOf(policy, options);
  if (!statement.ok) return statement;
  const trust = currentTrust(terminal);
  if (!trust.ok) return trust;
  const signer = signerFor(terminal, trust.value, options);
  if (!signer.ok) return signer;
  const text = signPolicy(statement.value, [signer.value], trustChain(stateDir(terminal.env)));
  if (!text.ok) return text;
  const person = agreed(terminal, {
    kind: "policy_signed",
    word: "sign",
    telling: telling(policy, statement.value, signer.value, file),
    reason: statement.value.reason,
    before: null,
    after: { ...statement.value.policy, key_id: signer.value.keyId, expires_at: statement.value.expires_at },
  });
  if (!person.ok) return person;
  replaceDurably(file, text.value, SYSTEM_CLOCK);
  return ok({ statement: statement.value, key_id: signer.value.keyId, file });
}

function statementOf({ id, version, digest }: Rulebook, options: SignPolicyOptions): Result<PolicyStatement> {
  if (options.reason === undefined) return bad("reason_missing", "a signature says why", { hint: "add `--reason`" });
  const nowMs = SYSTEM_CLOCK.nowMs();
  const end = options.expires === undefined ? ok(null) : parseEnd(options.expires, nowMs);
  if (!end.ok) return end;
  if (end.value !== null && end.value <= nowMs) return bad("bad_time", `\`${options.expires}\` is over already`);
  return ok({
    schema_version: POLICY_SIGNATURE_SCHEMA,
    policy: { id, version, digest },
    issued_at: formatTime(nowMs),
    expires_at: end.value === null ? "" : formatTime(end.value),
    reason: options.reason,
  });
}

/** The active key of the role whose private key is in the folder. Problems: `unknown_role`, `key_missing`. Throws `key_*`. */
function signerFor(terminal: Terminal, trust: TrustDocument, options: SignPolicyOptions): Result<KeySigner> {
  const role = POLICY_SIGNERS.find((one) => one === (options.role ?? "approver"));
  if (role === undefined)
    return bad("unknown_role", `\`${options.role}\` signs no policies`, { hint: `use one of: ${POLICY_SIGNERS.join(", ")}` });
  return signerOfRole(terminal, trust, role, options);
}

function telling(
  { id, version, digest, rules, exceptions, mode }: Rulebook,
  statement: PolicyStatement,
  { keyId }: KeySigner,
  file: string,
): string {
  const end = statement.expires_at === "" ? "without an end" : `until ${statement.expires_at}`;
  return [
    `the policy ${id}@${version} (${rules.length} rules, ${exceptions.length} exceptions, mode ${mode}) will be signed`,
    `  ${digest}`,
    `by ${keyId}, ${end}: ${oneLine(statement.reason, 200)}`,
    `the signature will stand in ${file}`,
    "",
  ].join("\n");
}
