// A second engine in a process of its own that is asked many things at once: lines go out in one write, and come back in any order. Implements spec/parity.md 3.1.
// Unlike the worker of backend/ it has no deadline worth the name and no second try: a campaign wants to know what went wrong, not to go on without.

import { type ChildProcess, spawn } from "node:child_process";
import { CavraError } from "../base/index.js";

/** How a second engine is started: the program, and its arguments before `serve`. */
export interface SecondEngine {
  readonly program: string;
  readonly before: readonly string[];
  readonly policyPath: string;
  /** A registry of MCP servers for both engines; none where it is left out. */
  readonly registryPath?: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Asker {
  /** The first line that it said. */
  readonly hello: Promise<string>;
  /** Sends lines, each with its end. */
  readonly send: (lines: string | Uint8Array) => void;
  readonly stop: () => void;
}

/** `onLine` gets each answer without its end; `onEnd` is called once when it ended, whether it was asked to or not. */
export function startAsker(engine: SecondEngine, onLine: (line: Buffer) => void, onEnd: (message: string) => void): Asker {
  const registry = engine.registryPath === undefined ? [] : ["--registry", engine.registryPath];
  const args = [...engine.before, "serve", "--policy", engine.policyPath, ...registry];
  const child = spawn(engine.program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...engine.environment } });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    if (complaint.length < COMPLAINT) complaint += chunk.toString("utf8");
  });
  const hello = new Promise<string>((resolve, reject) => {
    let greeted = false;
    cutLines(child, (line) => {
      if (greeted) return onLine(line);
      greeted = true;
      resolve(line.toString("utf8"));
    });
    const ended = (why: string) => {
      if (!greeted) reject(new CavraError("runtime_not_ready", `the second engine ended before its hello: ${why}`));
      onEnd(why);
    };
    child.on("error", (cause) => ended(cause.message));
    child.on("close", (status, signal) => ended(`it ended with ${signal ?? String(status)} ${complaint.trim().slice(0, COMPLAINT)}`));
  });
  child.stdin?.on("error", () => {});
  const stop = () => {
    child.stdin?.end();
    // What does not end by itself is not left behind.
    setTimeout(() => child.kill("SIGKILL"), STOP_MS).unref();
  };
  return { hello, send: (lines) => child.stdin?.write(lines), stop };
}

const STOP_MS = 2_000;

const COMPLAINT = 2_000;

function cutLines(child: ChildProcess, take: (line: Buffer) => void): void {
  let rest: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, at);
      take(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  });
}
