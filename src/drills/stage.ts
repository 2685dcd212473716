// A drill's stage: authorities that run, workers that have been compared and answer, and calls whose fate is looked up at the end. Implements spec/drills.md 1.4.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type JsonObject } from "../base/index.js";
import { ensurePrivateFolder } from "../store/index.js";
import { until } from "./clock.js";
import { answerAlone, type Call, startLoad } from "./load.js";
import { newRepository, type Scratch, statusOf } from "./scratch.js";

export interface KnownWorker {
  readonly policy: string;
  readonly build: string;
  readonly pid: number;
  readonly running: boolean;
  readonly closed: boolean;
  readonly answered: number;
  /** Go may answer by its policy: no mode, lease or hold stands against it. */
  readonly allowed: boolean;
}

/** Results of first campaigns by build and policy: a drill that follows another asks for the same ones. */
export type Campaigns = Map<string, string>;

/** A repository, and the digest of its policy once it is known. */
export interface Shop {
  readonly repository: string;
  policy: string;
}

export interface Stage {
  readonly scratch: Scratch;
  readonly shops: readonly Shop[];
  /** Every call that was made, the ones that only warmed something up too. */
  readonly calls: Call[];
  readonly worker: (shop: Shop) => Promise<KnownWorker | null>;
  /** One call, for what it sets going. */
  readonly touch: (shop: Shop, line?: string) => Promise<void>;
  /** Makes the worker of a shop one that answers. False where it did not come to that in time. */
  readonly ready: (shop: Shop, withinMs: number) => Promise<boolean>;
}

const CAMPAIGN_MS = 300_000;

export function newStage(scratch: Scratch, shops: number): Stage {
  const calls: Call[] = [];
  let touched = 0;
  const touch = async (shop: Shop, line = "ls #") => {
    const load = startLoad({
      scratch,
      repository: shop.repository,
      lines: [line],
      callers: 1,
      pauseUs: 0,
      tail: `w${touched++}`,
    });
    await load.stop();
    calls.push(...load.calls);
  };
  const worker = async (shop: Shop) => {
    const workers = await workersOf(scratch);
    return (shop.policy === "" ? workers.at(-1) : workers.find(({ policy }) => policy === shop.policy)) ?? null;
  };
  const ready = async (shop: Shop, withinMs: number) => {
    const answers = async () => {
      const known = await worker(shop);
      if (known === null || !known.running) await touch(shop);
      if (known === null) return false;
      shop.policy = shop.policy === "" ? known.policy : shop.policy;
      if (known.running && known.answered === 0) await touch(shop);
      return known.running && known.closed && known.allowed && known.answered > 0;
    };
    return until(answers, withinMs, 10);
  };
  return {
    scratch,
    shops: Array.from({ length: shops }, (_, index) => ({
      repository: newRepository(scratch.root, `shop-${index}`, `shop ${index}`),
      policy: "",
    })),
    calls,
    worker,
    touch,
    ready,
  };
}

async function workersOf(scratch: Scratch): Promise<readonly KnownWorker[]> {
  const status = await statusOf(scratch.drilled);
  const workers = Array.isArray(status?.workers) ? (status.workers as readonly JsonObject[]) : [];
  const promotion = (status?.promotion ?? null) as JsonObject | null;
  const leases = Array.isArray(promotion?.leases) ? (promotion.leases as readonly JsonObject[]) : [];
  const isAllowed = (policy: string) =>
    promotion === null || (promotion.held === false && leases.some((one) => one.policy_digest === policy && one.lease_id !== ""));
  return workers.map(({ policy_digest, build, pid, worker, breaker, answered }) => ({
    policy: String(policy_digest),
    build: typeof build === "string" ? build : "",
    pid: typeof pid === "number" ? pid : -1,
    running: worker === "running",
    closed: breaker === "closed",
    answered: Number(answered),
    allowed: isAllowed(String(policy_digest)),
  }));
}

/**
 * Each shop's policy is compared before Go is asked by it (backend.md section 11): by the authority's own campaign, or one of this very build and policy
 * that an earlier drill of this run has waited for. Throws CavraError `campaign_unfinished`.
 */
export async function compared(stage: Stage, campaigns: Campaigns): Promise<void> {
  for (const shop of stage.shops) {
    const known = await metWorker(stage, shop);
    const key = `${known.build} ${known.policy}`;
    const path = join(stage.scratch.drilled.state, "parity", `${known.policy.slice("sha256:".length)}.json`);
    const kept = campaigns.get(key);
    if (kept !== undefined) {
      ensurePrivateFolder(join(stage.scratch.drilled.state, "parity"));
      writeFileSync(path, kept, { mode: 0o600 });
    }
    const isThere = () => textOf(path).includes(known.build);
    if (!(await until(isThere, CAMPAIGN_MS, 50)))
      throw new CavraError("campaign_unfinished", "the first campaign of the drill's policy did not come to its end");
    campaigns.set(key, textOf(path));
  }
}

async function metWorker(stage: Stage, shop: Shop): Promise<KnownWorker> {
  let known: KnownWorker | null = null;
  const met = async () => {
    await stage.touch(shop);
    known = await stage.worker(shop);
    if (known?.running === true) shop.policy = known.policy;
    return known?.running === true;
  };
  if ((await until(met, CAMPAIGN_MS, 50)) && known !== null) return known;
  throw new CavraError("worker_unavailable", "no worker of the second engine came up for the drill");
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** What TypeScript alone answers to each of the calls, in their order; "" where it could not be asked. */
export async function expectedOf(scratch: Scratch, calls: readonly Call[]): Promise<readonly string[]> {
  const expected: string[] = [];
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < calls.length; at = next++) {
      const call = calls[at];
      if (call !== undefined) expected[at] = await answerAlone(scratch, call);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return expected;
}

const LANES = 4;
