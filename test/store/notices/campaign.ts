// Kills processes that plan, deliver and acknowledge side by side, starts others, and counts: planned is the sum of the six outcomes and of what waits.
// Used by the test (some thousand decisions) and by scripts/notices-conservation.mjs (a million).

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HELD_MS, NEVER_HELD, OUTCOMES, type Outcome } from "../../../src/promotion/index.js";
import { type NoticeStore, openNotices, type Recount, readNotices, recount } from "../../../src/store/index.js";
import { type Dice, diceOf } from "../../dice.js";

export interface ConservationOptions {
  /** So many notices are planned at least. */
  readonly decisions: number;
  /** It ends after so many milliseconds too, with what was planned until then. */
  readonly timeMs: number;
  readonly workers: number;
  readonly seed: number;
  /** The JavaScript of programs/plan.ts. */
  readonly program: string;
  /** An empty folder. */
  readonly folder: string;
  /** Steps that are waited for between two kills, at most. */
  readonly steps: number;
  readonly onKill?: (kills: number, planned: number) => void;
}

export interface ConservationReport {
  readonly planned: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly plans: number;
  readonly acknowledgements: number;
  readonly kills: number;
  /** Kills by the last step that was told before. */
  readonly after: Readonly<Record<string, number>>;
  /** Attempts, and those that were left alone by whoever was killed. */
  readonly attempts: number;
  readonly interrupted: number;
  /** What a provider took, and how often the same notice again. */
  readonly taken: number;
  readonly takenAgain: number;
  readonly failures: readonly string[];
}

interface Worker {
  readonly child: ChildProcess;
  step: string;
  /** Resolved at the next step that it tells. */
  stepped: (() => void) | null;
  readonly ended: Promise<void>;
}

export async function conserve(options: ConservationOptions): Promise<ConservationReport> {
  const { folder, seed } = options;
  const state = join(folder, "state");
  const receipts = join(folder, "receipts");
  const dice = diceOf(seed);
  openNotices(state).close();
  const looking = openNotices(state);
  const failures: string[] = [];
  const after = new Map<string, number>();
  let started = 0;
  const start = () => startWorker([options.program, state, String(seed * 100_000 + started++), receipts]);
  const workers = Array.from({ length: options.workers }, start);
  let kills = 0;
  let planned = 0;
  const untilMs = performance.now() + options.timeMs;
  while (planned < options.decisions && performance.now() < untilMs) {
    const at = dice.below(workers.length);
    const worker = workers[at];
    if (worker === undefined) break;
    await killAfter(worker, 1 + dice.below(options.steps), dice);
    // One that had ended by itself, because others held the database for too long, was not killed.
    const isKilled = worker.child.signalCode === "SIGKILL";
    if (isKilled) kills += 1;
    if (isKilled) after.set(worker.step, (after.get(worker.step) ?? 0) + 1);
    workers[at] = start();
    planned = checkNow(looking, kills, failures);
    options.onKill?.(kills, planned);
  }
  for (const { child, ended } of workers) {
    child.kill("SIGKILL");
    await ended;
  }
  kills += workers.length;
  looking.close();
  const settling = startWorker([options.program, state, "0", receipts, "settle"]);
  await settling.ended;
  return { ...finished(state, receipts, failures), kills, after: Object.fromEntries([...after].sort()) };
}

function startWorker(args: readonly string[]): Worker {
  const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH } });
  const worker: Worker = { child, step: "start", stepped: null, ended: new Promise((done) => child.on("close", () => done())) };
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      worker.step = line;
      worker.stepped?.();
    }
  });
  // One that ends by itself tells no step any more.
  void worker.ended.then(() => worker.stepped?.());
  return worker;
}

/** Waits for some steps, then for a random while of the next one. */
async function killAfter(worker: Worker, steps: number, dice: Dice): Promise<void> {
  for (let i = 0; i < steps && worker.child.exitCode === null; i++) {
    await new Promise<void>((done) => {
      worker.stepped = done;
    });
  }
  worker.stepped = null;
  const untilMs = performance.now() + dice.fraction() * WITHIN_MS;
  while (performance.now() < untilMs) await new Promise((done) => setImmediate(done));
  worker.child.kill("SIGKILL");
  await worker.ended;
}

