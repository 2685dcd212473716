// The folder of one test, with its journal and its ledger: made before it and gone after it.

import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { encodeFrame } from "../../../src/evidence/index.js";
import { drainJournal, type Ledger, openLedger, SYSTEM_CLOCK, verifyLedger } from "../../../src/store/index.js";
import { builtRecord, sampleId } from "../../evidence/sample.js";

const DAY_MS = 86_400_000;
export const DAYS = ["2026-11-03.journal", "2026-11-04.journal", "2026-11-05.journal"];

export let state = "";
let open: Ledger | null = null;
/** Every test of the file that calls this has a folder of its own. */
export function useFolder(): void {
  beforeEach(() => {
    state = join(mkdtempSync(join(tmpdir(), "cavra-ledger-")), "cavra");
    mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
  });
  afterEach(() => {
    close();
    rmSync(join(state, ".."), { recursive: true });
  });
}

export const path = (file: string) => join(state, "journal", file);
export const frame = (n: number, day = 0, target = `ls ${n}`) => {
  const { text, digest } = builtRecord({ recordId: idOf(n, day), target });
  return encodeFrame(text, digest);
};
export const idOf = (n: number, day = 0) => sampleId(n + day * DAY_MS);
/** Writes records n to before m in the file of a day. */
export function write(day: number, from: number, to: number): void {
  for (let n = from; n < to; n++) appendFileSync(path(DAYS[day] ?? ""), frame(n, day));
}

export function ledger(): Ledger {
  open ??= openLedger(state, SYSTEM_CLOCK);
  return open;
}
export function close(): void {
  open?.close();
  open = null;
}

export const drain = () => drainJournal(ledger(), state, SYSTEM_CLOCK);
export const verify = () => verifyLedger(ledger(), state);
export const codes = () => verify().findings.map(({ code, file, index }) => (index === undefined ? `${code} ${file}` : `${code} ${index}`));
export const ids = () =>
  ledger()
    .database.prepare("SELECT record_id FROM record ORDER BY idx")
    .all()
    .map((row) => row.record_id);
