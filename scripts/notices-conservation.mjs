// Counts notices while those who plan and deliver them are killed: `node scripts/notices-conservation.mjs [--decisions 1000000] [--workers 3] [--seed 1]
// [--minutes N] [--report FILE]`. The campaign is test/store/notices/campaign.ts; this bundles it, runs it, tells it, and ends with 1 where the sum does not add up.

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
const decisions = Number(option("--decisions", "1000000"));
const workers = Number(option("--workers", "3"));
const seed = Number(option("--seed", "1"));
const minutes = Number(option("--minutes", "600"));
const steps = Number(option("--steps", "60"));

mkdirSync(".cavra-scratch", { recursive: true });
// Beside node_modules, because the database is not bundled.
const scratch = mkdtempSync(join(root, ".cavra-scratch", "conservation-"));
try {
  const bundles = [
    ["campaign", "test/store/notices/campaign.ts"],
    ["plan", "test/store/notices/programs/plan.ts"],
  ];
  for (const [name, from] of bundles)
    await build({
      entryPoints: [from],
      outfile: join(scratch, `${name}.mjs`),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "warning",
    });
  const { conserve } = await import(pathToFileURL(join(scratch, "campaign.mjs")).href);
  const began = Date.now();
  const onKill = (kills, planned) => {
    if (kills % 25 === 0) process.stderr.write(`${kills} kills, ${planned} planned\n`);
  };
  const report = await conserve({
    decisions,
    timeMs: minutes * 60_000,
    workers,
    seed,
    steps,
    program: join(scratch, "plan.mjs"),
    folder: scratch,
    onKill,
  });
  const text = render(report, Math.round((Date.now() - began) / 1000));
  process.stdout.write(text);
  const file = option("--report", "");
  if (file !== "") writeFileSync(file, text);
  process.exitCode = report.failures.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function render(report, seconds) {
  const number = (value) => value.toLocaleString("en");
  const after = Object.entries(report.after).map(([step, count]) => `${count} after \`${step}\``);
  const found =
    report.failures.length === 0
      ? ["The sum is right to the last one: nothing was lost, and nothing is there twice."]
      : report.failures.map((one) => `- ${one}`);
  return [
    "# Notices under SIGKILL",
    "",
    `\`node scripts/notices-conservation.mjs --decisions ${decisions} --steps ${steps} --workers ${workers} --seed ${seed}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${seconds} s.`,
    "",
    `${workers} processes planned, delivered and acknowledged at random in one database, side by side; whenever one was killed another took its place.`,
    "",
    "| | |",
    "|---|---|",
    `| plans kept | ${number(report.plans)} |`,
    `| notices planned | ${number(report.planned)} |`,
    ...Object.entries(report.outcomes).map(([outcome, count]) => `| ${outcome} | ${number(count)} |`),
    `| sum of the six | ${number(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0))} |`,
    "",
    `- ${report.kills} processes were killed (${after.join(", ")}).`,
    `- ${number(report.attempts)} attempts of delivery, of which ${number(report.interrupted)} were left alone by somebody who was killed, and made again.`,
    `- Providers took ${number(report.taken)}; ${number(report.takenAgain)} of these a second time, with the idempotency key of the first: rather twice than never (the clock of their world runs ahead of ours, so that attempts are often taken for left alone). No notice is \`sent\` that no provider took.`,
    `- ${number(report.acknowledgements)} acknowledgements came in between.`,
    "- After each kill planned, outcomes and what waited were held against each other in one look, while the others went on; at the end every row was counted anew, and every sum of hours, days and threads with it.",
    "- No critical notice was held back, nothing was held back for more than 14 days, and every outcome has a cause and an author.",
    "",
    ...found,
    "",
  ].join("\n");
}
