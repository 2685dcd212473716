// What does a guarded call cost where an authority runs? The native hook beside the Node hook that decides by itself, the Node hook that asks the
// authority, a bare `node -e 0` and a bare echo of the payload, in rounds whose order changes; wall clock from just before a process is started to just
// after it ended. Every answer is checked; at the end each call is on record once, and the authority has answered every call that was meant for it.
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

/** Runs one process, in milliseconds as the shell's clock has them. */
function cost({ words, env, answers }: (typeof WAYS)[Way], payload: string, answer: string): number {
  const line = 'began=$EPOCHREALTIME; "$@" <"$PAYLOAD" >"$OUT" 2>"$ERR"; echo "$began $EPOCHREALTIME"';
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
  return (ended - began) * 1000;
}

function measure(call: (typeof CALLS)[number]): Readonly<Record<Way, readonly number[]>> {
  const payload = join(scratch, "payload.json");
  const more = { session_id: "bench", cwd: workspace, permission_mode: "default", hook_event_name: "PreToolUse" };
  writeFileSync(payload, JSON.stringify({ ...more, tool_name: "Bash", tool_input: { command: call.command } }));
  const found = Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Record<Way, number[]>;
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const [index] of NAMES.entries()) {
      const name = NAMES[(index + round) % NAMES.length] ?? "bare echo (`cat`)";
      const ms = cost(WAYS[name], payload, call.answer);
      if (round >= WARM_UP) found[name].push(ms);
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
const found = CALLS.map((call) => ({ call, costs: measure(call) }));
const { authority } = JSON.parse(cavra(["status", "--json"])) as { authority: { says: { calls: number; unheard: number } } };
cavra(["down"]);
const each = CALLS.length * (ROUNDS + WARM_UP);
const kept = [recordsKept("beside"), recordsKept("alone")];
const { calls, unheard } = authority.says;
// On a busy machine an answer may come too late, and the hook decides: that is told, not hidden.
if (kept[0] !== 2 * each + unheard || kept[1] !== each)
  throw new Error(`${kept.join(" and ")} records were kept of ${2 * each} and ${each} calls`);

const all = (name: Way) => found.flatMap(({ costs }) => costs[name]);
const times = (name: Way, by: Way) => rounded(median(all(name)) / median(all(by)));
const told = (costs: readonly number[]) => {
  const sorted = ascending(costs);
  return `p50 ${rounded(at(sorted, 0.5))} ms, p99 ${rounded(at(sorted, 0.99))} ms`;
};
report({
  name: "go-hook",
  details: [
    ...found.flatMap(({ call, costs }) => [`${call.name}:`, ...NAMES.map((name) => `  ${name}: ${told(costs[name])}`)]),
    `the native hook / a bare echo: ${times("native hook", "bare echo (`cat`)")} times; / bare node: ${times("native hook", "bare `node -e 0`")} times`,
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
