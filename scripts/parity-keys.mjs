// Makes a key for what a machine signs by itself, a report or a rehearsal: node scripts/parity-keys.mjs FOLDER [builder|drill]
// FOLDER becomes a state and configuration folder with a root key, a key of that role (a builder's) and a trust document, all new; use it with CAVRA_STATE_DIR=FOLDER/state
// and CAVRA_CONFIG_DIR=FOLDER/config. Nobody vouches for this root: who wants that makes keys with `cavra keys init` and `cavra keys rotate builder`.

import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const [given, role = "builder"] = process.argv.slice(2);
if (given === undefined || existsSync(given)) {
  console.error(
    given === undefined ? "usage: node scripts/parity-keys.mjs FOLDER [builder|drill]" : `error: \`${given}\` is there already`,
  );
  process.exit(2);
}
const [state, config] = [join(resolve(given), "state"), join(resolve(given), "config")];
const outfile = join(tmpdir(), `cavra-parity-keys-${process.pid}.mjs`);
await build({
  stdin: {
    contents: `export { foundTrust, keysFolder, newId, newKey, SYSTEM_CLOCK, writePin } from "./src/store/index.js";`,
    resolveDir: dirname(dirname(fileURLToPath(import.meta.url))),
    loader: "ts",
  },
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "warning",
});
const { foundTrust, keysFolder, newId, newKey, SYSTEM_CLOCK, writePin } = await import(pathToFileURL(outfile).href);
rmSync(outfile, { force: true });

const [root, own] = [newKey("root"), newKey(role)];
for (const key of [root, own]) key.keep(keysFolder(state), "", SYSTEM_CLOCK);
const origin = `cavra.ledger/${newId("ldg", SYSTEM_CLOCK).id}`;
const founded = foundTrust(state, origin, root, [{ role, key: own, name: role }], SYSTEM_CLOCK);
if (!founded.ok) throw new Error(founded.problem.message);
writePin(config, root.keyId, SYSTEM_CLOCK);
console.log(`root ${root.keyId}, ${role} ${own.keyId}`);
