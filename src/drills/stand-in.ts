// Stands between a keeper and the real worker and damages what the real one says, in the way that `<this file>.json` names. A bundle of its own
// (dist/stand-in.cjs), put at the runtime's path by drills (spec/drills.md 1.2) and by scripts/fault-worker.mjs. It is never part of what runs in production.

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import type { Readable, Writable } from "node:stream";

interface Told {
  /** The real binary. */
  readonly real: string;
  readonly way: string;
  /** Everything passes until the nth judgement was asked for … */
  readonly nth?: number;
  /** … or, where this is set, until a file stands here; whoever damages an answer takes it away. */
  readonly trigger?: string;
  /** Only an action whose target begins so is a victim. */
  readonly only?: string;
  /** What was done to whose answer is written here, so that it can be held against the records. */
  readonly log: string;
}

const self = __filename;
const told = JSON.parse(readFileSync(`${self}.json`, "utf8")) as Told;
const { real, way, log } = told;
const build = `sha256:${createHash("sha256").update(readFileSync(self)).digest("hex")}`;
/** Made ahead: filling it takes longer than an answer may. */
const large = way.startsWith("64 MB") ? Buffer.alloc(64 * 1024 * 1024, "x") : Buffer.alloc(0);
const LATE_MS = 400;
const words = process.argv.slice(2);

let asked = 0;
let held: string[] | null = null;
let exchanged: string | null = null;
let again: string | null = null;
const victims = new Map<string, string>();

/** What becomes of the victim's answer; `line` is the real one. */
const DAMAGE: Readonly<Record<string, (line: string) => void>> = {
  "half a line, then gone": (line) => {
    held = [];
    process.stdout.write(line.slice(0, line.length / 2), () => process.exit(1));
  },
  "half a line, then the next": (line) => process.stdout.write(line.slice(0, line.length / 2)),
  "a byte a second": (line) => {
    held = [];
    let at = 0;
    setInterval(() => process.stdout.write(line.charAt(at++ % line.length)), 1_000);
  },
  "another id": (line) => say({ ...JSON.parse(line), id: "r999999999" }),
  "the id of another": (line) => {
    exchanged = line;
  },
  twice: (line) => {
    again = line;
    process.stdout.write(`${line}\n`);
  },
  "64 MB": (line) => {
    const [head = "", tail = ""] = JSON.stringify({ ...JSON.parse(line), judgement: "|" }).split("|");
    for (const part of [head, large, `${tail}\n`]) process.stdout.write(part);
  },
  "64 MB and no end": () => process.stdout.write(large),
  garbage: () => process.stdout.write(Buffer.concat([randomBytes(300), Buffer.from("\n")])),
  "a weaker verdict": (line) => say({ ...JSON.parse(line), judgement: turned(JSON.parse(line).judgement) }),
  late: (line) => setTimeout(() => process.stdout.write(`${line}\n`), LATE_MS),
};

interface Worker {
  readonly input: Writable;
  readonly output: Readable;
}

void main();

async function main(): Promise<void> {
  if (way === "exit 0 at once") process.exit(0);
  const worker = way === "its socket replaced" ? await overSocket() : overPipes();
  lines(worker.output, heard);
  lines(process.stdin, (line) => {
    const request = JSON.parse(line);
    if (request.kind === "evaluate" && isVictim(request.action?.target ?? "")) {
      victims.set(request.id, request.action?.target ?? "");
      if (way === "gone when asked") return leave(request.action.target);
      if (way === "its socket replaced") return replaceSocket(worker, request.action.target);
    }
    // What comes when this request waits: it is that one's worker that is ended.
    if (again !== null) return void process.stdout.write(`${again}\n`);
    worker.input.write(`${line}\n`);
  });
  process.stdin.on("end", () => worker.input.end());
  worker.input.on("error", () => {});
  process.stdout.on("error", () => process.exit(0));
}

function isVictim(target: string): boolean {
  const nth = ++asked;
  // There the trigger is for the next start, and not for whoever asks before the worker is killed.
  if (way === "no descriptors") return false;
  if (told.trigger === undefined) return nth === told.nth;
  if (!target.startsWith(told.only ?? "") || !existsSync(told.trigger)) return false;
  try {
    // Whoever takes it away has the one victim.
    unlinkSync(told.trigger);
    return true;
  } catch {
    return false;
  }
}

function heard(line: string): void {
  const { kind, id, ...rest } = JSON.parse(line);
  const target = victims.get(id);
  if (held !== null) held.push(line);
  else if (kind === "hello") say({ kind, ...rest, build });
  else if (exchanged !== null) exchange(JSON.parse(exchanged), JSON.parse(line));
  else if (target === undefined) process.stdout.write(`${line}\n`);
  else {
    victims.delete(id);
    note(target);
    DAMAGE[way]?.(line);
  }
}

function exchange(first: { readonly id: string }, second: { readonly id: string }): void {
  exchanged = null;
  say({ ...first, id: second.id });
  say({ ...second, id: first.id });
}

function overPipes(): Worker {
  // A start without descriptors: what reads its policy then fails as it does on a machine that has none left.
  const starved = way === "no descriptors" && told.trigger !== undefined && existsSync(told.trigger);
  const [program, before] = starved ? ["/bin/sh", ["-c", 'ulimit -n 3; exec "$@"', "sh", real]] : [real, []];
  const child = spawn(program, [...before, ...words], { stdio: ["pipe", "pipe", starved ? "inherit" : "ignore"] });
  if (starved) note("");
  child.on("close", (status) => process.exit(status ?? 1));
  return { input: child.stdin as Writable, output: child.stdout as Readable };
}

async function overSocket(): Promise<Worker> {
  const path = socketPath();
  const child = spawn(real, [...words, "--socket", path], { stdio: "ignore" });
  appendFileSync(log, `${JSON.stringify({ pid: child.pid })}\n`);
  while (!existsSync(path)) await new Promise((over) => setTimeout(over, 5));
  const socket = connect(path);
  socket.on("close", () => process.exit(1));
  return { input: socket, output: socket };
}

/** The real worker still listens, where nobody can reach it; who connects anew finds a file. */
function replaceSocket(worker: Worker, target: string): void {
  note(target);
  unlinkSync(socketPath());
  writeFileSync(socketPath(), "a file");
  worker.input.removeAllListeners("close");
  worker.input.destroy();
  connect(socketPath()).on("error", () => process.exit(1));
}

function socketPath(): string {
  return `${self}.${process.pid}`;
}

function leave(target: string): void {
  note(target);
  process.exit(0);
}

/** `at_us` is of the clock that all processes of a boot share. */
function note(target: string): void {
  appendFileSync(log, `${JSON.stringify({ target, at_us: Number(process.hrtime.bigint() / 1_000n) })}\n`);
}

/** The other verdict, wherever one stands. */
function turned(judgement: string): string {
  const [from, to] = judgement.endsWith('"verdict":"deny"}') ? ["deny", "allow"] : ["allow", "deny"];
  return judgement.replaceAll(`"verdict":"${from}"`, `"verdict":"${to}"`);
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function lines(stream: Readable, each: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    rest += chunk;
    for (let at = rest.indexOf("\n"); at >= 0; at = rest.indexOf("\n")) {
      const line = rest.slice(0, at);
      rest = rest.slice(at + 1);
      each(line);
    }
  });
}
