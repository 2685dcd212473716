// spec/vectors/proof-file: proof files, whole and damaged, put together from the bundles' keys, notes and records by another program.

import { expect } from "vitest";
import { parseTime } from "../../src/base/index.js";
import { openTrust, parseCheckpoint, parseNote, verifyProofFile } from "../../src/evidence/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: {
    readonly file: string;
    /** The chain of envelopes, oldest first. */
    readonly trust: readonly string[];
    readonly pin: string;
    readonly now: string;
    /** A signed note, or "". */
    readonly seen: string;
  };
  readonly expect: unknown;
}

runArea<Vector>("proof-file", "evidence.md", ({ input, expect: expected }) => {
  const now = parseTime(input.now);
  const trust = openTrust(input.trust, { pin: input.pin, nowMs: now.ok ? now.value : 0, seenVersion: 0 });
  if (!trust.ok) throw new Error(`the trust documents do not count: ${trust.problem.code}`);
  const note = parseNote(input.seen);
  const seen = note.ok ? parseCheckpoint(note.value.text) : note;
  const verified = verifyProofFile(input.file, trust.value, seen.ok ? seen.value : undefined);
  if (!verified.ok) {
    expect({ code: verified.problem.code }).toEqual(expected);
    return;
  }
  const { index, record, checkpoint } = verified.value;
  const witnesses = checkpoint.witnesses.map(({ name }) => name);
  expect({ index, size: checkpoint.size, record_id: record.record_id, witnesses }).toEqual(expected);
});
