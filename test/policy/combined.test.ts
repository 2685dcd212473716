// Several packs at once: a host's or a repository's policy that inherits more than one. Proves spec/policy.md sections 2.6 and 2.7 on the packs that ship.

import { describe, expect, it } from "vitest";
import { isStricter, stops } from "../../src/base/index.js";
import { compilePolicy, loadPack, openPolicy, type Pack, type Policy, testPolicy } from "../../src/policy/index.js";
import { deriveForTests } from "./derive.js";
import { library, must, shippedPack } from "./packs.js";

const AREAS = ["cavra-cloud", "cavra-database", "cavra-github", "cavra-kubernetes", "cavra-supply-chain", "cavra-terraform"];
const PAIRS = AREAS.flatMap((one, at) => AREAS.slice(at + 1).map((other) => [one, other]));

describe.each([...PAIRS, AREAS].map((ids) => ({ ids, name: ids.join(" + ") })))("$name", ({ ids }) => {
  const policy = together(ids);

  it("hold all rules of each, whatever the order", () => {
    const turned = together([...ids].reverse());
    expect(turned.compiled.rules).toEqual(policy.compiled.rules);
    expect(turned.compiled.defaults).toEqual(policy.compiled.defaults);
    for (const id of ids)
      for (const { id: rule } of shippedPack(id).rules) expect(policy.compiled.rules.map((one) => one.id)).toContain(rule);
  });

  it("are nowhere milder than one of them, and suggest nothing that the other stops", () => {
    const reports = ids.map((id) => testPolicy(shippedPack(id), policy, deriveForTests));
    const milder = reports.flatMap(({ results }) => results).filter(({ expected, judgement }) => isStricter(expected, judgement.verdict));
    expect(milder.map(({ name }) => name)).toEqual([]);
    expect(reports.flatMap(({ broken_insteads }) => broken_insteads)).toEqual([]);
  });
});

describe("all areas together", () => {
  const policy = together(AREAS);

  it("leave each other's everyday work alone", () => {
    const results = AREAS.flatMap((id) => testPolicy(shippedPack(id), policy, deriveForTests).results);
    const everyday = results.filter(({ expected }) => expected === "allow");
    expect(everyday.length).toBeGreaterThan(150);
    const stopped = everyday.filter(({ judgement }) => stops(judgement.verdict));
    expect(stopped.map(({ name, judgement }) => `${name}: ${judgement.rule_id}`)).toEqual([]);
  });

  it("can be asked for by a repository whose people have the baseline", () => {
    const workspace = must(loadPack(source("repository", AREAS), "policy.yaml", "workspace"));
    const host = shippedPack("cavra-ai-agent-baseline");
    const compiled = must(compilePolicy({ host, workspace, library, catalogue: {} }));
    expect(compiled.rules.map(({ id }) => id)).toEqual(policy.compiled.rules.map(({ id }) => id));
    expect(compiled.id).toBe("cavra-ai-agent-baseline");
  });

  it("stand beside the strict pack", () => {
    const strict = together([...AREAS, "cavra-strict"]);
    for (const id of AREAS) {
      const { results } = testPolicy(shippedPack(id), strict, deriveForTests);
      expect(results.filter(({ expected, judgement }) => isStricter(expected, judgement.verdict)).map(({ name }) => name)).toEqual([]);
    }
  });
});

function together(ids: readonly string[]): Policy {
  const host: Pack = must(loadPack(source("host", ids), "policy.yaml", "host"));
  return openPolicy(must(compilePolicy({ host, workspace: null, library, catalogue: {} })));
}

function source(id: string, inherits: readonly string[]): string {
  return `schema_version: cavra.policy.v1\nid: ${id}\nversion: 1.0.0\ninherits: [${inherits.join(", ")}]\n`;
}
