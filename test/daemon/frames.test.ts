// Frames at their limits, cut anyhow. Proves spec/backend.md 8.2.

import { describe, expect, it } from "vitest";
import { FRAME_BYTES, frameCutter, frameOf, frameReader } from "../../src/daemon/index.js";

function must(frame: Buffer | null): Buffer {
  if (frame === null) throw new Error("no frame");
  return frame;
}

describe("a frame", () => {
  it("is a length and so many bytes", () => {
    expect(frameOf("{é}")).toEqual(Buffer.from([0, 0, 0, 4, 0x7b, 0xc3, 0xa9, 0x7d]));
  });

  it("holds as much as it may, and not one byte more or none", () => {
    expect(frameOf("x".repeat(FRAME_BYTES))?.length).toBe(FRAME_BYTES + 4);
    expect(frameOf("x".repeat(FRAME_BYTES + 1))).toBeNull();
    expect(frameOf(`${"x".repeat(FRAME_BYTES - 1)}é`)).toBeNull();
    expect(frameOf("")).toBeNull();
  });

  it("is whole whatever pieces it comes in", () => {
    const whole = must(frameOf('{"kind":"ping"}'));
    for (let size = 1; size <= whole.length; size++) {
      const cutter = frameCutter();
      const cuts = [];
      for (let at = 0; at < whole.length; at += size) cuts.push(cutter.take(whole.subarray(at, at + size)));
      const last = cuts.pop();
      expect(new Set(cuts.map(({ kind }) => kind)).size).toBeLessThanOrEqual(1);
      expect(last?.kind === "frame" && [last.text.toString(), last.moreBytes]).toEqual(['{"kind":"ping"}', 0]);
    }
  });

  it("tells what stands behind it", () => {
    const cut = frameCutter().take(Buffer.concat([must(frameOf("{}")), Buffer.from("abc")]));
    expect(cut.kind === "frame" && cut.moreBytes).toBe(3);
  });

  it.each([
    ["no bytes", [0, 0, 0, 0], 0],
    ["one more than a frame may have", [0, 0x80, 0, 1], FRAME_BYTES + 1],
    ["the most that a head can say", [255, 255, 255, 255], 0xffffffff],
    ["a line of text", [...Buffer.from("GET / HTTP/1.1")], 0x47455420],
  ])("of %s is malformed as soon as its head is there", (_, bytes, sizeBytes) => {
    expect(frameCutter().take(Buffer.from(bytes))).toEqual({ kind: "malformed", sizeBytes });
  });
});

describe("a row of frames", () => {
  it("comes out one after the other, and ends at one that is malformed", () => {
    const row = Buffer.concat([must(frameOf("{1}")), must(frameOf("{2}")), Buffer.alloc(4), must(frameOf("{3}"))]);
    for (const size of [1, 2, 3, 5, row.length]) {
      const read = frameReader();
      const found = [];
      for (let at = 0; at < row.length; at += size) found.push(...read(row.subarray(at, at + size)));
      expect(found.map((cut) => (cut.kind === "frame" ? cut.text.toString() : cut.kind))).toEqual(["{1}", "{2}", "malformed"]);
    }
  });
});
