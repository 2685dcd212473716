// Measures the journal against a bare append + fdatasync of the same bytes, side by side in one run, and the group writer's rate.
// A program, not a test: `npx esbuild bench/journal.ts --bundle --platform=node --format=esm --outfile=F.mjs && node F.mjs [--json] [--folder FOLDER]`.

import { closeSync, constants, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalRecord, parseJson, sha256 } from "../src/base/index.js";
import { encodeFrame } from "../src/evidence/index.js";
import { newId, openGroupJournal, openJournal, SYSTEM_CLOCK, verifyJournal } from "../src/store/index.js";
import { builtRecord } from "../test/evidence/sample.js";
import { report } from "./report.js";

const APPENDS = 2000;
const GROUPED = 40_000;
const WAITING = 512; // appends that wait at the same time, as a server's callers would

interface Timing {
  readonly median_us: number;
  readonly p99_us: number;
}

function timing(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10_000) / 10;
  return { median_us: at(0.5), p99_us: at(0.99) };
}

function timed(action: () => void): number {
  const started = performance.now();
  action();
  return performance.now() - started;
}

function measureAppends(folder: string): { readonly bare: Timing; readonly journal: Timing; readonly ratio: number } {
  const journal = openJournal(join(folder, "single"));
  const handle = openSync(join(folder, "bare"), constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o600);
  const bare: number[] = [];
  const ours: number[] = [];
  for (let n = 0; n < APPENDS; n++) {
    const built = builtRecord({ recordId: newId("dec", SYSTEM_CLOCK).id });
    const bytes = encodeFrame(built.text, built.digest);
    // Turn about, so that neither always comes after the other's flush.
    const runBare = () => {
      bare.push(
        timed(() => {
          writeSync(handle, bytes);
          fdatasyncSync(handle);
        }),
      );
    };
    if (n % 2) runBare();
    ours.push(timed(() => journal.append(built)));
    if (n % 2 === 0) runBare();
  }
  closeSync(handle);
  journal.close();
  const [bareTiming, journalTiming] = [timing(bare.slice(APPENDS / 10)), timing(ours.slice(APPENDS / 10))];
  return { bare: bareTiming, journal: journalTiming, ratio: Math.round((bareTiming.median_us / journalTiming.median_us) * 100) / 100 };
}

async function measureGroups(
  folder: string,
): Promise<{ readonly records_per_s: number; readonly latency: Timing; readonly verify_records_per_s: number }> {
  const state = join(folder, "group");
  const records = Array.from({ length: GROUPED }, () => builtRecord({ recordId: newId("dec", SYSTEM_CLOCK).id }));
  const journal = openGroupJournal(state);
  const latencies: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let record = records[next++]; record !== undefined; record = records[next++]) {
      const started = performance.now();
      await journal.append(record);
      latencies.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: WAITING }, caller));
  const seconds = (performance.now() - started) / 1000;
  await journal.close();
  let holds = false;
  const verifySeconds = timed(() => {
    holds = verifyJournal(state).holds;
  });
  if (!holds) throw new Error("the journal that was measured does not hold");
  return {
    records_per_s: Math.round(GROUPED / seconds),
    latency: timing(latencies),
    verify_records_per_s: Math.round(GROUPED / (verifySeconds / 1000)),
  };
}

/** What comes before the write, in memory. */
function measureRecord(): {
  readonly bytes: number;
  readonly build: Timing;
  readonly canonical: Timing;
  readonly parse: Timing;
  readonly digest: Timing;
} {
  const { record, text } = builtRecord();
  const of = (action: () => unknown): Timing => {
    for (let n = 0; n < 5000; n++) action();
    return timing(
      Array.from(
        { length: 200 },
        () =>
          timed(() => {
            for (let n = 0; n < 50; n++) action();
          }) / 50,
      ),
    );
  };
  return {
    bytes: Buffer.byteLength(text),
    build: of(() => builtRecord()),
    canonical: of(() => canonicalRecord(record)),
    parse: of(() => parseJson(text)),
    digest: of(() => sha256(text)),
  };
}

const asked = process.argv.indexOf("--folder");
const folder = mkdtempSync(join(asked > 0 ? (process.argv[asked + 1] ?? tmpdir()) : tmpdir(), "cavra-bench-"));
const record = measureRecord();
const single = measureAppends(folder);
const group = await measureGroups(folder);
rmSync(folder, { recursive: true });
const told = (name: string, { median_us, p99_us }: Timing): string => `${name.padEnd(34)} median ${median_us} µs, p99 ${p99_us} µs`;
report({
  name: "journal",
  details: [
    `in ${folder}`,
    told(`build a record (${record.bytes} bytes)`, record.build),
    told("  canonical bytes of it", record.canonical),
    told("  strict reading of it", record.parse),
    told("  digest of it", record.digest),
    told("bare append + fdatasync", single.bare),
    told("journal append", single.journal),
    told(`  one append among ${WAITING}, grouped`, group.latency),
    `verify${" ".repeat(28)} ${group.verify_records_per_s} records/s`,
  ],
  goals: [
    { what: "bare append + fdatasync / journal append", measured: single.ratio, goal: 0.7, bound: "least", unit: "×" },
    { what: "group commit", measured: group.records_per_s, goal: 20_000, bound: "least", unit: "records/s" },
  ],
});
