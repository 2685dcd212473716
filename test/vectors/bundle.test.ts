// spec/vectors/bundle: bundles made by another program, whole and damaged in every way that section 5.3 of spec/evidence.md names.

import { expect } from "vitest";
import { parseTime } from "../../src/base/index.js";
import { type BundleCheck, parseCheckpoint, parseNote, type VerifiedBundle, verifyBundle } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

export interface BundleVector {
  readonly call: "verify";
  readonly input: {
    readonly bundle: string;
    readonly pin: string;
    readonly now: string;
    readonly seen_version: number;
    /** A signed note, or "". */
    readonly seen: string;
    readonly later_trust: readonly string[];
  };
  readonly expect: unknown;
}

runArea<BundleVector>("bundle", "evidence.md", (vector) => expect(answer(vector)).toEqual(vector.expect));

function answer({ input }: BundleVector): unknown {
  const verified = verifyBundle(Buffer.from(input.bundle), checkOf(input));
  return verified.ok ? shown(verified.value) : { code: verified.problem.code };
}

function checkOf(input: BundleVector["input"]): BundleCheck {
  const now = parseTime(input.now);
  const note = parseNote(input.seen);
  const seen = note.ok ? parseCheckpoint(note.value.text) : note;
  return {
    pin: input.pin,
    nowMs: now.ok ? now.value : 0,
    seenTrustVersion: input.seen_version,
    laterTrust: input.later_trust,
    ...(seen.ok ? { seen: seen.value } : {}),
  };
}

function shown({ checkpoint, records, trust, revealed }: VerifiedBundle): unknown {
  return {
    size: checkpoint.size,
    indices: records.map(({ index }) => index),
    trust_version: trust.version,
    witnesses: checkpoint.witnesses.map(({ name }) => name),
    revealed: revealed.map(({ path, value_base64 }) => ({ path, value: Buffer.from(value_base64, "base64").toString() })),
  };
}
