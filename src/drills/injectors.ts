// How each fault is done, and undone, to a running authority and the real worker. Implements spec/drills.md 1.2.
// What cannot be done as it is has a stand-in, and the experiment says so; none of it is reported as seen: that is for the calls to show.

import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CavraError, formatTime } from "../base/index.js";
import type { FaultName } from "../promotion/index.js";
import { nowUs, sleep, until } from "./clock.js";
import type { RuntimePath } from "./runtime-path.js";
import { FAR_END, writeRun } from "./scratch.js";
import type { KnownWorker, Shop, Stage } from "./stage.js";

/** Where a fault is done. */
export interface Scene {
  readonly stage: Stage;
  readonly shop: Shop;
  readonly worker: KnownWorker;
  readonly runtime: RuntimePath;
  /** Calls that are out, and how many there can be. */
  readonly out: () => number;
  readonly callers: number;
  /** Notes what was done, now, and what came back. */
  readonly did: (name: string, output: string) => void;
  /** Kept between doing and undoing. */
  readonly kept: Map<string, Uint8Array>;
}

export interface Injector {
  /** What a program between keeper and worker does to one answer; "" where the real binary stands at the path. */
  readonly way: string;
  /** Only calls whose line begins so are its victims. */
  readonly only: string;
  /** What stands in for what; "" where nothing does. */
  readonly standIn: string;
  /** Answers with the moment of the fault. */
  readonly inject: (scene: Scene, watchMs: number) => Promise<number>;
  readonly restore: (scene: Scene) => Promise<void>;
}

const NOTHING: Omit<Injector, "inject"> = {
  way: "",
  only: "",
  standIn: "",
  restore: async () => {},
};

/** Milliseconds by which the clock of a drilled authority is moved. */
export const CLOCK_FILE = "clock";
const DAY_MS = 86_400_000;

const BETWEEN = "a program between keeper and real worker damages one answer";

const INJECTORS: Readonly<Partial<Record<FaultName, Injector>>> = {
  sigkill: plain(async (scene) => signal(scene, "SIGKILL")),
  sigstop: plain(
    async (scene) => signal(scene, "SIGSTOP"),
    async (scene) => void signal(scene, "SIGCONT"),
  ),
  crash_loop: plain(crashLoop),
  oom_kill: {
    ...plain(outOfMemory),
    standIn: "a limit on the worker's writable memory (RLIMIT_DATA) in place of the kernel's killer, and long lines that need more",
  },
  garbage: between("garbage"),
  half_frame: between("half a line, then gone"),
  slow_drip: between("a byte a second"),
  wrong_id: between("another id"),
  late_answer: between("late"),
  lying_allow: between("a weaker verdict", "touch "),
  vanished_socket: between("its socket replaced"),
  exhausted_descriptors: {
    ...between("no descriptors"),
    standIn: "a program between keeper and real worker starts it with three file descriptors",
    inject: async (scene) => {
      scene.runtime.fire();
      return signal(scene, "SIGKILL");
    },
  },
  stale_policy: plain(
    async (scene) => replacePolicy(scene, anotherPolicy(scene)),
    async (scene) => restorePolicy(scene),
  ),
  swapped_policy: plain(
    async (scene) => replacePolicy(scene, keptPolicy(scene).subarray(0, 5_000)),
    async (scene) => restorePolicy(scene),
  ),
  swapped_binary: plain(
    async ({ runtime, did }) => {
      const at = nowUs();
      runtime.rebuild();
      did("install another build", runtime.path);
      return at;
    },
    async ({ runtime, did }) => {
      runtime.installReal();
      did("install the release candidate", runtime.path);
    },
  ),
  clock_jump: {
    ...plain(
      async (scene) => moveClock(scene, -DAY_MS),
      async (scene) => void moveClock(scene, 0),
    ),
    standIn: "a function that is loaded ahead of the authority moves its wall clock",
  },
  full_disk: {
    ...plain(
      async (scene) => {
        const at = nowUs();
        limitDisk(scene, "1:unlimited");
        return at;
      },
      async (scene) => limitDisk(scene, "unlimited:unlimited"),
    ),
    standIn: "a limit on the size of every file that the authorities write (RLIMIT_FSIZE) in place of a disk without room",
  },
  revoked_lease: plain(async ({ stage, did }) => {
    const at = nowUs();
    rmSync(join(stage.scratch.drilled.state, "promotion/leases"), { recursive: true, force: true });
    did("remove the leases", "promotion/leases");
    return at;
  }),
  expired_evidence: plain(expireEvidence, async ({ stage, did }) => {
    writeRun(stage.scratch.drilled.state, FAR_END);
    did("evidence that holds", FAR_END);
  }),
  operator_rollback: plain(async ({ stage, did }) => {
    const { program, drilled } = stage.scratch;
    const ended = await run([program, "runtime", "go-rollback", "--reason", "a drill"], drilled.env);
    did("cavra runtime go-rollback", ended);
    return stoodSince(join(drilled.state, "promotion/hold"));
  }, liftHold),
};

