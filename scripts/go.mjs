// The second engine's checks and tests (go/), for `make test` and `make lint`. Where there is no Go that can build it, each says so in one sentence.
// Called by itself (`node scripts/go.mjs`) it runs the checks and ends with their status.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULE = join(dirname(dirname(fileURLToPath(import.meta.url))), "go");

/** The engine is built and tested by the Go that is here: nothing is fetched, neither a module nor another Go. */
export const GO_ENVIRONMENT = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "-mod=readonly", GOWORK: "off" };

/** "" where Go can build the engine, else why not. */
export function missingGo() {
  const ended = spawnSync("go", ["env", "GOVERSION"], { env: GO_ENVIRONMENT, encoding: "utf8" });
  if (ended.status !== 0) return "there is no Go on this machine";
  const needed = /^go (\d+)\.(\d+)(?:\.\d+)?$/m.exec(readFileSync(join(MODULE, "go.mod"), "utf8"));
  const found = /go(\d+)\.(\d+)/.exec(ended.stdout);
  if (found === null) return `\`${ended.stdout.trim()}\` is no version of Go that is known here`;
  const isOlder = Number(found[1]) - Number(needed[1]) || Number(found[2]) - Number(needed[2]);
  return isOlder < 0 ? `the Go on this machine is ${found[1]}.${found[2]}, and the engine needs ${needed[1]}.${needed[2]}` : "";
}

/** `[name, true where it holds]` of each check. What is wrong is on standard error by then. */
export function goChecks() {
  const unformatted = go("gofmt", ["-l", "."]);
  if (unformatted.stdout !== "") console.error(`not formatted as gofmt does:\n${unformatted.stdout.trimEnd()}`);
  const vetted = go("go", ["vet", "./..."]);
  process.stderr.write(vetted.stderr);
  return [
    ["gofmt", unformatted.status === 0 && unformatted.stdout === ""],
    ["go vet", vetted.status === 0],
  ];
}

/**
 * Every test counts once; one that has subtests counts as those, and for itself only where it fails while all of them pass.
 * -count=1: Go remembers what passed by the files inside the module, and the vectors are outside.
 */
export function goTests() {
  const ended = go("go", ["test", "-count=1", "-json", "./..."]);
  const tests = new Map();
  const packages = [];
  const output = new Map();
  for (const line of ended.stdout.split("\n")) {
    const event = readEvent(line);
    if (event === null) continue;
    const name = `${event.Package} ${event.Test ?? ""}`;
    if (event.Action === "output") output.set(name, `${output.get(name) ?? ""}${event.Output}`);
    if (!["pass", "fail"].includes(event.Action)) continue;
    if (event.Test === undefined) packages.push({ name, failed: event.Action === "fail" });
    else tests.set(name, event.Action === "fail");
  }
  const parents = new Set([...tests.keys()].map(parentOf));
  const leaves = [...tests.keys()].filter((name) => !parents.has(name));
  const alone = [...parents].filter((name) => tests.get(name) && ![...tests].some(([below, failed]) => failed && parentOf(below) === name));
  const red = [...leaves.filter((name) => tests.get(name)), ...alone];
  // A package that fails without a test that does: it does not compile, or it ended by itself.
  const broken = packages.filter(({ name, failed }) => failed && !red.some((test) => test.startsWith(name))).map(({ name }) => name);
  for (const name of [...red, ...broken]) console.error(`FAILED: ${name}\n${output.get(name) ?? ""}`);
  if (broken.length > 0 || (ended.status !== 0 && red.length === 0)) process.stderr.write(ended.stderr);
  const failed = red.length + broken.length;
  const passed = leaves.filter((name) => !tests.get(name)).length;
  // A run that finds nothing, or fails outside any test, is a failure too.
  return { passed, failed: failed === 0 && (ended.status !== 0 || passed === 0) ? 1 : failed };
}

function parentOf(name) {
  const slash = name.lastIndexOf("/");
  return name.indexOf(" ") < slash ? name.slice(0, slash) : "";
}

// What the compiler says stands between the events as it is.
function readEvent(line) {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function go(command, args) {
  return spawnSync(command, args, { cwd: MODULE, env: GO_ENVIRONMENT, encoding: "utf8", maxBuffer: 2 ** 30 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingGo();
  if (missing !== "") console.log(`go/ was not looked at: ${missing}`);
  const failed = missing === "" && goChecks().some(([, holds]) => !holds);
  process.exit(failed ? 1 : 0);
}
