// The journal as one process sees it: what is appended is read back, in order, at the position that was answered.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeId } from "../../src/base/index.js";
import { buildRecord } from "../../src/evidence/index.js";
import { openJournal, readJournal } from "../../src/store/index.js";

let state = "";
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "cavra-journal-"));
});
afterEach(() => rmSync(state, { recursive: true }));

test("records come back in order, each at its position", () => {
  const journal = openJournal(state);
  const positions = [1, 2, 3].map((n) => {
    const built = buildRecord(
      {
        recordId: makeId("dec", 1_780_000_000_000 + n, new Uint8Array(10)),
        decision: "allow",
        basis: { code: "policy", reason: "" },
        who: {
          agent: "a",
          sub_agent: "",
          session: "s",
          user: "u",
          host: "h",
          repository: "r",
          branch: "b",
          channel: "cli",
          unattended: false,
        },
        action: null,
        judgement: null,
        engine: { backend: "typescript", version: "0.1.0" },
      },
      new Uint8Array(32),
    );
    if (!built.ok) throw new Error(built.problem.code);
    return journal.append(built.value);
  });
  journal.close();
  const items = [...readJournal(state)];
  expect(items.map((item) => item.kind)).toEqual(["record", "record", "record"]);
  expect(items.map(({ file, offset, length }) => ({ file, offset, length }))).toEqual(positions);
});
