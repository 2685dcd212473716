// `cavra approval watch`: waiting requests, one after the other, each with the four questions, answered by one key. Implements spec/cli.md 15.4.
// The keys that answer are drawn anew for each request: what was typed ahead, or sent by a program that cannot see the screen, answers nothing.

import { existsSync, type FSWatcher, watch } from "node:fs";
import type { ApprovalAnswer } from "../../../approval/index.js";
import { approvalsFolder, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { LETTERS, type Person, personHere } from "../../person.js";
import { report, type Terminal } from "../../terminal.js";
import { type Answerer, type AnswerOptions, answerBody, answererHere, keepSigned } from "./answer.js";
import { approvalsHere, type Known, stateBadge, tellApproval } from "./requests.js";

/** Milliseconds between looks where the system does not tell of a change. */
const LOOK_MS = 1_000;

export async function watchApprovals(terminal: Terminal, options: AnswerOptions): Promise<ExitStatus> {
  const person = personHere(terminal);
  if (!person.ok) return report(terminal, person.problem, false);
  const answerer = answererHere(terminal, options);
  if (!answerer.ok) return report(terminal, answerer.problem, false);
  await screenOf(terminal, answerer.value, person.value);
  return EXIT.done;
}

/** What is on the screen: one request with its keys, or the wait for one. */
interface Shown {
  readonly known: Known | null;
  readonly approve: string;
  readonly deny: string;
}

const WAITING: Shown = { known: null, approve: "", deny: "" };

function screenOf(terminal: Terminal, answerer: Answerer, person: Person): Promise<void> {
  const passed = new Set<string>();
  let shown: Shown | null = null;
  return new Promise((done) => {
    const look = () => {
      const waiting = [...approvalsHere(terminal).known].reverse().filter(({ now }) => now.state === "pending");
      const next = waiting.find(
        ({ asked, now }) => !passed.has(asked.digest) && !now.counted.some(({ keyId }) => keyId === answerer.signer.keyId),
      );
      const isSame = shown !== null && shown.known?.asked.digest === next?.asked.digest;
      if (isSame) return;
      shown = next === undefined ? WAITING : withKeys(next);
      terminal.print(screenText(terminal, shown, waiting.length));
    };
    const answer = (given: ApprovalAnswer["answer"]) => {
      const known = shown?.known ?? null;
      if (known === null) return;
      passed.add(known.asked.digest);
      const body = answerBody(known, given, given === "denied" ? { reason: "denied at the terminal" } : {}, answerer);
      const kept = body.ok ? keepSigned(terminal, known, body.value, answerer, person) : body;
      const { approval_id } = known.asked.request;
      if (kept.ok) terminal.print(`\n${stateBadge(terminal, given)} ${approval_id}\n\n`);
      else report(terminal, kept.problem, false);
    };
    const heard = (chunk: Buffer) => {
      // One key at a time: a burst was prepared, and only its first key is one that somebody pressed.
      const key = chunk.toString("latin1").charAt(0);
      if (key === "q" || key === "\x03" || key === "\x04") return end();
      if (key === "n" && shown?.known) passed.add(shown.known.asked.digest);
      else if (shown?.known && key === shown.approve) answer("approved");
      else if (shown?.known && key === shown.deny) answer("denied");
      else return;
      look();
    };
    const timer = setInterval(look, LOOK_MS);
    const watcher = watchFolder(approvalsFolder(stateDir(terminal.env)), look);
    const end = () => {
      clearInterval(timer);
      watcher?.close();
      process.stdin.off("data", heard).setRawMode(false).pause();
      process.off("SIGINT", end).off("SIGTERM", end);
      terminal.print("\n");
      done();
    };
    process.on("SIGINT", end).on("SIGTERM", end);
    process.stdin.setRawMode(true).on("data", heard).resume();
    look();
  });
}

/** `n` and `q` are taken. */
const KEYS = [...LETTERS].filter((letter) => letter !== "n" && letter !== "q");

function withKeys(known: Known): Shown {
  const [first = 0, second = 0] = SYSTEM_CLOCK.randomBytes(2);
  const approve = KEYS[first % KEYS.length] ?? "";
  const others = KEYS.filter((letter) => letter !== approve);
  return { known, approve, deny: others[second % others.length] ?? "" };
}

function screenText(terminal: Terminal, { known, approve, deny }: Shown, waiting: number): string {
  const { bold, dim } = terminal.colours;
  if (known === null) return dim(`${waiting === 0 ? "nobody waits" : `${waiting} wait for somebody else`} · q ends\n`);
  return `${tellApproval(terminal, known)}\n${bold(approve)} approves it, once · ${bold(deny)} denies it · n next · q ends\n`;
}

function watchFolder(folder: string, wake: () => void): FSWatcher | null {
  if (!existsSync(folder)) return null;
  try {
    const watcher = watch(folder, wake);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
