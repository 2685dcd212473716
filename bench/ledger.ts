// Measures the ledger at growing sizes: draining, verifying, lists, proofs. With `--million` also at 1,000,000 records, which takes minutes.
// A program, not a test: `node scripts/bench.mjs ledger [--million]`.

import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeId } from "../src/base/index.js";
import { encodeFrame, formatProofFile, inclusionProof, leafHash, verifyInclusion } from "../src/evidence/index.js";
import {
  drainJournal,
  findInLedger,
  type Ledger,
  leafText,
  listLedger,
  openLedger,
  rootAt,
  SYSTEM_CLOCK,
  tileReader,
  verifyLedger,
} from "../src/store/index.js";
import { builtRecord, SAMPLE_MS } from "../test/evidence/sample.js";
import { ascending, at, type Goal, median, report, rounded } from "./report.js";

const SIZES = [10_000, 100_000, ...(process.argv.includes("--million") ? [1_000_000] : [])];
const DAYS = 10;
const DAY_MS = 86_400_000;
const PROOFS = 500;

interface Measured {
  readonly size: number;
  readonly drainPerS: number;
  readonly verifyS: number;
  readonly proofHashes: number;
  readonly proofBytes: number;
  readonly checkMs: number;
  readonly checkP99Ms: number;
  readonly lines: readonly string[];
}

/** `cpuMs`: processor time, which other work on the machine lengthens less. */
function timed<T>(action: () => T): { readonly ms: number; readonly cpuMs: number; readonly value: T } {
  const [started, spent] = [performance.now(), process.cpuUsage()];
  const value = action();
  const { user, system } = process.cpuUsage(spent);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, value };
}

/** Journals of ten days, as servers write them: one frame behind the other. */
function writeJournals(state: string, size: number): number {
  mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
  let bytes = 0;
  for (let day = 0; day < DAYS; day++) {
    const first = SAMPLE_MS - 40_000_000 + day * DAY_MS;
    const name = `${new Date(first).toISOString().slice(0, 10)}.journal`;
    const handle = openSync(join(state, "journal", name), "w", 0o600);
    for (let i = 0; i < size / DAYS; i++) {
      const n = day * (size / DAYS) + i;
      const random = Uint8Array.from({ length: 10 }, (_, k) => (n * 31 + k * 7 + (n >> 8)) & 255);
      const { text, digest } = builtRecord({ recordId: makeId("dec", first + i * 10, random), target: `git show HEAD~${n}` });
      const frame = encodeFrame(text, digest);
      bytes += writeSync(handle, frame);
    }
    closeSync(handle);
  }
  return bytes;
}

