// The drainer under SIGKILL and on a full disk, at every point that there is. Proves spec/evidence.md 8.4: all of a batch, or nothing.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeFrame } from "../../../src/evidence/index.js";
import { drainJournal, openLedger, SYSTEM_CLOCK, verifyLedger } from "../../../src/store/index.js";
import { builtRecord, sampleId } from "../../evidence/sample.js";
import { drainProgram } from "../programs.js";
import { campaign } from "./campaign.js";
import { drainWithFault, type Fault, NO_STRACE } from "./faults.js";

let program = "";
let folder = "";
beforeAll(() => {
  program = drainProgram();
  folder = mkdtempSync(join(tmpdir(), "cavra-drain-"));
});
afterAll(() => {
  rmSync(dirname(program), { recursive: true });
  rmSync(folder, { recursive: true });
});

it("loses, doubles and reorders nothing under 20 kills, with drainers beside, and every head given away stays one", async () => {
  const { failures, kills, heads } = await campaign({ kills: 20, seed: 7, program, folder: join(folder, "campaign"), within: false });
  expect([failures, kills]).toEqual([[], 20]);
  expect(heads).toBeGreaterThan(0);
});

/** A state folder whose ledger holds 40 records and whose journal has 60 more. */
function half(): string {
  const state = join(folder, "half");
  mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
  const frames = Array.from({ length: 100 }, (_, n) => builtRecord({ recordId: sampleId(n) })).map(({ text, digest }) =>
    encodeFrame(text, digest),
  );
  const file = join(state, "journal/2026-11-03.journal");
  writeFileSync(file, Buffer.concat(frames.slice(0, 40)), { mode: 0o600 });
  const ledger = openLedger(state, SYSTEM_CLOCK);
  drainJournal(ledger, state, SYSTEM_CLOCK);
  ledger.close();
  writeFileSync(file, Buffer.concat(frames), { mode: 0o600 });
  return state;
}

describe.skipIf(NO_STRACE !== "")(`at every system call that changes a file${NO_STRACE === "" ? "" : ` (skipped: ${NO_STRACE})`}`, () => {
  // CAVRA_EVERY_CALL=1 takes every one of them; else every seventh, which is a minute less.
  const STEP = process.env.CAVRA_EVERY_CALL === "1" ? 1 : 7;
  const FAULTS: readonly Fault[] = ["disk_full", "kill"];

  it.each(FAULTS)("%s leaves what was there, and the next drain takes in the rest", { timeout: 300_000 }, (fault) => {
    const before = half();
    let ended = "";
    let points = 0;
    for (let n = 1; !ended.includes("done "); n += STEP) {
      const state = join(folder, "trial");
      cpSync(before, state, { recursive: true });
      const run = drainWithFault(program, [state, join(folder, "no-keys"), "25"], fault, n);
      ended = run.stdout;
      if (!ended.includes("done ")) {
        points++;
        if (fault === "disk_full") expect(ended).toMatch(/^ledger_unavailable: /m);
      }
      const ledger = openLedger(state, SYSTEM_CLOCK);
      const told = verifyLedger(ledger, state);
      // Batches of 25: none, one or all of them, and nothing between.
      expect([told.findings, [40, 65, 90, 100].includes(told.ledger.size), told.records]).toEqual([[], true, 100]);
      expect(drainJournal(ledger, state, SYSTEM_CLOCK).size).toBe(100);
      expect(verifyLedger(ledger, state)).toMatchObject({ holds: true, records: 100 });
      ledger.close();
      rmSync(state, { recursive: true });
      expect(n).toBeLessThan(200);
    }
    expect(points).toBeGreaterThan(3);
    rmSync(before, { recursive: true });
  });
});
