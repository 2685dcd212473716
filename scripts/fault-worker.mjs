// Faults of the second engine's worker, with real processes: a running authority in `enforce` asks it while it is killed, stopped, swapped and starved, and
// while what it says is cut, damaged, exchanged and blown up. Proves spec/backend.md sections 1.3, 1.4, 5 and 6: every caller gets the answer that an
// authority without the worker gives to the same line at the same time, not later than the deadline beyond it; each call is on record once, and what did
// not agree has exactly one fallback, with the code of what was done.
// `node scripts/fault-worker.mjs [--program dist/cavra.cjs] [--rounds 50] [--callers 8] [--only "NAME;…"] [--quick]`; ends with 1 when something did not hold.
// `--quick` leaves out waiting for a worker that comes back.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { call, status } from "./faults/caller.mjs";
import { newPass } from "./faults/pass.mjs";
import { cavra, newPlace, newRepository, newScratch, sleep, until } from "./faults/place.mjs";
import { newRuntime } from "./faults/runtime.mjs";
import { SCENARIOS } from "./faults/worker-scenarios.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const options = readOptions(process.argv.slice(2));
const DEADLINE_MS = 250;
/** Lines that each caller asks, one after the other, with a pause between them so that a round outlasts a new start. */
const LINES = 4;
const PAUSE_MS = 25;
/** These may follow from any fault, and from a machine on which many processes run; `protocol_mismatch` is a hello that is late, too. */
const CONSEQUENCES = ["agreed", "deadline_exceeded", "worker_unavailable", "circuit_open", "protocol_mismatch", "campaign_missing"];

/** With fewer rounds than these a machine on which nothing comes in time is no mistake. */
const FEW = 10;

const wrong = [];
const root = newScratch();
const beside = { CAVRA_GO_BACKEND_MODE: "enforce", CAVRA_GO_BACKEND_DEADLINE_MS: String(DEADLINE_MS) };
const runtime = newRuntime(root, options.real);
const place = await started(newPlace(root, "asks", options.program), { ...beside, CAVRA_GO_RUNTIME_PATH: runtime.path });
const control = await started(newPlace(root, "alone", options.program), { CAVRA_GO_BACKEND_MODE: "disabled" });

const pass = await newPass(place, options.real);

const sums = [];
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (options.only.length > 0 && !options.only.includes(name)) continue;
  sums.push(await runScenario(name, scenario));
}
await cavra(place, ["down"]);
await cavra(control, ["down"]);
const recorded = recordsOf(place);
for (const sum of sums) tell(sum, recorded);
checkWhole(recorded);
for (const one of [...new Set(wrong)].slice(0, 40)) console.log(`WRONG ${one}`);
if (wrong.length > 40) console.log(`WRONG in all ${wrong.length} times`);
process.exit(wrong.length === 0 ? 0 : 1);

async function runScenario(name, scenario) {
  const sum = {
    name,
    scenario,
    slug: name.replaceAll(/[^a-zA-Z0-9]+/g, "-"),
    rounds: 0,
    calls: [],
    alone: [],
    besides: [],
    beyondMs: -Infinity,
  };
  const log = join(root, `${sum.slug}.log`);
  writeFileSync(log, "");
  runtime.install(scenario.damage, log);
  for (let round = 0; round < options.rounds; round++) {
    await runRound(sum, round);
    sum.rounds++;
    progress(sum);
  }
  if (scenario.comesBack && !options.quick) await comesBack(sum);
  sum.victims = runtime.victims(log);
  return sum;
}

