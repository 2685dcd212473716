// A caller of the running authority: the caller's side of spec/backend.md 8.2 in a few lines, so that what is timed is the answer and no start of a process.
// One that gets no answer does what every hook does then: it decides by itself, here by running the Node hook.

import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { frame, payloadOf, run } from "./place.mjs";

const PATIENCE_MS = 60_000;

/** The reply, or null where none came. Reading is by length: a hello, then one reply. */
export function ask(place, question) {
  return new Promise((settle) => {
    const socket = connect(join(place.state, "authority.sock"));
    const timer = setTimeout(() => end(null), PATIENCE_MS);
    const end = (reply) => {
      clearTimeout(timer);
      socket.destroy();
      settle(reply);
    };
    let bytes = Buffer.alloc(0);
    let met = false;
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE()) {
        const message = JSON.parse(bytes.subarray(4, 4 + bytes.readUInt32BE()).toString("utf8"));
        bytes = bytes.subarray(4 + bytes.readUInt32BE());
        if (met) return end(message);
        met = true;
        const ticket = randomBytes(16).toString("hex");
        writeFileSync(join(place.state, "peers", ticket), "", { mode: 0o600, flag: "wx" });
        socket.write(frame({ ...question, ticket }));
      }
    });
    socket.on("error", () => end(null));
    socket.on("close", () => end(null));
  });
}

/** One call, answered: what the host is told with the record's name left out, who answered, and after how long. */
export async function call(place, repository, line) {
  const begun = performance.now();
  const payload = payloadOf(line, repository);
  const environment = { HOME: place.home, CLAUDE_PROJECT_DIR: repository };
  const reply = await ask(place, { kind: "hook", agent: "claude-code", payload, environment, cwd: repository });
  const answered = reply?.kind === "answer";
  const { stdout } = answered
    ? reply
    : await run(process.execPath, [place.program, "hook", "claude-code"], { ...place, repository }, payload);
  const answer = stdout.replaceAll(/dec_[0-9a-z]+/g, "dec_");
  return { line, answer, by: answered ? "authority" : "itself", tookMs: performance.now() - begun };
}

/** What the authority says of itself, or null. */
export async function status(place) {
  const reply = await ask(place, { kind: "status" });
  return reply?.kind === "status" ? reply.status : null;
}
