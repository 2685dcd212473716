// Shows what CAVRA sees in a command line, for people who work on change/: node scripts/effects.mjs 'cat .env && rm -rf x' …
// Reads lines from standard input when there are no arguments (`--jsonl`: objects with `command`). Working folder and workspace are /srv/app, the branch is `topic`.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = join(tmpdir(), `cavra-effects-${process.pid}.mjs`);
await build({
  stdin: {
    contents: `export { deriveWithWants } from "./src/change/index.js"; export { compileCatalogue } from "./src/change/catalogue/compile.js"; export { FACTS_OF_A_SHELL } from "./test/change/facts.js";`,
    resolveDir: root,
    loader: "ts",
  },
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "warning",
});
const { deriveWithWants, compileCatalogue, FACTS_OF_A_SHELL } = await import(pathToFileURL(outfile).href);
rmSync(outfile, { force: true });

const folder = join(root, "spec", "catalogue");
const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "languages.yaml");
const compiled = compileCatalogue(names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })));
if (!compiled.ok) {
  console.error(compiled.problem);
  process.exit(1);
}

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg === "--wants" || arg === "--jsonl");
args.splice(0, flags.length);
const wants = flags.includes("--wants");
const jsonl = flags.includes("--jsonl");
const lines =
  args.length > 0 && !jsonl
    ? args
    : readFileSync(args[0] ?? 0, "utf8")
        .split("\n")
        .filter(Boolean);
for (const line of lines) {
  const row = jsonl ? JSON.parse(line) : { command: line };
  const action = {
    action_type: "execute_command",
    target: row.command,
    operation: "",
    arguments: "",
    cwd: "/srv/app",
    workspace_root: "/srv/app",
  };
  const derived = deriveWithWants(action, FACTS_OF_A_SHELL, compiled.value);
  console.log(`${row.expected ? `[${row.expected}] ` : ""}${JSON.stringify(row.command).slice(0, 300)}`);
  for (const effect of derived.change.effects) console.log(`    ${compact(effect)}`);
  if (wants) console.log(`    wants ${JSON.stringify(derived.wants)}`);
}

function compact({ kind, span, via, place, ...rest }) {
  const inside = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const carried = via.length > 0 ? ` via ${via.join(">")}` : "";
  return `${kind} ${inside.join(" ")}${carried}${place === "here" ? "" : " ELSEWHERE"} @${span.start}-${span.end}`;
}
