// Builds dist/ from a clean clone: generated data, two bundles and the door, compiled policies, V8 code caches. Non-interactive, deterministic but for the caches.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The tables of the languages as texts that are parsed when code in that language is first met: as a literal, all would be built at every start. */
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

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");

run("node", ["scripts/generate.mjs"]);
const door = { banner: { js: "#!/usr/bin/env node" } };
// What the door runs is a function in ASCII, as a module's text would be after Node has wrapped it: its bytes are the script.
const behindTheDoor = {
  banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
  footer: { js: "})" },
  charset: "ascii",
};
await bundle("src/cli/entry/cavra.ts", "dist/cavra.cjs", door);
await bundle("src/cli/entry/hook.ts", "dist/hook.cjs", { ...behindTheDoor, minifyIdentifiers: true });
await bundle("src/cli/entry/cli.ts", "dist/cli.cjs", behindTheDoor);
await bundle("src/cli/entry/compile.ts", "dist/compile.cjs", {});
for (const folder of ["policies", "rules"]) cpSync(`src/generated/${folder}`, `dist/${folder}`, { recursive: true });
for (const name of ["catalogue.json", "catalogue.packed", "packs.json"]) cpSync(`src/generated/${name}`, `dist/${name}`);
for (const name of ["hook", "cli"]) keepCodeCache(name);
console.log(`built dist/ (${readdirSync("dist").length} entries)`);

async function bundle(from, to, around) {
  await build({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { "import.meta.dirname": "__dirname", CAVRA_VERSION: JSON.stringify(JSON.parse(readFileSync("package.json", "utf8")).version) },
    // Modules where a package has them: only those leave out what nobody uses.
    mainFields: ["module", "main"],
    external: ["./compile.cjs"],
    plugins: [tablesOnDemand],
    logLevel: "warning",
    ...around,
  });
}

/** Runs the bundle once on ordinary work and keeps the compiled code of what it used. */
function keepCodeCache(name) {
  const scratch = join(root, "dist", ".warm");
  mkdirSync(scratch, { recursive: true });
  const env = { ...process.env, CAVRA_BUILD_CACHE: name, CAVRA_STATE_DIR: scratch, XDG_CONFIG_HOME: scratch, NODE_EXTRA_CA_CERTS: "" };
  const payload = {
    session_id: "build",
    cwd: root,
    permission_mode: "default",
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command: "cd src && git status 2>/dev/null | head; cat .env" },
  };
  const args = name === "hook" ? ["hook", "claude-code"] : ["version"];
  const ended = spawnSync(process.execPath, ["dist/cavra.cjs", ...args], { env, input: JSON.stringify(payload) });
  rmSync(scratch, { recursive: true, force: true });
  if (ended.status !== 0) {
    process.stderr.write(ended.stderr);
    throw new Error(`the ${name} bundle did not run (status ${ended.status})`);
  }
}

function run(command, args) {
  const ended = spawnSync(command, args, { stdio: "inherit" });
  if (ended.status !== 0) process.exit(ended.status ?? 1);
}
