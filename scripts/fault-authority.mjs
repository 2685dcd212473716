// Faults of the running authority, with real processes: it is killed, stopped, restarted, cut off and starved while hooks ask it, and met by peers that
// behave badly; and hooks meet one that is not what it seems. Proves spec/backend.md section 8: every caller gets the answer that a hook by itself gives,
// in time; no decision is lost, and none is recorded twice but as 8.4 allows.
// `node scripts/fault-authority.mjs [--program dist/cavra.cjs] [--rounds 50] [--hooks 6] [--only NAME]`; ends with 1 when something did not hold.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cavra, frame, newPlace, newScratch, payloadOf, run, sleep, until } from "./faults/place.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const options = readOptions(process.argv.slice(2));
/** What a hook may take beside 8.4's times, on a machine on which many run at once. */
const OWN_MS = 15_000;
const ALLOWED_MS = 200 + 2_000 + OWN_MS;

const scratch = newScratch();

/** What happens while the hooks ask. `exact`: nothing may be on record twice but what the authority itself says that it answered too late. */
const SCENARIOS = {
  "killed while it is asked": { during: async (place) => kill(place, "SIGKILL"), after: async (place) => cavra(place, ["up"]) },
  "stopped before it is asked, and continued": {
    exact: true,
    before: async (place) => kill(place, "SIGSTOP"),
    after: async (place) => {
      kill(place, "SIGCONT");
      await untilAnswers(place);
    },
  },
  "stopped while it is asked, and killed": {
    during: async (place) => kill(place, "SIGSTOP"),
    after: async (place) => {
      kill(place, "SIGKILL");
      await cavra(place, ["up"]);
    },
  },
  "stopped while it is asked, and continued": {
    exact: true,
    during: async (place) => kill(place, "SIGSTOP"),
    after: async (place) => {
      kill(place, "SIGCONT");
      await untilAnswers(place);
    },
  },
  "restarted while it is asked": {
    during: async (place) => {
      await cavra(place, ["down"]);
      await cavra(place, ["up"]);
    },
  },
  "its socket replaced by a file": {
    exact: true,
    during: async (place) => {
      const socket = join(place.state, "authority.sock");
      renameSync(socket, `${socket}.away`);
      writeFileSync(socket, "a file");
    },
    after: async (place) => {
      // It sees within a second that nobody can reach it, and ends.
      await mustCome(async () => !existsSync(join(place.state, "authority.json")));
      rmSync(join(place.state, "authority.sock"), { force: true });
      await cavra(place, ["up"]);
    },
  },
  "no file descriptors left": {
    exact: true,
    limits: "ulimit -n 48",
    before: idlePeers(60),
    after: async (place) => {
      await endPeers(place);
      await untilAnswers(place);
    },
  },
  "met by bad peers": {
    exact: true,
    before: badPeers,
    after: async (place) => {
      // All but the one that reads nothing have seen the end of their connection.
      await mustCome(async () => place.peers.slice(0, -1).every(({ closed }) => closed));
      await endPeers(place);
      const { says } = JSON.parse((await cavra(place, ["status", "--json"])).stdout).authority;
      if (says.calls === 0) wrong.push("met by bad peers: the authority answered no hook at all");
    },
  },
  "not what it seems": { exact: true, alone: true, before: falseAuthority, after: async (place) => endPeers(place) },
  // The hook by itself meets the same limit: nothing can be recorded, and that is what it says.
  "no room for a record": { exact: true, limits: "trap '' XFSZ; ulimit -f 1", expected: "deny", unrecorded: true },
};

/** How false authorities behave, one after the other, once a caller is connected. */
const FALSE = [
  () => {},
  (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n"),
  (socket) => socket.write(Buffer.from([255, 255, 255, 255])),
  (socket) => socket.end(),
  (socket, hello) => socket.write(hello.subarray(0, 9)),
  (socket, hello) => {
    socket.write(hello);
    socket.once("data", () => socket.write(frame({ kind: "answer", stdout: "", stderr: "", exit: 1 })));
  },
  (socket, hello) => {
    socket.write(hello);
    socket.once("data", () => socket.write(frame({ kind: "answer", stdout: "", stderr: "", exit: 0 }).subarray(0, 20)));
  },
  (socket, hello) => {
    socket.write(hello);
    socket.once("data", () => socket.end(frame({ kind: "refused", code: "x", message: "y" })));
  },
  (socket, hello) => {
    socket.write(hello);
    socket.once("data", () => socket.destroy());
  },
  (socket, hello) => socket.write(hello),
  // One that could listen, and could not write who it is: it would let everything pass.
  (socket, hello, place) => {
    rmSync(join(place.state, "authority.json"), { force: true });
    socket.write(hello);
    socket.on("data", () => socket.write(frame({ kind: "answer", stdout: "", stderr: "", exit: 0 })));
  },
];

const wrong = [];
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (options.only !== "" && options.only !== name) continue;
  const rounds = await runScenario(name, scenario);
  console.log(`${name}: ${rounds.rounds} rounds, ${rounds.calls} calls, slowest ${rounds.slowestMs} ms, ${rounds.twice} on record twice`);
}
for (const one of wrong) console.log(`WRONG ${one}`);
process.exit(wrong.length === 0 ? 0 : 1);

