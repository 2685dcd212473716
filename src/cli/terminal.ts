// Where the command line speaks: standard output for what was asked, standard error for the rest, colour only for people. Implements spec/cli.md section 1.

import pc from "picocolors";
import { CavraError, type Problem } from "../base/index.js";
import { type ExitStatus, exitForCode } from "./exit.js";
import { oneLine } from "./one-line.js";
import { writeAll } from "./write.js";

export interface Terminal {
  /** Prints to standard output, exactly as given. */
  readonly print: (text: string) => void;
  /** Prints to standard error. */
  readonly complain: (text: string) => void;
  readonly colours: ReturnType<typeof pc.createColors>;
  /** True when a person watches: standard output is a terminal. */
  readonly watched: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export function openTerminal(): Terminal {
  const watched = process.stdout.isTTY === true;
  const coloured = watched && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return {
    print: (text) => writeAll(1, text),
    complain: (text) => writeAll(2, text),
    colours: pc.createColors(coloured || Boolean(process.env.FORCE_COLOR && process.env.FORCE_COLOR !== "0")),
    watched,
    env: process.env,
    cwd: process.cwd(),
  };
}

/** Tells a problem in the one form that errors have, and gives the exit status that goes with its code. */
export function report(terminal: Terminal, problem: Problem, json: boolean): ExitStatus {
  if (json) terminal.print(`${JSON.stringify({ error: problem })}\n`);
  else {
    const place = problem.at === undefined ? "" : `${problem.at}: `;
    // A problem quotes what it was given.
    terminal.complain(`cavra: ${oneLine(`${place}${problem.message}`, LINE)} (${problem.code})\n`);
    if (problem.hint !== undefined && problem.hint !== "") terminal.complain(`  ${oneLine(problem.hint, LINE)}\n`);
  }
  return exitForCode(problem.code);
}

const LINE = 1000;

/** A broken world as a Problem, so that it is told in the same form. What neither we nor the system raised is our own mistake, and says so. */
export function problemOf(thrown: unknown): Problem {
  if (isOurs(thrown)) return { code: thrown.code, message: thrown.message, ...(thrown.hint === "" ? {} : { hint: thrown.hint }) };
  const refused = systemError(thrown);
  if (refused !== null) return refused;
  // The first frame says where; the whole stack would be no sentence.
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message).split("\n").slice(0, 2).join("") : String(thrown);
  return { code: "internal_error", message: `a mistake inside CAVRA: ${message}`, hint: "please report it with the command that you ran" };
}

/** By its name too: what another bundle throws is of a class of its own. */
export function isOurs(thrown: unknown): thrown is CavraError {
  return thrown instanceof CavraError || (thrown instanceof Error && thrown.name === "CavraError" && "code" in thrown && "hint" in thrown);
}

/** What the operating system refused: a full disk, a folder that may not be written. Node's own message names the call and the path. */
function systemError(thrown: unknown): Problem | null {
  if (!(thrown instanceof Error) || !("syscall" in thrown) || !("code" in thrown)) return null;
  const { code, syscall, path } = thrown as NodeJS.ErrnoException;
  const why = thrown.message.replace(/^\w+: /, "").split(",")[0] ?? "";
  const place = path === undefined ? "" : ` \`${path}\``;
  return {
    code: "system_error",
    message: `the system refused to ${syscall}${place}: ${why} (${code})`,
    hint: HINTS[code ?? ""] ?? "run `cavra status`",
  };
}

/** Where the name that was given is the likeliest reason. */
const HINTS: Readonly<Record<string, string>> = {
  ENOENT: "is the name right, and does its folder exist?",
  EISDIR: "a file is needed, and this is a folder",
  ENOTDIR: "is the name right? a part of it is no folder",
};
