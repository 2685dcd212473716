// Keeps one worker alive and decides whether it is asked. Implements spec/backend.md section 5.
// INVARIANT: `ask` always settles, and at the latest at its deadline. Nothing that happens to the worker reaches a caller but as a code.

import { bad, type Result } from "../base/index.js";
import { newBreaker, startPause } from "./breaker.js";
import type { Answered, Evaluation, FallbackCode, Fault } from "./model.js";
import type { Hello } from "./wire.js";
import { HELLO_MS, startWorker, type Worker, type WorkerSource } from "./worker.js";

export const DEADLINE_MS = 250;
export const MOST_OUT = 256;
/** After so long without a fault a worker counts as sound again. */
const SOUND_MS = 60_000;

export interface Keeper {
  readonly ask: (evaluation: Evaluation, deadlineMs?: number) => Promise<Answered>;
  /** Starts the worker ahead of the first question; true when it is there in time. */
  readonly start: (withinMs: number) => Promise<boolean>;
  /** Ends a worker that is not the program at its path any more. Who is not asked, for want of a lease, would never be found out by a question. */
  readonly look: () => void;
  /** What the worker that runs said of itself; null where none does. */
  readonly hello: () => Hello | null;
  /** Why none runs: the code of a start that went wrong, else `worker_unavailable`. */
  readonly away: () => Fault;
  readonly status: () => KeeperStatus;
  readonly stop: () => Promise<void>;
}

export interface KeeperStatus {
  readonly worker: "none" | "starting" | "running" | "waiting";
  readonly breaker: "closed" | "open" | "trying";
  readonly pid: number | null;
  readonly build: string | null;
  readonly starts: number;
  readonly answered: number;
  readonly faults: Readonly<Partial<Record<FallbackCode, number>>>;
  readonly last_fault: Fault | null;
}

/** It answers; nobody has compared it yet, or it differed. */
const HELD_BACK: readonly FallbackCode[] = ["campaign_missing", "campaign_mismatch"];
/** These say nothing against the worker. */
const NO_FAULT: readonly FallbackCode[] = ["worker_busy", "circuit_open", "worker_unavailable", "refused", ...HELD_BACK];

export function openKeeper(source: WorkerSource, clock: () => number = Date.now, helloMs: number = HELLO_MS): Keeper {
  return new WorkerKeeper(source, clock, helloMs);
}

/** Why Go cannot answer where no worker runs. Problem: a fallback code. */
export function awayOf(keeper: Keeper | null): Result<never> {
  const { code, message } = keeper?.away() ?? { code: "worker_unavailable", message: "nothing is asked here" };
  return bad(code, message);
}

class WorkerKeeper implements Keeper {
  readonly #source: WorkerSource;
  readonly #clock: () => number;
  readonly #helloMs: number;
  readonly #breaker = newBreaker();
  readonly #faults: Partial<Record<FallbackCode, number>> = {};
  #worker: Worker | null = null;
  #starting: Promise<Worker | null> | null = null;
  #notBefore = 0;
  #failures = 0;
  #starts = 0;
  #answered = 0;
  #lastFault: Fault | null = null;
  #lastFaultAt = 0;
  #stopped = false;

  constructor(source: WorkerSource, clock: () => number, helloMs: number) {
    this.#source = source;
    this.#clock = clock;
    this.#helloMs = helloMs;
  }

