// Writes to a file descriptor, whole and now: the hook's answer and the command line's output. Implements spec/cli.md section 1.

import { writeSync } from "node:fs";

/** Synchronous, and complete also on a pipe that is full; a reader that went away (`| head`) ends the program quietly, with the exit status set so far. */
export function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      else if (code === "EPIPE") process.exit();
      else throw cause;
    }
  }
}
