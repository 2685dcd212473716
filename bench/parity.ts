// How many generated cases a second are judged by both engines and compared, byte for byte? Goal (DESIGN.md section 9): at least 15,000.
// Processor time for each case says more on a busy machine than the rate does: it is told for both sides, the generator and the comparison being the first's.
// A program, not a test: `node scripts/bench.mjs parity`, or bundled; `--json` prints one line. It needs dist/ with the native runtime in it.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { readHello } from "../src/backend/index.js";
import { type Lane, NOTHING_GIVEN, openThread, type Progress, parseSeed, runCampaign } from "../src/parity/index.js";
import { compiledText, openPackedRules } from "../src/policy/index.js";
import { report, rounded } from "./report.js";

const LANES = availableParallelism();
/** Until the optimiser has seen most of the engine: what a case costs is halved on the way, and a campaign has millions of them. */
const WARM_UP = 160_000;
const CASES = 120_000;
/** Of the kernel's clock for processes. */
const TICK_US = 10_000;

const [root, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "cavra-bench-parity-"))];
const program = join(root, "dist/bin/cavra-runtime");
const bundle = join(root, "dist/parity.cjs");

/** Processor time of a process in µs; null where the kernel does not tell. */
function processorUs(pid: number): number | null {
  if (!existsSync(`/proc/${pid}/stat`)) return null;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

function openLanes(): readonly Lane[] {
  const rulebook = openPackedRules(readFileSync(join(root, "src/generated/rules/cavra-ai-agent-baseline.packed")));
  const text = compiledText({ ...rulebook, catalogue: JSON.parse(readFileSync(join(root, "src/generated/catalogue.json"), "utf8")) });
  const seed = parseSeed("0123456789abcdef");
  if (!text.ok || seed === null) throw new Error("the baseline pack has no compiled form");
  const policyPath = join(folder, "policy.json");
  writeFileSync(policyPath, text.value);
  const second = { program, before: [], policyPath, environment: { GOGC: "800", GOMAXPROCS: "1" } };
  return Array.from({ length: LANES }, () => openThread(bundle, { second, seed, given: NOTHING_GIVEN }));
}

async function measured(
  lanes: readonly Lane[],
): Promise<{ readonly seconds: number; readonly first: number; readonly second: number | null }> {
  const hellos = await Promise.all(lanes.map((lane) => lane.hello));
  const pids = hellos.map((line) => readHello(line)?.pid ?? 0);
  const run = (before: Progress | null, end: number) =>
    runCampaign({ lanes, before, end, mostMismatches: 1, isOver: () => false, onProgress: () => {} });
  const secondUs = () => pids.reduce<number | null>((sum, pid) => plus(sum, processorUs(pid)), 0);
  const warm = await run(null, WARM_UP);
  const [started, first, second] = [process.hrtime.bigint(), process.cpuUsage(), secondUs()];
  const done = await run(warm, WARM_UP + CASES);
  if (done.mismatches.length > 0) throw new Error(`the engines differ in case ${done.mismatches[0]?.index}`);
  const [used, later] = [process.cpuUsage(first), secondUs()];
  return {
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
    first: (used.user + used.system) / CASES,
    second: second === null || later === null ? null : (later - second) / CASES,
  };
}

function plus(sum: number | null, one: number | null): number | null {
  return sum === null || one === null ? null : sum + one;
}

try {
  const lanes = existsSync(program) ? openLanes() : [];
  const { seconds, first, second } =
    lanes.length === 0 ? { seconds: Number.POSITIVE_INFINITY, first: 0, second: null } : await measured(lanes);
  for (const lane of lanes) lane.stop();
  report({
    name: "parity",
    details:
      lanes.length === 0
        ? ["there is no native runtime in dist/bin: nothing was compared"]
        : [
            `${CASES} cases of the baseline pack after ${WARM_UP} to warm up, ${LANES} lanes, in ${rounded(seconds)} s`,
            `processor time for each case: ${rounded(first)} µs in TypeScript with generator and comparison, ${second === null ? "unknown" : rounded(second)} µs in Go`,
          ],
    goals: [
      { what: "cases judged by both and compared", measured: Math.round(CASES / seconds), goal: 15_000, bound: "least", unit: "a second" },
    ],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
