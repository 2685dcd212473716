// Runs the programs in bench/ one after the other and holds their figures against the goals. `node scripts/bench.mjs [NAME…] [--json] [--million]`.
// Every ratio is measured side by side within one run, so that it means something on a busy machine too; needs dist/ (`make bench` builds it).

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { arch, cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** Those that say something of a goal first. */
const ORDER = ["hook", "go-hook", "worker", "judgement", "policy", "journal", "ledger", "gate", "parity", "shell"];

/** Packages that are no modules themselves call `require`. */
const REQUIRE = 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const known = readdirSync("bench")
  .map((file) => file.slice(0, -".ts".length))
  .filter((name) => name !== "report")
  .sort((a, b) => ((ORDER.indexOf(a) + ORDER.length) % ORDER.length) - ((ORDER.indexOf(b) + ORDER.length) % ORDER.length));
const strange = asked.find((name) => !known.includes(name));
if (strange !== undefined) {
  console.error(`error: there is no benchmark \`${strange}\`\n  the benchmarks are: ${known.join(", ")}`);
  process.exit(2);
}

const scratch = join(root, "dist", `.bench-${process.pid}`);
mkdirSync(scratch, { recursive: true });
const json = process.argv.includes("--json");
const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  arch: arch(),
  node: process.version,
  load: Number(loadavg()[0]?.toFixed(2)),
  date: new Date().toISOString().slice(0, 10),
};
const reports = [];
try {
  if (!json)
    console.log(
      `${machine.cpu}, ${machine.cores} cores, ${machine.arch}, node ${machine.node}, load ${machine.load} at the start, ${machine.date}\n`,
    );
  for (const name of asked.length > 0 ? asked : known) {
    const found = await run(name);
    reports.push(found);
    if (!json) show(found);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (json) console.log(JSON.stringify({ machine, reports }));
else summarise();

/** One program, bundled for itself and run in a process of its own. */
async function run(name) {
  const outfile = join(scratch, `${name}.mjs`);
  await build({
    entryPoints: [`bench/${name}.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
  // Certificates that are read at every start are no part of what is measured.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const more = process.argv.includes("--million") ? ["--million"] : [];
  const ended = spawnSync(process.execPath, [outfile, "--json", ...more], { env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (ended.status !== 0) {
    process.stderr.write(ended.stderr);
    throw new Error(`the benchmark \`${name}\` did not run to its end (status ${ended.status})`);
  }
  return JSON.parse(ended.stdout);
}

function show({ name, details, goals }) {
  console.log(name);
  for (const line of details) console.log(`  ${line}`);
  for (const goal of goals) console.log(`  ${verdict(goal)}`);
  console.log("");
}

function verdict({ what, measured, goal, bound, unit, holds }) {
  return `${holds ? "✓" : "✗"} ${what}: ${measured} ${unit} (goal: ${bound === "most" ? "at most" : "at least"} ${goal})`;
}

/** A goal that is missed is no error: it is what one comes here to see. */
function summarise() {
  const goals = reports.flatMap(({ goals: own }) => own);
  for (const goal of goals) console.log(verdict(goal));
  console.log(`\n${goals.filter(({ holds }) => holds).length} goals held, ${goals.filter(({ holds }) => !holds).length} missed`);
}
