// The door of the `cavra` command. The hook goes straight to its own small bundle, compiled ahead of time; people get the full command line.
// Nothing may be imported here that the hook's answer does not need: every millisecond is paid before every tool call of an agent.

import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

const here = __dirname;

if (process.argv[2] === "hook") runHook();
else runCached("cli");

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
  writeSync(2, `cavra: the hook broke, so the call is refused: ${thrown instanceof Error ? thrown.message : String(thrown)} (internal_error)\n`);
  process.exit(2);
}

/** Runs a bundle with the code cache that the build left beside it; a cache of another Node version is refused by V8 and costs nothing but time. */
function runCached(name: "hook" | "cli"): void {
  const filename = join(here, `${name}.cjs`);
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, "utf8")}\n})`;
  const script = new Script(source, { filename, ...cachedData(filename) });
  if (process.env.CAVRA_BUILD_CACHE === name) {
    // Only the build sets this: it runs the bundle once and keeps what V8 compiled.
    process.on("exit", () => writeFileSync(`${filename}.cache`, script.createCachedData()));
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
}

function cachedData(filename: string): { cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(`${filename}.cache`) };
  } catch {
    return {};
  }
}
