// Which process a number means: its start is remembered with it, so that nobody else is ever ended in its place. Implements spec/backend.md 8.6.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, as the system counts; "" where the system does not tell, and then it is never ended by force. */
  readonly process_start: string;
  /** The boot that it belongs to; "" where the system does not name it. */
  readonly boot: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, process_start: startOf(pid), boot: boot() };
}

/** True where this very process still runs. */
export function isAlive({ pid, process_start, boot: known }: ProcessIdentity): boolean {
  return process_start !== "" && known === boot() && startOf(pid) === process_start;
}

function startOf(pid: number): string {
  return process.platform === "linux" ? linuxStart(pid) : askedStart(pid);
}

/** Of a process's state and start in /proc/PID/stat, behind the name, which may hold anything. */
const [STATE_FIELD, START_FIELD] = [0, 19];

function linuxStart(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A process that ended and that nobody has asked after is none.
    return fields[STATE_FIELD] === "Z" ? "" : (fields[START_FIELD] ?? "");
  } catch {
    return "";
  }
}

function askedStart(pid: number): string {
  const asked = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 2_000 });
  return asked.status === 0 ? asked.stdout.trim() : "";
}

function boot(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