function measure(folder: string, size: number): Measured {
  const state = join(folder, String(size));
  const bytes = writeJournals(state, size);
  const ledger = openLedger(state, SYSTEM_CLOCK);
  const drain = timed(() => drainJournal(ledger, state, SYSTEM_CLOCK));
  if (drain.value.size !== size) throw new Error(`drained ${drain.value.size} of ${size}`);
  const again = timed(() => drainJournal(ledger, state, SYSTEM_CLOCK));
  const verifies = Array.from({ length: size > 100_000 ? 2 : 3 }, () => timed(() => verifyLedger(ledger, state)));
  if (!verifies.every(({ value }) => value.holds)) throw new Error("the ledger that was measured does not hold");
  const verifyS = Math.min(...verifies.map(({ ms }) => ms)) / 1000;
  const verifyCpuS = Math.min(...verifies.map(({ cpuMs }) => cpuMs)) / 1000;
  const proofs = measureProofs(ledger, size);
  const list = timed(() => listLedger(ledger, {}, [], 20));
  const search = timed(() => listLedger(ledger, { decision: "allow" }, [], 20));
  const middle = makeId("dec", SAMPLE_MS - 40_000_000, new Uint8Array(10)).slice(0, 12);
  const find = timed(() => findInLedger(ledger, middle));
  const diskBytes = statSync(join(state, "ledger/ledger.sqlite")).size;
  ledger.close();
  rmSync(state, { recursive: true });
  const drainPerS = Math.round(size / (drain.ms / 1000));
  return {
    size,
    drainPerS,
    verifyS,
    ...proofs,
    lines: [
      `${size.toLocaleString("en")} records (${Math.round(bytes / 1_048_576)} MiB of journal, ${Math.round(diskBytes / size)} bytes a record in the ledger)`,
      `  drain ${(drain.ms / 1000).toFixed(1)} s, ${drainPerS.toLocaleString("en")} records/s (processor time ${(drain.cpuMs / 1000).toFixed(1)} s); again with nothing new ${again.ms.toFixed(1)} ms`,
      `  verify ${verifyS.toFixed(2)} s, ${Math.round(size / verifyS).toLocaleString("en")} records/s (processor time ${verifyCpuS.toFixed(2)} s)`,
      `  inclusion proof ${proofs.proofHashes} hashes, ${proofs.proofBytes} bytes; made in ${proofs.makeMs.toFixed(2)} ms, checked in ${(proofs.checkMs * 1000).toFixed(0)} µs (p99 ${(proofs.checkP99Ms * 1000).toFixed(0)} µs)`,
      `  proof file ${proofs.fileBytes} bytes, its record and checkpoint included`,
      `  last 20 ${list.ms.toFixed(1)} ms; a filter that nothing fits ${search.ms.toFixed(0)} ms; by a beginning of an id ${find.ms.toFixed(1)} ms`,
    ],
  };
}

function measureProofs(ledger: Ledger, size: number) {
  const root = rootAt(ledger, size);
  const readTile = tileReader(ledger.database);
  const [makes, checks]: [number[], number[]] = [[], []];
  let [proofHashes, fileBytes] = [0, 0];
  for (let i = 0; i < PROOFS; i++) {
    const index = Math.floor((i * size) / PROOFS);
    const made = timed(() => inclusionProof(index, size, readTile));
    if (!made.value.ok) throw new Error(made.value.problem.message);
    const proof = made.value.value;
    const text = leafText(ledger, index) ?? "";
    const checked = timed(() => verifyInclusion(leafHash(text), index, size, proof, root));
    if (!checked.value.ok) throw new Error(checked.value.problem.message);
    makes.push(made.ms);
    checks.push(checked.ms);
    proofHashes = Math.max(proofHashes, proof.length);
    fileBytes = Math.max(fileBytes, Buffer.byteLength(formatProofFile({ index, text, proof, checkpoint: NOTE })));
  }
  const checkP99Ms = at(ascending(checks), 0.99);
  return { proofHashes, proofBytes: proofHashes * 32, fileBytes, makeMs: median(makes), checkMs: median(checks), checkP99Ms };
}

/** As long as a signed head is. */
const NOTE = `cavra.ledger/ldg_${"0".repeat(26)}\n1000000\n${"A".repeat(44)}\n\n— cavra.ledger/ldg_${"0".repeat(26)} ${"A".repeat(92)}\n`;

const folder = mkdtempSync(join(tmpdir(), "cavra-bench-ledger-"));
const measured = SIZES.map((size) => measure(folder, size));
rmSync(folder, { recursive: true });
const largest = measured.at(-1);
const goals: Goal[] = measured.map(({ size, verifyS }) => ({
  what: `verify a ledger of ${size.toLocaleString("en")} records`,
  measured: rounded(verifyS),
  goal: (10 * size) / 1_000_000,
  bound: "most",
  unit: "s",
}));
if (largest !== undefined) {
  goals.push(
    {
      what: `inclusion proof in ${largest.size.toLocaleString("en")}`,
      measured: largest.proofBytes,
      goal: 2048,
      bound: "most",
      unit: "bytes",
    },
    { what: "  checked (median)", measured: rounded(largest.checkMs), goal: 1, bound: "most", unit: "ms" },
  );
}
report({ name: "ledger", details: [`in ${folder}`, ...measured.flatMap(({ lines }) => lines)], goals });
