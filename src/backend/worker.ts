// One worker process, from its start to its end. Implements spec/backend.md sections 3 and 5.6. It never restarts itself: keeper.ts does.
// INVARIANT: every request is answered exactly once, by a judgement or by a code; after the end by the code of the end.

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { CavraError } from "../base/index.js";
import { lineCutter } from "./lines.js";
import type { Answered, Evaluation, Fault } from "./model.js";
import { answered, type Hello, readAnswer, readHello, requestLine, wrongHello } from "./wire.js";

/** A hello later than this is none. */
export const HELLO_MS = 2_000;

export interface WorkerSource {
  /** The binary, and the compiled policy that it is to load. */
  readonly runtimePath: string;
  readonly policyPath: string;
  readonly catalogueDigest: string;
  readonly policyDigest: string;
  /** The registry of MCP servers that it is to load, and its digest; "" where there is none that can be read, which no worker loads. */
  readonly registry?: { readonly path: string; readonly digest: string } | null;
  /** Why a worker that said this may not be asked yet; null where it may (spec/backend.md section 11). */
  readonly heldBack?: (hello: Hello) => Fault | null;
}

export interface Worker {
  readonly hello: Hello;
  readonly ask: (evaluation: Evaluation, deadlineMs: number) => Promise<Answered>;
  /** Requests that are out. */
  readonly out: () => number;
  /** Ends it where another program stands at its path now, as the next question would. */
  readonly look: () => void;
  /** Ends it at once: what is out falls back with this. */
  readonly end: (fault: Fault) => void;
  /** Lets it answer what it has, then ends it. */
  readonly stop: () => Promise<void>;
  /** Settles when it has ended, however that came. */
  readonly ended: Promise<Fault>;
}

export type Started = { readonly ok: true; readonly worker: Worker } | { readonly ok: false; readonly fault: Fault };

/** Starts a worker and checks what it says of itself. Never throws. */
export async function startWorker(source: WorkerSource, helloMs: number = HELLO_MS): Promise<Started> {
  const before = fingerprint(source.runtimePath);
  if ("code" in before) return { ok: false, fault: before };
  let child: ChildProcess;
  try {
    child = spawn(source.runtimePath, argumentsOf(source), { stdio: ["pipe", "pipe", "pipe"], env: ENVIRONMENT });
  } catch (cause) {
    return { ok: false, fault: { code: "runtime_not_executable", message: String(cause) } };
  }
  return new Promise((resolve) => {
    new WorkerProcess(child, source, before, helloMs, resolve);
  });
}

/** Nothing of the caller's. Reading the policy makes garbage that is not worth collecting: without this a start takes half as much processor again. */
const ENVIRONMENT = { GOGC: "400" };

function argumentsOf({ policyPath, registry }: WorkerSource): string[] {
  const known = registry === undefined || registry === null ? [] : ["--registry", registry.path];
  return ["serve", "--policy", policyPath, ...known];
}

/** The program that is to run: the digest of its file, and what tells the file from a changed one without reading it. */
interface Program {
  readonly digest: string;
  readonly look: string;
}

function fingerprint(path: string): Program | Fault {
  if (path === "") return { code: "runtime_missing", message: "no path to the runtime is set" };
  const look = lookAt(path);
  if (typeof look !== "string") return look;
  try {
    accessSync(path, constants.X_OK);
    return { look, digest: digestOfFile(path, look) };
  } catch {
    return { code: "runtime_not_executable", message: `\`${path}\` cannot be run by this user` };
  }
}

/** Digests of programs by how they looked. A worker that crashes is started again while callers wait, and megabytes would be hashed for the same answer. */
const known = new Map<string, string>();
const MOST_KNOWN = 8;
/** A file that changed so lately may change again without looking different: times of files are coarser than writes. */
const SETTLED_MS = 2_000;

function digestOfFile(path: string, look: string): string {
  const kept = known.get(look);
  if (kept !== undefined) return kept;
  const digest = `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  if (known.size >= MOST_KNOWN) known.clear();
  if (Date.now() - statSync(path).ctimeMs > SETTLED_MS && lookAt(path) === look) known.set(look, digest);
  return digest;
}

function lookAt(path: string): string | Fault {
  try {
    const about = statSync(path, { bigint: true });
    if (!about.isFile()) return { code: "runtime_missing", message: `\`${path}\` is not a file` };
    return `${about.dev} ${about.ino} ${about.size} ${about.mtimeNs} ${about.ctimeNs}`;
  } catch {
    return { code: "runtime_missing", message: `there is no file \`${path}\`` };
  }
}

interface Waiting {
  readonly digest: string;
  readonly done: (answered: Answered) => void;
}

const STOP_MS = 1_000;
const COMPLAINT_CHARACTERS = 500;
/** So many ids are remembered after their answers: an answer that comes twice comes soon. */
const KNOWN_IDS = 4_096;

class WorkerProcess implements Worker {
  readonly ended: Promise<Fault>;
  readonly #child: ChildProcess;
  readonly #source: WorkerSource;
  readonly #program: Program;
  readonly #started: (result: Started) => void;
  readonly #helloTimer: NodeJS.Timeout;
  readonly #waiting = new Map<string, Waiting>();
  /** Ids whose deadline passed, and ids that were answered. */
  readonly #late = new Set<string>();
  readonly #answered = new Set<string>();
  #tellEnd: (fault: Fault) => void = () => {};
  #hello: Hello | null = null;
  #complaint = "";
  #over: Fault | null = null;
  #nextId = 1;

