// Has both engines compared by a policy that is new here, in a process of its own, before Go is asked by it. Implements spec/backend.md 11.2.
// INVARIANT: no answer waits for it. One runs at a time, and what does not come to its end is tried again later and later.

import { type ChildProcess, spawn } from "node:child_process";
import { setPriority } from "node:os";
import type { JsonObject } from "../base/index.js";

/** A policy is new for so long before its campaign begins: of one that is being written only the last version gets one. */
export const SETTLE_MS = 500;
/** After one that did not come to its end, doubled each time, and at most this. */
export const AGAIN_MS = 60_000;
export const LATEST_AGAIN_MS = 3_600_000;
/** Lower than that of whoever waits for an answer. */
const PRIORITY = 5;
/** What found a mismatch ended as it should. */
const ENDED_WELL = [0, 4];

/** One policy of one second engine. */
export interface Wanted {
  readonly key: string;
  readonly arguments: readonly string[];
  /** A result is there: by somebody else's campaign too. */
  readonly isDone: () => boolean;
}

export interface Campaigner {
  readonly want: (wanted: Wanted) => void;
  readonly status: () => JsonObject;
  readonly close: () => void;
}

/** `command` is a program and its first arguments. */
export function newCampaigner(command: readonly string[], env: Readonly<Record<string, string | undefined>>): Campaigner {
  const waiting = new Map<string, { readonly timer: NodeJS.Timeout; readonly failures: number }>();
  let running: { readonly key: string; readonly child: ChildProcess } | null = null;
  let closed = false;
  let [done, failed] = [0, 0];
  const later = (wanted: Wanted, failures: number, afterMs: number) => {
    const timer = setTimeout(() => begin(wanted, failures), afterMs);
    timer.unref();
    waiting.set(wanted.key, { timer, failures });
  };
  const begin = (wanted: Wanted, failures: number) => {
    waiting.delete(wanted.key);
    if (closed || wanted.isDone()) return;
    if (running !== null) return later(wanted, failures, SETTLE_MS);
    const child = spawn(command[0] ?? "", [...command.slice(1), ...wanted.arguments], { env, stdio: "ignore", cwd: "/" });
    running = { key: wanted.key, child };
    let over = false;
    const end = (well: boolean) => {
      if (over) return;
      over = true;
      running = null;
      if (well) done++;
      else {
        failed++;
        if (!closed) later(wanted, failures + 1, Math.min(AGAIN_MS * 2 ** failures, LATEST_AGAIN_MS));
      }
    };
    child.on("error", () => end(false));
    child.on("exit", (status) => end(ENDED_WELL.includes(status ?? -1)));
    lower(child.pid);
  };
  return {
    want: (wanted) => {
      if (!closed && running?.key !== wanted.key && !waiting.has(wanted.key)) later(wanted, 0, SETTLE_MS);
    },
    status: () => ({ running: running !== null, waiting: waiting.size, done, failed }),
    close: () => {
      closed = true;
      for (const { timer } of waiting.values()) clearTimeout(timer);
      running?.child.kill();
    },
  };
}

function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, PRIORITY);
  } catch {
    // It runs as it is.
  }
}
