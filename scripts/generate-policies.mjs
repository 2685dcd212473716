// The step of generate.mjs for policies/: each shipped pack compiled with the catalogue, as the bytes that `cavra policy compile` prints; the same
// without the catalogue, and the catalogue, packed, because the hook has no time to read all of it; and the packs' sources, so that a host's own
// policy can inherit them without finding files at run time.

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `load` bundles a TypeScript module; `write(name, text)` writes below src/generated/. Needs catalogue.json to be there. */
export async function generatePolicies(root, load, write) {
  const { compiledText, compilePolicy, loadPack, packRulebook } = await load("src/policy/index.ts");
  const generated = join(root, "src", "generated");
  const { packCatalogue } = await load("src/change/catalogue/packed.ts");
  for (const folder of ["policies", "rules"]) mkdirSync(join(generated, folder), { recursive: true });
  const catalogue = JSON.parse(readFileSync(join(generated, "catalogue.json"), "utf8"));
  const folder = join(root, "policies");
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  const sources = Object.fromEntries(names.map((name) => [name.slice(0, -".yaml".length), readFileSync(join(folder, name), "utf8")]));
  const packs = Object.entries(sources).map(([id, source]) => must(loadPack(source, `policies/${id}.yaml`, "host")));
  const library = new Map(packs.map((pack) => [pack.id, pack]));
  for (const pack of packs) {
    const compiled = must(compilePolicy({ host: pack, workspace: null, library, catalogue }));
    write(join("policies", `${pack.id}.json`), must(compiledText(compiled)));
    const { catalogue: _, ...rulebook } = compiled;
    write(join("rules", `${pack.id}.packed`), packRulebook(rulebook));
    write("catalogue.packed", packCatalogue(catalogue, compiled.catalogue_digest));
  }
  write("packs.json", `${JSON.stringify(sources)}\n`);
}

function must(result) {
  if (result.ok) return result.value;
  for (const { at, message, hint } of result.problems)
    console.error(`error: ${at ?? "policies"}: ${message}${hint === undefined ? "" : `\nhint: ${hint}`}`);
  process.exit(1);
}
