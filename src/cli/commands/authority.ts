// `cavra up` and `cavra down`: the authority that stays, started and ended. Implements spec/backend.md 8.6 and spec/cli.md section 5.
// SECURITY: nobody is ended by force but the very process that wrote `authority.json`: its number alone may be another's by now.

import { spawn } from "node:child_process";
import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { compileSources, VERSION } from "../../authority/index.js";
import { CavraError, type JsonObject, ok, type Problem, parseJson, type Result } from "../../base/index.js";
import {
  askAuthority,
  byCommand,
  type Drain,
  daemonPlaces,
  isAlive,
  type Observe,
  type Question,
  type RunningAuthority,
  readAbout,
  startAuthority,
} from "../../daemon/index.js";
import { DOCUMENT_VARIABLES } from "../../release/index.js";
import { configDir, ensurePrivateFolder, holdLock, SYSTEM_CLOCK, stateDir } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { saySecondEngine } from "../second-engine.js";
import { report, type Terminal } from "../terminal.js";
import { readSettings } from "./runtime/settings.js";

/** How long a start may take, and an end, before it is forced. */
export const START_MS = 10_000;
export const END_MS = 5_000;
const LOOK_MS = 20;
/** How long one that has said who it is may take to answer. */
const HUNG_MS = 3_000;
/** How long `up` waits for a campaign that its authority runs. */
export const CAMPAIGN_WAIT_MS = 10_000;
const CAMPAIGN_LOOK_MS = 100;

export interface UpOptions {
  readonly foreground?: boolean;
  /** Only for a rehearsal's own scratch folders. */
  readonly rehearsal?: boolean;
  readonly json?: boolean;
}

export async function up(terminal: Terminal, options: UpOptions): Promise<ExitStatus> {
  if (options.foreground === true) return stay(terminal, options);
  const known = await ask(terminal, { kind: "status" });
  if (known.ok) return said(terminal, options, "running", known);
  const { about: aboutPath, lock, log } = daemonPlaces(stateDir(terminal.env));
  const about = readAbout(aboutPath);
  if (about !== null && isAlive(about)) {
    // It says who it is before it listens: one that was started just now is not hung.
    const answered = await answering(terminal, HUNG_MS);
    return answered === null ? report(terminal, hung(about.pid), options.json === true) : said(terminal, options, "running", answered);
  }
  ensurePrivateFolder(dirname(log));
  const child = startBehind(terminal, log);
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += LOOK_MS) {
    await sleep(LOOK_MS);
    const asked = await ask(terminal, { kind: "status" });
    if (asked.ok) {
      await compared(terminal);
      return said(terminal, options, asked.hello.pid === child.pid() ? "started" : "running", asked);
    }
    // One that was started at the same time may hold the lock, and be on its way to an answer.
    if (child.hasEnded() && !isStarting(lock)) break;
  }
  const last = await ask(terminal, { kind: "status" });
  return last.ok ? said(terminal, options, "running", last) : report(terminal, whyNot(log), options.json === true);
}

/** What answers within this time, or null. */
async function answering(terminal: Terminal, withinMs: number): Promise<Answered | null> {
  const endMs = SYSTEM_CLOCK.nowMs() + withinMs;
  for (;;) {
    const asked = await ask(terminal, { kind: "status" });
    if (asked.ok) return asked;
    if (SYSTEM_CLOCK.nowMs() >= endMs) return null;
    await sleep(LOOK_MS);
  }
}

/** Does somebody hold the lock of an authority? */
function isStarting(lock: string): boolean {
  const unlock = holdLock(lock);
  unlock?.();
  return unlock === null;
}

/** Waits for the first campaign of the host's policy, so that what is asked next is compared; not without end, because nobody's answer hangs on it. */
async function compared(terminal: Terminal): Promise<void> {
  for (let waitedMs = 0; waitedMs < CAMPAIGN_WAIT_MS; waitedMs += CAMPAIGN_LOOK_MS) {
    const asked = await ask(terminal, { kind: "status" });
    if (!asked.ok || asked.reply.kind !== "status" || !isComparing(asked.reply.status)) return;
    await sleep(CAMPAIGN_LOOK_MS);
  }
}

function isComparing({ workers, campaigns }: JsonObject): boolean {
  const { running, waiting } = (campaigns ?? {}) as JsonObject;
  const awaitsHello = Array.isArray(workers) && workers.some((worker) => (worker as JsonObject).worker === "starting");
  return awaitsHello || running === true || (typeof waiting === "number" && waiting > 0);
}

/** Becomes the authority, until it is asked to end. */
async function stay(terminal: Terminal, options: UpOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const begun = await beginHere(terminal, options.rehearsal === true);
  if (!begun.ok) return report(terminal, begun.problem, json);
  const running = begun.value;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, running.stop);
  const { pid, socket, started_at } = running;
  terminal.print(json ? `${JSON.stringify({ state: "started", pid, started_at, socket })}\n` : `listening on ${socket} (process ${pid})\n`);
  await running.ended;
  return EXIT.done;
}

/** This process is the authority from now on. Problems: those of readSettings. Throws as startAuthority does. */
export async function beginHere(
  terminal: Terminal,
  rehearses: boolean,
  observe?: Observe,
  drain: Drain = byCommand([...SELF, "evidence", "list", "--limit", "1", "--json"], ownEnvironment(terminal)),
): Promise<Result<RunningAuthority>> {
  process.umask(0o077);
  // Another deadline than one that can be is a wrong call; a mode that is none falls back with each call, as in a hook.
  const settings = readSettings({ mode: "disabled" }, terminal);
  if (!settings.ok) return settings;
  const { runtimePath, deadlineMs, leaseMs } = settings.value;
  const running = await startAuthority({
    env: ownEnvironment(terminal),
    compiler: () => compileSources,
    program: installedFiles(),
    mode: terminal.env.CAVRA_GO_BACKEND_MODE || "disabled",
    runtimePath,
    deadlineMs,
    drain,
    campaignCommand: [...SELF, "runtime", "go-parity", "first", "--json"],
    leaseMs,
    rehearses,
    ...(observe === undefined ? {} : { observe }),
  });
  return ok(running);
}