  constructor(child: ChildProcess, source: WorkerSource, program: Program, helloMs: number, started: (result: Started) => void) {
    this.#child = child;
    this.#source = source;
    this.#program = program;
    this.#started = started;
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    const tooLate = { code: "protocol_mismatch", message: `no hello within ${helloMs} ms` } as const;
    this.#helloTimer = setTimeout(() => this.end(tooLate), helloMs);
    this.#listen();
  }

  get hello(): Hello {
    if (this.#hello === null) throw new CavraError("internal_error", "a worker was used before its hello");
    return this.#hello;
  }

  out(): number {
    return this.#waiting.size;
  }

  look(): void {
    const swapped = this.#swapped();
    if (swapped !== null) this.end(swapped);
  }

  ask(evaluation: Evaluation, deadlineMs: number): Promise<Answered> {
    this.look();
    if (this.#over !== null) return Promise.resolve({ ok: false, ...this.#over });
    const id = `r${this.#nextId++}`;
    const request = requestLine(id, deadlineMs, evaluation);
    if (request === null)
      return Promise.resolve({ ok: false, code: "refused", message: "the request has no canonical form, or is too long" });
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        keep(this.#late, id);
        resolve({ ok: false, code: "deadline_exceeded", message: `no answer within ${deadlineMs} ms` });
      }, deadlineMs);
      const done = (answered: Answered) => {
        clearTimeout(timer);
        resolve(answered);
      };
      this.#waiting.set(id, { digest: request.digest, done });
      this.#child.stdin?.write(`${request.line}\n`);
    });
  }

  /** The end, whatever it was: what is out is answered by its code. */
  end(fault: Fault): void {
    if (this.#over !== null) return;
    this.#over = fault;
    clearTimeout(this.#helloTimer);
    this.#child.kill("SIGKILL");
    for (const { done } of this.#waiting.values()) done({ ok: false, ...fault });
    this.#waiting.clear();
    if (this.#hello === null) this.#started({ ok: false, fault });
    this.#tellEnd(fault);
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const hard = setTimeout(() => this.end({ code: "worker_unavailable", message: "it was stopped" }), STOP_MS);
    await this.ended;
    clearTimeout(hard);
  }

  /** Another program stands at the path: what this one says is no longer what the path says. */
  #swapped(): Fault | null {
    const look = lookAt(this.#source.runtimePath);
    if (typeof look !== "string") return look;
    return look === this.#program.look ? null : { code: "runtime_wrong_digest", message: "the binary at the path is another one now" };
  }

  #listen(): void {
    const cutter = lineCutter();
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      for (const line of cutter.take(chunk)) {
        if (this.#over !== null) return;
        if (this.#hello === null) this.#meet(line);
        else this.#hear(line);
      }
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      if (this.#complaint.length < COMPLAINT_CHARACTERS) this.#complaint += chunk.toString("utf8", 0, COMPLAINT_CHARACTERS);
    });
    this.#child.stdin?.on("error", () => this.end({ code: "worker_crashed", message: "it no longer reads" }));
    // The end of its output comes before that of its process is told. Before the hello only the latter says why.
    this.#child.stdout?.on("end", () => {
      if (this.#hello !== null) this.end({ code: "worker_crashed", message: "its output ended" });
    });
    this.#child.on("error", (cause) => this.end({ code: "runtime_not_executable", message: cause.message }));
    this.#child.on("close", (status, signal) => this.end(endOf(status, signal, this.#complaint.trim(), this.#hello !== null)));
  }

  #meet(line: Buffer | null): void {
    const hello = line === null ? null : readHello(line);
    const wrong = wrongHello(hello, { ...this.#source, build: this.#program.digest }) ?? this.#swapped();
    if (wrong !== null) {
      this.end(wrong);
      return;
    }
    clearTimeout(this.#helloTimer);
    this.#hello = hello;
    this.#started({ ok: true, worker: this });
  }

  #hear(line: Buffer | null): void {
    const wrong = this.#take(line);
    if (wrong !== null) this.end(wrong);
  }

  /** Gives an answer to whoever waits for it; what nobody can have asked for is a fault of the worker. */
  #take(line: Buffer | null): Fault | null {
    if (line === null) return { code: "answer_too_large", message: "a line over the limit" };
    const answer = readAnswer(line);
    if (answer === null) return { code: "garbage", message: "a line that is no answer" };
    const one = this.#waiting.get(answer.id);
    // What comes after its deadline is thrown away, and is no fault of a second kind.
    if (one === undefined && this.#late.delete(answer.id)) return null;
    if (one === undefined) {
      const code = this.#answered.has(answer.id) ? "duplicate_id" : "wrong_id";
      return { code, message: `an answer to \`${answer.id.slice(0, 64)}\` that nobody waits for` };
    }
    this.#waiting.delete(answer.id);
    keep(this.#answered, answer.id);
    one.done(answered(answer, one.digest, this.#source.policyDigest));
    return null;
  }
}

function keep(ids: Set<string>, id: string): void {
  ids.add(id);
  if (ids.size <= KNOWN_IDS) return;
  const [oldest] = ids;
  if (oldest !== undefined) ids.delete(oldest);
}

/** So begins what a worker says that could not load its registry (spec/backend.md 4.5). */
const REGISTRY_REFUSED = "registry.";

function endOf(status: number | null, signal: string | null, complaint: string, met: boolean): Fault {
  const how = signal === null ? `it ended with ${status}` : `it was ended by ${signal}`;
  const refused = complaint.startsWith(REGISTRY_REFUSED) ? "registry_not_loaded" : "policy_not_loaded";
  const code = !met && status === 2 ? refused : "worker_crashed";
  return { code, message: complaint === "" ? how : `${how}: ${complaint}` };
}