/** A repository of its own has a policy of its own, and that a keeper and a worker of its own: no round has anything from the one before. */
async function runRound(sum, round) {
  const { scenario, slug, name } = sum;
  const repository = newRepository(root, `shops/${slug}-${round}`);
  const world = { place, repository, runtime, round, policy: (extra) => writePolicy(repository, `${slug}-${round}`, extra) };
  world.policy();
  await ready(sum, world, `${slug}-${round}`);
  await scenario.before?.(world);
  const both = [place, control].map((side) =>
    Promise.all(Array.from({ length: options.callers }, (_, index) => caller(side, world, `${slug}-${round}-${index}`))),
  );
  if (scenario.during) {
    // Each round a little later, from before the first line is asked to after the last one was answered.
    await sleep((round * 13) % 200);
    await scenario.during(world);
  }
  const [asked, alone] = (await Promise.all(both)).map((calls) => calls.flat());
  await scenario.after?.(world);
  sum.calls.push(...asked);
  sum.alone.push(...alone);
  const slowestMs = Math.max(...alone.map(({ tookMs }) => tookMs));
  for (const [index, { line, answer, by, tookMs }] of asked.entries()) {
    sum.beyondMs = Math.max(sum.beyondMs, tookMs - slowestMs);
    const expected = alone[index].answer;
    if (!scenario.twoPolicies && answer !== expected) wrong.push(`${name}: \`${line}\` was answered ${answer}, not ${expected}`);
    if (by !== "authority" && !scenario.itself) wrong.push(`${name}: \`${line}\` was not answered by the authority`);
    if (tookMs > DEADLINE_MS + 10 * slowestMs + 2_000) wrong.push(`${name}: \`${line}\` took ${Math.round(tookMs)} ms`);
  }
}

async function caller(side, { repository }, tail) {
  const calls = [];
  for (let index = 0; index < LINES; index++) {
    calls.push(await call(side, repository, index % 2 === 0 ? `cat .env.${tail}-${index}` : `ls ${tail}-${index}`));
    await sleep(PAUSE_MS);
  }
  return calls;
}

/** The policy is compiled on both sides, and the worker runs: what a fault finds is a worker that answers. */
async function ready(sum, world, tail) {
  let count = 0;
  await call(control, world.repository, `ls ${tail}`);
  const isReady = async () => {
    const state = world.worker?.worker;
    if (state === undefined || state === "waiting" || state === "none")
      sum.besides.push(await call(place, world.repository, `ls ${tail}-w${count++}`));
    // The one that was asked for last stands last.
    world.worker = (await status(place))?.workers.at(-1);
    pass(world.worker);
    return sum.scenario.cold || (world.worker?.worker === "running" && world.worker.breaker === "closed");
  };
  if (!(await until(isReady, 1_200)) && options.rounds >= FEW) wrong.push(`${sum.name}: the worker never ran`);
}

/** After its last round, and with nothing more done to it, the worker is asked again. */
async function comesBack(sum) {
  const repository = join(root, `shops/${sum.slug}-${options.rounds - 1}`);
  const answered = async () => (await status(place))?.workers.at(-1)?.answered ?? 0;
  const before = await answered();
  let count = 0;
  const isBack = async () => {
    sum.besides.push(await call(place, repository, `ls ${sum.slug}-back${count++}`));
    await sleep(100);
    pass((await status(place))?.workers.at(-1));
    return (await answered()) > before;
  };
  if (!(await until(isBack))) wrong.push(`${sum.name}: the worker did not come back`);
}

function writePolicy(repository, id, extra = "") {
  mkdirSync(join(repository, ".cavra"), { recursive: true });
  const rule = `{ id: own.db, match: { effect: write, path: "db/**" }, verdict: deny, severity: low, reason: ${id} }`;
  writeFileSync(
    join(repository, ".cavra/policy.yaml"),
    `schema_version: cavra.policy.v1\nid: own\nversion: 1.0.0\nrules:\n  - ${rule}\n${extra}`,
  );
}

/** How often each line is on record, under which names, and the fallbacks of each name. */
function recordsOf({ state }) {
  const [names, fallbacks] = [new Map(), new Map()];
  const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
  for (const line of linesIn(join(state, "journal"))) {
    const json = line.slice(line.indexOf("{"));
    if (!/^\d+ sha256:/.test(line)) continue;
    const record = JSON.parse(json);
    add(names, record.action.target, record.record_id);
  }
  for (const line of linesIn(join(state, "shadow"), ".jsonl")) {
    const fallback = JSON.parse(line);
    add(fallbacks, fallback.record_id, fallback);
  }
  return { names, fallbacks };
}

function linesIn(folder, end = "") {
  const files = readdirSync(folder).filter((name) => name.endsWith(end));
  return files.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n")).filter((line) => line !== "");
}