async function runScenario(name, scenario) {
  const place = { ...newPlace(scratch, name, options.program), calls: [], peers: [], round: 0 };
  const sum = { rounds: 0, calls: 0, slowestMs: 0, twice: 0, unheard: 0 };
  if (!scenario.alone) await start(place, scenario.limits);
  for (let round = 0; round < options.rounds; round++) {
    place.round = round;
    const calls = callsOf(round, options.hooks, scenario.expected);
    await scenario.before?.(place);
    const asked = Promise.all(calls.map((call) => fire(place, call)));
    // Somewhere in the middle: each round a little later, from before the first hook connects to after the last was answered.
    if (scenario.during) {
      await sleep((round * 37) % 900);
      await scenario.during(place);
    }
    for (const { call, answer, tookMs } of await asked) {
      sum.calls++;
      sum.slowestMs = Math.max(sum.slowestMs, Math.round(tookMs));
      if (answer !== call.expected)
        wrong.push(`${name}, round ${round}: \`${call.line}\` was answered \`${answer}\`, not \`${call.expected}\``);
      if (tookMs > ALLOWED_MS) wrong.push(`${name}, round ${round}: \`${call.line}\` took ${Math.round(tookMs)} ms`);
    }
    await scenario.after?.(place);
    place.calls.push(...calls);
    sum.rounds++;
    progress(name, sum);
  }
  const { authority } = JSON.parse((await cavra(place, ["status", "--json"])).stdout);
  sum.unheard = authority?.says?.unheard ?? 0;
  await cavra(place, ["down"]);
  if (scenario.unrecorded !== true) await checkRecords(name, place, scenario.exact === true, sum);
  const left = existsSync(join(place.state, "peers")) ? readdirSync(join(place.state, "peers")).length : 0;
  if (left > 0 && scenario.exact === true) wrong.push(`${name}: ${left} tickets are left`);
  return sum;
}

/** Each call is on record, once; twice only where the authority may have died between record and answer. */
async function checkRecords(name, place, exact, sum) {
  const counts = new Map();
  const { stdout } = await cavra(place, ["evidence", "list", "--limit", "10000", "--json"]);
  for (const line of stdout.split("\n")) {
    if (line === "") continue;
    const { target } = JSON.parse(line).record.action;
    counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  for (const { line } of place.calls) {
    const count = counts.get(line) ?? 0;
    if (count === 0) wrong.push(`${name}: \`${line}\` is not on record`);
    if (count === 2) sum.twice++;
    if (count > 2) wrong.push(`${name}: \`${line}\` is on record ${count} times`);
  }
  if (exact && sum.twice > sum.unheard)
    wrong.push(`${name}: ${sum.twice} calls are on record twice, and ${sum.unheard} were answered too late`);
  const verified = JSON.parse((await cavra(place, ["evidence", "verify", "--json"])).stdout);
  if (!verified.holds && verified.findings?.some((finding) => finding.code !== "torn_frame"))
    wrong.push(`${name}: the evidence does not hold`);
}

function callsOf(round, count, expected) {
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? { line: `cat .env.r${round}-${index}`, expected: "deny" }
      : { line: `ls r${round}-${index}`, expected: expected ?? "" },
  ).map((call) => (expected === undefined ? call : { ...call, expected }));
}

async function fire(place, call) {
  const begun = performance.now();
  const limits = place.limits === undefined || !place.limits.includes("-f") ? "" : `${place.limits}; `;
  const { status, stdout } = await run(
    "/bin/bash",
    ["-c", `${limits}exec "$0" "$@"`, process.execPath, options.program, "hook", "claude-code"],
    place,
    payloadOf(call.line, place.repository),
  );
  const tookMs = performance.now() - begun;
  const answer = stdout === "" ? (status === 0 ? "" : `exit ${status}`) : JSON.parse(stdout).hookSpecificOutput.permissionDecision;
  return { call, answer, tookMs };
}

