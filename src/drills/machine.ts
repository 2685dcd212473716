// On which machine a drill was run, in one line: numbers without it would mean nothing. Implements spec/drills.md 1.3.

import { arch, availableParallelism, loadavg, release, type } from "node:os";

export function machineText(): string {
  const [one = 0] = loadavg();
  return `${type()} ${release()} ${arch()}, ${availableParallelism()} processors, load average ${one.toFixed(1)}, Node ${process.version}`;
}
