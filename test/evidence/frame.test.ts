// Frames: read whatever way the bytes come, and notice whatever happened to them.

import { describe, expect, test } from "vitest";
import { encodeFrame, FRAME_BYTES, type FrameItem, RECORD_BYTES, scanFrames } from "../../src/evidence/index.js";
import { builtRecord, sampleId } from "./sample.js";

const frames = [0, 1, 2].map((n) => {
  const { text, digest } = builtRecord({ recordId: sampleId(n), target: `ls ${n}` });
  return encodeFrame(text, digest);
});
const journal = Buffer.concat(frames);

function scanAll(bytes: Buffer): readonly FrameItem[] {
  return scanFrames(bytes, 0, true).items;
}

function codes(items: readonly FrameItem[]): readonly string[] {
  return items.map((item) => (item.kind === "record" ? "record" : item.code));
}

/** Items follow each other without a gap, from the first byte to the last. */
function coversAll(items: readonly FrameItem[], size: number): boolean {
  let at = 0;
  for (const item of items) {
    if (item.offset !== at) return false;
    at += item.length;
  }
  return at === size;
}

describe("frames", () => {
  test("come back in order, each at its place", () => {
    const items = scanAll(journal);
    expect(codes(items)).toEqual(["record", "record", "record"]);
    expect(items.map((item) => item.length)).toEqual(frames.map((frame) => frame.length));
    expect(coversAll(items, journal.length)).toBe(true);
  });

  test("read the same in pieces of every size", () => {
    const whole = scanAll(journal);
    for (const size of [1, 2, 7, 64, 500, 1021]) {
      const items: FrameItem[] = [];
      let held = Buffer.alloc(0);
      let at = 0;
      for (let from = 0; from < journal.length; from += size) {
        held = Buffer.concat([held, journal.subarray(from, from + size)]);
        const read = scanFrames(held, at, from + size >= journal.length);
        items.push(...read.items);
        at += read.consumed;
        held = held.subarray(read.consumed);
      }
      expect(items).toEqual(whole);
    }
  });

  test("torn at any byte cost only the torn one, at the end of the file or before others", () => {
    const [first, second, third] = frames as [Buffer, Buffer, Buffer];
    for (let cut = 1; cut < second.length; cut++) {
      const tail = scanAll(Buffer.concat([first, second.subarray(0, cut)]));
      expect(codes(tail)).toEqual(["record", "torn_tail"]);
      const torn = Buffer.concat([first, second.subarray(0, cut), third]);
      const items = scanAll(torn);
      expect(codes(items)).toEqual(["record", "torn_frame", "record"]);
      expect(coversAll(items, torn.length)).toBe(true);
    }
  });

  test("with any byte changed to another or a newline are noticed", () => {
    for (let at = 0; at < journal.length; at++) {
      for (const change of [1, 32, (journal[at] ?? 0) ^ 0x0a]) {
        if (change === 0) continue;
        const bytes = Buffer.from(journal);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const items = scanAll(bytes);
        if (!items.some((item) => item.kind === "damage")) throw new Error(`byte ${at} changed by ${change} was not noticed`);
        if (!coversAll(items, bytes.length)) throw new Error(`byte ${at} changed by ${change}: the items have a gap`);
        if (items.filter((item) => item.kind === "record").length < 1)
          throw new Error(`byte ${at} changed by ${change} hides its neighbours`);
      }
    }
  });

  test("hold a record of exactly the limit, and read in pieces", () => {
    let built = builtRecord();
    const room = RECORD_BYTES - built.text.length;
    // Redaction cuts single strings, so the record grows by many of them.
    const effect = { kind: "read", target: "", extent: "exact", place: "here", span: { start: 0, end: 0 }, via: [] } as const;
    const count = Math.floor(room / 60_000) + 1;
    const effects = Array.from({ length: count }, () => ({ ...effect, target: "y".repeat(60_000) }));
    const { judgement } = built.record;
    if (judgement === null) throw new Error("no judgement");
    const fill = (last: number) =>
      builtRecord({ judgement: { ...judgement, effects: [...effects.slice(1), { ...effect, target: "y".repeat(last) }] } });
    built = fill(0);
    built = fill(RECORD_BYTES - built.text.length);
    expect(built.text.length).toBe(RECORD_BYTES);
    const frame = encodeFrame(built.text, built.digest);
    expect(frame.length).toBe(FRAME_BYTES);
    expect(codes(scanAll(Buffer.concat([frame, frame])))).toEqual(["record", "record"]);
    expect(scanFrames(frame, 0, false)).toMatchObject({ items: [], consumed: 0 });
    expect(() => fill(RECORD_BYTES - fill(0).text.length + 1)).toThrow("evidence_too_large");
  });

  test("survive hostile bytes in linear time, with every byte accounted for", () => {
    const pieces = [
      "\n",
      "\n\n",
      "12 ",
      "sha256:",
      "0".repeat(64),
      " ",
      "{}",
      "\0",
      "\xff",
      frames[0]?.toString("latin1") ?? "",
      "9".repeat(30),
    ];
    let seed = 1;
    const next = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(Array.from({ length: next(40) }, () => pieces[next(pieces.length)]).join(""), "latin1");
      expect(coversAll(scanAll(bytes), bytes.length)).toBe(true);
    }
    const long = Buffer.alloc(8 * FRAME_BYTES, "\n7 ");
    expect(coversAll(scanAll(long), long.length)).toBe(true);
  });

  test("without a newline for longer than a frame is foreign in pieces of a frame's length, however the bytes come", () => {
    const long = Buffer.concat([Buffer.from("\n"), Buffer.alloc(FRAME_BYTES + 10, "x"), ...frames]);
    const expected = ["foreign_bytes", "foreign_bytes", "record", "record", "record"];
    expect(codes(scanAll(long))).toEqual(expected);
    const first = scanFrames(long.subarray(0, FRAME_BYTES + 1), 0, false);
    const rest = scanFrames(long.subarray(first.consumed), first.consumed, true);
    expect([...first.items, ...rest.items]).toEqual(scanAll(long));
  });
});
