// Do the cases bite? Edits the second engine's sources, one edit at a time, and asks whether a short campaign or the tests in Go find it. Implements spec/parity.md 6.3.
//   node scripts/go-mutants.mjs [--count N] [--seed N] [--cases N] [--at-once N] [--minutes N] [--output FILE] [--table FILE]
// Needs `make build`. Works in copies; the sources themselves are never touched. With --output it goes on where an earlier run with the same seed and sources stood.
// Exit status 1 when fewer than 95 in 100 were found, 2 where the engine is found wrong as it is: then everything would be found.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { GO_ENVIRONMENT } from "./go.mjs";
import { byCampaign, byTests, recorded, run } from "./go-mutants/judges.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "72" },
    seed: { type: "string", default: "1" },
    cases: { type: "string", default: "12000" },
    "at-once": { type: "string", default: "1" },
    minutes: { type: "string", default: "600" },
    output: { type: "string", default: "" },
    table: { type: "string", default: "" },
  },
});

/** What judges and what is recorded, a stratum each. Streams and sockets (worker, messenger, cmd) are measured by tests of their own. */
const FOLDERS = [
  ...["base", "change", "change/shell", "change/words", "change/walk", "change/catalogue"],
  ...["change/programs", "change/languages", "policy", "judgement", "engine", "evidence"],
];
/** The Go tests read vectors, corpora and some sources beside go/: without those each would fail, whatever was edited. */
const COPIED = ["go", "spec", "src", "test", "policies"];
const BUILD_MS = 1_200_000;

const work = mkdtempSync(join(tmpdir(), "cavra-mutants-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
const benches = Array.from({ length: Number(values["at-once"]) }, (_, at) => newBench(at));
const edits = drawn();
const identity = createHash("sha256")
  .update(JSON.stringify([edits, values.cases]))
  .digest("hex");
const known = earlier();
const queues = FOLDERS.map((folder) => edits.filter(({ stratum }) => stratum === folder));
const wanted = queues.flatMap((_, at) => Array.from({ length: share(at) }, () => at));

const [first] = benches;
if (!(await built(first))) throw new Error("the engine as it is does not compile");
const campaign = await recorded({ root: ROOT, folder: join(work, "campaign"), binary: first.binary, cases: values.cases });
const whole = (await byCampaign(first.binary, campaign)) ?? (await byTests(first.module, "..."));
if (whole !== null) {
  console.error(`nothing was edited, and it was found: ${whole.by} ${whole.how}`);
  process.exit(2);
}
console.log(`the engine as it is: ${campaign.asked.length} cases and all tests agree; ${edits.length} edits could be made`);

const [results, deadline] = [[], Date.now() + Number(values.minutes) * 60_000];
await Promise.all(benches.map(atWork));
const found = results.filter(({ by }) => by !== "survived").length;
const ways = ["campaign", "vectors", "tests"].map((way) => `${results.filter(({ by }) => by === way).length} by ${way}`);
console.log(`seed ${values.seed}: ${found} of ${results.length} found (${ways.join(", ")})`);
if (values.table !== "") writeFileSync(values.table, tableOf(results));
process.exit(results.length === 0 || found * 100 < results.length * 95 ? 1 : 0);

/** A copy of what is edited and tested, and the program built from it. */
function newBench(at) {
  const folder = join(work, `bench-${at}`);
  mkdirSync(folder);
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  return { module: join(folder, "go"), binary: join(folder, "cavra-runtime") };
}

/** As many of each stratum as of each other. */
function share(at) {
  const [each, more] = [Math.floor(Number(values.count) / FOLDERS.length), Number(values.count) % FOLDERS.length];
  return each + (at < more ? 1 : 0);
}

async function atWork(bench) {
  while (wanted.length > 0 && Date.now() < deadline) {
    const result = await tryNext(bench, queues[wanted.shift()]);
    if (result === null) continue;
    results.push(result);
    console.log(`${results.length} ${result.by.padEnd(9)} ${result.seconds} s ${told(result)} (${result.how})`);
    if (values.output !== "")
      writeFileSync(values.output, `${JSON.stringify({ identity, seed: Number(values.seed), results }, null, 1)}\n`);
  }
}

/** Every edit that there is, in the order in which they are tried. */
function drawn() {
  const listed = spawnSync("go", ["run", join(ROOT, "scripts/go-mutants/main.go"), values.seed, ...FOLDERS], {
    ...{ cwd: benches[0].module, env: { ...process.env, ...GO_ENVIRONMENT }, encoding: "utf8", maxBuffer: 2 ** 28 },
  });
  if (listed.status !== 0) throw new Error(`the edits were not drawn: ${listed.stderr}`);
  return listed.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function earlier() {
  if (values.output === "" || !existsSync(values.output)) return new Map();
  const kept = JSON.parse(readFileSync(values.output, "utf8"));
  if (kept.identity !== identity) throw new Error(`\`${values.output}\` is of another seed, of other cases or of other sources`);
  return new Map(kept.results.map((one) => [keyOf(one), one]));
}

function keyOf({ file, from, to, after }) {
  return [file, from, to, after].join("\n");
}

/** The next edit of a stratum that compiles, judged; null where none is left. */
async function tryNext(bench, queue) {
  for (let edit = queue.shift(); edit !== undefined; edit = queue.shift()) {
    const [before, began] = [known.get(keyOf(edit)), Date.now()];
    if (before !== undefined) return before;
    const copy = join(bench.module, edit.file);
    const original = readFileSync(copy);
    writeFileSync(copy, Buffer.concat([original.subarray(0, edit.from), Buffer.from(edit.after), original.subarray(edit.to)]));
    try {
      if (!(await built(bench))) continue;
      const by = (await byCampaign(bench.binary, campaign)) ?? (await byTests(bench.module, dirname(edit.file)));
      return { ...edit, ...(by ?? { by: "survived", how: "" }), seconds: Math.round((Date.now() - began) / 1000) };
    } finally {
      writeFileSync(copy, original);
    }
  }
  return null;
}

/** What does not compile is no edit. */
async function built({ module, binary }) {
  const call = ["build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/cavra-runtime"];
  return (await run("go", call, { cwd: module, timeout: BUILD_MS })).status === 0;
}

function told({ file, line, kind, before, after }) {
  const short = (text) => (text.length > 90 ? `${text.slice(0, 87).trimEnd()}…` : text).replaceAll(/\s+/g, " ");
  return `${file}:${line} ${kind}: ${short(before)} -> ${after === "" ? "nothing" : short(after)}`;
}

function tableOf(rows) {
  const lines = rows.map(
    (one, at) => `| ${at + 1} | ${told(one).replaceAll("|", "\\|")} | ${one.by} | ${one.how.replaceAll("|", "\\|")} |`,
  );
  return ["| | edit | found by | how |", "|---|---|---|---|", ...lines, ""].join("\n");
}
