// What does a guarded call cost where an authority runs? The native hook beside the Node hook that decides by itself, the Node hook that asks the
// authority, a bare `node -e 0` and a bare echo of the payload, in rounds whose order changes; wall clock from just before a process is started to just
// after it ended, and processor time, which a busy machine leaves as it is, with the authority's share. Every answer is checked; at the end each call is on record once, and the authority has answered every call that was meant for it.
// A program, not a test: `node scripts/bench.mjs go-hook`, or bundled; needs dist/ with bin/cavra-runtime.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ascending, at, median, report, rounded } from "./report.js";

const ROUNDS = 60;
const WARM_UP = 3;

const CALLS = [
  { name: "a pipeline that passes", command: "cd src && git status 2>/dev/null | head", answer: "" },
  { name: "a read that is refused", command: "cat .env", answer: '"permissionDecision":"deny"' },
] as const;

const root = process.cwd();
const scratch = mkdtempSync(join(tmpdir(), "cavra-bench-go-hook-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const workspace = join(scratch, "workspace");
mkdirSync(join(workspace, ".git"), { recursive: true });
writeFileSync(join(workspace, ".git", "HEAD"), "ref: refs/heads/topic\n");

const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...rest } = process.env;
const environment = (name: string) => ({
  ...rest,
  HOME: scratch,
  CAVRA_STATE_DIR: join(scratch, name),
  CAVRA_CONFIG_DIR: join(scratch, "config"),
  CLAUDE_PROJECT_DIR: workspace,
});
const [beside, alone] = [environment("beside"), environment("alone")];
const node = [process.execPath, join(root, "dist/cavra.cjs")];

const WAYS = {
  "native hook": { words: [join(root, "dist/bin/cavra-runtime"), "hook", "claude-code"], env: beside, answers: true },
  "Node hook beside the authority": { words: [...node, "hook", "claude-code"], env: beside, answers: true },
  "Node hook by itself": { words: [...node, "hook", "claude-code"], env: alone, answers: true },
  "bare `node -e 0`": { words: [process.execPath, "-e", "0"], env: alone, answers: false },
  "bare echo (`cat`)": { words: ["cat"], env: alone, answers: false },
} as const;
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as readonly Way[];

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs one process, in milliseconds as the shell has them. */
function cost({ words, env, answers }: (typeof WAYS)[Way], payload: string, answer: string): Cost {
  const line = 'TIMEFORMAT="%U %S"; began=$EPOCHREALTIME; time "$@" <"$PAYLOAD" >"$OUT" 2>"$ERR"; echo "$began $EPOCHREALTIME"';
  const [out, err] = [join(scratch, "out"), join(scratch, "err")];
  const ran = spawnSync("bash", ["-c", line, "bash", ...words], {
    env: { ...env, PAYLOAD: payload, OUT: out, ERR: err },
    cwd: workspace,
    encoding: "utf8",
  });
  const [printed, complaint] = [readFileSync(out, "utf8"), readFileSync(err, "utf8")];
  if (complaint !== "" || (answers && (answer === "" ? printed !== "" : !printed.includes(answer))))
    throw new Error(`\`${words.join(" ")}\` answered something else: ${printed}${complaint}`);
  const [began = 0, ended = 0] = ran.stdout.trim().split(" ").map(Number);
  const [user = 0, system = 0] = ran.stderr.trim().split(" ").map(Number);
  return { wall: (ended - began) * 1000, cpu: (user + system) * 1000 };
}

/** What a process has taken of the processors so far, in milliseconds: the kernel counts it in hundredths of a second. */
function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return (user + system) * 10;
}

function measure(call: (typeof CALLS)[number]): Readonly<Record<Way, readonly Cost[]>> {
  const payload = join(scratch, "payload.json");
  const more = { session_id: "bench", cwd: workspace, permission_mode: "default", hook_event_name: "PreToolUse" };
  writeFileSync(payload, JSON.stringify({ ...more, tool_name: "Bash", tool_input: { command: call.command } }));
  const found = Object.fromEntries(NAMES.map((name) => [name, [] as Cost[]])) as Record<Way, Cost[]>;
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const [index] of NAMES.entries()) {
      const name = NAMES[(index + round) % NAMES.length] ?? "bare echo (`cat`)";
      const one = cost(WAYS[name], payload, call.answer);
      if (round >= WARM_UP) found[name].push(one);
    }
  }
  return found;
}

function cavra(words: readonly string[]): string {
  const ran = spawnSync(process.execPath, [join(root, "dist/cavra.cjs"), ...words], { env: beside, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`\`cavra ${words.join(" ")}\`: ${ran.stderr}`);
  return ran.stdout;
}

function recordsKept(name: string): number {
  const folder = join(scratch, name, "journal");
  return readdirSync(folder).reduce(
    (sum, file) => sum + (readFileSync(join(folder, file), "utf8").match(/^\d+ sha256:/gm)?.length ?? 0),
    0,
  );
}

cavra(["up"]);
const { pid } = JSON.parse(readFileSync(join(scratch, "beside/authority.json"), "utf8")) as { readonly pid: number };
const before = processorTime(pid);
const found = CALLS.map((call) => ({ call, costs: measure(call) }));
const ofTheAuthority = (processorTime(pid) - before) / (2 * CALLS.length * (ROUNDS + WARM_UP));
const { authority } = JSON.parse(cavra(["status", "--json"])) as { authority: { says: { calls: number; unheard: number } } };
cavra(["down"]);
const each = CALLS.length * (ROUNDS + WARM_UP);
const kept = [recordsKept("beside"), recordsKept("alone")];
const { calls, unheard } = authority.says;
// On a busy machine an answer may come too late, and the hook decides: that is told, not hidden.
if (kept[0] !== 2 * each + unheard || kept[1] !== each)
  throw new Error(`${kept.join(" and ")} records were kept of ${2 * each} and ${each} calls`);

const all = (name: Way) => found.flatMap(({ costs }) => costs[name]);
const walls = (name: Way) => all(name).map(({ wall }) => wall);
const times = (name: Way, by: Way) => rounded(median(walls(name)) / median(walls(by)));
/** The shell's clock for it is as coarse as a millisecond, so the mean says more than a median. */
const cpuOf = (costs: readonly Cost[]) => costs.reduce((sum, { cpu }) => sum + cpu, 0) / costs.length;
const told = (costs: readonly Cost[]) => {
  const sorted = ascending(costs.map(({ wall }) => wall));
  return `p50 ${rounded(at(sorted, 0.5))} ms, p99 ${rounded(at(sorted, 0.99))} ms, cpu ${rounded(cpuOf(costs))} ms`;
};
const cpuTimes = rounded(cpuOf(all("Node hook by itself")) / (cpuOf(all("native hook")) + ofTheAuthority));
report({
  name: "go-hook",
  details: [
    ...found.flatMap(({ call, costs }) => [`${call.name}:`, ...NAMES.map((name) => `  ${name}: ${told(costs[name])}`)]),
    `the native hook / a bare echo: ${times("native hook", "bare echo (`cat`)")} times; / bare node: ${times("native hook", "bare `node -e 0`")} times`,
    `the authority takes ${rounded(ofTheAuthority)} ms of a processor for a call; with that, the Node hook by itself takes ${cpuTimes} times the native one`,
    `${calls} of ${2 * each} calls were answered by the authority, ${unheard} of them too late; ${kept[0]} and ${kept[1]} records are durable`,
  ],
  goals: [
    {
      what: "Node hook / native hook beside a running authority, wall clock",
      measured: times("Node hook by itself", "native hook"),
      goal: 8,
      bound: "least",
      unit: "×",
    },
  ],
});
