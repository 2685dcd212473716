// Builds the second engine's program, cavra-runtime. The same commit and the same Go give the same bytes, on any machine and in any folder:
// no paths, no clock, no version control, no C, and nothing of the environment. Go's own cache makes the second build a matter of linking.
// Called by itself (`node scripts/build-runtime.mjs FOLDER [PLATFORM]…`) it builds for every platform, or those, and prints the digest of each.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { GO_ENVIRONMENT, missingGo } from "./go.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULE = join(ROOT, "go");

export const PLATFORMS = ["linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"];

/** What of the environment would change the bytes is set, or unset: the levels of instructions, experiments, and C. */
const SETTINGS = { CGO_ENABLED: "0", GOAMD64: "v1", GOARM64: "v8.0", GOEXPERIMENT: "", GODEBUG: "" };

/** Builds `output` for this machine, or for a platform. Needs what scripts/generate.mjs makes. */
export function buildRuntime(output, platform = "/") {
  const [GOOS, GOARCH] = platform.split("/");
  const env = { ...GO_ENVIRONMENT, ...SETTINGS, GOOS, GOARCH };
  const ended = spawnSync("go", [...buildArguments(), "-o", resolve(output), PROGRAM], { cwd: MODULE, env, stdio: "inherit" });
  if (ended.status !== 0) throw new Error("cavra-runtime did not build");
}

const PROGRAM = "./cmd/cavra-runtime";

/** The whole call of Go but for the platform, as a shell in go/ would take it. */
export function buildCommand() {
  const settings = Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`);
  const args = buildArguments().map((word) => (word.includes(" ") ? `'${word}'` : word));
  return [...settings, "go", ...args, PROGRAM].join(" ");
}

function buildArguments() {
  const stamps = `-s -w -buildid= -X main.stampedVersion=${version()} -X main.stampedSource=${sourceDigest()}`;
  return ["build", "-trimpath", "-buildvcs=false", "-ldflags", stamps];
}

export function version() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;
}

/** The digest of the list of all that goes into the program, `DIGEST  PATH` a line, sorted by bytes: as sha256sum writes it. */
export function sourceDigest() {
  const names = readdirSync(MODULE, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  const parts = names.filter((name) => /\.go$|^go\.(mod|sum)$|^generated\/.*\.json$/.test(name) && !name.endsWith("_test.go"));
  const lines = parts.sort().map((name) => `${sha256(readFileSync(join(MODULE, name)))}  ${name}\n`);
  return `sha256:${sha256(lines.join(""))}`;
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingGo();
  const [folder, ...platforms] = process.argv.slice(2);
  if (missing !== "" || folder === undefined) {
    console.error(missing === "" ? "usage: node scripts/build-runtime.mjs FOLDER [PLATFORM]…" : `error: ${missing}`);
    process.exit(2);
  }
  for (const platform of platforms.length > 0 ? platforms : PLATFORMS) {
    const name = `cavra-runtime-${platform.replace("/", "-")}${platform.startsWith("windows") ? ".exe" : ""}`;
    buildRuntime(join(folder, name), platform);
    console.log(`${sha256(readFileSync(join(folder, name)))}  ${name}`);
  }
}
