// Stands between a keeper and the real worker and damages what the real one says, in the way that `<this file>.json` names: `{real, way, nth, log}`.
// It lets everything pass until the nth judgement was asked for. What it did to whose answer is written to the log, so that it can be held against the records.

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);
const { real, way, nth, log } = JSON.parse(readFileSync(`${self}.json`, "utf8"));
const build = `sha256:${createHash("sha256").update(readFileSync(self)).digest("hex")}`;
/** Made ahead: filling it takes longer than an answer may. */
const large = way.startsWith("64 MB") ? Buffer.alloc(64 * 1024 * 1024, "x") : null;
const LATE_MS = 400;
const policy = process.argv[4];

/** What becomes of the victim's answer; `line` is the real one. */
const DAMAGE = {
  "half a line, then gone": (line) => {
    held = [];
    process.stdout.write(line.slice(0, line.length / 2), () => process.exit(1));
  },
  "half a line, then the next": (line) => process.stdout.write(line.slice(0, line.length / 2)),
  "a byte a second": (line) => {
    held = [];
    let at = 0;
    setInterval(() => process.stdout.write(line[at++ % line.length]), 1_000);
  },
  "another id": (line) => say({ ...JSON.parse(line), id: "r999999999" }),
  "the id of another": (line) => {
    exchanged = line;
  },
  twice: (line) => {
    again = line;
    process.stdout.write(`${line}\n`);
  },
  "64 MB": (line) => {
    const [head, tail] = JSON.stringify({ ...JSON.parse(line), judgement: "|" }).split("|");
    for (const part of [head, large, `${tail}\n`]) process.stdout.write(part);
  },
  "64 MB and no end": () => process.stdout.write(large),
  garbage: () => process.stdout.write(Buffer.concat([randomBytes(300), Buffer.from("\n")])),
  "a weaker verdict": (line) => say({ ...JSON.parse(line), judgement: turned(JSON.parse(line).judgement) }),
  late: (line) => setTimeout(() => process.stdout.write(`${line}\n`), LATE_MS),
};

if (way === "exit 0 at once") process.exit(0);
let asked = 0;
let held = null;
let exchanged = null;
let again = null;
const victims = new Map();
const worker = way === "its socket replaced" ? await overSocket() : overPipes();

lines(worker.output, (line) => {
  if (held !== null) return void held.push(line);
  const { kind, id, ...rest } = JSON.parse(line);
  if (kind === "hello") return say({ kind, ...rest, build });
  if (exchanged !== null) {
    const [first, second] = [JSON.parse(exchanged), JSON.parse(line)];
    exchanged = null;
    say({ ...first, id: second.id });
    return say({ ...second, id: first.id });
  }
  const target = victims.get(id);
  if (target === undefined) return void process.stdout.write(`${line}\n`);
  victims.delete(id);
  note(target);
  DAMAGE[way](line);
});

lines(process.stdin, (line) => {
  const { kind, id, action } = JSON.parse(line);
  if (kind === "evaluate" && ++asked === nth) {
    if (way === "gone when asked") return leave(action.target);
    if (way === "its socket replaced") return replaceSocket(action.target);
    victims.set(id, action.target);
  }
  // The second time while another request waits: it is that one's worker that is ended.
  if (again !== null) return void process.stdout.write(`${again}\n`);
  worker.input.write(`${line}\n`);
});
process.stdin.on("end", () => worker.input.end());
worker.input.on("error", () => {});
process.stdout.on("error", () => process.exit(0));

function overPipes() {
  const child = spawn(real, ["serve", "--policy", policy], { stdio: ["pipe", "pipe", "ignore"] });
  child.on("close", (status) => process.exit(status ?? 1));
  return { input: child.stdin, output: child.stdout };
}

async function overSocket() {
  const path = socketPath();
  const child = spawn(real, ["serve", "--policy", policy, "--socket", path], { stdio: "ignore" });
  appendFileSync(log, `${JSON.stringify({ pid: child.pid })}\n`);
  while (!existsSync(path)) await new Promise((over) => setTimeout(over, 5));
  const socket = connect(path);
  socket.on("close", () => process.exit(1));
  return { input: socket, output: socket };
}

/** The real worker still listens, where nobody can reach it; who connects anew finds a file. */
function replaceSocket(target) {
  note(target);
  unlinkSync(socketPath());
  writeFileSync(socketPath(), "a file");
  worker.input.removeAllListeners("close");
  worker.input.destroy();
  connect(socketPath()).on("error", () => process.exit(1));
}

function socketPath() {
  return `${self}.${process.pid}`;
}

function leave(target) {
  note(target);
  process.exit(0);
}

function note(target) {
  appendFileSync(log, `${JSON.stringify({ target })}\n`);
}

/** The other verdict, wherever one stands. */
function turned(judgement) {
  const [from, to] = judgement.endsWith('"verdict":"deny"}') ? ["deny", "allow"] : ["allow", "deny"];
  return judgement.replaceAll(`"verdict":"${from}"`, `"verdict":"${to}"`);
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function lines(stream, each) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    rest += chunk;
    for (let at = rest.indexOf("\n"); at >= 0; at = rest.indexOf("\n")) {
      const line = rest.slice(0, at);
      rest = rest.slice(at + 1);
      each(line);
    }
  });
}
