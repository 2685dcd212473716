// What does a guarded call cost? The whole hook process beside a bare `node -e 0`, in pairs whose order changes; wall clock and processor time as the
// shell's `time` tells them. Every answer is checked, and at the end the journal must hold one record for each call.
// A program, not a test: `node scripts/bench.mjs hook`, or bundled; needs dist/.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { ascending, at, median, report, rounded } from "./report.js";

const PAIRS = 40;
const WARM_UP = 3;

const CALLS = [
  { name: "a pipeline that passes", tool: "Bash", input: { command: "cd src && git status 2>/dev/null | head" }, answer: "" },
  { name: "a plain command that passes", tool: "Bash", input: { command: "ls -la src && npm test" }, answer: "" },
  { name: "a read that is refused", tool: "Bash", input: { command: "cat .env" }, answer: '"permissionDecision":"deny"' },
  { name: "a file that is read", tool: "Read", input: { file_path: "README.md" }, answer: "" },
] as const;

const root = process.cwd();
const scratch = mkdtempSync(join(tmpdir(), "cavra-bench-hook-"));
const workspace = join(scratch, "workspace");
mkdirSync(join(workspace, ".git"), { recursive: true });
writeFileSync(join(workspace, ".git", "HEAD"), "ref: refs/heads/topic\n");
writeFileSync(join(workspace, ".git", "config"), '[remote "origin"]\n\turl = https://example.org/app.git\n');
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...rest } = process.env;
const env = { ...rest, HOME: scratch, CAVRA_STATE_DIR: join(scratch, "state"), CAVRA_CONFIG_DIR: join(scratch, "config") };

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Runs one process under the shell's clock, in milliseconds. */
function cost(words: readonly string[], payloadFile: string, answer: string | null): Cost {
  const line = 'TIMEFORMAT="%R %U %S"; time "$@" <"$PAYLOAD" >"$OUT" 2>"$ERR"; exit 0';
  const [out, err] = [join(scratch, "out"), join(scratch, "err")];
  const ran = spawnSync("bash", ["-c", line, "bash", ...words], {
    env: { ...env, PAYLOAD: payloadFile, OUT: out, ERR: err },
    encoding: "utf8",
  });
  const printed = readFileSync(out, "utf8");
  const complaint = readFileSync(err, "utf8");
  if (complaint !== "" || (answer !== null && (answer === "" ? printed !== "" : !printed.includes(answer))))
    throw new Error(`the hook answered something else: ${printed}${complaint}`);
  const [wall = 0, user = 0, system = 0] = ran.stderr.trim().split(" ").map(Number);
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

function measure(call: (typeof CALLS)[number]): { readonly bare: readonly Cost[]; readonly hook: readonly Cost[] } {
  const payload = join(scratch, "payload.json");
  const more = { session_id: "bench", cwd: workspace, permission_mode: "default", hook_event_name: "PreToolUse" };
  writeFileSync(payload, JSON.stringify({ ...more, tool_name: call.tool, tool_input: call.input }));
  const bare: Cost[] = [];
  const hook: Cost[] = [];
  const runBare = () => bare.push(cost([process.execPath, "-e", "0"], payload, null));
  const runHook = () => hook.push(cost([process.execPath, join(root, "dist/cavra.cjs"), "hook", "claude-code"], payload, call.answer));
  for (let pair = 0; pair < PAIRS + WARM_UP; pair++) for (const run of pair % 2 === 0 ? [runBare, runHook] : [runHook, runBare]) run();
  return { bare: bare.slice(WARM_UP), hook: hook.slice(WARM_UP) };
}

function recordsKept(): number {
  const folder = join(scratch, "state", "journal");
  return readdirSync(folder).reduce(
    (sum, name) => sum + (readFileSync(join(folder, name), "utf8").match(/^\d+ sha256:/gm)?.length ?? 0),
    0,
  );
}

/** A cache that V8 refuses costs more than all the rest, and nothing else tells of it. */
function cacheIsTaken(): boolean {
  const filename = join(root, "dist/hook.cjs");
  const script = new Script(readFileSync(filename, "latin1"), { filename, cachedData: readFileSync(`${filename}.cache`) });
  return script.cachedDataRejected === false;
}

const found = CALLS.map((call) => ({ call, ...measure(call) }));
const kept = recordsKept();
rmSync(scratch, { recursive: true });
if (kept !== CALLS.length * (PAIRS + WARM_UP)) throw new Error(`${kept} records were kept of ${CALLS.length * (PAIRS + WARM_UP)} calls`);

const ratio = (of: (one: Cost) => number): number =>
  rounded(median(found.flatMap(({ hook }) => hook.map(of))) / median(found.flatMap(({ bare }) => bare.map(of))));
const told = (costs: readonly Cost[]): string => {
  const walls = ascending(costs.map(({ wall }) => wall));
  return `wall ${rounded(at(walls, 0.5))} ms (p99 ${rounded(at(walls, 0.99))}), cpu ${rounded(median(costs.map(({ cpu }) => cpu)))} ms`;
};
report({
  name: "hook",
  details: [
    ...found.flatMap(({ call, bare, hook }) => [
      `${call.name}: ${told(hook)}`,
      `${" ".repeat(call.name.length)}  bare node: ${told(bare)}`,
    ]),
    `the code cache is ${cacheIsTaken() ? "taken" : "REFUSED"}; ${kept} records are durable`,
  ],
  goals: [
    { what: "hook process / bare node, wall clock", measured: ratio(({ wall }) => wall), goal: 1.5, bound: "most", unit: "×" },
    { what: "hook process / bare node, processor time", measured: ratio(({ cpu }) => cpu), goal: 1.5, bound: "most", unit: "×" },
  ],
});
