// spec/vectors/reveal: redacted values that are proven, or are not, to have stood in a record; made by another program.

import { expect } from "vitest";
import { verifyReveal } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly call: "verify";
  readonly input: { readonly reveal: string; readonly record: string };
  readonly expect: unknown;
}

runArea<Vector>("reveal", "evidence.md", ({ input, expect: expected }) => {
  const verified = verifyReveal(input.reveal, input.record);
  const told = verified.ok ? { value: Buffer.from(verified.value.value_base64, "base64").toString() } : { code: verified.problem.code };
  expect(told).toEqual(expected);
});
