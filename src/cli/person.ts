// A person at a terminal, who was shown what is about to be loosened and typed the word that was asked for. Implements spec/cli.md section 10.
// It keeps pipes, scripts, hooks and agents without a terminal out. SECURITY: it does not prove a person: a program under the same user can hold the
// other end of a terminal and type. docs/limits.md says so; the baseline denies agents these commands by every route that it knows.

import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { isatty } from "node:tty";
import { bad, ok, type Result } from "../base/index.js";
import { SYSTEM_CLOCK } from "../store/index.js";
import { signOfAgent, statFields } from "./agent-environment.js";
import type { Terminal } from "./terminal.js";
import { writeAll } from "./write.js";

/** Who typed the word, for the record. `uid` is -1 where the system has none. */
export interface Person {
  readonly user: string;
  readonly uid: number;
  readonly host: string;
  /** `/dev/pts/3`. */
  readonly tty: string;
}

/** What the person is asked. `telling`: all that will hold afterwards, ended by a newline. `word`: one lower-case word that names the deed (`allow`). */
export interface Question {
  readonly telling: string;
  readonly word: string;
}

/**
 * Shows the question on the terminal and waits for the word. No option skips it.
 * Problems: `person_required` (no terminal, or an agent's), `not_confirmed` (something else was typed, or nothing).
 */
export function requirePerson(terminal: Pick<Terminal, "env">, question: Question): Result<Person> {
  const tty = terminalOfPerson(terminal);
  if (!tty.ok) return tty;
  let handle: number;
  try {
    handle = openSync("/dev/tty", constants.O_RDWR | (constants.O_NOCTTY ?? 0));
  } catch {
    return refused("the terminal cannot be opened");
  }
  try {
    // Four letters that nobody knew before: an answer that was prepared, or typed ahead, does not fit.
    const word = `${question.word}-${freshLetters()}`;
    writeAll(handle, `${question.telling}type \`${word}\` to go on, anything else to leave all as it is: `);
    if (readLine(handle) !== word) return bad("not_confirmed", "nothing was changed: the word was not typed", { hint: "run it again" });
    return ok(personAt(tty.value));
  } finally {
    closeSync(handle);
  }
}

/** Who runs this, without a question: for what tightens and needs no terminal. `tty` is "" where there is none. */
export function whoRunsThis(terminal: Pick<Terminal, "env">): Person {
  const tty = terminalOfPerson(terminal);
  return personAt(tty.ok ? tty.value : "");
}

/** Who sits at this terminal, without a question: for screens that ask by themselves. Problem: `person_required`. */
export function personHere(terminal: Pick<Terminal, "env">): Result<Person> {
  const tty = terminalOfPerson(terminal);
  return tty.ok ? ok(personAt(tty.value)) : tty;
}

/** The name of the terminal, when a person can be at it. */
function terminalOfPerson({ env }: Pick<Terminal, "env">): Result<string> {
  const sign = signOfAgent(env);
  if (sign !== null)
    return refused(`\`${sign.variable}\` ${sign.above ? "was set for a process above this one" : "is set"}: an agent runs here`);
  if (!isatty(0) || !isatty(1)) return refused("standard input and output are not a terminal");
  return process.platform === "linux" ? terminalOnLinux() : terminalByPs();
}

/** INVARIANT: input and output are the controlling terminal, and we are in its foreground: else whoever reads the screen is not who types. */
function terminalOnLinux(): Result<string> {
  const fields = statFields(readFileSync("/proc/self/stat", "latin1"));
  const [group, device, foreground] = [fields[2], Number(fields[4]), fields[5]];
  if (device === 0 || fstatSync(0).rdev !== device || fstatSync(1).rdev !== device) return refused("this is not the controlling terminal");
  if (group !== foreground) return refused("it does not run in the foreground");
  return ok(readlinkSync("/proc/self/fd/0"));
}

/** Where there is no /proc: the same questions, answered by `ps`. */
function terminalByPs(): Result<string> {
  const ended = spawnSync("/bin/ps", ["-o", "pgid=,tpgid=,tty=", "-p", String(process.pid)], { encoding: "utf8" });
  const [group = "", foreground = "", tty = ""] = (ended.stdout ?? "").trim().split(/ +/);
  if (ended.status !== 0 || !/^[a-z]/.test(tty)) return refused("this is not the controlling terminal");
  return group === foreground ? ok(`/dev/${tty}`) : refused("it does not run in the foreground");
}

function refused(why: string): Result<never> {
  return bad("person_required", `this is for a person at a terminal: ${why}`, { hint: "run it yourself, in a terminal of your own" });
}

/** Letters and digits that are not mistaken for one another. */
export const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

function freshLetters(): string {
  return [...SYSTEM_CLOCK.randomBytes(4)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Bytes of an answer that are read; the word has fewer. */
const ANSWER_BYTES = 256;

/** One line as typed, without blanks around it; what comes without a line end is no answer. */
function readLine(handle: number): string {
  const answer = Buffer.alloc(ANSWER_BYTES);
  let size = 0;
  while (size < ANSWER_BYTES) {
    const count = readSync(handle, answer, size, ANSWER_BYTES - size, null);
    size += count;
    const end = answer.subarray(0, size).indexOf(10);
    if (end !== -1) return answer.toString("utf8", 0, end).trim();
    if (count === 0) break;
  }
  return "";
}

function personAt(tty: string): Person {
  return { ...identity(), host: hostname(), tty };
}

// userInfo throws where the user id has no entry (containers often).
function identity(): Pick<Person, "user" | "uid"> {
  const uid = process.getuid?.() ?? -1;
  try {
    return { user: userInfo().username, uid };
  } catch {
    return { user: String(uid), uid };
  }
}