  async ask(evaluation: Evaluation, deadlineMs: number = DEADLINE_MS): Promise<Answered> {
    const begun = this.#clock();
    if (this.#stopped) return this.#told({ code: "worker_unavailable", message: "the worker was stopped" });
    if (!this.#breaker.mayAsk(begun)) return this.#told({ code: "circuit_open", message: whyOpen(this.#lastFault) });
    const isTrial = this.#breaker.state(begun) !== "closed";
    const answered = await this.#askNow(evaluation, deadlineMs, begun);
    if (!answered.ok) return this.#told(answered, isTrial);
    this.#answered++;
    this.#breaker.good();
    return answered;
  }

  async #askNow(evaluation: Evaluation, deadlineMs: number, begun: number): Promise<Answered> {
    if ((this.#worker?.out() ?? 0) >= MOST_OUT) return fault({ code: "worker_busy", message: `${MOST_OUT} requests are out already` });
    const worker = await this.#ready(deadlineMs);
    if (worker === null) return fault(this.away());
    const held = this.#source.heldBack?.(worker.hello) ?? null;
    if (held !== null) return fault(held);
    const leftMs = deadlineMs - (this.#clock() - begun);
    if (leftMs < 1) return fault({ code: "worker_unavailable", message: "it did not start in time" });
    return worker.ask(evaluation, leftMs);
  }

  async start(withinMs: number): Promise<boolean> {
    return (await this.#ready(withinMs)) !== null;
  }

  look(): void {
    this.#worker?.look();
  }

  hello(): Hello | null {
    return this.#worker?.hello ?? null;
  }

  away(): Fault {
    return startFault(this.#lastFault);
  }

  status(): KeeperStatus {
    const now = this.#clock();
    const idle = now < this.#notBefore ? "waiting" : "none";
    return {
      worker: this.#worker !== null ? "running" : this.#starting !== null ? "starting" : idle,
      breaker: this.#breaker.state(now),
      pid: this.#worker?.hello.pid ?? null,
      build: this.#worker?.hello.build ?? null,
      starts: this.#starts,
      answered: this.#answered,
      faults: { ...this.#faults },
      last_fault: this.#lastFault,
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#starting;
    await this.#worker?.stop();
  }

  /** The worker, started if need be; null when it is away, or is not there in time. */
  async #ready(deadlineMs: number): Promise<Worker | null> {
    if (this.#worker !== null) return this.#worker;
    if (this.#starting === null && this.#clock() < this.#notBefore) return null;
    this.#starting ??= this.#start();
    return Promise.race([this.#starting, after(deadlineMs)]);
  }

  async #start(): Promise<Worker | null> {
    this.#starts++;
    const started = await startWorker(this.#source, this.#helloMs);
    this.#starting = null;
    if (!started.ok) {
      this.#gone(started.fault);
      return null;
    }
    const { worker } = started;
    this.#worker = worker;
    // Ahead of the first question: who holds it back may see to it that it need not be.
    this.#source.heldBack?.(worker.hello);
    void worker.ended.then((fault) => {
      if (this.#worker === worker) this.#gone(fault);
    });
    return worker;
  }

  #gone(fault: Fault): void {
    const now = this.#clock();
    this.#worker = null;
    this.#failures = now - this.#lastFaultAt > SOUND_MS ? 1 : this.#failures + 1;
    this.#notBefore = now + startPause(this.#failures);
    this.#lastFaultAt = now;
    // One that was ended because the breaker opened had its faults before.
    if (fault.code !== "circuit_open") this.#lastFault = fault;
  }

  /** A trial ends with whatever came of it. The temptation is to let each fault meanwhile end it: whoever must wait for it is told `circuit_open`. */
  #told({ code, message }: Fault, isTrial = false): Answered {
    this.#faults[code] = (this.#faults[code] ?? 0) + 1;
    const speaks = isTrial || (!NO_FAULT.includes(code) && this.#breaker.state(this.#clock()) === "closed");
    if (code === "refused" || HELD_BACK.includes(code)) this.#breaker.good();
    else if (speaks) {
      this.#breaker.fault(this.#clock());
      this.#lastFault = { code, message };
      this.#lastFaultAt = this.#clock();
      // Whoever hangs would hang in the trial too: that is asked of a new one. One that only started too late for this question is there for the next.
      if (code !== "worker_unavailable" && this.#breaker.state(this.#clock()) === "open")
        this.#worker?.end({ code: "circuit_open", message: whyOpen(this.#lastFault) });
    }
    return fault({ code, message });
  }
}

function fault({ code, message }: Fault): Answered {
  return { ok: false, code, message };
}

function whyOpen(last: Fault | null): string {
  return last === null ? "it failed too often" : `it failed too often, last with ${last.code}: ${last.message}`;
}

/** While a worker that could not be started is away, its own code says more than that it is away. */
function startFault(last: Fault | null): Fault {
  if (last !== null && START_CODES.includes(last.code)) return last;
  return {
    code: "worker_unavailable",
    message: last === null ? "it did not start in time" : `it is away after ${last.code}: ${last.message}`,
  };
}

const START_CODES: readonly FallbackCode[] = [
  "runtime_missing",
  "runtime_not_executable",
  "runtime_wrong_digest",
  "protocol_mismatch",
  "catalogue_mismatch",
  "policy_mismatch",
  "policy_not_loaded",
  "registry_mismatch",
  "registry_not_loaded",
];

function after(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ms).unref();
  });
}
