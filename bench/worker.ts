// What does asking the second engine cost? A judgement by the worker beside a bare echo of the same bytes through the same kind of pipe, one after the
// other in turns; and how soon a worker is known to be gone that was killed with a question in its hands. Goals: DESIGN.md section 9.
// Every answer is checked. A program, not a test: `node scripts/bench.mjs worker`, or bundled; needs dist/ with bin/cavra-runtime.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Evaluation, requestLine, startWorker, type WorkerSource } from "../src/backend/index.js";
import type { Action } from "../src/change/index.js";
import { FACTS_OF_A_SHELL } from "../test/change/facts.js";
import { ascending, at, median, report, rounded } from "./report.js";

const TURNS = 2_000;
const WARM_UP = 200;
const KILLS = 100;
const PATIENT_MS = 60_000;

const LINES = [
  "ls -la src",
  "cd src && git status 2>/dev/null | head",
  "cat .env",
  "npm test -- --run 2>&1 | tail -20",
  "rm -rf build && mkdir -p build/out",
  "git push origin topic",
  "grep -rn 'TODO' src | sort | uniq -c",
  "python3 -c 'print(1)'",
];

const scratch = mkdtempSync(join(tmpdir(), "cavra-bench-worker-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** The shipped policy as a file, and the binary beside it. */
function sourceOf(): WorkerSource {
  const compiled = spawnSync(process.execPath, ["dist/cavra.cjs", "policy", "compile", "cavra-ai-agent-baseline"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const policyPath = join(scratch, "policy.json");
  writeFileSync(policyPath, compiled.stdout);
  const { digest, catalogue_digest } = JSON.parse(compiled.stdout) as { readonly digest: string; readonly catalogue_digest: string };
  return { runtimePath: "dist/bin/cavra-runtime", policyPath, policyDigest: digest, catalogueDigest: catalogue_digest };
}

function evaluationOf(target: string): Evaluation {
  const action: Action = {
    action_type: "execute_command",
    target,
    operation: "",
    arguments: "",
    cwd: "/srv/app",
    workspace_root: "/srv/app",
  };
  return { action, facts: FACTS_OF_A_SHELL, subject: { agent: "claude-code", user: "dev", now: "2026-11-01T00:00:00.000Z" } };
}

/** Says a line to a program that answers each with one line. */
function lineByLine(child: ChildProcess): (line: string) => Promise<number> {
  let have = 0;
  let heard: (bytes: number) => void = () => {};
  child.stdout?.on("data", (chunk: Buffer) => {
    have += chunk.length;
    if (chunk[chunk.length - 1] !== 0x0a) return;
    const bytes = have;
    have = 0;
    heard(bytes);
  });
  return (line) =>
    new Promise((settle) => {
      heard = settle;
      child.stdin?.write(line);
    });
}

async function microseconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1_000;
}

async function startedWorker(source: WorkerSource) {
  const started = await startWorker(source, PATIENT_MS);
  if (!started.ok) throw new Error(`the worker does not start: ${started.fault.message}`);
  return started.worker;
}

interface Turn {
  readonly echo: number;
  /** As many bytes, read and refused: the pipe, the worker's reader and its threads, without a judgement. */
  readonly refused: number;
  /** The worker's pipe alone: a request that was written before, and an answer that nobody reads. */
  readonly pipe: number;
  /** All of it: the request is written and digested, the answer read and checked. */
  readonly asked: number;
}

/** In turns whose order changes. */
async function roundTrips(source: WorkerSource): Promise<readonly Turn[]> {
  const evaluations = LINES.map(evaluationOf);
  const requests = evaluations.map((one) => `${requestLine("r1", PATIENT_MS, one)?.line}\n`);
  const strange = requests.map((line) => line.replace('"evaluate"', '"estimate"'));
  const worker = await startedWorker(source);
  const children = [spawn("cat"), spawn(source.runtimePath, ["serve", "--policy", source.policyPath])] as const;
  const [echo, bare] = [lineByLine(children[0]), lineByLine(children[1])];
  // The hello: nothing is asked for it.
  await bare("");
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS + WARM_UP; turn++) {
    const evaluation = evaluations[turn % LINES.length];
    const [request, other] = [requests[turn % LINES.length], strange[turn % LINES.length]];
    if (evaluation === undefined || request === undefined || other === undefined) throw new Error("there are no lines");
    const measured = { echo: 0, refused: 0, pipe: 0, asked: 0 };
    const works = {
      echo: async () => checked((await echo(request)) === Buffer.byteLength(request)),
      refused: async () => checked((await bare(other)) < 300),
      pipe: async () => checked((await bare(request)) > 300),
      asked: async () => checked((await worker.ask(evaluation, PATIENT_MS)).ok),
    };
    const order = (["echo", "refused", "pipe", "asked"] as const).map((_, index, all) => all[(index + turn) % all.length] ?? "echo");
    for (const name of order) measured[name] = await microseconds(works[name]);
    if (turn >= WARM_UP) turns.push(measured);
  }
  await worker.stop();
  for (const child of children) child.stdin?.end();
  return turns;
}

function checked(holds: boolean): void {
  if (!holds) throw new Error("an answer is not the one that was asked for");
}

interface Kill {
  /** Until the caller whose question was out has its fallback. */
  readonly out: number;
  /** A program of nobody's, killed in the same way, until Node tells of it. */
  readonly bare: number;
}

async function kills(source: WorkerSource): Promise<readonly Kill[]> {
  const measured: Kill[] = [];
  for (let count = 0; count < KILLS; count++) {
    const worker = await startedWorker(source);
    // Stopped, so that it cannot answer before it is killed: every thread of it, and that is not at once.
    process.kill(worker.hello.pid, "SIGSTOP");
    while (!isStopped(worker.hello.pid));
    const asked = worker.ask(evaluationOf("ls"), PATIENT_MS);
    const out = await microseconds(async () => {
      process.kill(worker.hello.pid, "SIGKILL");
      const answered = await asked;
      checked(!answered.ok && answered.code === "worker_crashed");
    });
    const child = spawn("cat");
    await lineByLine(child)("x\n");
    const ended = new Promise((settle) => child.on("close", settle));
    const bare = await microseconds(async () => {
      child.kill("SIGKILL");
      await ended;
    });
    measured.push({ out: out / 1_000, bare: bare / 1_000 });
  }
  return measured;
}

function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/stat`, "latin1"));
  return threads.every((stat) => stat.slice(stat.lastIndexOf(")") + 2).startsWith("T"));
}

const source = sourceOf();
const turns = await roundTrips(source);
const killed = await kills(source);
const of = (name: keyof Turn) => ascending(turns.map((turn) => turn[name]));
const told = (values: readonly number[], unit: string) =>
  `p50 ${rounded(at(values, 0.5))} ${unit}, p99 ${rounded(at(values, 0.99))} ${unit}`;
const [outMs, bareMs] = [ascending(killed.map(({ out }) => out)), ascending(killed.map(({ bare }) => bare))];
const share = (name: keyof Turn) => rounded(median(of(name)) / median(of("echo")));
report({
  name: "worker",
  details: [
    `a bare echo (\`cat\`) of the same bytes: ${told(of("echo"), "µs")}`,
    `the same bytes read by the worker and refused: ${told(of("refused"), "µs")}, ${share("refused")} times the echo`,
    `a judgement over the worker's pipe alone: ${told(of("pipe"), "µs")}, ${share("pipe")} times the echo`,
    `a judgement asked for, digested, read and checked: ${told(of("asked"), "µs")}`,
    `${turns.length} turns over ${LINES.length} lines, each answered once and well`,
    `killed with a question out: ${told(outMs, "ms")}; a bare process, until Node tells: ${told(bareMs, "ms")}`,
  ],
  goals: [
    { what: "worker round trip / bare echo, p50", measured: share("asked"), goal: 3, bound: "most", unit: "×" },
    { what: "a killed worker is noticed, p99", measured: rounded(at(outMs, 0.99)), goal: 20, bound: "most", unit: "ms" },
  ],
});
