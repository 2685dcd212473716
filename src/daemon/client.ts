// Asks the running authority. Implements the caller's side of spec/backend.md 8.2 and 8.4. The hook loads it only where there is a socket.
// INVARIANT: it always settles in time, and it never decides: without an answer the caller does, by itself.

import { lstatSync } from "node:fs";
import { connect } from "node:net";
import type { Clock } from "../store/index.js";
import { readAbout } from "./about.js";
import { frameOf, frameReader } from "./frames.js";
import { type Hello, PROTOCOL, type Question, type Reply, readHello, readReply } from "./messages.js";
import { daemonPlaces, fileView } from "./places.js";
import { isAlive } from "./process-identity.js";
import { makeTicket, withdrawTicket } from "./tickets.js";

/** How long the hello may take … */
export const HELLO_MS = 200;
/** … and then the answer. */
export const ANSWER_MS = 2_000;

export interface Asking {
  readonly stateFolder: string;
  readonly configFolder: string;
  readonly version: string;
  readonly clock: Pick<Clock, "randomBytes">;
  readonly question: Question;
}

/** `taken`: the authority has the call and may still record it; the caller decides all the same. */
export type Asked =
  | { readonly ok: true; readonly reply: Reply; readonly hello: Hello }
  | { readonly ok: false; readonly code: NoAnswer; readonly taken: boolean; readonly hello: Hello | null };

export type NoAnswer = "no_authority" | "no_hello" | "other_authority" | "no_ticket" | "request_too_large" | "no_answer" | "bad_answer";

export async function askAuthority(asking: Asking): Promise<Asked> {
  try {
    const { socket } = daemonPlaces(asking.stateFolder);
    if (!isOwnSocket(socket)) return NOBODY;
    return await new Promise((resolve) => converse(socket, asking, resolve));
  } catch {
    return NOBODY;
  }
}

const NOBODY: Asked = { ok: false, code: "no_authority", taken: false, hello: null };

/** What is no socket, or another user's, is not asked. */
function isOwnSocket(path: string): boolean {
  const about = lstatSync(path, { throwIfNoEntry: false });
  return about?.isSocket() === true && (process.getuid === undefined || about.uid === process.getuid());
}

function converse(path: string, asking: Asking, settle: (asked: Asked) => void): void {
  const { tickets, about } = daemonPlaces(asking.stateFolder);
  let hello: Hello | null = null;
  let ticket: string | null = null;
  let over = false;
  const socket = connect(path);
  const end = (asked: Asked) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.destroy();
    settle(asked);
  };
  const fail = (code: NoAnswer) => end({ ok: false, code, taken: ticket !== null && !withdrawTicket(tickets, ticket), hello });
  let timer = setTimeout(() => fail("no_hello"), HELLO_MS);
  const meet = (text: Buffer) => {
    hello = readHello(text);
    if (hello === null || !isOurs(hello, asking) || !isNamed(hello, about)) return fail("other_authority");
    ticket = ticketOrNull(tickets, asking);
    if (ticket === null) return fail("no_ticket");
    const frame = frameOf(JSON.stringify({ ...asking.question, ticket }));
    if (frame === null) return fail("request_too_large");
    clearTimeout(timer);
    timer = setTimeout(() => fail("no_answer"), ANSWER_MS);
    socket.write(frame);
  };
  const hear = (text: Buffer, met: Hello) => {
    const reply = readReply(text);
    if (reply === null) return fail("bad_answer");
    // A refusal leaves the ticket where it is; nobody wants it any more.
    if (reply.kind === "refused" && ticket !== null) withdrawTicket(tickets, ticket);
    end({ ok: true, reply, hello: met });
  };
  const cut = frameReader();
  socket.on("data", (chunk: Buffer) => {
    for (const frame of cut(chunk)) {
      if (over) return;
      if (frame.kind === "malformed") return fail("bad_answer");
      if (hello === null) meet(frame.text);
      else hear(frame.text, hello);
    }
  });
  socket.on("error", () => fail(hello === null ? "no_hello" : "no_answer"));
  socket.on("close", () => fail(hello === null ? "no_hello" : "no_answer"));
}

/** SECURITY: an authority of another installation, with other folders, or that sees other files, would not answer as the caller does. */
function isOurs(hello: Hello, { version, stateFolder, configFolder }: Asking): boolean {
  if (hello.protocol !== PROTOCOL || hello.version !== version) return false;
  return hello.state_dir === stateFolder && hello.config_dir === configFolder && hello.view === fileView();
}

/**
 * SECURITY: whoever runs code of this user can listen on a path. Only who may also write the state folder's files is the authority: the temptation to
 * save this look would let an agent answer its own calls where no authority runs.
 */
function isNamed(hello: Hello, path: string): boolean {
  const about = readAbout(path);
  return about !== null && about.pid === hello.pid && isAlive(about);
}

function ticketOrNull(folder: string, { clock }: Asking): string | null {
  try {
    return makeTicket(folder, clock);
  } catch {
    return null;
  }
}
