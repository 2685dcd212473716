// The journal as one process sees it: append, read, list, find, verify; and everything that keeps a record from being durable.

import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CavraError } from "../../src/base/index.js";
import { encodeFrame } from "../../src/evidence/index.js";
import { findRecord, listRecords, openGroupJournal, openJournal, readJournal, verifyJournal } from "../../src/store/index.js";
import { builtRecord, sampleId } from "../evidence/sample.js";
import { freshState } from "./programs.js";

const DAY_MS = 86_400_000;
const FIRST_FILE = "2026-11-03.journal";

let state = "";
beforeEach(() => {
  state = freshState();
});
afterEach(() => rmSync(dirname(state), { recursive: true }));

function append(...ids: readonly string[]) {
  const journal = openJournal(state);
  const positions = ids.map((recordId, n) => journal.append(builtRecord({ recordId, target: `ls ${n}` })));
  journal.close();
  return positions;
}

function idsIn(): readonly string[] {
  return [...readJournal(state)].map((item) => (item.kind === "record" ? item.record.record_id : item.code));
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CavraError) return `${error.code} < ${(error.cause as { code?: string; message: string }).code}`;
    throw error;
  }
  return "no error";
}

describe("append", () => {
  test("answers the position at which the frame is read back", () => {
    const positions = append(sampleId(0), sampleId(1), sampleId(2));
    const file = readFileSync(join(state, "journal", FIRST_FILE));
    positions.forEach(({ file: name, offset, length }, n) => {
      const { text, digest } = builtRecord({ recordId: sampleId(n), target: `ls ${n}` });
      expect(name).toBe(FIRST_FILE);
      expect(file.subarray(offset, offset + length).equals(encodeFrame(text, digest))).toBe(true);
    });
    expect(positions.map(({ offset }) => offset)).toEqual([...readJournal(state)].map(({ offset }) => offset));
  });

  test("makes folders of mode 0700 and files of mode 0600", () => {
    append(sampleId(0));
    const modes = [state, join(state, "journal"), join(state, "journal", FIRST_FILE)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  test("puts each record into the file of its own UTC day", () => {
    const files = append(sampleId(0, DAY_MS), sampleId(1, DAY_MS), sampleId(0, DAY_MS + 1)).map(({ file }) => file);
    expect(files).toEqual([FIRST_FILE, "2026-11-04.journal", FIRST_FILE]);
  });

  test("finds its position when another writer appends at the same time", () => {
    const one = openJournal(state);
    const other = openJournal(state);
    const positions = [0, 1, 2, 3].map((n) => (n % 2 ? one : other).append(builtRecord({ recordId: sampleId(n) })));
    expect([...readJournal(state)].map(({ offset }) => offset)).toEqual(positions.map(({ offset }) => offset));
    one.close();
    other.close();
  });

  test("makes the file again when it is deleted under an open writer", () => {
    const journal = openJournal(state);
    journal.append(builtRecord({ recordId: sampleId(0) }));
    rmSync(join(state, "journal"), { recursive: true });
    journal.append(builtRecord({ recordId: sampleId(1) }));
    journal.close();
    expect(idsIn()).toEqual([sampleId(1)]);
  });
});

describe("evidence_unavailable, with its cause,", () => {
  const record = builtRecord();
  const cases: readonly (readonly [string, () => void, string])[] = [
    ["for a state folder that is a link", () => symlinkSync(dirname(state), state), "state_folder_symlink"],
    ["for a state folder that is a file", () => writeFileSync(state, ""), "state_folder_not_a_folder"],
    [
      "for a state folder that everybody may write to",
      () => {
        mkdirSync(state);
        chmodSync(state, 0o777);
      },
      "state_folder_world_writable",
    ],
    [
      "for a journal folder that is a link",
      () => {
        mkdirSync(state, { mode: 0o700 });
        symlinkSync(dirname(state), join(state, "journal"));
      },
      "state_folder_symlink",
    ],
    [
      "for a journal file that is a link",
      () => {
        mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
        symlinkSync(join(state, "elsewhere"), join(state, "journal", FIRST_FILE));
      },
      "ELOOP",
    ],
    [
      "for a journal file that is a folder",
      () => mkdirSync(join(state, "journal", FIRST_FILE), { recursive: true, mode: 0o700 }),
      "EISDIR",
    ],
    ["for a parent that is a file", () => writeFileSync(`${dirname(state)}/file`, ""), "ENOTDIR"],
  ];
  for (const [name, prepare, cause] of cases) {
    test(name, () => {
      prepare();
      const place = cause === "ENOTDIR" ? join(dirname(state), "file", "cavra") : state;
      expect(codeOf(() => openJournal(place).append(record))).toBe(`evidence_unavailable < ${cause}`);
    });
  }

  test("and a writer that failed once works again when the world is mended", () => {
    const journal = openJournal(state);
    writeFileSync(state, "");
    expect(codeOf(() => journal.append(record))).toContain("evidence_unavailable");
    rmSync(state);
    journal.append(record);
    journal.close();
    expect(idsIn()).toHaveLength(1);
  });

  test("from the group writer too, for each record", async () => {
    writeFileSync(state, "");
    const journal = openGroupJournal(state);
    const results = await Promise.allSettled([journal.append(record), journal.append(builtRecord({ recordId: sampleId(1) }))]);
    await journal.close();
    expect(results.map((result) => result.status === "rejected" && result.reason.code)).toEqual([
      "evidence_unavailable",
      "evidence_unavailable",
    ]);
  });
});

test("the group writer answers each record's own position, over two days and beside another writer", async () => {
  const group = openGroupJournal(state);
  const single = openJournal(state);
  const ids = Array.from({ length: 500 }, (_, n) => sampleId(n, n < 250 ? 1 : DAY_MS / 400));
  const pending = ids.map((recordId) => group.append(builtRecord({ recordId })));
  single.append(builtRecord({ recordId: sampleId(1000) }));
  const positions = await Promise.all(pending);
  await group.close();
  single.close();
  const places = new Map([...readJournal(state)].map((item) => [item.kind === "record" ? item.record.record_id : "", item]));
  expect(places.size).toBe(501);
  positions.forEach((position, n) => {
    const { file, offset, length } = places.get(ids[n] ?? "") ?? { file: "", offset: -1, length: -1 };
    expect({ file, offset, length }).toEqual(position);
  });
  expect(verifyJournal(state).holds).toBe(true);
});

describe("list and find", () => {
  test("the newest come first, over days, up to the limit", () => {
    const ids = [0, 1, 2, 3, 4].map((n) => sampleId(n, DAY_MS / 2));
    append(...ids);
    expect(listRecords(state, {}, 3).map(({ record }) => record.record_id)).toEqual(ids.slice(2).reverse());
    expect(listRecords(state, {}, 99)).toHaveLength(5);
    expect(listRecords(state, {}, 0)).toEqual([]);
    expect(listRecords(join(state, "nowhere"), {}, 9)).toEqual([]);
  });

  test("filters join, and times are from and before", () => {
    append(...[0, 1, 2, 3].map((n) => sampleId(n, DAY_MS)));
    const since = "2026-11-04T12:34:56.789Z";
    const until = "2026-11-06T12:34:56.789Z";
    expect(listRecords(state, { since, until }, 9).map(({ record }) => record.recorded_at.slice(0, 10))).toEqual([
      "2026-11-05",
      "2026-11-04",
    ]);
    expect(listRecords(state, { decision: "deny", agent: "claude-code", rule_id: "secrets.read" }, 9)).toHaveLength(4);
    expect(listRecords(state, { decision: "allow" }, 9)).toEqual([]);
  });

  test("the last of many is found without reading all, and all are found when asked for", () => {
    const journal = openJournal(state);
    for (let n = 0; n < 400; n++) journal.append(builtRecord({ recordId: sampleId(n), target: "x".repeat(2000) }));
    journal.close();
    expect(listRecords(state, {}, 1).map(({ record }) => record.record_id)).toEqual([sampleId(399)]);
    const all = Array.from({ length: 400 }, (_, n) => sampleId(399 - n));
    expect(listRecords(state, {}, 400).map(({ record }) => record.record_id)).toEqual(all);
    expect(listRecords(state, { since: "2026-01-01T00:00:00.000Z" }, 9999)).toHaveLength(400);
  });

  test("an id, a beginning, a doubtful beginning and an unknown one", () => {
    const [first] = append(sampleId(0), sampleId(90 * DAY_MS));
    expect(findRecord(state, sampleId(0))).toMatchObject({ ok: true, value: { position: first } });
    expect(findRecord(state, sampleId(0).slice(0, 20))).toMatchObject({ ok: true, value: { position: first } });
    expect(findRecord(state, "dec_01")).toMatchObject({ ok: false, problem: { code: "record_ambiguous" } });
    expect(findRecord(state, sampleId(5))).toMatchObject({ ok: false, problem: { code: "record_not_found" } });
  });
});

describe("verify", () => {
  const file = () => join(state, "journal", FIRST_FILE);

  test("a journal that holds, and none at all", () => {
    append(sampleId(0), sampleId(1));
    expect(verifyJournal(state)).toMatchObject({
      holds: true,
      files: 1,
      records: 2,
      findings: [],
      first_recorded_at: "2026-11-03T12:34:56.789Z",
    });
    expect(verifyJournal(join(state, "nowhere"))).toMatchObject({ holds: true, files: 0, records: 0 });
  });

  const damages: readonly (readonly [string, (bytes: Buffer) => Buffer, readonly string[]])[] = [
    ["a flipped byte", (bytes) => Buffer.from(bytes.map((byte, i) => (i === 300 ? byte ^ 1 : byte))), ["digest_mismatch"]],
    ["a record twice", (bytes) => Buffer.concat([bytes, bytes.subarray(0, bytes.length / 2)]), ["duplicate_record_id"]],
    ["a torn tail", (bytes) => bytes.subarray(0, -1), ["torn_tail"]],
    ["foreign bytes in front", (bytes) => Buffer.concat([Buffer.from("hello"), bytes]), ["foreign_bytes"]],
    ["a wrong length", (bytes) => Buffer.from(bytes.toString("latin1").replace(/^\n(\d)/, "\n$10"), "latin1"), ["torn_frame"]],
  ];
  for (const [name, damage, codes] of damages) {
    test(`${name} is reported by name and place`, () => {
      append(sampleId(0), sampleId(1));
      writeFileSync(file(), damage(readFileSync(file())));
      const report = verifyJournal(state);
      expect(report.holds).toBe(false);
      expect(report.findings.map((finding) => finding.code)).toEqual(codes);
    });
  }

  test("what is no record, what is not canonical, a wrong day, a foreign file, and a clock that went back", () => {
    append(sampleId(5000), sampleId(0));
    const { text, digest } = builtRecord({ recordId: sampleId(0, 1) });
    const elsewhere = encodeFrame(text, digest);
    writeFileSync(join(state, "journal", "2026-11-09.journal"), elsewhere);
    writeFileSync(join(state, "journal", "notes.txt"), "");
    expect(verifyJournal(state).findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "damage foreign_file",
      "notice time_backwards",
      "damage duplicate_record_id",
      "damage wrong_day",
    ]);
  });
});
