// The compiled policy as a file: written once, read again by whoever begins, and mended where it is damaged. Proves spec/backend.md section 10 for it.

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { beforeEach, expect, it, vi } from "vitest";
import { scratch } from "../cli/program.js";

/** As another process finds it: nothing is remembered. */
async function begun() {
  vi.resetModules();
  const { runtimePolicyFile, shippedPolicy } = await import("../../src/authority/index.js");
  const rulebook = shippedPolicy("cavra-ai-agent-baseline");
  if (rulebook === null) throw new Error("the baseline is not there");
  return () => runtimePolicyFile(rulebook, env);
}

let env: ReturnType<typeof scratch>["env"];
beforeEach(() => {
  env = scratch().env;
});

it("what is damaged is written anew by whoever begins, and what is whole is left as it is", async () => {
  const path = (await begun())();
  const whole = readFileSync(path, "utf8");
  const { ino } = statSync(path);
  expect((await begun())()).toBe(path);
  expect(statSync(path).ino).toBe(ino);
  for (const damaged of ["", whole.slice(0, -1), whole.replace("deny", "warn")]) {
    writeFileSync(path, damaged);
    expect((await begun())()).toBe(path);
    expect(readFileSync(path, "utf8")).toBe(whole);
  }
});

it("who has begun leaves to the worker what is damaged later, and writes what is gone", async () => {
  const file = await begun();
  const path = file();
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, "{}");
  expect(readFileSync(file(), "utf8")).toBe("{}");
  rmSync(path);
  expect(readFileSync(file(), "utf8")).toBe(whole);
});
