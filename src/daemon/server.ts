// The authority's end of the socket: says hello, reads one request, answers once. Implements the authority's side of spec/backend.md 8.2.
// INVARIANT: nothing that a peer sends or leaves out ends the process or holds up another peer; what it may cost has a limit.

import { chmodSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { frameCutter, frameOf } from "./frames.js";
import { type Hello, type Reply, type Request, readRequest } from "./messages.js";

/** A request is whole so long after the hello, or the connection ends. */
export const REQUEST_MS = 2_000;
/** Connections at a time. */
export const MOST_PEERS = 256;

export interface Listening {
  /** Takes no more connections, lets those that asked be answered, and settles when all have ended. */
  readonly close: () => Promise<void>;
}

export interface Listener {
  readonly path: string;
  readonly hello: Hello;
  /** Never rejects. */
  readonly reply: (request: Request) => Promise<Reply>;
  readonly refused: (code: string) => void;
  /** The peer went before its answer came. */
  readonly unheard: () => void;
}

/** Resolves when the socket takes connections. Rejects with what the system refuses. */
export function listen(listener: Listener): Promise<Listening> {
  const peers = new Set<Peer>();
  const server = createServer((socket) => {
    const peer = meet(socket, listener);
    peers.add(peer);
    socket.on("close", () => peers.delete(peer));
  });
  server.maxConnections = MOST_PEERS;
  // Such as no descriptor for the next one: that peer sees the end, and decides by itself.
  server.on("error", () => {});
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(listener.path, () => {
      server.off("error", reject);
      chmodSync(listener.path, 0o600);
      resolve({ close: () => closed(server, peers) });
    });
  });
}

interface Peer {
  readonly asked: () => boolean;
  readonly socket: Socket;
}

function closed(server: Server, peers: ReadonlySet<Peer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Whoever has not asked yet will not be answered.
    for (const peer of peers) if (!peer.asked()) peer.socket.destroy();
  });
}

function meet(socket: Socket, listener: Listener): Peer {
  const cutter = frameCutter();
  let asked = false;
  const timer = setTimeout(() => socket.destroy(), REQUEST_MS);
  const answer = (reply: Reply) => {
    if (reply.kind === "refused") listener.refused(reply.code);
    else if (socket.destroyed) listener.unheard();
    const frame = frameOf(JSON.stringify(reply));
    if (frame !== null && !socket.destroyed) socket.end(frame);
    else socket.destroy();
  };
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(timer));
  socket.on("data", (chunk: Buffer) => {
    if (asked) return void socket.destroy();
    const cut = cutter.take(chunk);
    if (cut.kind === "partial") return;
    if (cut.kind === "frame" && cut.moreBytes > 0) return void socket.destroy();
    asked = true;
    clearTimeout(timer);
    if (cut.kind === "malformed")
      return answer({ kind: "refused", code: "frame_malformed", message: `no frame has ${cut.sizeBytes} bytes` });
    const read = readRequest(cut.text);
    if (!read.ok) return answer({ kind: "refused", code: read.problem.code, message: read.problem.message });
    void listener.reply(read.value).then(answer);
  });
  const hello = frameOf(JSON.stringify({ kind: "hello", ...listener.hello }));
  if (hello !== null) socket.write(hello);
  return { asked: () => asked, socket };
}
