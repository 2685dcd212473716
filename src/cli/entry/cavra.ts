// The door of the `cavra` command. The hook goes straight to its own small bundle, compiled ahead of time; people get the full command line.
// Nothing may be imported here that the hook's answer does not need: every millisecond is paid before every tool call of an agent.

import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

type Part = "hook" | "cli" | "languages" | "programs" | "git" | "client" | "compile" | "server";

const here = __dirname;
const loaded = new Map<Part, unknown>();

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
function runCached(name: Part): unknown {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const filename = join(here, `${name}.cjs`);
  // The build wraps the bundle in a function and keeps it in ASCII, so that its bytes are the script and nothing need be decoded or put together.
  const script = new Script(readFileSync(filename, "latin1"), { filename, ...cachedData(filename) });
  // Only the build sets this: it runs the bundle on ordinary work and keeps what V8 compiled, together with what was kept before.
  if (process.env.CAVRA_BUILD_CACHE === "1") process.on("exit", () => writeFileSync(`${filename}.cache`, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext()(module.exports, requireHere, module, filename, here);
  loaded.set(name, module.exports);
  return module.exports;
}

/** What bundles require: parts of this installation, each when it is first needed, and what Node brings. */
function requireHere(name: string): unknown {
  return name.startsWith("./") ? runCached(name.slice("./".length, -".cjs".length) as Part) : require(name);
}

function cachedData(filename: string): { cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(`${filename}.cache`) };
  } catch {
    return {};
  }
}
