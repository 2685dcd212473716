// Reads a file descriptor synchronously: in pieces, or line by line. Implements the reading of spec/cli.md section 4 and spec/agents.md 2.1.
// The temptation is to open /dev/stdin: that fails where standard input is a socket, as it is for every child of a Node process.

import { readSync } from "node:fs";

/** One read; 0 is the end. Waits where the caller handed over a pipe that does not block. Throws what the system refuses. */
export function readSome(fd: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, chunk);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      // Windows tells the end of a pipe in this way.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const CHUNK_BYTES = 65_536;

/** Lines without their line ends, as bytes, each as soon as it is whole. A line longer than the limit comes cut, somewhere beyond it. */
export function* linesOf(fd: number, limitBytes: number): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let kept: Buffer[] = [];
  let size = 0;
  for (let count = readSome(fd, chunk); count > 0; count = readSome(fd, chunk)) {
    let from = 0;
    for (let end = chunk.subarray(0, count).indexOf(10); end !== -1; end = chunk.subarray(0, count).indexOf(10, from)) {
      kept.push(Buffer.from(chunk.subarray(from, end)));
      yield Buffer.concat(kept);
      kept = [];
      size = 0;
      from = end + 1;
    }
    // What is beyond the limit is read and forgotten, so that one endless line never fills the memory.
    if (size <= limitBytes) kept.push(Buffer.from(chunk.subarray(from, count)));
    size += count - from;
  }
  if (size > 0) yield Buffer.concat(kept);
}
