// The running authority under faults, a few rounds of each; docs/campaigns/authority-faults.md tells of many. Proves spec/backend.md section 8.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { program, run } from "./program.js";

const SCRIPT = join(import.meta.dirname, "../../scripts/fault-authority.mjs");

describe("hooks that ask an authority which is", () => {
  it.skipIf(process.platform !== "linux").for([
    ["killed while it is asked", 2],
    ["stopped before it is asked, and continued", 1],
    ["stopped while it is asked, and killed", 2],
    ["stopped while it is asked, and continued", 2],
    ["restarted while it is asked", 2],
    ["its socket replaced by a file", 1],
    ["no file descriptors left", 1],
    ["met by bad peers", 1],
    ["not what it seems", 11],
    ["no room for a record", 1],
  ] as const)("%s are all answered as by themselves, and on record (%i rounds)", async ([name, rounds]) => {
    const hooks = name === "not what it seems" ? "2" : "6";
    const words = [SCRIPT, "--program", program(), "--rounds", String(rounds), "--hooks", hooks, "--only", name];
    const { status, stdout } = await run(process.execPath, words, { env: process.env });
    expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^${name}: ${rounds} rounds, [^\n]*\n$`))]);
  });

  it("finds what is wrong: a program that answers nothing is told", () => {
    const { status } = spawnSync(process.execPath, [SCRIPT, "--program", "/nowhere", "--rounds", "1"]);
    expect(status).toBe(1);
  });
});
