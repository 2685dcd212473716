// What `cavra log` shows: lines that stay, and for a person at a terminal a last line that moves: arrows choose a decision, enter tells it in the four
// questions, `q` ends. Implements spec/cli.md 11.5. What was shown is never redrawn, so that it can be scrolled, selected and piped.

import { asStored, type FoundRecord } from "../store/index.js";
import { tell } from "./commands/why.js";
import type { Terminal } from "./terminal.js";

export interface Screen {
  /** One line, and what it tells of. */
  readonly add: (line: string, item: FoundRecord) => void;
  readonly columns: () => number;
  readonly onEnd: (end: () => void) => void;
  readonly close: () => void;
}

export interface ScreenOptions {
  readonly json: boolean;
  readonly interactive: boolean;
}

/** Decisions that the arrows reach. */
const REACH = 500;
const CLEAR = "\r\x1b[2K";

export function openScreen(terminal: Terminal, { json, interactive }: ScreenOptions): Screen {
  const columns = () => (json || !terminal.watched ? PIPED_COLUMNS : (process.stdout.columns ?? 80));
  const plain: Screen = { add: (line) => terminal.print(`${line}\n`), columns, onEnd: () => {}, close: () => {} };
  const isTerminal = terminal.watched && process.stdin.isTTY === true && terminal.env.TERM !== "dumb";
  return interactive && isTerminal ? withKeys(terminal, plain) : plain;
}

/** A line that goes into a file or a pipe is cut late: nobody reads it in a window. */
const PIPED_COLUMNS = 240;

function withKeys(terminal: Terminal, plain: Screen): Screen {
  const lines: { readonly line: string; readonly item: FoundRecord }[] = [];
  /** How far above the newest the chosen one is; null where none is chosen. */
  let chosen: number | null = null;
  let end: () => void = () => {};
  const draw = () => terminal.print(`${CLEAR}${chosen === null ? terminal.colours.dim(HELP) : `› ${lines.at(-1 - chosen)?.line ?? ""}`}`);
  const move = (by: number) => {
    if (lines.length === 0) return;
    chosen = Math.min(lines.length - 1, Math.max(0, (chosen ?? (by > 0 ? -1 : 0)) + by));
    draw();
  };
  const open = () => {
    const item = lines.at(-1 - (chosen ?? 0))?.item;
    const stored = item === undefined ? null : asStored(item);
    if (stored !== null) terminal.print(`${CLEAR}\n${tell(stored, terminal)}\n`);
    chosen = null;
    draw();
  };
  const act = (key: string) => {
    if (key === UP || key === "k") move(1);
    else if (key === DOWN || key === "j") move(-1);
    else if (key === "\r" || key === "\n" || key === " ") open();
    else if (key === "q" || key === "\x03" || key === "\x04") end();
  };
  const heard = (chunk: Buffer) => {
    for (const key of keysOf(chunk.toString("latin1"))) act(key);
  };
  process.stdin.setRawMode(true).on("data", heard).resume();
  draw();
  return {
    columns: plain.columns,
    add(line, item) {
      terminal.print(`${CLEAR}${line}\n`);
      if (asStored(item) !== null) lines.push({ line, item });
      if (lines.length > REACH) lines.shift();
      // What was chosen stays chosen while newer ones come.
      if (chosen !== null) chosen = Math.min(lines.length - 1, chosen + 1);
      draw();
    },
    onEnd(given) {
      end = given;
    },
    close() {
      terminal.print(CLEAR);
      process.stdin.off("data", heard).setRawMode(false).pause();
    },
  };
}

const HELP = "↑ ↓ choose · enter: who, what, which policy, what evidence · q: end";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
/** Arrows are three characters; every other key that means something is one. */
function keysOf(text: string): readonly string[] {
  return text.match(/\x1b\[[A-D]|[^\x1b]/g) ?? [];
}