/** This very program, as a command. */
export const SELF: readonly string[] = [process.execPath, join(import.meta.dirname, "cavra.cjs")];

/** What the authority's own work is done with: its folders, whatever the environment would say of them elsewhere. */
export function ownEnvironment({ env }: Pick<Terminal, "env">): Terminal["env"] {
  return { ...env, CAVRA_STATE_DIR: stateDir(env), CAVRA_CONFIG_DIR: configDir(env) };
}

/** What makes up this installation: the door and what it loads. */
function installedFiles(): readonly string[] {
  return ["cavra.cjs", "cli.cjs", "hook.cjs", "server.cjs", "team.cjs", "catalogue.packed"].map((name) => join(import.meta.dirname, name));
}

const HANDED_ON = /^(HOME|PATH|TMPDIR|USER|LOGNAME|SHELL|XDG_\w+|CAVRA_\w+)$/;

function startBehind(terminal: Terminal, log: string): { readonly pid: () => number | undefined; readonly hasEnded: () => boolean } {
  const out = openSync(log, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0), 0o600);
  const env = Object.fromEntries(Object.entries(terminal.env).filter(([name]) => HANDED_ON.test(name)));
  for (const name of ["CAVRA_GO_RUNTIME_PATH", ...Object.values(DOCUMENT_VARIABLES)]) {
    const path = env[name];
    if (path) env[name] = resolve(terminal.cwd, path);
  }
  let over = false;
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, "cavra.cjs"), "up", "--foreground", "--json"], {
      cwd: "/",
      detached: true,
      env,
      stdio: ["ignore", out, out],
    });
    child.on("error", () => {
      over = true;
    });
    child.on("exit", () => {
      over = true;
    });
    child.unref();
    return { pid: () => child.pid, hasEnded: () => over };
  } finally {
    closeSync(out);
  }
}

/** What the process that did not stay said of it: its last line is the problem, if it came that far. */
function whyNot(log: string): Problem {
  const line = readFileSync(log, "utf8").trimEnd().split("\n").at(-1) ?? "";
  const read = parseJson(line);
  const said = read.ok ? (read.value as { readonly error?: Partial<Problem> } | null)?.error : undefined;
  if (typeof said?.code === "string" && typeof said.message === "string")
    return { hint: "", ...said, code: said.code, message: said.message };
  return { code: "authority_not_started", message: "the authority does not answer", hint: `what it said stands in \`${log}\`` };
}

function said(terminal: Terminal, { json }: UpOptions, state: "started" | "running", { hello: { pid }, reply }: Answered): ExitStatus {
  const { socket, about } = daemonPlaces(stateDir(terminal.env));
  const started_at = readAbout(about)?.started_at ?? "";
  const words = state === "started" ? "the authority is up" : "an authority is up already";
  const mode = reply.kind === "status" ? String(reply.status.mode) : "disabled";
  const engine = mode === "disabled" ? "" : `${saySecondEngine(mode)}; \`cavra runtime go-pilot-readiness\` says whether it is ready\n`;
  terminal.print(json ? `${JSON.stringify({ state, pid, started_at, socket })}\n` : `${words}: process ${pid}, ${socket}\n${engine}`);
  return EXIT.done;
}

type Answered = Extract<Awaited<ReturnType<typeof ask>>, { readonly ok: true }>;

function hung(pid: number): Problem {
  return {
    code: "authority_hung",
    message: `an authority runs as process ${pid} and does not answer`,
    hint: "run `cavra down`, then `cavra up`",
  };
}

export async function down(terminal: Terminal, { json }: { readonly json?: boolean }): Promise<ExitStatus> {
  const places = daemonPlaces(stateDir(terminal.env));
  const about = readAbout(places.about);
  const asked = await ask(terminal, { kind: "stop" });
  const alive = () => about !== null && isAlive(about);
  const tell = (state: "none" | "ended" | "killed", words: string): ExitStatus => {
    terminal.print(json ? `${JSON.stringify({ state, pid: about?.pid ?? null })}\n` : `${words}\n`);
    return EXIT.done;
  };
  if (about === null || (!asked.ok && !alive())) return tell("none", "no authority is up");
  if (!asked.ok) signal(about.pid, "SIGTERM");
  for (let waitedMs = 0; waitedMs < END_MS && alive(); waitedMs += LOOK_MS) await sleep(LOOK_MS);
  if (!alive()) return tell("ended", "the authority has ended");
  signal(about.pid, "SIGKILL");
  for (let waitedMs = 0; waitedMs < END_MS && alive(); waitedMs += LOOK_MS) await sleep(LOOK_MS);
  if (alive()) throw new CavraError("authority_hung", `process ${about.pid} does not end`, { hint: "look at it with `ps`" });
  return tell("killed", `the authority did not end in ${END_MS} ms and was killed; what it had answered is on record`);
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

export function ask(terminal: Pick<Terminal, "env">, question: Question): ReturnType<typeof askAuthority> {
  const { env } = terminal;
  return askAuthority({ stateFolder: stateDir(env), configFolder: configDir(env), version: VERSION, clock: SYSTEM_CLOCK, question });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
