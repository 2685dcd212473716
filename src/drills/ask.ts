// A caller of a drilled authority that waits long: the caller's side of spec/backend.md 8.2 without its time limits, so that what is slow is measured and not given up.

import { connect } from "node:net";
import { daemonPlaces, frameOf, frameReader, makeTicket, type Question, type Reply, readReply } from "../daemon/index.js";
import { SYSTEM_CLOCK } from "../store/index.js";

const PATIENCE_MS = 60_000;

/** The reply, or null where none came. */
export function askPatiently(stateFolder: string, question: Question): Promise<Reply | null> {
  const { socket: path, tickets } = daemonPlaces(stateFolder);
  return new Promise((settle) => {
    const socket = connect(path);
    const timer = setTimeout(() => end(null), PATIENCE_MS);
    const end = (reply: Reply | null) => {
      clearTimeout(timer);
      socket.destroy();
      settle(reply);
    };
    let met = false;
    const cut = frameReader();
    socket.on("data", (chunk: Buffer) => {
      for (const frame of cut(chunk)) {
        if (frame.kind === "malformed") return end(null);
        if (met) return end(readReply(frame.text));
        met = true;
        const request = requestOf(tickets, question);
        if (request === null) return end(null);
        socket.write(request);
      }
    });
    socket.on("error", () => end(null));
    socket.on("close", () => end(null));
  });
}

function requestOf(tickets: string, question: Question): Uint8Array | null {
  try {
    return frameOf(JSON.stringify({ ...question, ticket: makeTicket(tickets, SYSTEM_CLOCK) }));
  } catch {
    return null;
  }
}
