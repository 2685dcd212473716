// Builds what a release package of cavra-runtime is made of: the binaries of all platforms, or of those that are named, and their list of parts.
// `node scripts/release-go.mjs FOLDER [--committed] [PLATFORM]…`: with --committed of no changed sources (exit status 4). It signs nothing: `cavra runtime go-package build` calls it, writes what the files say of each other, and signs.
// Standard output: a JSON line for each binary, then one with what is known of the build. The same commit and the same Go give the same bytes.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCommand, buildRuntime, PLATFORMS, sourceDigest, version } from "./build-runtime.mjs";
import { missingGo } from "./go.mjs";
import { sbomOf } from "./sbom.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder, ...more] = process.argv.slice(2);
const asked = more.filter((word) => word !== "--committed");
const missing = missingGo();
if (missing !== "" || folder === undefined || asked.some((platform) => !PLATFORMS.includes(platform.replace("-", "/")))) {
  console.error(missing === "" ? "usage: node scripts/release-go.mjs FOLDER [--committed] [PLATFORM]…" : `error: ${missing}`);
  process.exit(missing === "" ? 2 : 3);
}

/** What binaries and lists are made of, and by. */
const SOURCES = ["go", "package-lock.json", "package.json", "policies", "scripts", "spec/catalogue", "src"];

const committed = commit();
if (more.includes("--committed") && committed === "") process.exit(4);

const generated = spawnSync(process.execPath, [join(ROOT, "scripts/generate.mjs")], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
if (generated.status !== 0) process.exit(1);

const platforms = (asked.length > 0 ? asked : PLATFORMS.map((platform) => platform.replace("/", "-"))).sort();
const binaries = platforms.map((platform) => {
  const path = `bin/${platform}/cavra-runtime${platform.startsWith("windows") ? ".exe" : ""}`;
  const file = resolve(folder, path);
  tell({ building: platform });
  mkdirSync(dirname(file), { recursive: true });
  buildRuntime(file, platform.replace("-", "/"));
  return { path, file, digest: createHash("sha256").update(readFileSync(file)).digest("hex") };
});
writeFileSync(resolve(folder, "sbom.cdx.json"), sbomOf(version(), binaries));
const toolchain = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).stdout.trim();
tell({
  built: { version: version(), source_digest: sourceDigest(), commit: committed, toolchain, command: buildCommand() },
});

/** The commit whose sources these are; "" where they are those of none. */
function commit() {
  const git = (...args) => spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  const [head, changed] = [git("rev-parse", "--verify", "HEAD"), git("status", "--porcelain", "--", ...SOURCES)];
  return head.status === 0 && changed.status === 0 && changed.stdout === "" ? head.stdout.trim() : "";
}

function tell(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
