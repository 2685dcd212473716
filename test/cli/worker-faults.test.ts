// The worker of a running authority under faults, a round of each; docs/campaigns/worker-faults.md tells of many. Proves spec/backend.md sections 1, 5 and 6.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { program, run } from "./program.js";

const SCRIPT = join(import.meta.dirname, "../../scripts/fault-worker.mjs");
const runtime = () => join(dirname(program()), "bin/cavra-runtime");
const SCENARIOS = 27;

describe("a worker that is killed, stopped, swapped, starved, cut short or forged", () => {
  it.skipIf(process.platform !== "linux")(
    "costs no caller its answer, and each call one fallback at most",
    { timeout: 900_000 },
    async ({ skip }) => {
      if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
      const words = [SCRIPT, "--program", program(), "--rounds", "1", "--callers", "6", "--quick"];
      const { status, stdout } = await run(process.execPath, words, { env: process.env });
      const lines = stdout.split("\n").filter((line) => line !== "");
      expect(lines.filter((line) => !line.includes(": 1 rounds, 24 calls, "))).toEqual([]);
      expect([status, lines.length]).toEqual([0, SCENARIOS]);
    },
  );

  it("is not believed to have been tried where the program does not run", () =>
    expect(spawnSync(process.execPath, [SCRIPT, "--program", "/nowhere", "--rounds", "1"]).status).toBe(1));
});
