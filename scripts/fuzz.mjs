// Fuzz campaigns: `node scripts/fuzz.mjs [TARGET…] [--minutes 30] [--jobs 2] [--seed N] [--json]`. Each target runs in a process of its own.
// Exit status 1 when anything was found; each finding goes to stdout as a line for fuzz/kept/TARGET.jsonl, where it stays as a test.

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** Packages that are no modules themselves call `require`. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
/** A process that says nothing for so long hangs: a batch takes seconds at most. */
const SILENCE_MS = 600_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "30" },
    jobs: { type: "string", default: "2" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    json: { type: "boolean" },
  },
});
const known = readdirSync("fuzz/targets")
  .filter((file) => file !== "index.ts")
  .map((file) => file.slice(0, -".ts".length));
const strange = positionals.find((name) => !known.includes(name));
if (strange !== undefined || !(Number(values.minutes) > 0)) {
  console.error(
    strange === undefined
      ? "error: --minutes takes a number above 0"
      : `error: there is no target \`${strange}\`\n  the targets are: ${known.join(", ")}`,
  );
  process.exit(2);
}

const scratch = join(root, ".cavra-scratch", `fuzz-${process.pid}`);
mkdirSync(scratch, { recursive: true });
const program = join(scratch, "main.fuzz.mjs");
const reports = [];
const lines = new Map();
try {
  await build({
    entryPoints: ["fuzz/main.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: REQUIRE },
    logLevel: "warning",
  });
  const waiting = [...(positionals.length > 0 ? positionals : known)];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) reports.push(await campaign(name));
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
if (values.json) console.log(JSON.stringify({ seed: Number(values.seed), reports }));
else reports.forEach(show);
process.exitCode = reports.some(({ findings }) => findings.length > 0) ? 1 : 0;

function campaign(name) {
  const batchFile = join(scratch, `${name}.batch`);
  const child = spawn(process.execPath, [program, name, values.seed, String(Number(values.minutes) * 60), batchFile], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let last = { runs: 0, corpus: 0, blocks: 0, findings: [], seconds: 0 };
    let silent = setTimeout(hang, SILENCE_MS);
    function hang() {
      child.kill("SIGKILL");
    }
    createInterface({ input: child.stdout }).on("line", (line) => {
      clearTimeout(silent);
      silent = setTimeout(hang, SILENCE_MS);
      last = JSON.parse(line);
      progress(name, last);
    });
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(silent);
      const inputs = status === 0 ? [] : JSON.parse(readFileSync(batchFile, "utf8"));
      const broken =
        inputs.length === 0
          ? []
          : [
              {
                input: JSON.stringify(inputs),
                message: signal === "SIGKILL" ? "one of these hangs" : `the process ended with ${status ?? signal} on one of these`,
              },
            ];
      resolve({ name, ...last, findings: [...last.findings, ...broken] });
    });
  });
}

/** One line for all campaigns that run, on a terminal only. */
function progress(name, { runs, corpus, blocks, findings, seconds }) {
  lines.set(
    name,
    `${name} ${Math.min(100, Math.round((seconds / (Number(values.minutes) * 60)) * 100))} % ${runs} runs, ${corpus} kept, ${blocks} blocks, ${findings.length} found`,
  );
  if (process.stderr.isTTY)
    process.stderr.write(
      `\r\x1b[2K${[...lines.values()]
        .slice(-Number(values.jobs))
        .join("  |  ")
        .slice(0, process.stderr.columns ?? 120)}`,
    );
}

function show({ name, runs, corpus, blocks, findings, seconds }) {
  console.log(`${name}: ${runs} runs in ${seconds} s, ${blocks} blocks reached, ${corpus} inputs kept, ${findings.length} findings`);
  for (const finding of findings) console.log(JSON.stringify(finding));
}
