// Runs spec/vectors/policy-signature/: a signature file and what the verifier knows in, who signed or the code out. Proves spec/policy.md 11.3.

import { expect } from "vitest";
import { parseTime } from "../../src/base/index.js";
import { openPolicySignature, type PolicySigner } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    readonly text: string;
    readonly digest: string;
    readonly pin: string;
    readonly own_chain: readonly string[];
    readonly seen_version: number;
    readonly now: string;
    readonly roles: readonly PolicySigner[];
  };
  readonly expect: unknown;
}

runArea<Vector>("policy-signature", "policy.md", ({ input, expect: expected }) => {
  const now = parseTime(input.now);
  const { text, digest, pin, own_chain: ownChain, seen_version: seenVersion, roles } = input;
  const opened = openPolicySignature(text, { digest, pin, ownChain, seenVersion, roles, nowMs: now.ok ? now.value : 0 });
  expect(opened.ok ? { signers: opened.value.signers.map(({ key_id }) => key_id) } : { code: opened.problem.code }).toEqual(expected);
});
