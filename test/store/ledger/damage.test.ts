// A journal that was damaged under the ledger, and clocks that jump: what is whole is taken, the rest is named. Proves spec/evidence.md sections 8 and 9.

import { appendFileSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drainJournal, findInLedger, openLedger, SYSTEM_CLOCK, verifyLedger } from "../../../src/store/index.js";
import { codes, DAYS, drain, frame, idOf, ids, ledger, path, state, useFolder, verify, write } from "./folder.js";

useFolder();

describe("a damaged journal", () => {
  it("with a torn tail: nothing is taken of it until something stands behind it, then it is a torn frame, and the rest is whole", () => {
    write(0, 0, 2);
    appendFileSync(path(DAYS[0] ?? ""), frame(2).subarray(0, 200));
    expect(drain()).toEqual({ sequenced: 2, damaged: 0, size: 2 });
    expect(codes()).toEqual(["torn_tail 2026-11-03.journal"]);
    write(0, 3, 5);
    expect(drain()).toEqual({ sequenced: 2, damaged: 1, size: 4 });
    expect([ids(), codes()]).toEqual([[idOf(0), idOf(1), idOf(3), idOf(4)], ["torn_frame 2026-11-03.journal"]]);
  });

  it("with a frame that grows while it is read: it is taken when it is whole, wherever it was cut", () => {
    write(0, 0, 1);
    const whole = frame(1);
    for (let cut = 1; cut < whole.length; cut += 97) {
      cpSync(state, `${state}-${cut}`, { recursive: true });
      const there = openLedger(`${state}-${cut}`, SYSTEM_CLOCK);
      const file = join(`${state}-${cut}`, "journal", DAYS[0] ?? "");
      appendFileSync(file, whole.subarray(0, cut));
      drainJournal(there, `${state}-${cut}`, SYSTEM_CLOCK);
      appendFileSync(file, whole.subarray(cut));
      expect(drainJournal(there, `${state}-${cut}`, SYSTEM_CLOCK).size).toBe(2);
      expect(verifyLedger(there, `${state}-${cut}`).findings).toEqual([]);
      there.close();
    }
  });

  it("with a record whose last newline was borrowed from the next frame: both are taken", () => {
    appendFileSync(path(DAYS[0] ?? ""), frame(0).subarray(0, -1));
    const next = frame(1);
    // The first byte of the next frame is there, the others not yet: the file ends as a whole record does.
    appendFileSync(path(DAYS[0] ?? ""), next.subarray(0, 1));
    expect(drain().size).toBe(1);
    appendFileSync(path(DAYS[0] ?? ""), next.subarray(1));
    expect(drain()).toEqual({ sequenced: 1, damaged: 0, size: 2 });
  });

  const DAMAGES: readonly (readonly [string, (bytes: Buffer) => Buffer, string, number])[] = [
    ["a flipped byte in a record", (bytes) => Buffer.from(bytes.map((byte, i) => (i === 300 ? byte ^ 1 : byte))), "digest_mismatch", 2],
    ["foreign bytes in front", (bytes) => Buffer.concat([Buffer.from("hello"), bytes]), "foreign_bytes", 3],
    ["a record twice", (bytes) => Buffer.concat([bytes, bytes.subarray(0, bytes.length / 3)]), "duplicate_record_id", 3],
    ["a wrong header", (bytes) => Buffer.from(bytes.toString("latin1").replace("sha256", "sha257"), "latin1"), "bad_header", 2],
  ];
  it.each(DAMAGES)("with %s: it is named, kept, and what is whole is taken", (_, spoil, code, size) => {
    write(0, 0, 3);
    writeFileSync(path(DAYS[0] ?? ""), spoil(readFileSync(path(DAYS[0] ?? ""))));
    expect(drain()).toMatchObject({ damaged: 1, size });
    expect(codes()).toEqual([`${code} 2026-11-03.journal`]);
    drain();
    expect(verify()).toMatchObject({ holds: false, findings_count: 1 });
  });

  it("whose middle day is gone: it is named, and what the ledger has of it stays", () => {
    for (const day of [0, 1, 2]) write(day, 0, 2);
    drain();
    rmSync(path(DAYS[1] ?? ""));
    write(2, 2, 3);
    expect(drain()).toMatchObject({ sequenced: 1, size: 7 });
    expect(codes()).toEqual(["journal_missing 2026-11-04.journal"]);
    expect(findInLedger(ledger(), idOf(1, 1)).ok).toBe(true);
  });

  it("that was cut shorter: it is named, nothing is lost, and what comes after is taken, also below the old end", () => {
    write(0, 0, 4);
    drain();
    truncateSync(path(DAYS[0] ?? ""), frame(0).length + 10);
    write(0, 9, 11);
    expect(drain()).toMatchObject({ sequenced: 2, size: 6 });
    expect(ids().slice(4)).toEqual([idOf(9), idOf(10)]);
    expect(codes()).toEqual(["journal_truncated 2026-11-03.journal", "torn_frame 2026-11-03.journal"]);
  });

  it("that was cut and has grown beyond its old end before anybody looked: it is named, and nothing is lost or doubled", () => {
    write(0, 0, 4);
    drain();
    truncateSync(path(DAYS[0] ?? ""), frame(0).length);
    write(0, 20, 26);
    expect(drain()).toMatchObject({ sequenced: 6, size: 10 });
    expect(new Set(ids()).size).toBe(10);
    expect(codes()).toEqual(["journal_altered 2026-11-03.journal"]);
  });

  it("that was deleted and begun anew: the new records are taken", () => {
    write(0, 0, 4);
    drain();
    rmSync(path(DAYS[0] ?? ""));
    write(0, 30, 31);
    expect(drain()).toMatchObject({ sequenced: 1, size: 5 });
    expect(codes()).toEqual(["journal_truncated 2026-11-03.journal"]);
  });

  it("with any byte changed behind the drainer's back is noticed, byte by byte", () => {
    write(0, 0, 2);
    drain();
    const bytes = readFileSync(path(DAYS[0] ?? ""));
    for (let at = 0; at < bytes.length; at += 7) {
      const spoilt = Buffer.from(bytes);
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      writeFileSync(path(DAYS[0] ?? ""), spoilt);
      expect(codes()).toEqual(["journal_altered 2026-11-03.journal"]);
    }
  });
});

describe("a clock that jumps", () => {
  it("forward and back again: each file keeps its order, nothing is lost, and going back is told", () => {
    write(0, 0, 2);
    drain();
    write(2, 0, 2);
    drain();
    write(0, 5_000, 5_002);
    write(0, 2, 4);
    expect(drain()).toMatchObject({ size: 8 });
    expect(ids()).toEqual([idOf(0), idOf(1), idOf(0, 2), idOf(1, 2), idOf(5_000), idOf(5_001), idOf(2), idOf(3)]);
    const told = verify();
    expect([told.holds, told.findings.map(({ severity, code }) => `${severity} ${code}`)]).toEqual([
      true,
      ["notice time_backwards", "notice time_backwards"],
    ]);
  });

  it("to another day within a file: the record is taken and named", () => {
    appendFileSync(path(DAYS[0] ?? ""), frame(0, 1));
    drain();
    expect(codes()).toEqual(["wrong_day 2026-11-03.journal"]);
  });
});
