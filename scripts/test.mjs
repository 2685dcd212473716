// Runs every check and every test of both engines, and ends with the one line `N passed, N failed`. A failed check counts as one failed test.
// Where there is no Go, the line before it says that the Go backend was not tested; with CI=true that is a failure.
// Temporary files stand under the system's temporary folder and are removed.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goChecks, goTests, missingGo } from "./go.mjs";

const environment = { ...process.env, FORCE_COLOR: process.env.FORCE_COLOR ?? "0" };
// Costs every Node process of the tests about 50 ms, and no test needs TLS.
delete environment.NODE_EXTRA_CA_CERTS;

const checks = [
  ["types", "node_modules/.bin/tsc", ["--noEmit"]],
  ["lint and format", "node_modules/.bin/biome", ["check", "--error-on-warnings", "."]],
];

let passed = 0;
let failed = 0;
for (const [name, command, args] of checks) {
  const ended = spawnSync(command, args, { stdio: "inherit", env: environment });
  if (ended.status === 0) passed += 1;
  else failed += 1;
  console.log(`${ended.status === 0 ? "ok" : "FAILED"}: ${name}`);
}

const scratch = mkdtempSync(join(tmpdir(), "cavra-test-"));
const report = join(scratch, "report.json");
const ended = spawnSync(
  "node_modules/.bin/vitest",
  ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: "inherit", env: environment },
);
try {
  const results = JSON.parse(readFileSync(report, "utf8"));
  passed += results.numPassedTests;
  failed += results.numFailedTests;
  if (results.numTotalTests === 0) failed += 1;
} catch (cause) {
  console.error(`the test runner left no report: ${cause.message}`);
  failed += 1;
}
rmSync(scratch, { recursive: true, force: true });
// A runner that fails outside any test (a suite that does not load, an unhandled error) is a failure too.
if (ended.status !== 0 && failed === 0) failed += 1;

const missing = missingGo();
if (missing === "") {
  const checks = goChecks();
  for (const [name, holds] of checks) console.log(`${holds ? "ok" : "FAILED"}: ${name}`);
  const tests = goTests();
  console.log(`${tests.failed === 0 ? "ok" : "FAILED"}: go test, ${tests.passed} passed, ${tests.failed} failed`);
  passed += tests.passed + checks.filter(([, holds]) => holds).length;
  failed += tests.failed + checks.filter(([, holds]) => !holds).length;
} else {
  const inCi = process.env.CI === "true";
  if (inCi) failed += 1;
  console.log(`${inCi ? "FAILED: " : ""}the Go backend was not tested: ${missing}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