/** Throws CavraError `fault_not_possible` for one that cannot be done here. */
export function injectorOf(fault: FaultName): Injector {
  const injector = INJECTORS[fault];
  if (injector !== undefined) return injector;
  throw new CavraError("fault_not_possible", `\`${fault}\` cannot be done here`);
}

function plain(inject: Injector["inject"], restore: Injector["restore"] = async () => {}): Injector {
  return { ...NOTHING, inject, restore };
}

function between(way: string, only = ""): Injector {
  return {
    ...NOTHING,
    way,
    only,
    standIn: BETWEEN,
    inject: async ({ runtime, did }, watchMs) => {
      const askedUs = nowUs();
      runtime.fire();
      // The fault is when the answer is damaged, not when that was asked for.
      await until(() => runtime.damagedUs(askedUs) >= 0, watchMs, 2);
      const at = runtime.damagedUs(askedUs);
      did(way, at < 0 ? "no answer was damaged" : `damaged after ${at - askedUs} µs`);
      return at < 0 ? askedUs : at;
    },
    // One that lied is held until a person lifts it: the drill's own hold goes with the drill.
    restore: async (scene) => {
      scene.runtime.calm();
      await liftHold(scene);
    },
  };
}

/** A stand-in's own process id is not the worker's: what is ended is what answers. */
function signal({ worker, did }: Scene, name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): number {
  const at = nowUs();
  try {
    process.kill(worker.pid, name);
    did(name, `process ${worker.pid}`);
  } catch (thrown) {
    did(name, thrown instanceof Error ? thrown.message : String(thrown));
  }
  return at;
}

/** The fault is when the worker ends, and not when it was given no more. */
async function outOfMemory(scene: Scene, watchMs: number): Promise<number> {
  const { worker, stage, shop, did } = scene;
  prlimit(did, worker.pid, "--data=1");
  let endedUs = -1;
  const asking = Promise.all(Array.from({ length: LONG_LINES }, () => stage.touch(shop, `ls # ${"x".repeat(LONG_LINE_BYTES)}`)));
  await until(
    () => {
      endedUs = isRunning(worker.pid) ? -1 : nowUs();
      return endedUs >= 0;
    },
    watchMs * 5,
    1,
  );
  did("ask with long lines", endedUs < 0 ? "the worker lives on" : "the worker ended");
  await asking;
  return endedUs < 0 ? nowUs() : endedUs;
}

/** Who ended and was not asked after is gone, too. */
function isRunning(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.charAt(text.lastIndexOf(")") + 2) !== "Z";
  } catch {
    return false;
  }
}

/** Longer ones are not on record as a whole (redaction.md). */
const [LONG_LINES, LONG_LINE_BYTES] = [16, 60_000];

function moveClock({ stage, did }: Scene, byMs: number): number {
  const at = nowUs();
  writeFileSync(join(stage.scratch.root, CLOCK_FILE), String(byMs));
  did("move the clock", `by ${byMs} ms`);
  return at;
}

/** The lease that stands then ends with the evidence, in the moment in which it has ended. */
async function expireEvidence({ stage, did }: Scene): Promise<number> {
  const endsMs = Date.now() + EVIDENCE_LEFT_MS;
  const endsUs = nowUs() + EVIDENCE_LEFT_MS * 1_000;
  writeRun(stage.scratch.drilled.state, formatTime(endsMs));
  did("let the evidence end", formatTime(endsMs));
  await sleep(EVIDENCE_LEFT_MS);
  return endsUs;
}

