// Kills the second engine's worker thousands of times under load, in the promoted mode of a rehearsal, and writes down what was seen: a signed journal and a
// picture. `node scripts/rehearse-kills.mjs --kills 10000 --output FOLDER [--first-answer-ms 20] [--callers 3] [--program dist/cavra.cjs]`.
// It is `cavra runtime go-rollback-rehearsal run --kills N` with a key that is made for it and that nobody vouches for; ends with its status.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const value = (name, otherwise) => (words.includes(name) ? words[words.indexOf(name) + 1] : otherwise);
const kills = value("--kills", "10000");
const folder = resolve(value("--output", "docs/drills"));
const program = resolve(value("--program", join(ROOT, "dist/cavra.cjs")));
const output = join(folder, `kills-${kills}.dsse`);
mkdirSync(folder, { recursive: true });

const scratch = mkdtempSync(join(tmpdir(), "cavra-kills-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
// Whoever ends the rehearsal ends the drill that runs, which is then signed as far as it came.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
const keys = join(scratch, "keys");
const made = run(process.execPath, [join(ROOT, "scripts/parity-keys.mjs"), keys, "drill"], process.env, "pipe");
if (made.status !== 0) throw new Error(String(made.stderr));
const [, pin] = /root (key_[0-9a-f]{32})/.exec(String(made.stdout)) ?? [];

const env = { ...process.env, CAVRA_STATE_DIR: join(keys, "state"), CAVRA_CONFIG_DIR: join(keys, "config") };
const asked = ["--first-answer-ms", "--callers"].flatMap((name) => (words.includes(name) ? [name, value(name)] : []));
const cavra = [program, "runtime", "go-rollback-rehearsal"];
const { status } = run(process.execPath, [...cavra, "run", "--kills", kills, "--output", output, ...asked], env, "inherit");
console.log(`signed under the root ${pin}: cavra runtime go-rollback-rehearsal verify ${output} --pin ${pin}`);
process.exitCode = status ?? 1;

function run(command, args, env, stdio) {
  return spawnSync(command, args, { env, stdio: ["ignore", stdio, stdio === "pipe" ? "pipe" : "inherit"] });
}
