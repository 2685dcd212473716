// The drill history's file: what is added stands, what was cut off is told and counts for nothing, and a history that became shorter is found.
// Proves spec/drills.md 4.2 to 4.4.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatTime } from "../../src/base/index.js";
import { DRILL_BEGUN, type DrillBegun, readHistory, signDocument } from "../../src/promotion/index.js";
import { addDrillEvent, promotionPlaces, readDrillFile } from "../../src/release/index.js";
import { holdLock } from "../../src/store/index.js";
import { DAY, DRILLER, GIVEN, NOW } from "../promotion/trust-of-test.js";

const VECTOR = join(import.meta.dirname, "../../spec/vectors/drill-verdict/a-kill-that-went-well.json");
const { experiment } = JSON.parse(readFileSync(VECTOR, "utf8")).input;
const given = { trust: GIVEN, nowMs: NOW, clockBehind: false, running: null };
const clock = { nowMs: () => NOW, randomBytes: (count: number) => new Uint8Array(count).fill(7) };
const digest = `sha256:${"0".repeat(64)}`;

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "cavra-drill-history-"));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const file = () => promotionPlaces(state).drills;
const head = () => join(promotionPlaces(state).folder, "drills.head");
const reading = () => {
  const { bytes, head: remembered } = readDrillFile(state, "");
  return readHistory(bytes, given, remembered);
};

function add(): number {
  return addDrillEvent(state, given, clock, ({ sequence, previous }) => {
    const body: DrillBegun = {
      schema_version: DRILL_BEGUN.schema,
      document_id: "doc_01m6gpfk4ne00r40r40m30e209",
      issued_at: formatTime(NOW),
      expires_at: formatTime(NOW + DAY),
      subject: { runtime: digest, typescript: digest, go: digest, catalogue: digest, policy: "", registry: "" },
      sequence,
      previous,
      drill_id: "drl_01m6gpfk4ne00r40r40m30e209",
      experiment,
    };
    const text = signDocument(DRILL_BEGUN, body, DRILLER, []);
    return text.ok ? { ok: true, value: text.value.trimEnd() } : text;
  }).sequence;
}

describe("a drill history", () => {
  it("has each event behind the one before it, and remembers the newest", () => {
    expect([add(), add(), add()]).toEqual([1, 2, 3]);
    expect(reading()).toMatchObject({ torn: 0, findings: [] });
    expect(readFileSync(head(), "utf8")).toMatch(/^3 sha256:[0-9a-f]{64}\n$/);
  });

  it("is gone on with behind a write that was cut off at any byte, which is told and is no event", () => {
    add();
    const first = readFileSync(file());
    add();
    const whole = readFileSync(file());
    rmSync(head());
    for (let size = first.length + 1; size < whole.length; size += 97) {
      writeFileSync(file(), whole.subarray(0, size));
      const cut = reading();
      expect([cut.torn, cut.events.length, cut.findings]).toEqual([1, 1, []]);
      expect(add()).toBe(2);
      const after = reading();
      expect([after.torn, after.events.length, after.findings]).toEqual([1, 2, []]);
      rmSync(head());
    }
  });

  it("stands where the process was killed between line and memory", () => {
    add();
    const before = readFileSync(head());
    add();
    writeFileSync(head(), before);
    expect(reading()).toMatchObject({ findings: [] });
    expect(add()).toBe(3);
  });

  it("is not added to when its end was cut away, or when what is remembered cannot be read", () => {
    add();
    const { length } = readFileSync(file());
    add();
    truncateSync(file(), length);
    expect(reading().findings.map(({ code }) => code)).toEqual(["drill_history_cut"]);
    expect(add).toThrow(expect.objectContaining({ code: "drill_history_damaged" }));
    writeFileSync(head(), "2\n");
    expect(reading().findings.map(({ code }) => code)).toEqual(["drill_history_cut"]);
  });

  it("is not added to when a line in it was changed", () => {
    add();
    const text = readFileSync(file(), "utf8");
    writeFileSync(file(), text.replace(/"sig":"./, '"sig":"+'));
    expect(add).toThrow(expect.objectContaining({ code: "drill_history_damaged" }));
    rmSync(file());
    expect(add).toThrow(expect.objectContaining({ code: "drill_history_damaged" }));
  });

  it("is no history with a line of something else", () => {
    add();
    appendFileSync(file(), "a note\n");
    expect(reading().findings.map(({ code }) => code)).toEqual(["document_malformed"]);
  });

  it("has one writer at a time", () => {
    add();
    const unlock = holdLock(join(promotionPlaces(state).folder, "drills.lock"));
    try {
      expect(add).toThrow(expect.objectContaining({ code: "drills_locked" }));
    } finally {
      unlock?.();
    }
    expect(add()).toBe(2);
  });
});
