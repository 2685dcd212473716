// Runs the built program at a terminal, with somebody who types: what `requirePerson` asks for. Real terminals, by Python's `pty`.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Environment, program, run, type Scratch } from "./program.js";

export interface Shown {
  readonly status: number;
  /** All that the terminal showed, what was typed included. */
  readonly shown: string;
}

/** What is waited for (a regular expression), and what is then typed; `{1}` is the expression's first group. */
export type Step = readonly [string, string];

/** Types the word that was asked for. */
export const CONFIRM: Step = ["type `([^`]+)` to go on[^:]*: ", "{1}\n"];

/** `cavra ...args` at a terminal of its own in the scratch repository. */
export function atTerminal(
  place: Scratch,
  args: readonly string[],
  typed: readonly Step[] = [CONFIRM],
  env: Environment = {},
): Promise<Shown> {
  return onTerminal(place, [process.execPath, program(), ...args], typed, env);
}

/** Any command on a terminal. */
export async function onTerminal(place: Scratch, argv: readonly string[], typed: readonly Step[], env: Environment = {}): Promise<Shown> {
  const job = { argv, cwd: place.repository, env: { TERM: "xterm", NO_COLOR: "1", ...place.env, ...env }, typed };
  const { stdout, stderr } = await run("python3", [join(import.meta.dirname, "terminal.py")], {
    env: { PATH: process.env.PATH },
    input: JSON.stringify(job),
  });
  if (stdout === "") throw new Error(`no terminal: ${stderr}`);
  return JSON.parse(stdout);
}

/** Without Python there is no terminal to give; such tests are skipped with this as the reason. */
export const NO_TERMINAL = spawnSync("python3", ["-c", "import pty"]).status === 0 ? "" : "python3 with `pty` is not here";
