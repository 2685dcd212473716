// Kills drainers at random points and holds the ledger against what was written: `node scripts/crash-drain.mjs --kills 500 [--seed 1] [--report FILE]`.
// The campaign itself is test/store/ledger/campaign.ts; this bundles it, runs it, tells it and ends with 1 where anything was lost, doubled or reordered.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const kills = Number(option("--kills", "500"));
const seed = Number(option("--seed", "1"));

mkdirSync(".cavra-scratch", { recursive: true });
// Beside node_modules, because the database is not bundled.
const scratch = mkdtempSync(join(root, ".cavra-scratch", "crash-"));
const folder = mkdtempSync(join(tmpdir(), "cavra-crash-"));
try {
  for (const [name, from] of [
    ["campaign", "test/store/ledger/campaign.ts"],
    ["drain", "test/store/programs/drain.ts"],
  ]) {
    await build({
      entryPoints: [from],
      outfile: join(scratch, `${name}.mjs`),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "warning",
    });
  }
  const { campaign } = await import(pathToFileURL(join(scratch, "campaign.mjs")).href);
  const began = Date.now();
  const onKill = (count, records) => {
    if (count % 50 === 0) process.stderr.write(`${count} kills, ${records} records\n`);
  };
  const report = await campaign({ kills, seed, program: join(scratch, "drain.mjs"), folder, within: true, onKill });
  const text = render(report, Math.round((Date.now() - began) / 1000));
  process.stdout.write(text);
  const file = option("--report", "");
  if (file !== "") writeFileSync(file, text);
  process.exitCode = report.failures.length === 0 ? 0 : 1;
} finally {
  for (const one of [scratch, folder]) rmSync(one, { recursive: true, force: true });
}

function render(report, seconds) {
  const after = Object.entries(report.after).map(([step, count]) => `${count} after \`${step}\``);
  const found =
    report.failures.length === 0
      ? ["Nothing was lost, doubled or reordered, and every head that was given away is a beginning of the tree."]
      : report.failures.map((one) => `- ${one}`);
  return [
    "# The drainer under SIGKILL",
    "",
    `\`node scripts/crash-drain.mjs --kills ${kills} --seed ${seed}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${seconds} s.`,
    "",
    `- ${report.kills} drainers were killed at random points (${after.join(", ")}), ${report.drainersBeside} times with a second drainer beside.`,
    `- ${report.records} records were written meanwhile into three journal files, and ${report.torn} frames torn as a killed writer tears them.`,
    `- ${report.heads} signed heads were given away.`,
    "- After each kill the ledger was opened and verified whole: records, tree, places in the journal, order within each file, every head.",
    "",
    ...found,
    "",
  ].join("\n");
}
