// Drains the journal into the ledger now and then. Implements spec/backend.md 8.6.
// The embedded ledger is drained in a process of its own: its database would hold up every answer, and what breaks in it would break the authority.

import { spawn } from "node:child_process";
import type { JsonObject } from "../base/index.js";

/** So many new records are drained at once … */
export const DRAIN_RECORDS = 1_000;
/** … and fewer when so long none has come. */
export const DRAIN_IDLE_MS = 5_000;
/** … and however they come, when one has waited so long; a drain that failed is tried again after it. */
export const DRAIN_LATEST_MS = 30_000;
/** The last drain may hold up the end so long. */
const LAST_MS = 3_000;

export interface Drainer {
  readonly recorded: () => void;
  readonly status: () => JsonObject;
  /** Drains what is left, and waits for it but not without end. */
  readonly close: () => Promise<void>;
}

/** Takes in what the journal holds. Did all of it get there? */
export type Drain = () => Promise<boolean>;

/** `command` is a program and its arguments; it drains, and ends with 0. */
export function byCommand(command: readonly string[], env: Readonly<Record<string, string | undefined>>): Drain {
  return () =>
    new Promise((resolve) => {
      const child = spawn(command[0] ?? "", command.slice(1), { env, stdio: "ignore", cwd: "/" });
      child.on("error", () => resolve(false));
      child.on("exit", (status) => resolve(status === 0));
    });
}

export function newDrainer(drainOnce: Drain): Drainer {
  let [fresh, drains, failed] = [0, 0, 0];
  let [idle, latest]: (NodeJS.Timeout | null)[] = [null, null];
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    const taken = fresh;
    fresh = 0;
    const ended = await drainOnce();
    running = null;
    if (ended) drains++;
    else {
      failed++;
      // They are still in the journal; the next drain takes them.
      fresh += taken;
    }
    if (fresh > 0) waitAtMost();
  };
  const drain = () => {
    if (fresh > 0) running ??= run();
  };
  // The temptation is the idle time alone: a record each four seconds would keep all of them waiting for an hour.
  const waitAtMost = () => {
    latest ??= setTimeout(() => {
      latest = null;
      drain();
    }, DRAIN_LATEST_MS);
  };
  return {
    recorded: () => {
      fresh++;
      if (idle !== null) clearTimeout(idle);
      if (fresh >= DRAIN_RECORDS) drain();
      idle = setTimeout(drain, DRAIN_IDLE_MS);
      waitAtMost();
    },
    status: () => ({ waiting: fresh, drains, failed }),
    close: async () => {
      for (const timer of [idle, latest]) if (timer !== null) clearTimeout(timer);
      const all = async () => {
        await running;
        drain();
        await running;
      };
      await Promise.race([all(), new Promise<void>((resolve) => setTimeout(resolve, LAST_MS).unref())]);
    },
  };
}