/** Holds every call of a scenario against the records, and says what came of it. */
function tell({ name, scenario, rounds, calls, alone, besides, beyondMs, victims }, { names, fallbacks }) {
  const codes = new Map();
  for (const { line, by } of [...calls, ...besides]) {
    const ids = names.get(line) ?? [];
    if (ids.length !== 1) wrong.push(`${name}: \`${line}\` is on record ${ids.length} times`);
    const found = ids.flatMap((id) => fallbacks.get(id) ?? []);
    if (found.length > 1) wrong.push(`${name}: \`${line}\` has ${found.length} fallbacks`);
    const code = by === "itself" ? "by itself" : (found[0]?.code ?? "agreed");
    codes.set(code, (codes.get(code) ?? 0) + 1);
    checkCode({ name, scenario, line, code, unsafe: found[0]?.unsafe, isVictim: victims.has(line) });
  }
  // In a few rounds on a busy machine a fault may come when nobody asks: of those nothing can be said.
  const isTold = rounds >= FEW;
  const must = [scenario.must].flat();
  if (isTold && !must.some((code) => codes.has(code))) wrong.push(`${name}: \`${must.join("` or `")}\` was never the reason`);
  const told = [...codes].sort(([, left], [, right]) => right - left).map(([code, count]) => `${code} ${count}`);
  const times = [calls, alone].map((of) => `${at(of, 0.5)}/${at(of, 0.99)}/${at(of, 1)}`);
  console.log(
    `${name}: ${rounds} rounds, ${calls.length} calls, ${times[0]} ms (alone ${times[1]}), at most ${Math.round(beyondMs)} beyond; ${told.join(", ")}`,
  );
}

function checkCode({ name, scenario, line, code, unsafe, isVictim }) {
  const own = [scenario.codes ?? [], scenario.must ?? []].flat();
  if (![...CONSEQUENCES, ...own, ...(scenario.itself ? ["by itself"] : [])].includes(code))
    wrong.push(`${name}: \`${line}\` fell back with \`${code}\``);
  if (isVictim && ![scenario.victim, "deadline_exceeded", "circuit_open"].includes(code))
    wrong.push(`${name}: \`${line}\`, whose answer was damaged, has \`${code}\``);
  if (code === "disagreement" && unsafe !== line.startsWith("cat")) wrong.push(`${name}: \`${line}\` is ${unsafe ? "" : "not "}unsafe`);
}

/** The counters say the same as the lines, and no record and no fallback belongs to a call that nobody made. */
function checkWhole({ names, fallbacks }) {
  const calls = sums.flatMap(({ calls, besides }) => [...calls, ...besides]);
  const asked = calls.filter(({ by }) => by === "authority").length;
  if (names.size !== calls.length) wrong.push(`${names.size} lines are on record, and ${calls.length} were asked`);
  const counters = JSON.parse(readFileSync(join(place.state, "shadow/counters.json"), "utf8"));
  const outcomes = counters.engines.flatMap(({ strata }) => strata.flatMap((one) => Object.values(one.outcomes)));
  const counted = outcomes.reduce((sum, count) => sum + count, 0);
  // Of more than 16 engines and policies the oldest are no longer counted.
  if (counters.engines.length < 16 && counted !== asked) wrong.push(`${counted} comparisons are counted, and ${asked} calls were answered`);
  const unknown = [...fallbacks.keys()].filter((id) => ![...names.values()].some((ids) => ids.includes(id)));
  if (unknown.length > 0) wrong.push(`${unknown.length} fallbacks belong to no record`);
}

function at(calls, share) {
  const times = calls.map(({ tookMs }) => tookMs).sort((left, right) => left - right);
  return Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
}

async function started(one, more) {
  one.env = { ...one.env, ...more };
  await cavra(one, ["up"]);
  return one;
}

function progress({ name, rounds }) {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${rounds}/${options.rounds}   ${rounds === options.rounds ? "\n" : ""}`);
}

function readOptions(words) {
  const value = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
  const program = resolve(value("--program", join(ROOT, "dist/cavra.cjs")));
  const real = join(dirname(program), "bin/cavra-runtime");
  for (const words of [
    [process.execPath, program, "version"],
    [real, "version"],
  ])
    if (spawnSync(words[0], words.slice(1)).status !== 0) throw new Error(`\`${words.join(" ")}\` does not run`);
  const only = value("--only", "")
    .split(";")
    .filter((name) => name !== "");
  const strange = only.find((name) => !Object.hasOwn(SCENARIOS, name));
  if (strange !== undefined) throw new Error(`there is no scenario \`${strange}\``);
  const numbers = { rounds: Number(value("--rounds", "50")), callers: Number(value("--callers", "8")) };
  return { program, real, only, quick: words.includes("--quick"), ...numbers };
}
