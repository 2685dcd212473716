// Runs spec/vectors/approval-binding/: a step in, the text that is bound and its number out. Proves spec/approval.md section 2.

import { expect } from "vitest";
import { type Bound, bindingOf, boundText } from "../../src/approval/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: Pick<Bound, "action" | "agent" | "effects" | "files"> & { readonly policy_digest: string; readonly key: string };
  readonly expect: { readonly text: string; readonly binding: string };
}

runArea<Vector>("approval-binding", "approval.md", ({ input, expect: expected }) => {
  const { policy_digest: policyDigest, key, ...step } = input;
  const bound = { ...step, policyDigest };
  const text = boundText(bound);
  const binding = bindingOf(bound, Buffer.from(key, "hex"));
  expect({ text: text.ok && text.value, binding: binding.ok && binding.value }).toEqual(expected);
});
