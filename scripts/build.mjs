// Builds dist/ from a clean clone: generated data, the door and the bundles behind it, compiled policies, V8 code caches, and the runtime where there is Go.
// Non-interactive, deterministic but for the caches. What the bundles are cut by is the hook's start: docs/benchmarks.md has the figures.

import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildRuntime } from "./build-runtime.mjs";
import { missingGo } from "./go.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** Built apart and moved when it is whole: a build that fails, or a hook that runs meanwhile, finds the old installation. */
const out = join(root, ".cavra-scratch", `dist-${process.pid}`);

const VERSION = JSON.parse(readFileSync("package.json", "utf8")).version;

/** What the first engine is built from, by one digest: its folders and their data, as sha256sum would list them. */
let ENGINE = "";

/** What most calls do without is a bundle of its own for the hook: readers of other languages than the shell (a third of all code), and of rarer programs. */
const PARTS_ON_DEMAND = {
  languages: { from: "src/change/languages/index.ts", functions: ["readCode"] },
  // Many call git, and most of them only look.
  git: { from: "src/change/programs/git-meanings.ts", functions: ["meaningOf"] },
  // Only where a person is asked.
  approvals: {
    from: "src/authority/approvals.ts",
    functions: ["approvalSubject", "askForApproval", "recordApprovalEvent", "requestApproval", "routesOf", "takeApproved"],
  },
  // Only where an authority runs.
  client: { from: "src/daemon/client.ts", functions: ["askAuthority"] },
  programs: {
    from: "src/change/programs/rarer.ts",
    functions: ["readFd", "readFind", "readParallel", "readPatch", "readTar", "readTerminal", "readXargs"],
  },
};

/** And for the command line: a server's libraries are as large as half of it, and one command asks for them. */
const PARTS_FOR_PEOPLE = {
  server: { from: "src/server/index.ts", functions: ["startServer", "isLoopback", "newMetrics"] },
  // Only where several servers share a database.
  team: { from: "src/team/index.ts", functions: ["openTeamLedger", "openTeamTokens", "readDatabaseUrl", "verifyTeamLedger"] },
};

const partsOnDemand = (parts) => ({
  name: "parts-on-demand",
  setup({ onLoad }) {
    for (const [part, { from, functions }] of Object.entries(parts)) {
      const contents = functions.map((name) => `export function ${name}(...call) { return require("./${part}.cjs").${name}(...call); }`);
      onLoad({ filter: new RegExp(`/${from.replace(".", "[.]")}$`) }, () => ({ contents: contents.join("\n"), loader: "js" }));
    }
  },
});

/** Their tables are texts that are parsed when code in that language is first met: as literals all of them would be built at every start. */
const tablesOnDemand = {
  name: "tables-on-demand",
  setup({ onLoad }) {
    onLoad({ filter: /generated[/]languages[.]json$/ }, ({ path }) => {
      const tables = Object.entries(JSON.parse(readFileSync(path, "utf8")));
      const getters = tables.map(
        ([name, table]) => `get ${name}() { return (known.${name} ??= JSON.parse(${JSON.stringify(JSON.stringify(table))})); }`,
      );
      return { contents: `const known = {};\nexport default {\n${getters.join(",\n")}\n};\n`, loader: "js" };
    });
  },
};

/**
 * node:crypto brings Node's streams along and takes as long to load as a decision, node:os half a millisecond: few hooks need them
 * (src/base/digest.ts, src/authority/who.ts).
 */
const modulesOnDemand = {
  name: "modules-on-demand",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(crypto|os)$/ }, ({ path }) => ({ path: path.slice("node:".length), namespace: "on-demand" }));
    onLoad({ filter: /.*/, namespace: "on-demand" }, ({ path }) => {
      const names = Object.entries({ crypto, os }[path]).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
      const contents = names.map((name) => `export function ${name}(...call) { return require("${path}").${name}(...call); }`).join("\n");
      return { contents, loader: "js" };
    });
  },
};

/** What the door runs is a function in ASCII, as a module's text would be after Node has wrapped it: its bytes are the script. */
const BEHIND_THE_DOOR = {
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
  charset: "ascii",
  plugins: [tablesOnDemand],
};
const FOR_THE_HOOK = { ...BEHIND_THE_DOOR, minifyIdentifiers: true };