/** In the background; under limits it is started as a process of ours that stays. */
async function start(place, limits) {
  place.limits = limits;
  if (limits === undefined) return void (await cavra(place, ["up"]));
  const script = `${limits}; exec "$0" "$@"`;
  const child = spawn("/bin/bash", ["-c", script, process.execPath, options.program, "up", "--foreground"], {
    env: place.env,
    stdio: "ignore",
  });
  child.unref();
  await mustCome(async () => existsSync(join(place.state, "authority.sock")));
}

function kill(place, signal) {
  try {
    process.kill(JSON.parse(readFileSync(join(place.state, "authority.json"), "utf8")).pid, signal);
  } catch {
    // It is gone already.
  }
}

async function untilAnswers(place) {
  await mustCome(async () => JSON.parse((await cavra(place, ["status", "--json"])).stdout).authority?.state === "running");
}

/** Peers that connect and say nothing. */
function idlePeers(count) {
  return async (place) => {
    for (let index = 0; index < count; index++) place.peers.push(peer(place));
    await sleep(100);
  };
}

function peer(place) {
  const socket = connect(join(place.state, "authority.sock"));
  socket.on("error", () => {});
  // Without a reader the end of a connection is never seen.
  socket.resume();
  return socket;
}

/** Half a frame, a byte a second, a frame over the limit, garbage, two frames, a request without a ticket. */
async function badPeers(place) {
  const request = frame({ kind: "stop", ticket: "0123456789abcdef0123456789abcdef" });
  const [half, slow, large, garbage, two, noTicket] = Array.from({ length: 6 }, () => peer(place));
  half.write(request.subarray(0, 11));
  const timer = setInterval(() => slow.write("\0"), 1_000);
  slow.on("close", () => clearInterval(timer));
  large.write(Buffer.concat([Buffer.from([0, 0x80, 0, 1]), Buffer.alloc(100_000, 32)]));
  garbage.write(Buffer.alloc(100_000, 255));
  two.write(Buffer.concat([request, request]));
  noTicket.write(request);
  const frozen = peer(place);
  frozen.pause();
  place.peers.push(half, slow, large, garbage, two, noTicket, frozen);
  await sleep(50);
}

async function falseAuthority(place) {
  mkdirSync(join(place.state, "peers"), { recursive: true, mode: 0o700 });
  const behave = FALSE[place.round % FALSE.length];
  const about = {
    schema_version: "cavra.authority.v1",
    pid: process.pid,
    process_start: ownStart(),
    boot: boot(),
    version: "",
    started_at: "",
  };
  writeFileSync(join(place.state, "authority.json"), JSON.stringify(about), { mode: 0o600 });
  const version = JSON.parse((await cavra(place, ["version", "--json"])).stdout).version;
  const { dev, ino } = statSync("/");
  const view = `${readlinkSync("/proc/self/ns/mnt")} ${dev}:${ino}`;
  const places = { state_dir: place.state, config_dir: place.env.CAVRA_CONFIG_DIR };
  const hello = frame({ kind: "hello", protocol: "cavra.authority.v1", version, pid: process.pid, ...places, view });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    place.peers.push(socket);
    behave(socket, hello, place);
  });
  await new Promise((ready) => server.listen(join(place.state, "authority.sock"), ready));
  place.server = server;
}

async function endPeers(place) {
  for (const socket of place.peers) socket.destroy();
  place.peers = [];
  if (place.server === undefined) return;
  await new Promise((ended) => place.server.close(ended));
  rmSync(join(place.state, "authority.json"), { force: true });
}

function ownStart() {
  const text = readFileSync("/proc/self/stat", "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

function boot() {
  return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
}

async function mustCome(holds) {
  if (!(await until(holds))) wrong.push("what was waited for never came");
}

function progress(name, { rounds }) {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${rounds}/${options.rounds}   ${rounds === options.rounds ? "\n" : ""}`);
}

function readOptions(words) {
  const value = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
  const program = resolve(value("--program", join(ROOT, "dist/cavra.cjs")));
  if (spawnSync(process.execPath, [program, "version"]).status !== 0) throw new Error(`\`${program}\` does not run`);
  return { program, rounds: Number(value("--rounds", "50")), hooks: Number(value("--hooks", "6")), only: value("--only", "") };
}
