// `cavra hook AGENT`: the bundle that runs before every tool call. Reads standard input, answers, ends with 0 or 2 and nothing else.
// Nothing may be imported here that the answer does not need; the YAML reader comes from a bundle of its own, when a policy must be compiled.

import { isUtf8 } from "node:buffer";
import { statSync } from "node:fs";
import { join } from "node:path";
import { answerHook, HOOK_READ_BYTES } from "../../agents/index.js";
import { type Compile, VERSION } from "../../authority/index.js";
import { askAuthority, SOCKET_FILE, sentEnvironment } from "../../daemon/index.js";
import { configDir, SYSTEM_CLOCK, stateDir } from "../../store/index.js";
import { readSome } from "../lines.js";
import { writeAll } from "../write.js";

main();

function main(): void {
  // Until the answer is out: a host that closed its end of the pipe must not see an end that means "go on".
  process.exitCode = 2;
  const agent = process.argv[3] ?? "";
  if (agent === "") {
    writeAll(
      2,
      "cavra: missing required argument `agent` (argument_missing)\n  usage: `cavra hook AGENT`; the adapters are: claude-code\n",
    );
    return;
  }
  if (agent !== "claude-code") {
    writeAll(2, `cavra: there is no adapter for the agent \`${agent}\` (unknown_agent)\n  the adapters are: claude-code\n`);
    return;
  }
  const payload = readInput();
  const alone = () => end(answerHook({ payload, env: process.env, compiler }));
  if (!hasAuthority() || !isUtf8(payload)) alone();
  // What a running authority has not answered in time is decided here. What is thrown on the way is a refusal, as everywhere.
  else void ask(agent, payload).then((answer) => (answer === null ? alone() : end(answer)));
}

function compiler(): Compile {
  return (require("./compile.cjs") as { compileSources: Compile }).compileSources;
}

function end(answer: Answer): never {
  if (answer.stdout !== "") writeAll(1, answer.stdout);
  if (answer.stderr !== "") writeAll(2, answer.stderr);
  // Everything is written and durable. Ending here spares the host the milliseconds in which Node would clean up what nobody uses again.
  process.exit(answer.exit);
}

type Answer = ReturnType<typeof answerHook>;

/** One look: without a socket nothing of a running authority is loaded. */
function hasAuthority(): boolean {
  try {
    return statSync(join(stateDir(process.env), SOCKET_FILE), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Null where the authority gave no answer. */
async function ask(agent: string, payload: Uint8Array): Promise<Answer | null> {
  const { env } = process;
  const question = {
    kind: "hook",
    agent,
    payload: Buffer.from(payload).toString("utf8"),
    environment: sentEnvironment(env),
    cwd: process.cwd(),
  } as const;
  const places = { stateFolder: stateDir(env), configFolder: configDir(env) };
  const asked = await askAuthority({ ...places, version: VERSION, clock: SYSTEM_CLOCK, question });
  return asked.ok && asked.reply.kind === "answer" ? asked.reply : null;
}

/** All of standard input up to one byte more than the limit. What cannot be read is thrown, and the door makes a refusal of it. */
function readInput(): Uint8Array {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size < HOOK_READ_BYTES) {
    const chunk = Buffer.allocUnsafe(65_536);
    const count = readSome(0, chunk);
    if (count <= 0) break;
    chunks.push(chunk.subarray(0, count));
    size += count;
  }
  return Buffer.concat(chunks);
}