mkdirSync(out, { recursive: true });
process.on("exit", () => rmSync(out, { recursive: true, force: true }));
run("node", ["scripts/generate.mjs"]);
ENGINE = engineDigest();
await bundle("src/cli/entry/cavra.ts", "cavra", { banner: { js: "#!/usr/bin/env node" } });
// npm makes it so once, when it links or installs; a link must outlive the next build.
chmodSync(join(out, "cavra.cjs"), 0o755);
await bundle("src/cli/entry/cli.ts", "cli", { ...BEHIND_THE_DOOR, plugins: [tablesOnDemand, partsOnDemand(PARTS_FOR_PEOPLE)] });
await bundle("src/cli/entry/compile.ts", "compile", FOR_THE_HOOK);
await bundle("src/cli/entry/parity.ts", "parity", { plugins: [tablesOnDemand] });
await bundle("src/drills/stand-in.ts", "stand-in", {});
await bundle("src/drills/ahead.ts", "drill-ahead", {});
await bundle("src/cli/entry/hook.ts", "hook", { ...FOR_THE_HOOK, plugins: [partsOnDemand(PARTS_ON_DEMAND), modulesOnDemand] });
for (const [part, { from }] of Object.entries({ ...PARTS_ON_DEMAND, ...PARTS_FOR_PEOPLE })) await bundle(from, part, FOR_THE_HOOK);
cpSync("src/generated/rules", join(out, "rules"), { recursive: true });
for (const name of ["catalogue.json", "catalogue.packed", "packs.json"]) cpSync(`src/generated/${name}`, join(out, name));
runtime();
keepCodeCaches();
rmSync("dist", { recursive: true, force: true });
renameSync(out, "dist");
console.log(`built dist/ (${readdirSync("dist").length} entries)`);

function engineDigest() {
  const names = ["base", "change", "policy"].flatMap((folder) =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `src/${folder}/${name}`),
  );
  const files = [...names.filter((name) => name.endsWith(".ts")), "src/generated/languages.json"].sort();
  const digest = (content) => crypto.createHash("sha256").update(content).digest("hex");
  return `sha256:${digest(files.map((name) => `${digest(readFileSync(name))}  ${name}\n`).join(""))}`;
}

async function bundle(from, name, around) {
  await build({
    entryPoints: [from],
    outfile: join(out, `${name}.cjs`),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { "import.meta.dirname": "__dirname", CAVRA_VERSION: JSON.stringify(VERSION), CAVRA_ENGINE: JSON.stringify(ENGINE) },
    // Modules where a package has them: only those leave out what nobody uses.
    mainFields: ["module", "main"],
    external: ["./compile.cjs", "pg-native", ...Object.keys({ ...PARTS_ON_DEMAND, ...PARTS_FOR_PEOPLE }).map((part) => `./${part}.cjs`)],
    logLevel: "warning",
    ...around,
  });
}

/** The second engine's program, which must say of itself what the first one's data says. */
function runtime() {
  const missing = missingGo();
  if (missing !== "") {
    console.log(`left out dist/bin/cavra-runtime: ${missing}`);
    return;
  }
  const program = join(out, "bin", process.platform === "win32" ? "cavra-runtime.exe" : "cavra-runtime");
  buildRuntime(program);
  const about = JSON.parse(spawnSync(program, ["version", "--json"], { encoding: "utf8" }).stdout);
  const [header = ""] = readFileSync("src/generated/catalogue.packed", "utf8").split("\n", 1);
  if (about.version !== VERSION || about.digests.catalogue !== JSON.parse(header).catalogue_digest)
    throw new Error("cavra-runtime was built with another catalogue or version than the bundles");
}

/** Runs the bundles on ordinary work, one call after the other; each run adds the code that it used to the caches. */
function keepCodeCaches() {
  const scratch = join(out, ".warm");
  mkdirSync(scratch, { recursive: true });
  const env = { ...process.env, CAVRA_BUILD_CACHE: "1", CAVRA_STATE_DIR: scratch, CAVRA_CONFIG_DIR: scratch, NODE_EXTRA_CA_CERTS: "" };
  const call = (tool_name, tool_input) => {
    const payload = { session_id: "build", cwd: root, permission_mode: "default", hook_event_name: "PreToolUse", tool_name, tool_input };
    runOnce(["hook", "claude-code"], env, JSON.stringify(payload));
  };
  // What few calls need costs every call the time to load it: of the hook's own code only what ordinary work runs is kept.
  call("Bash", {
    command:
      "python3 -c 'print(open(\".env\").read())'; find . -name '*.log' | xargs rm; tar xf a.tar; git add -A && git commit -m x && git push && git diff",
  });
  rmSync(join(out, "hook.cjs.cache"));
  const calls = [
    ["Bash", { command: "cd src && git status 2>/dev/null | head; cat .env" }],
    ["Bash", { command: 'for f in src/*.ts; do grep -n "TODO" "$f" || echo none; done > /tmp/todo.txt; npm test -- --run' }],
    ["Write", { file_path: join(root, "src/new.ts"), content: "export {};\n" }],
    ["Read", { file_path: join(root, "README.md") }],
  ];
  for (const [tool, input] of calls) call(tool, input);
  runOnce(["version"], env, "");
  rmSync(scratch, { recursive: true, force: true });
}

function runOnce(args, env, input) {
  const ended = spawnSync(process.execPath, [join(out, "cavra.cjs"), ...args], { env, input });
  if (ended.status === 0) return;
  process.stderr.write(ended.stderr);
  throw new Error(`\`cavra ${args.join(" ")}\` did not run (status ${ended.status})`);
}

function run(command, args) {
  const ended = spawnSync(command, args, { stdio: "inherit" });
  if (ended.status !== 0) process.exit(ended.status ?? 1);
}
