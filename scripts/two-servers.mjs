// Two servers on one PostgreSQL, ten machines that push journals with duplicates and gaps, kills in between:
// `node scripts/two-servers.mjs [--rounds 80] [--seed 1] [--report FILE]`. Every fourth round a server is killed, every fourth PostgreSQL.
// The campaign itself is test/team/two-servers.ts; this bundles it, runs it, tells it and ends with 1 where anything was lost or doubled. It wants a build.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const [rounds, seed] = [Number(option("--rounds", "80")), Number(option("--seed", "1"))];

mkdirSync(".cavra-scratch", { recursive: true });
const scratch = mkdtempSync(join(root, ".cavra-scratch", "two-servers-"));
const bundled = async (name) => {
  const outfile = join(scratch, `${name}.mjs`);
  await build({
    entryPoints: [`test/team/${name}.ts`],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    define: { "import.meta.dirname": JSON.stringify(join(root, "dist")) },
    logLevel: "warning",
  });
  return import(pathToFileURL(outfile).href);
};
let cluster;
try {
  const [{ startCluster }, { startFleet }, { twoServers }] = [
    await bundled("cluster"),
    await bundled("fleet"),
    await bundled("two-servers"),
  ];
  cluster = await startCluster({ fsync: true });
  const fleet = await startFleet(cluster, join(root, "dist/cavra.cjs"));
  const began = Date.now();
  const report = await twoServers(fleet, rounds, seed);
  await fleet.stop();
  const told = { seed, seconds: Math.round((Date.now() - began) / 1_000), postgres: cluster.version, node: process.version, ...report };
  const text = `${JSON.stringify(told, null, 2)}\n`;
  process.stdout.write(text);
  const file = option("--report", "");
  if (file !== "") writeFileSync(file, text);
  if (report.failures.length > 0) process.exitCode = 1;
} finally {
  await cluster?.remove();
  rmSync(scratch, { recursive: true, force: true });
}
