// The door of the `cavra` command. The hook goes straight to its own small bundle, compiled ahead of time; people get the full command line.
// Nothing may be imported here that the hook's answer does not need: every millisecond is paid before every tool call of an agent.

import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

const here = __dirname;

const asksForHelp = process.argv[3] === "--help" || process.argv[3] === "-h";

if (process.argv[2] === "hook" && !asksForHelp) runHook();
else runCommandLine();

/** INVARIANT: a hook ends with 0 or 2. Every other status lets the host run the call, so whatever is thrown becomes a refusal here. */
function runHook(): void {
  process.on("uncaughtException", refuse);
  try {
    runCached("hook");
  } catch (thrown) {
    refuse(thrown);
  }
}

function refuse(thrown: unknown): never {
  try {
    writeSync(2, `cavra: the hook broke, so the call is refused: ${messageOf(thrown)} (internal_error)\n`);
  } finally {
    // Also where nobody listens any more.
    process.exit(2);
  }
}

function runCommandLine(): void {
  try {
    runCached("cli");
  } catch (thrown) {
    writeSync(
      2,
      `cavra: the installation is damaged: ${messageOf(thrown)} (installation_damaged)\n  run \`make build\`, or install CAVRA again\n`,
    );
    process.exit(1);
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Runs a bundle with the code cache that the build left beside it; a cache of another Node version is refused by V8 and costs nothing but time. */
function runCached(name: "hook" | "cli"): void {
  const filename = join(here, `${name}.cjs`);
  // The build wraps the bundle in a function and keeps it in ASCII, so that its bytes are the script and nothing need be decoded or put together.
  const script = new Script(readFileSync(filename, "latin1"), { filename, ...cachedData(filename) });
  if (process.env.CAVRA_BUILD_CACHE === name) {
    // Only the build sets this: it runs the bundle once and keeps what V8 compiled.
    process.on("exit", () => writeFileSync(`${filename}.cache`, script.createCachedData()));
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, here);
}

function cachedData(filename: string): { cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(`${filename}.cache`) };
  } catch {
    return {};
  }
}