/** Milliseconds within which a step is mostly over. */
const WITHIN_MS = 25;

/** In one look, while the others go on: nothing is missing, and nothing there twice. */
function checkNow(store: NoticeStore, kills: number, failures: string[]): number {
  const row = store.look(() =>
    store
      .sql(
        `SELECT (SELECT coalesce(sum(notices), 0) FROM plan) AS planned, (SELECT count(*) FROM outcome) AS ended,
           (SELECT coalesce(max(notice_no), 0) FROM notice) AS notices, (SELECT count(*) FROM waiting) AS waiting`,
      )
      .get(),
  );
  const [planned, ended, notices, waiting] = [row?.planned, row?.ended, row?.notices, row?.waiting].map(Number);
  if (planned !== notices || planned !== (ended ?? 0) + (waiting ?? 0))
    failures.push(`after ${kills} kills: ${planned} planned, ${notices} notices, ${ended} with an outcome, ${waiting} waiting`);
  return planned ?? 0;
}

type Finished = Omit<ConservationReport, "kills" | "after">;

function finished(state: string, receipts: string, failures: string[]): Finished {
  const store = readNotices(state);
  if (store === null) throw new Error("there are no notices");
  const counted: Recount = recount(store);
  const sum = OUTCOMES.reduce((total, outcome) => total + counted.outcomes[outcome], 0);
  if (counted.waiting !== 0) failures.push(`${counted.waiting} notices have no outcome`);
  if (sum !== counted.planned) failures.push(`${counted.planned} planned, ${sum} outcomes`);
  failures.push(...counted.differences);
  const one = (text: string) => Number(store.sql(text).get()?.count);
  const critical = NEVER_HELD.map((category) => `'${category}'`).join(", ");
  const none: readonly (readonly [string, string])[] = [
    ["outcomes of one notice twice", "SELECT count(*) - count(DISTINCT notice_no) AS count FROM outcome"],
    [
      "critical notices that were held back",
      `SELECT count(*) AS count FROM outcome JOIN shape USING (shape_no) JOIN place USING (place_no)
       WHERE category IN (${critical}) AND outcome IN ('suppressed', 'deferred', 'rate_limited')`,
    ],
    [
      "held back without an end, or for longer than 14 days",
      `SELECT count(*) AS count FROM outcome JOIN shape USING (shape_no)
       WHERE outcome IN ('suppressed', 'deferred', 'rate_limited') AND (until_at IS NULL OR until_at > at + ${HELD_MS})`,
    ],
    ["outcomes without a cause or an author", "SELECT count(*) AS count FROM shape WHERE cause = '' OR author = ''"],
    [
      "critical notices that were repeated against one that nobody got",
      `SELECT count(*) AS count FROM outcome JOIN shape USING (shape_no) JOIN place USING (place_no) JOIN thread USING (thread_no)
       WHERE place.category IN (${critical}) AND cause = 'already_sent' AND thread.sent_at IS NULL`,
    ],
  ];
  for (const [what, text] of none) if (one(text) !== 0) failures.push(`${what}: ${one(text)}`);
  const taken = readFileSync(receipts, "utf8").split("\n").slice(0, -1);
  const distinct = new Set(taken);
  const sent = store.sql(
    `SELECT plan_id || '-' || n AS id FROM outcome JOIN shape USING (shape_no) JOIN notice USING (notice_no) JOIN plan USING (plan_no) WHERE outcome = 'sent'`,
  );
  let lost = 0;
  for (const row of sent.iterate()) if (!distinct.has(String(row.id))) lost += 1;
  if (lost > 0) failures.push(`sent, and no provider got it: ${lost}`);
  const report = {
    planned: counted.planned,
    outcomes: counted.outcomes,
    plans: one("SELECT count(*) AS count FROM plan"),
    acknowledgements: one("SELECT count(*) AS count FROM acknowledgement"),
    attempts: one("SELECT count(*) AS count FROM attempt"),
    interrupted: one("SELECT (SELECT count(*) FROM attempt) - (SELECT count(*) FROM result) AS count"),
    taken: taken.length,
    takenAgain: taken.length - distinct.size,
    failures,
  };
  store.close();
  return report;
}
