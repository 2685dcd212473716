// Planned is the sum of the six outcomes, while those who plan and deliver are killed. Proves spec/notices.md 5.2 and 7.3.
// The same campaign over a million decisions: docs/campaigns/notices-conservation.md.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { planProgram } from "../programs.js";
import { conserve } from "./campaign.js";

let program = "";
let folder = "";
beforeAll(() => {
  program = planProgram();
  folder = mkdtempSync(join(tmpdir(), "cavra-conservation-"));
});
afterAll(() => {
  rmSync(dirname(program), { recursive: true });
  rmSync(folder, { recursive: true });
});

it("loses no notice, counts none twice, and holds no critical one back, while its processes are killed", async () => {
  const within = join(folder, "within");
  mkdirSync(within);
  const report = await conserve({ decisions: 3_000, timeMs: 60_000, workers: 2, seed: 7, steps: 2, program, folder: within });
  expect(report.failures).toEqual([]);
  expect(report.planned).toBeGreaterThanOrEqual(2_000);
  expect(report.kills).toBeGreaterThan(2);
  expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(report.planned);
});
