// How far a long work has come, for a person who waits: one line on standard error that goes away again. Implements spec/cli.md 1.7.
// Nothing is shown where standard error is no terminal, nor of work that ends soon.

import { type Clock, SYSTEM_CLOCK } from "../store/index.js";
import type { Terminal } from "./terminal.js";

export interface Progress {
  /** `all` is 0 where nobody knows how much there is. */
  readonly at: (done: number, all: number, note?: string) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/** Work that ends sooner shows nothing; later the line is drawn anew this often. */
const PATIENCE_MS = 500;
const EVERY_MS = 100;
const BAR_WIDTH = 30;

export function openProgress(
  terminal: Pick<Terminal, "complain" | "env">,
  what: string,
  watched: boolean = process.stderr.isTTY === true,
  { nowMs }: Pick<Clock, "nowMs"> = SYSTEM_CLOCK,
): Progress {
  const wanted = watched && terminal.env.TERM !== "dumb";
  let next = nowMs() + PATIENCE_MS;
  let width = 0;
  return {
    at: (done, all, note = "") => {
      if (!wanted || nowMs() < next) return;
      next = nowMs() + EVERY_MS;
      const line = `${what} ${all === 0 ? String(done) : bar(Math.min(1, done / all))}${note === "" ? "" : ` ${note}`}`.padEnd(width);
      width = Math.max(width, line.length);
      terminal.complain(`\r${line}`);
    },
    end: () => {
      if (width > 0) terminal.complain(`\r${" ".repeat(width)}\r`);
    },
  };
}

function bar(part: number): string {
  return `${"█".repeat(Math.round(part * BAR_WIDTH)).padEnd(BAR_WIDTH, "░")} ${String(Math.floor(part * 100)).padStart(3)} %`;
}
