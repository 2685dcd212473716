// Asks every operation of a running server what nobody thought of, by schemathesis (PyPI), and holds each answer against the server's own document:
// `node scripts/api-campaign.mjs [--examples 1500] [--slow-examples 40] [--seed 1] [--venv FOLDER]`. Ends with 1 where an answer is a 5xx, undocumented, or not of its schema.
// It needs Python 3 and installs schemathesis into a folder of its own; nothing of it is part of CAVRA.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const VERSION = "4.32.5";
const seed = option("--seed", "1");
const venv = option("--venv", join(root, ".cavra-scratch", "schemathesis"));

/** Each starts processes of ours: hundreds of times as slow as the others. */
const SLOW =
  "^/(runtime/go-pilot/(readiness|promotion-|deployment-|rollback-(readiness|rehearsal|drills|drill-schedule)$)|deployment/|v1/policies:)";
/** It never ends where all is well; test/server/stream.test.ts reads it. */
const ENDLESS = "/v1/decisions/stream";
/** A request that is too long is refused too. */
const REFUSALS = '["400", "401", "403", "404", "405", "413", "414", "415", "422", "431"]';
const CONFIG = `[checks]
negative_data_rejection.expected-statuses = ${REFUSALS}
missing_required_header.expected-statuses = ${REFUSALS}
`;
/** What a schema cannot say (a cursor that was handed out, an id that is there, a time) is refused with a code. */
const CHECKS = ["--checks", "all", "--exclude-checks", "positive_data_acceptance"];

install();
mkdirSync(".cavra-scratch", { recursive: true });
const scratch = mkdtempSync(join(root, ".cavra-scratch", "api-"));
const place = mkdtempSync(join(tmpdir(), "cavra-api-"));
let status = 1;
const server = { child: null, complaints: "" };
try {
  const { url, token } = await started();
  const quick = ["--exclude-path-regex", SLOW, "--exclude-path", ENDLESS, "--max-examples", option("--examples", "1500")];
  const slow = ["--include-path-regex", SLOW, "--max-examples", option("--slow-examples", "40")];
  const passed = [await campaign(url, token, quick), await campaign(url, token, slow)];
  const mistakes = server.complaints.split("\n").filter((line) => line.includes("internal_error"));
  for (const line of mistakes.slice(0, 10)) console.error(line);
  status = passed.every(Boolean) && mistakes.length === 0 ? 0 : 1;
  console.log(`${mistakes.length} mistakes of ours in the log; ${status === 0 ? "passed" : "failed"}`);
} finally {
  server.child?.kill("SIGTERM");
  for (const folder of [scratch, place]) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = status;

function install() {
  if (existsSync(join(venv, "bin", "st"))) return;
  for (const [command, ...args] of [
    ["python3", "-m", "venv", venv],
    [join(venv, "bin", "pip"), "install", "--quiet", `schemathesis==${VERSION}`],
  ]) {
    const ended = spawnSync(command, args, { stdio: "inherit" });
    if (ended.status !== 0) throw new Error(`\`${command}\` did not run: schemathesis cannot be installed`);
  }
}

async function started() {
  const outfile = join(scratch, "prepared.mjs");
  await build({
    entryPoints: ["test/server/campaign/prepared.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const { prepare } = await import(pathToFileURL(outfile).href);
  const { env, cwd, token } = await prepare(place);
  const args = [join(root, "dist", "cavra.cjs"), "serve", "--port", "0", "--json", "--rate-limit", "0"];
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  server.child = child;
  child.stderr.on("data", (chunk) => {
    server.complaints += chunk;
  });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  return { url: JSON.parse(line).url, token };
}

function campaign(url, token, more) {
  const config = join(scratch, "schemathesis.toml");
  writeFileSync(config, CONFIG);
  const args = [
    "--config-file",
    config,
    "run",
    `${url}/openapi.json`,
    "--header",
    `Authorization: Bearer ${token}`,
    "--seed",
    seed,
    "--workers",
    "2",
    ...CHECKS,
    ...more,
  ];
  const always = [
    "--phases",
    "examples,coverage,fuzzing",
    "--continue-on-failure",
    "--request-timeout",
    "60",
    "--suppress-health-check",
    "all",
  ];
  return new Promise((resolve) => {
    const child = spawn(join(venv, "bin", "st"), [...args, ...always, "--generation-database", "none"], { cwd: scratch, stdio: "inherit" });
    child.on("close", (code) => resolve(code === 0));
  });
}
