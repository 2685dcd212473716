// Runs the drainer with a fault at the n-th system call that changes its files: a disk that is full from there on, or a kill. By strace, which makes the
// point exact; where it cannot trace, such tests are skipped with that as the reason.

import { spawnSync } from "node:child_process";

/** What SQLite changes files with. */
const CALLS = "pwrite64,fdatasync,fsync,ftruncate,fallocate,unlink";

export type Fault = "disk_full" | "kill";

export interface Faulted {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
}

/** The drainer with the fault at its n-th such call, from 1 on. */
export function drainWithFault(program: string, args: readonly string[], fault: Fault, n: number): Faulted {
  // A full disk stays full; it refuses what takes room and flushes what it has.
  const inject = fault === "kill" ? `inject=${CALLS}:signal=KILL:when=${n}` : `inject=pwrite64,fallocate:error=ENOSPC:when=${n}+`;
  // The fast way of tracing does not deliver the kill.
  const how = ["-f", ...(fault === "kill" ? [] : ["--seccomp-bpf"]), "-qq", "-o", "/dev/null"];
  const traced = [...how, "-e", `trace=${CALLS}`, "-e", inject, process.execPath, program, ...args];
  const { status, signal, stdout } = spawnSync("strace", traced, { encoding: "utf8", env: { PATH: process.env.PATH ?? "" } });
  return { status, signal, stdout };
}

export const NO_STRACE =
  spawnSync("strace", ["-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"]).status === 0
    ? ""
    : "strace cannot trace here";