/** More than half a lease: it is renewed once until then, and not beyond the evidence's end. */
const EVIDENCE_LEFT_MS = 3_500;

/** When the file was put there, by the clock of the drill; now where it was not. */
function stoodSince(path: string): number {
  const about = statSync(path, { bigint: true, throwIfNoEntry: false });
  const aheadUs = Date.now() * 1_000 - nowUs();
  return about === undefined ? nowUs() : Math.min(nowUs(), Number(about.ctimeNs / 1_000n) - aheadUs);
}

/** Lifting a hold is for people; this one is the drill's own, and goes with its folder. */
async function liftHold({ stage, did }: Scene): Promise<void> {
  rmSync(join(stage.scratch.drilled.state, "promotion/hold"), { recursive: true, force: true });
  did("take away the drill's own hold", "");
}

function run(words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => out.push(chunk));
    child.on("error", (error) => settle(error.message));
    child.on("close", (status) => settle(`${status}: ${Buffer.concat(out).toString("utf8").trim()}`.slice(0, 500)));
  });
}

/** TypeScript alone has the same room, so that what neither can put on record both must refuse. */
function limitDisk({ stage, did }: Scene, words: string): void {
  for (const side of [stage.scratch.drilled, stage.scratch.alone]) prlimit(did, side.process.pid ?? -1, `--fsize=${words}`);
}

/** Each worker is killed when all callers wait for it: so each of them finds it gone. */
async function crashLoop(scene: Scene, watchMs: number): Promise<number> {
  let [first, last] = [-1, -1];
  const opened = async () => {
    const worker = await scene.stage.worker(scene.shop);
    if (worker?.running === true && worker.pid !== last) {
      last = worker.pid;
      signal({ ...scene, worker }, "SIGSTOP");
      await until(() => scene.out() >= scene.callers, WAIT_MS, 1);
      const at = signal({ ...scene, worker }, "SIGKILL");
      first = first < 0 ? at : first;
    }
    return worker !== null && !worker.closed;
  };
  const open = await until(opened, Math.max(watchMs, LOOP_MS), 5);
  scene.did("look at the breaker", open ? "open" : "closed");
  return first < 0 ? nowUs() : first;
}

/** Less than a deadline. */
const WAIT_MS = 150;
/** Five faults within ten seconds open a breaker; a busy machine needs a while to start as many workers. */
const LOOP_MS = 20_000;

function prlimit(did: Scene["did"], pid: number, what: string): void {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(pid), what], { encoding: "utf8" });
  did(`prlimit ${what}`, status === 0 ? `process ${pid}` : String(stderr).slice(0, 200));
}

function policyFile({ stage, worker }: Scene): string {
  return join(stage.scratch.drilled.state, "runtime", `${worker.policy.slice("sha256:".length)}.json`);
}

function keptPolicy(scene: Scene): Buffer {
  return readFileSync(policyFile(scene));
}

/** Whole, and not the one in force. Throws CavraError `policy_missing`. */
function anotherPolicy(scene: Scene): Uint8Array {
  const folder = join(scene.stage.scratch.drilled.state, "runtime");
  const other = readdirSync(folder).find((name) => !policyFile(scene).endsWith(name));
  if (other === undefined) throw new CavraError("policy_missing", "there is no other policy to put in the place of this one");
  return readFileSync(join(folder, other));
}

function replacePolicy(scene: Scene, text: Uint8Array): number {
  scene.kept.set("policy", keptPolicy(scene));
  writeFileSync(policyFile(scene), text);
  scene.did("replace the compiled policy's file", `${text.length} bytes`);
  return signal(scene, "SIGKILL");
}

async function restorePolicy(scene: Scene): Promise<void> {
  const kept = scene.kept.get("policy");
  if (kept !== undefined) writeFileSync(policyFile(scene), kept);
  scene.did("put the compiled policy's file back", `${kept?.length ?? 0} bytes`);
  await sleep(1);
}
