// The load of a drill: callers that ask one line after the other, and everything that they heard. Implements spec/drills.md 1.4.
// INVARIANT: no two calls of a drill ask the same line, so that an answer and a record belong to exactly one call.

import { spawn } from "node:child_process";
import { sha256 } from "../base/index.js";
import { askPatiently } from "./ask.js";
import { nowUs, sleep } from "./clock.js";
import type { Scratch, Side } from "./scratch.js";

export interface Call {
  readonly caller: number;
  readonly repository: string;
  readonly line: string;
  /** The word that no other call has. */
  readonly word: string;
  readonly begunUs: number;
  /** 0 while it is out. */
  endedUs: number;
  /** Digest of the answer; "" where none came. */
  answer: string;
  /** The authority did not answer, and the caller decided by itself, as every hook does. */
  byItself: boolean;
  /** It was refused because it could not be put on record. */
  unrecordable: boolean;
}

export interface Load {
  readonly calls: readonly Call[];
  /** Calls that are out now. */
  readonly out: () => number;
  /** Settles when every caller has its last answer. */
  readonly stop: () => Promise<void>;
}

export interface LoadGiven {
  readonly scratch: Scratch;
  readonly repository: string;
  readonly lines: readonly string[];
  readonly callers: number;
  readonly pauseUs: number;
  /** Begins every word. */
  readonly tail: string;
}

export function startLoad({ scratch, repository, lines, callers, pauseUs, tail }: LoadGiven): Load {
  const calls: Call[] = [];
  let out = 0;
  let stopping = false;
  const caller = async (index: number) => {
    for (let count = 0; !stopping; count++) {
      const word = `${tail}c${index}n${count}`;
      const line = (lines[(index + count) % lines.length] ?? "").replace("#", word);
      const call: Call = {
        caller: index,
        repository,
        line,
        word,
        begunUs: nowUs(),
        endedUs: 0,
        answer: "",
        byItself: false,
        unrecordable: false,
      };
      calls.push(call);
      out++;
      const heard = await answerTo(scratch, scratch.drilled, repository, line, word);
      call.endedUs = nowUs();
      Object.assign(call, heard);
      out--;
      // Answers that were synced together go out together: callers that all paused as long would all pause at once.
      await sleep((pauseUs * (index + 1)) / callers / 1_000);
    }
  };
  const all = Promise.all(Array.from({ length: callers }, (_, index) => caller(index)));
  return {
    calls,
    out: () => out,
    stop: async () => {
      stopping = true;
      await all;
    },
  };
}

/** What TypeScript alone answers to the same line. "" where it could not be asked. */
export async function answerAlone(scratch: Scratch, { repository, line, word }: Call): Promise<string> {
  return (await answerTo(scratch, scratch.alone, repository, line, word)).answer;
}

type Heard = Pick<Call, "answer" | "byItself" | "unrecordable">;

function heard({ stdout, stderr, exit }: Printed, { state }: Side, word: string, byItself: boolean): Heard {
  const unrecordable = `${stdout}${stderr}`.includes("evidence_unavailable");
  return { answer: digestOf([stdout, stderr], exit, [word, state]), byItself, unrecordable };
}

async function answerTo(scratch: Scratch, side: Side, repository: string, line: string, word: string): Promise<Heard> {
  const payload = payloadOf(line, repository);
  const environment = { HOME: scratch.home, CLAUDE_PROJECT_DIR: repository };
  const reply = await askPatiently(side.state, { kind: "hook", agent: "claude-code", payload, environment, cwd: repository });
  if (reply?.kind === "answer") return heard(reply, side, word, false);
  const alone = await hook(scratch, side, repository, payload);
  return alone === null ? { answer: "", byItself: true, unrecordable: false } : heard(alone, side, word, true);
}

/** What differs from call to call and from side to side is taken out: the record's name, the word, the state folder, the system's words for a full disk. */
function digestOf(texts: readonly string[], exit: number, own: readonly string[]): string {
  const named = (text: string) => text.replaceAll(/dec_[0-9a-z]+/g, "dec_").replace(/(nothing is allowed: ).*?( Instead)/, "$1#$2");
  const clean = (text: string) => own.reduce((rest, one) => rest.replaceAll(one, "#"), named(text));
  return sha256(JSON.stringify([...texts.map(clean), exit]));
}

function payloadOf(command: string, cwd: string): string {
  const event = { session_id: "drill", cwd, permission_mode: "default", hook_event_name: "PreToolUse" };
  return JSON.stringify({ ...event, tool_name: "Bash", tool_input: { command } });
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

function hook({ program }: Scratch, side: Side, repository: string, payload: string): Promise<Printed | null> {
  return new Promise((settle) => {
    const env = { ...side.env, CLAUDE_PROJECT_DIR: repository };
    const child = spawn(process.execPath, [program, "hook", "claude-code"], { cwd: repository, env });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {});
    child.stdin.end(payload);
    child.on("error", () => settle(null));
    child.on("close", (exit) =>
      settle(exit === null ? null : { stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8"), exit }),
    );
  });
}
