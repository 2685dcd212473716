// The place of a drill: scratch state, a policy and repositories of its own, and two authorities in it, one that is drilled and one without the second engine.
// Implements spec/drills.md 1.4. SECURITY: nothing of the account's own state is read or written here; what runs here runs on folders that go away.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { CavraError, type JsonObject } from "../base/index.js";
import { askPatiently } from "./ask.js";
import { sleep } from "./clock.js";

export interface Side {
  readonly state: string;
  readonly env: Readonly<Record<string, string>>;
  readonly process: ChildProcess;
  /** What it wrote to standard error and output. */
  readonly log: string;
}

export interface ScratchGiven {
  /** `cavra.cjs` of the installation that is drilled. */
  readonly program: string;
  /** Environment of the drilled authority beside its places. */
  readonly beside: Readonly<Record<string, string>>;
  /** Loaded ahead of both: it ends them with this process. */
  readonly ahead: string;
}

export interface Scratch {
  readonly root: string;
  readonly program: string;
  readonly config: string;
  readonly home: string;
  readonly drilled: Side;
  /** TypeScript alone. */
  readonly alone: Side;
  readonly close: () => Promise<void>;
}

/** A start that takes longer is none. */
const START_MS = 60_000;
const END_MS = 10_000;

export function newScratchRoot(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), "cavra-drill-"));
}

export async function openScratch(root: string, { program, beside, ahead }: ScratchGiven): Promise<Scratch> {
  const [config, home] = [join(root, "config"), join(root, "home")];
  for (const folder of [config, home]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const common = { PATH: process.env.PATH ?? "", HOME: home, CAVRA_CONFIG_DIR: config };
  const started: Side[] = [];
  const side = (name: string, more: Readonly<Record<string, string>>, words: readonly string[]): Side => {
    const env = { ...common, ...more, CAVRA_STATE_DIR: join(root, name) };
    const one = startSide(join(root, name), env, join(root, `${name}.log`), words);
    started.push(one);
    return one;
  };
  const up = ["--require", ahead, program, "up", "--foreground", "--json"];
  const promoted = beside.CAVRA_GO_BACKEND_MODE === "promoted";
  const close = async () => {
    await Promise.all(started.map(endSide));
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const states = ["s", "t"].map((name) => join(root, name));
    for (const state of states) mkdirSync(state, { recursive: true, mode: 0o700 });
    if (promoted) writeRun(join(root, "s"), FAR_END);
    const drilled = side("s", beside, [...up, ...(promoted ? ["--rehearsal"] : [])]);
    const alone = side("t", { CAVRA_GO_BACKEND_MODE: "disabled" }, up);
    await Promise.all([drilled, alone].map(answers));
    return { root, program, config, home, drilled, alone, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** The evidence of a rehearsal's gate ends nowhere near, unless a drill says so. */
export const FAR_END = "9999-12-31T23:59:59.999Z";

/** What an authority that rehearses finds in its state folder (promotion.md 6.5). */
export function writeRun(state: string, evidenceEndsAt: string): void {
  const folder = join(state, "promotion");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const run = { schema_version: "cavra.rehearsal-run.v1", run_id: basename(dirname(state)), evidence_expires_at: evidenceEndsAt };
  writeFileSync(join(folder, "rehearsal.json.new"), `${JSON.stringify(run)}\n`, { mode: 0o600 });
  renameSync(join(folder, "rehearsal.json.new"), join(folder, "rehearsal.json"));
}

function startSide(state: string, env: Readonly<Record<string, string>>, log: string, words: readonly string[]): Side {
  const child = spawn(process.execPath, words, { cwd: dirname(state), env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  // Whoever presses Ctrl-C ends the drill and not what it watches; what is left when the drill's process goes ends with it.
  const kill = () => endGroup(child);
  process.on("exit", kill);
  child.on("exit", () => void process.off("exit", kill));
  const out: Buffer[] = [];
  const keep = (chunk: Buffer) => {
    out.push(chunk);
    writeFileSync(log, Buffer.concat(out).subarray(-LOG_BYTES));
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("error", () => {});
  return { state, env, process: child, log };
}

const LOG_BYTES = 65_536;

/** Throws CavraError `authority_not_started`. */
async function answers(side: Side): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end && side.process.exitCode === null) {
    if ((await statusOf(side)) !== null) return;
    await sleep(20);
  }
  throw new CavraError("authority_not_started", `the authority of the drill does not answer: ${textOf(side.log).slice(-500)}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch {
    return "";
  }
}

export async function statusOf(side: Side): Promise<JsonObject | null> {
  const reply = await askPatiently(side.state, { kind: "status" });
  return reply?.kind === "status" ? reply.status : null;
}

/** With whatever it started: a worker whose stand-in was killed has nobody left who would end it. */
async function endSide({ process: child }: Side): Promise<void> {
  await ended(child);
  endGroup(child);
}

/** A side leads its own group of processes. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill("SIGCONT");
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await over;
  clearTimeout(hard);
}

/** A folder that looks like a repository, with a policy of its own: so it has a keeper and a worker of its own too. */
export function newRepository(root: string, name: string, policy: string): string {
  const repository = join(root, "shops", name);
  mkdirSync(join(repository, ".git"), { recursive: true });
  writeFileSync(join(repository, ".git/HEAD"), "ref: refs/heads/main\n");
  mkdirSync(join(repository, ".cavra"), { recursive: true });
  const rule = `{ id: own.db, match: { effect: write, path: "db/**" }, verdict: deny, severity: low, reason: ${policy} }`;
  writeFileSync(join(repository, ".cavra/policy.yaml"), `schema_version: cavra.policy.v1\nid: own\nversion: 1.0.0\nrules:\n  - ${rule}\n`);
  return repository;
}
