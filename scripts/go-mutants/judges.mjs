// Who finds an edit of the second engine: a campaign whose questions and right answers were recorded once, and the tests in Go. Half of scripts/go-mutants.mjs.
// A campaign judges every case with the first engine too, which says the same for every edit: what it said is kept, so that an edit costs the second engine's time alone.

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { GO_ENVIRONMENT } from "../go.mjs";

const CORPORA = ["test/fixtures/corpus/commands-dev.jsonl", "test/corpus/own-shell.jsonl", "test/corpus/own-world.jsonl"];
const CAMPAIGN_SEED = "6d7574616e747331";
/** Fewer than a worker lets wait (spec/backend.md 3.7). */
const MOST_OUT = 256;
/** Longer than the deadline of a case: a mutant that goes on for ever is found too. */
const SILENT_MS = 180_000;
const TEST_MS = 1_200_000;

/** Runs the real campaign once, with something between the engines that writes down what both say. Throws when the engines differ as they are. */
export async function recorded({ root, folder, binary, cases }) {
  mkdirSync(folder);
  const between = join(folder, "between");
  const tap = `tee "${folder}/asked.$$" | "${binary}" "$@" | tee "${folder}/answered.$$"`;
  writeFileSync(between, `#!/bin/sh\ncp "$3" "${folder}/policy.json"\n${tap}\n`);
  chmodSync(between, 0o755);
  const flags = ["--sealed", "--lanes", "1", "--cases", cases, "--seed", CAMPAIGN_SEED, "--policy-pack", "cavra-strict", "--json"];
  const given = [...CORPORA.flatMap((file) => ["--corpus", join(root, file)]), "--vectors", join(root, "spec/vectors")];
  const call = [join(root, "dist/cavra.cjs"), "runtime", "go-parity", "run", "--runtime-path", between, ...flags, ...given];
  const ended = await run(process.execPath, call, { cwd: folder, timeout: 1_800_000 });
  if (ended.status !== 0) throw new Error(`the campaign does not agree with the engine as it is: ${ended.stdout}${ended.stderr}`);
  const [asked, answered] = ["asked", "answered"].map((name) => linesOf(folder, name));
  const right = new Map(answered.slice(1).map((line) => [idOf(line), line]));
  if (asked.length !== right.size) throw new Error(`${asked.length} were asked, and ${right.size} answers kept`);
  return { asked, right, policy: join(folder, "policy.json") };
}

/** The largest: the first call only says hello. */
function linesOf(folder, name) {
  const paths = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`))
    .map((file) => join(folder, file));
  const [largest] = paths.sort((left, right) => statSync(right).size - statSync(left).size);
  return readFileSync(largest, "utf8").trimEnd().split("\n");
}

function idOf(line) {
  return /"id":"([^"]*)"/.exec(line)?.[1] ?? "";
}

/** Null where the engine says what was said, byte for byte. */
export function byCampaign(binary, { asked, right, policy }) {
  return new Promise((resolve) => {
    const child = spawn(binary, ["serve", "--policy", policy], { stdio: ["pipe", "pipe", "ignore"], env: { GOGC: "800" } });
    let [next, out, answers, timer] = [0, 0, 0, null];
    const over = (how) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(how === null ? null : { by: "campaign", how });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => over("without an end"), SILENT_MS);
    };
    const send = () => {
      let lines = "";
      for (; out < MOST_OUT && next < asked.length; out++) lines += `${asked[next++]}\n`;
      if (lines !== "") child.stdin.write(lines);
    };
    child.stdin.on("error", () => {});
    child.on("error", () => over("does not start"));
    child.on("close", () => over(answers === asked.length ? null : "ends by itself"));
    wait();
    let greeted = false;
    createInterface({ input: child.stdout }).on("line", (line) => {
      wait();
      if (greeted) {
        const id = idOf(line);
        if (!agrees(right.get(id), line)) return over(told(id, right.get(id), line));
        [out, answers] = [out - 1, answers + 1];
        if (answers === asked.length) return over(null);
      }
      greeted = true;
      if (out <= MOST_OUT / 2) send();
    });
  });
}

/** Of a judgement without canonical form only that it is refused is known (spec/parity.md 3.1). */
function agrees(right, line) {
  if (right === line) return true;
  const code = (text) => /"code":"(json_\w+)"/.exec(text ?? "")?.[1];
  return code(right) !== undefined && code(line) !== undefined;
}

function told(id, right, line) {
  const judgement = (text) => {
    try {
      return JSON.parse(JSON.parse(text).judgement);
    } catch {
      return {};
    }
  };
  const [first, second] = [judgement(right), judgement(line)];
  const key = Object.keys(first).find((name) => JSON.stringify(first[name]) !== JSON.stringify(second[name]));
  return `case ${id}, ${Object.keys(second).length === 0 ? "no judgement" : (key ?? "the bytes")}`;
}

/** First the tests of the package that was edited, then all: null where they pass. */
export async function byTests(module, edited) {
  return (await tests(module, `./${edited}`)) ?? (await tests(module, "./..."));
}

async function tests(cwd, packages) {
  const ended = await run("go", ["test", "-trimpath", packages], { cwd, timeout: TEST_MS });
  if (ended.status === 0) return null;
  const failed = [...new Set([...ended.stdout.matchAll(/^--- FAIL: (\w+)/gm)].map(([, name]) => name))];
  const vectors = failed.filter((name) => name.includes("Vectors"));
  if (vectors.length > 0) return { by: "vectors", how: vectors.join(", ") };
  return {
    by: "tests",
    how:
      failed.join(", ") || (ended.status === null ? "without an end" : (/^\t(\w+) \(\d+m/m.exec(ended.stdout)?.[1] ?? "the program ended")),
  };
}

export function run(program, args, { cwd, timeout }) {
  return new Promise((resolve) => {
    const env = { ...process.env, ...GO_ENVIRONMENT };
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const [out, err] = [[], []];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.on("data", (chunk) => err.push(chunk));
    // All that it started goes with it.
    const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), timeout);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") });
    });
  });
}
