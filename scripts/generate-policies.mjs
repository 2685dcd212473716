// The step of generate.mjs for policies/: the rules of each shipped pack, compiled, and the catalogue, both packed, because the hook has no time to
// read all of it; and the packs' sources, so that a host's own policy can inherit them without finding files at run time.
// The catalogue is not written into each pack: it would be the same 700 KB again for every one. `cavra policy compile` puts the two together.

import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** `load` bundles a TypeScript module; `write(name, text)` writes below src/generated/. Needs catalogue.json to be there. */
export async function generatePolicies(root, load, write) {
  const { compilePolicy, loadPack, packRulebook } = await load("src/policy/index.ts");
  const generated = join(root, "src", "generated");
  const { packCatalogue } = await load("src/change/catalogue/packed.ts");
  mkdirSync(join(generated, "rules"), { recursive: true });
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
    const { catalogue: _, ...rulebook } = compiled;
    write(join("rules", `${pack.id}.packed`), packRulebook(rulebook));
    write("catalogue.packed", packCatalogue(catalogue, compiled.catalogue_digest));
  }
  // What an earlier version of this step, or a pack that is gone, has left would be put into the package.
  rmSync(join(generated, "policies"), { recursive: true, force: true });
  for (const name of readdirSync(join(generated, "rules")))
    if (!library.has(name.slice(0, -".packed".length))) rmSync(join(generated, "rules", name));
  write("packs.json", `${JSON.stringify(sources)}\n`);
}

function must(result) {
  if (result.ok) return result.value;
  for (const { at, message, hint } of result.problems)
    console.error(`error: ${at ?? "policies"}: ${message}${hint === undefined ? "" : `\nhint: ${hint}`}`);
  process.exit(1);
}
