// The rounds of a drill: under load, a fault at a moment when something is out, and everything that comes of it. Implements spec/drills.md 1.4.

import { CavraError } from "../base/index.js";
import type { DrillAction, Experiment } from "../promotion/index.js";
import { nowUs, sleep, until } from "./clock.js";
import type { Injector, Scene } from "./injectors.js";
import { type Call, type Load, startLoad } from "./load.js";
import type { RuntimePath } from "./runtime-path.js";
import { expectedOf, type KnownWorker, type Shop, type Stage } from "./stage.js";
import type { Seen } from "./written-down.js";

export interface RoundSetting {
  readonly experiment: Experiment;
  readonly stage: Stage;
  readonly runtime: RuntimePath;
  readonly injector: Injector;
  readonly seen: Seen;
  readonly onProgress: (done: number, all: number) => void;
  readonly isOver: () => boolean;
}

const READY_MS = 120_000;
/** A breaker that opened lets nobody ask for as long as this, and a minute at most. */
const BACK_MS = 180_000;

/** One round, watched for its whole time: the fault may do its work slowly. */
export async function oneRound(setting: RoundSetting): Promise<void> {
  const { experiment, stage, injector, seen, onProgress } = setting;
  const [shop] = stage.shops as readonly [Shop];
  await readied(stage, shop);
  onProgress(1, 5);
  const load = loadOn(setting, shop, "r0");
  await sleep(experiment.before_ms);
  const { scene, actions } = await sceneOn(setting, shop, load);
  const faultUs = await injector.inject(scene, experiment.watch_ms);
  onProgress(2, 5);
  await sleep(experiment.watch_ms);
  await load.stop();
  const watchedUs = nowUs();
  // What could not be put on record then must be refused by TypeScript alone then, too.
  await noteExpected(
    setting,
    load.calls.filter(({ unrecordable }) => unrecordable),
  );
  await injector.restore(scene);
  onProgress(3, 5);
  const restored = await stage.worker(shop);
  const after = loadOn(setting, shop, "r1");
  await until(() => isBack(stage, shop, restored), BACK_MS, 20);
  await sleep(experiment.before_ms);
  await after.stop();
  onProgress(4, 5);
  seen.rounds.push({ faultUs, watchedUs, actions, calls: load.calls });
  seen.after.push(...after.calls);
  seen.other.push(...stage.calls);
  await noteExpected(
    setting,
    [...load.calls, ...after.calls].filter((call) => !seen.expected.has(call)),
  );
  onProgress(5, 5);
}

/**
 * The worker runs, may be asked, and has answered since: one that still runs when what was done is undone may be the wrong one, which the next question ends.
 * Then the right one has to start, and its lease to be issued.
 */
async function isBack(stage: Stage, shop: Shop, restored: KnownWorker | null): Promise<boolean> {
  const worker = await stage.worker(shop);
  if (worker === null || !worker.running || !worker.closed || !worker.allowed) return false;
  return worker.answered > (restored?.answered ?? 0);
}

/** Many short rounds: each shop's worker is there when its turn comes, and no later than TypeScript has answered all the next one begins. */
export async function manyRounds(setting: RoundSetting): Promise<void> {
  const { experiment, stage, seen, onProgress, isOver } = setting;
  const { shops } = stage;
  let next = readied(stage, shopAt(shops, 0));
  for (let round = 0; round < experiment.rounds && !isOver(); round++) {
    await next;
    const shop = shopAt(shops, round);
    const calls = await shortRound(setting, shop, round);
    next = readied(stage, shopAt(shops, round + 1));
    next.catch(() => {});
    // Between the rounds: TypeScript alone would take a processor from the very answers that are measured.
    await noteExpected(setting, calls);
    onProgress(round + 1, experiment.rounds);
  }
  await next;
  await steadyAfter(setting, shopAt(shops, experiment.rounds));
  seen.other.push(...stage.calls);
}

async function shortRound(setting: RoundSetting, shop: Shop, round: number): Promise<readonly Call[]> {
  const { experiment, injector, seen } = setting;
  const load = loadOn(setting, shop, `r${round}`);
  await until(
    () => new Set(load.calls.filter(({ endedUs }) => endedUs > 0).map(({ caller }) => caller)).size === experiment.callers,
    READY_MS,
    1,
  );
  const { scene, actions } = await sceneOn(setting, shop, load);
  const faultUs = await injector.inject(scene, experiment.watch_ms);
  const isAnswered = () => {
    const later = load.calls.filter(({ begunUs, endedUs }) => begunUs > faultUs && endedUs > 0);
    return new Set(later.map(({ caller }) => caller)).size === experiment.callers;
  };
  await until(isAnswered, experiment.watch_ms, 1);
  const watchedUs = nowUs();
  await load.stop();
  await injector.restore(scene);
  seen.rounds.push({ faultUs, watchedUs, actions, calls: load.calls });
  return load.calls;
}

async function steadyAfter(setting: RoundSetting, shop: Shop): Promise<void> {
  const { experiment, seen } = setting;
  const load = loadOn(setting, shop, "after");
  await sleep(experiment.before_ms);
  await load.stop();
  await noteExpected(setting, load.calls);
  seen.after.push(...load.calls);
}

function shopAt(shops: readonly Shop[], round: number): Shop {
  const shop = shops[round % shops.length];
  if (shop === undefined) throw new CavraError("internal_error", "a stage has a shop");
  return shop;
}

/** Throws CavraError `worker_unavailable`. */
async function readied(stage: Stage, shop: Shop): Promise<void> {
  if (await stage.ready(shop, READY_MS)) return;
  throw new CavraError("worker_unavailable", "the second engine did not answer before the fault");
}

function loadOn({ experiment, stage }: RoundSetting, { repository }: Shop, tail: string): Load {
  const { lines, callers, pause_us } = experiment;
  return startLoad({ scratch: stage.scratch, repository, lines, callers, pauseUs: pause_us, tail });
}

/** When something is out: a fault that nobody waits through shows nothing. */
async function sceneOn({ stage, runtime, experiment }: RoundSetting, shop: Shop, load: Load) {
  const worker = await stage.worker(shop);
  if (worker === null) throw new CavraError("worker_unavailable", "the second engine went before the fault");
  const actions: { us: number; action: Omit<DrillAction, "at_us"> }[] = [];
  const did = (name: string, output: string) => void actions.push({ us: nowUs(), action: { name, output } });
  const scene: Scene = { stage, shop, worker, runtime, did, kept: new Map(), out: load.out, callers: experiment.callers };
  await until(() => load.out() > 0, experiment.watch_ms, 1);
  return { scene, actions };
}

async function noteExpected({ stage, seen }: RoundSetting, calls: readonly Call[]): Promise<void> {
  const answers = await expectedOf(stage.scratch, calls);
  for (const [at, call] of calls.entries()) seen.expected.set(call, answers[at] ?? "");
}
