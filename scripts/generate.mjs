// Makes src/generated/ from spec/ and policies/: data that the code imports; what Go embeds stands in go/generated/ too. Deterministic; a file is only touched when its content changes.
// Each step is a function in the list; a later step may use what an earlier one wrote.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { languagesJson } from "./generate-languages.mjs";
import { generatePolicies } from "./generate-policies.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const generated = join(root, "src", "generated");
mkdirSync(generated, { recursive: true });

const STEPS = [languages, catalogue, policies, forGo];

for (const step of STEPS) await step();

/** spec/catalogue/*.yaml → catalogue.json, compiled by the code that defines the form. */
async function catalogue() {
  const { compileCatalogue } = await load("src/change/catalogue/compile.ts");
  const folder = join(root, "spec", "catalogue");
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "languages.yaml");
  const documents = names.sort().map((name) => ({ name: `spec/catalogue/${name}`, text: readFileSync(join(folder, name), "utf8") }));
  const compiled = compileCatalogue(documents);
  if (!compiled.ok) {
    const { at, message, hint } = compiled.problem;
    console.error(`error: ${at ?? "spec/catalogue"}: ${message}${hint === undefined ? "" : `\nhint: ${hint}`}`);
    process.exit(1);
  }
  write("catalogue.json", `${JSON.stringify(compiled.value)}\n`);
}

/** spec/catalogue/languages.yaml → languages.json, for the readers in src/change/languages/. */
function languages() {
  write("languages.json", languagesJson(root));
}

/** policies/*.yaml → rules/<id>.packed, catalogue.packed and packs.json. */
function policies() {
  return generatePolicies(root, load, write);
}

/** Go embeds only what stands in its own module. */
function forGo() {
  for (const name of ["catalogue.json", "languages.json"]) {
    write(name, readFileSync(join(generated, name), "utf8"), join(root, "go", "generated"));
  }
}

/** A TypeScript module of this project, bundled for this one use: Node 20 cannot load TypeScript. Packages stay outside. */
async function load(path) {
  // One name a module: Node keeps what it imported by name.
  const outfile = join(generated, `.load-${process.pid}-${path.replaceAll("/", "-")}.mjs`);
  await build({
    entryPoints: [join(root, path)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

function write(name, content, folder = generated) {
  const file = join(folder, name);
  if (existsSync(file) && readFileSync(file, "utf8") === content) return;
  writeFileSync(file, content);
}
