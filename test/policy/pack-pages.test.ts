// docs/packs: every pack that ships has its page, made from it, and what the overview tells people to write can be loaded.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compilePolicy, loadPack } from "../../src/policy/index.js";
import { library, must } from "./packs.js";

const ROOT = join(import.meta.dirname, "..", "..");
const SAMPLE = /```yaml\n([\s\S]*?)```/g;

describe("the pages of the packs", () => {
  it("say what the packs say", () => {
    const ended = spawnSync(process.execPath, ["scripts/generate-pack-pages.mjs", "--check"], { cwd: ROOT, encoding: "utf8" });
    expect([ended.status, ended.stderr]).toEqual([0, ""]);
  });

  const samples = ["README", ...library.keys()].flatMap((page) => {
    const text = readFileSync(join(ROOT, "docs", "packs", `${page}.md`), "utf8");
    return [...text.matchAll(SAMPLE)].map(([, sample = ""], at) => ({ page, at, sample }));
  });

  it("show at least one policy each", () => {
    expect(new Set(samples.map(({ page }) => page)).size).toBe(library.size + 1);
  });

  it.each(samples)("$page, sample $at: can be a host's policy", ({ sample }) => {
    const host = must(loadPack(sample, "policy.yaml", "host"));
    expect(must(compilePolicy({ host, workspace: null, library, catalogue: {} })).rules.length).toBeGreaterThan(0);
  });
});
