// One campaign in a process of its own: `main TARGET SEED SECONDS BATCH_FILE`. Prints a tally as a line of JSON now and then, the last one at the end.
// The batch that is under way stands in BATCH_FILE, so that whoever must kill a process that hangs knows on what.

import { writeFileSync } from "node:fs";
import { startCoverage } from "./coverage.js";
import { fuzz, type Tally } from "./engine.js";
import { TARGETS } from "./targets/index.js";

const [name = "", seed = "1", seconds = "60", batchFile = ""] = process.argv.slice(2);
const target = TARGETS.find((one) => one.name === name);
if (target === undefined) throw new Error(`there is no target \`${name}\``);

const TOLD_MS = 2_000;
const started = performance.now();
let told = 0;

const tell = (tally: Tally) =>
  process.stdout.write(`${JSON.stringify({ ...tally, seconds: Math.round((performance.now() - started) / 1000) })}\n`);

tell(
  fuzz(target, {
    seed: Number(seed),
    isOver: () => performance.now() - started > Number(seconds) * 1000,
    coverage: startCoverage(),
    onBatch(tally, batch) {
      writeFileSync(batchFile, JSON.stringify(batch));
      if (performance.now() - told < TOLD_MS) return;
      told = performance.now();
      tell(tally);
    },
  }),
);
