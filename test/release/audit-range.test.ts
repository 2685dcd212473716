// Which stretch of a real ledger a kit takes: from before any lease of that time to after the time, however the clock ran, up to its limits. Proves spec/promotion.md 10.3.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { formatTime, makeId, sha256 } from "../../src/base/index.js";
import { indicesFor } from "../../src/cli/commands/runtime/audit-range.js";
import { encodeFrame } from "../../src/evidence/index.js";
import { AUDIT_RECORDS } from "../../src/promotion/index.js";
import { drainJournal, openLedger, SYSTEM_CLOCK } from "../../src/store/index.js";
import { AT, AT_MS } from "../promotion/audit/sample-kit.js";

const root = mkdtempSync(join(tmpdir(), "cavra-range-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Seconds after AT; with a word it is an event of promotion, else any record. A number behind it: so many bytes of text besides. */
type Line = number | readonly [number, string, number?];

function rangeOf(lines: readonly Line[], under = lines.length): readonly number[] {
  const state = mkdtempSync(join(root, "state-"));
  mkdirSync(join(state, "journal"), { mode: 0o700 });
  const frames = lines.map((line, i) => {
    const [seconds, event, bytes = 0] = typeof line === "number" ? [line, ""] : line;
    const ms = AT_MS + Math.round(seconds * 1000);
    const record_id = makeId(
      event === "" ? "dec" : "prm",
      ms,
      Uint8Array.from({ length: 10 }, (_, k) => (i >> ((k % 3) * 8)) & 255),
    );
    const schema = event === "" ? "cavra.other.v1" : "cavra.promotion-event.v1";
    const named = event === "" ? "" : `"event":"${event}",`;
    const text = `{${named}"padding":"${"x".repeat(bytes)}","record_id":"${record_id}","recorded_at":"${formatTime(ms)}","schema_version":"${schema}"}`;
    return encodeFrame(text, sha256(text));
  });
  writeFileSync(join(state, "journal", "2026-11-12.journal"), Buffer.concat(frames), { mode: 0o600 });
  const ledger = openLedger(state, SYSTEM_CLOCK);
  try {
    expect(drainJournal(ledger, state, SYSTEM_CLOCK).size).toBe(lines.length);
    return indicesFor(ledger, AT, under);
  } finally {
    ledger.close();
  }
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("the range of a kit", () => {
  it.each<[string, readonly Line[], readonly number[]]>([
    ["ends with the first record that is late enough", [-900, [-899, "gate"], -1, 4.999, 5, 6, 7], upTo(1, 4)],
    ["ends with the last one where none is", [-900, [-899, "gate"], -1, 4], upTo(1, 3)],
    ["begins with the record before any lease of that time", [-999, -998, [-65, "gate"], [-64.999, "leased"], -3, 6], upTo(2, 5)],
    ["begins earlier, with what says whether an authority ran and a hold stood", [-999, [-950, "gate"], -940, -70, -69, 6], upTo(1, 5)],
    ["goes back beyond a start to what says whether a hold stood", [-999, [-950, "lifted"], -940, [-900, "started"], -70, 6], upTo(1, 5)],
    ["goes back beyond a hold to what says whether an authority ran", [-999, [-950, "stopped"], [-940, "held"], -70, 6], upTo(1, 4)],
    ["asks no event that is later than the time", [-999, [-950, "gate"], -940, [1, "gate"], 6], upTo(1, 4)],
    ["goes back to the beginning where nothing says it", [-999, -950, [-80, "held"], -70, 6], upTo(0, 4)],
    ["is all there is where nothing is of that time", [-999, -998], upTo(0, 1)],
    ["reaches from silence to silence", [-999, [-950, "gate"], 900, 901], upTo(1, 2)],
    ["is the ledger's first record where all are later", [900, 901], upTo(0, 0)],
    ["has both passages where a clock was set back", [-95, [-90, "gate"], -1, 1, 3000, 3600, -30, -2, 2, 9, 10], upTo(1, 9)],
    ["is not longer for a clock that once ran ahead", [-9_999, 99_999, -9_000, [-90, "gate"], -80, -1, 6, 7], upTo(3, 6)],
  ])("%s", (_, lines, range) => expect(rangeOf(lines)).toEqual(range));

  it("has nothing that is not under the head yet", () => expect(rangeOf([-900, [-899, "gate"], -1, 6, 7], 3)).toEqual(upTo(1, 2)));

  // The first record, an event, as many others as the limit leaves room for, and the one that is late enough.
  const busy = (others: number): readonly Line[] => [-900, [-899, "gate"], ...upTo(1, others).map((i) => -60 + i / 1_000), 6];

  it("has at most 16,384 records, and beyond these its ends and the events of promotion only", () => {
    const [full, over] = [rangeOf(busy(AUDIT_RECORDS - 2)), rangeOf([...busy(AUDIT_RECORDS - 2), [-1, "held"], [-0.5, "ended"], 6, 7])];
    expect([full.length, full[0], full.at(-1)]).toEqual([AUDIT_RECORDS, 1, AUDIT_RECORDS]);
    expect(over).toEqual([1, AUDIT_RECORDS + 1, AUDIT_RECORDS + 2, AUDIT_RECORDS + 3]);
  });

  it("has at most 67,108,864 bytes of them", () => {
    const large: readonly Line[] = upTo(1, 64).map((i) => [-60 + i / 1_000, "", 1_040_000]);
    const small = rangeOf([-900, [-899, "gate"], ...large, 6]);
    const beyond = rangeOf([-900, [-899, "gate"], ...large, [-2, "", 1_040_000], 6]);
    expect([small, beyond]).toEqual([upTo(1, 66), [1, 67]]);
  });
});
