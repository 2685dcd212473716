// The door of the running authority: the process that stays, and how others ask it.

export { type About, readAbout } from "./about.js";
export { type AuthorityOptions, type Decide, type Observe, type RunningAuthority, startAuthority } from "./authority.js";
export { ANSWER_MS, type Asked, type Asking, askAuthority, HELLO_MS, type NoAnswer } from "./client.js";
export { byCommand, type Drain } from "./drainer.js";
export { FRAME_BYTES, frameCutter, frameOf, frameReader } from "./frames.js";
export {
  ENVIRONMENT,
  PROTOCOL,
  type Question,
  type Reply,
  type Request,
  readHello,
  readReply,
  readRequest,
  sentEnvironment,
} from "./messages.js";
export { type DaemonPlaces, daemonPlaces, fileView, SOCKET_FILE, SOCKET_PATH_BYTES } from "./places.js";
export { identityOf, isAlive, type ProcessIdentity } from "./process-identity.js";
export { MOST_PEERS, REQUEST_MS } from "./server.js";
export { makeTicket, sweepTickets, takeTicket, withdrawTicket } from "./tickets.js";
