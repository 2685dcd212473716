// A policy that stays open as long as its files stay the same, and no longer. Proves spec/backend.md 8.5.

import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileSources, RACY_MS, warmPolicies } from "../../src/authority/index.js";

describe("a warm policy", () => {
  let root: string;
  let compiled: number;
  /** Behind every change, so that nothing that is read now is racy. */
  const later = () => Date.now() + 60_000;
  const open = (nowMs: () => number = later) => {
    const env = { CAVRA_STATE_DIR: join(root, "state"), CAVRA_CONFIG_DIR: join(root, "config"), HOME: root };
    const counting = () => {
      compiled++;
      return compileSources;
    };
    return warmPolicies(env, counting, nowMs);
  };
  const policy = (verdict: string) =>
    `schema_version: cavra.policy.v1\nid: host\nversion: 1.0.0\nrules:\n  - { id: a.b, verdict: ${verdict}, severity: low, reason: r, match: { effect: read } }\n`;
  const put = (verdict: string) => writeFileSync(join(root, "config/policy.yaml"), policy(verdict));
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cavra-warm-"));
    mkdirSync(join(root, "config"));
    compiled = 0;
    put("deny");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is opened once", () => {
    const { policyFor } = open();
    const first = policyFor("/srv/app");
    expect(policyFor("/srv/app")).toBe(first);
    expect(compiled).toBe(1);
  });

  it("is another one after each change, also one that keeps size and time", () => {
    const { policyFor } = open();
    const path = join(root, "config/policy.yaml");
    const before = policyFor("/srv/app").compiled.digest;
    const { atime, mtime } = statSync(path);
    writeFileSync(path, policy("warn"));
    utimesSync(path, atime, mtime);
    expect(policyFor("/srv/app").compiled.digest).not.toBe(before);
    put("deny");
    expect(policyFor("/srv/app").compiled.digest).toBe(before);
  });

  it("is read again where its files changed just before it was read", () => {
    const changedMs = Math.floor(statSync(join(root, "config/policy.yaml")).ctimeMs);
    let nowMs = changedMs + RACY_MS;
    const { policyFor } = open(() => nowMs);
    policyFor("/srv/app");
    rmSync(join(root, "state"), { recursive: true });
    policyFor("/srv/app");
    expect(compiled).toBe(2);
    nowMs = changedMs + RACY_MS + 1;
    policyFor("/srv/app");
    rmSync(join(root, "state"), { recursive: true, force: true });
    policyFor("/srv/app");
    expect(compiled).toBe(2);
  });

  it("that does not load refuses each time, and loads when it is mended", () => {
    const { policyFor } = open();
    writeFileSync(join(root, "config/policy.yaml"), "nonsense");
    expect(() => policyFor("/srv/app")).toThrow(/policy/);
    expect(() => policyFor("/srv/app")).toThrow(/policy/);
    put("deny");
    expect(policyFor("/srv/app").compiled.id).toBe("host");
  });

  it("of a workspace is not that of another", () => {
    const { policyFor } = open();
    mkdirSync(join(root, "w/.cavra"), { recursive: true });
    writeFileSync(
      join(root, "w/.cavra/policy.yaml"),
      "schema_version: cavra.policy.v1\nid: w\nversion: 1.0.0\nrules: []\ndefaults: { opaque: { verdict: deny } }\n",
    );
    expect(policyFor("/srv/app").compiled.digest).not.toBe(policyFor(join(root, "w")).compiled.digest);
  });
});
