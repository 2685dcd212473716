// `cavra policy verify`: is a policy signed, by whom, and does this host ask for that. Implements spec/cli.md 7.8. It changes nothing.

import { resolve } from "node:path";
import { checkSigned, type PolicySigning, policySigning } from "../../../authority/index.js";
import { bad, type Problem, type Result } from "../../../base/index.js";
import { POLICY_SIGNERS, type SignedPolicy } from "../../../evidence/index.js";
import type { Rulebook } from "../../../policy/index.js";
import { configDir, readPin } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";
import { signable } from "./signed.js";

export interface VerifyPolicyOptions {
  readonly signature?: string;
  readonly json?: boolean;
}

export function verify(terminal: Terminal, name: string, options: VerifyPolicyOptions): ExitStatus {
  const { policy, signature } = signable(terminal, name);
  const signing = policySigning(terminal.env);
  const checked = check(terminal, policy, options.signature === undefined ? signature : resolve(terminal.cwd, options.signature), signing);
  const { id, version, digest } = policy;
  const about = { policy: { id, version, digest }, required: signing !== null };
  if (!checked.ok) return refused(checked.problem, about, terminal, options);
  const signers = checked.value.signers.map(({ key_id, role, name: called }) => ({ key_id, role, name: called }));
  const told = { holds: true, ...about, statement: checked.value.statement, signers };
  terminal.print(options.json ? `${JSON.stringify(told)}\n` : render(checked.value, signing, terminal));
  return EXIT.done;
}

function check(terminal: Terminal, policy: Rulebook, file: string, signing: PolicySigning | null): Result<SignedPolicy> {
  if (file === "")
    return bad("signature_missing", "a pack has no place for its signature", { hint: "say where it is: `--signature FILE`" });
  const pin = signing?.root_key_id ?? readPin(configDir(terminal.env))?.root_key_id ?? "";
  return checkSigned(file, policy.digest, { root_key_id: pin, roles: signing?.roles ?? POLICY_SIGNERS }, terminal.env);
}

function refused(problem: Problem, about: object, terminal: Terminal, { json }: VerifyPolicyOptions): ExitStatus {
  if (json) terminal.print(`${JSON.stringify({ holds: false, ...about, problem })}\n`);
  else report(terminal, problem, false);
  return EXIT.deny;
}

function render({ statement, signers }: SignedPolicy, signing: PolicySigning | null, { colours }: Terminal): string {
  const { green, dim } = colours;
  const end = statement.expires_at === "" ? "" : ` until ${statement.expires_at}`;
  return [
    `${green("✓ signed")}  ${statement.policy.id}@${statement.policy.version} ${dim(statement.policy.digest)}`,
    `  ${statement.issued_at}${end}: ${oneLine(statement.reason, 200)}`,
    ...signers.map(({ key_id, role, name }) => `  ${key_id}  ${role}  ${oneLine(name, 60)}`),
    dim(signing === null ? "  this host does not ask for signatures" : `  ${signing.path} asks for it`),
    "",
  ].join("\n");
}
