// Compiling the files that were found: only the packs that the policy stands on are read, and nobody can tell from the outside.

import { describe, expect, it } from "vitest";
import { compileSources, loadLibrary } from "../../src/authority/index.js";
import { compilePolicy, loadPack } from "../../src/policy/index.js";

const NONE = { host: null, workspace: null, settings: null, library: [] };
const pack = (id: string, inherits: string) => ({
  path: `/c/${id}.yaml`,
  text: `schema_version: cavra.policy.v1\nid: ${id}\nversion: 1.0.0\ninherits: [${inherits}]\n`,
});

describe("a policy of several packs", () => {
  it.each([
    ["of the host", { ...NONE, host: pack("host", "cavra-terraform, cavra-kubernetes") }, ["cavra-terraform", "cavra-kubernetes"]],
    ["of a repository", { ...NONE, workspace: pack("shop", "cavra-github") }, ["cavra-github"]],
    [
      "by way of the host's own pack",
      { ...NONE, host: pack("host", "ours"), library: [pack("ours", "cavra-database")] },
      ["cavra-database"],
    ],
  ])("%s holds their rules, and the baseline's once", (_, sources, ids) => {
    const compiled = compileSources(sources);
    const packs = compiled.ok ? compiled.value.packs.map(({ id }) => id) : [];
    for (const id of [...ids, "cavra-ai-agent-baseline"]) expect(packs.filter((one) => one === id)).toEqual([id]);
  });

  it("is the same as with every pack read", () => {
    const host = pack("host", "cavra-supply-chain, cavra-cloud");
    const library = loadLibrary(NONE, []);
    const read = loadPack(host.text, host.path, "host");
    const whole = read.ok ? compilePolicy({ host: read.value, settings: null, workspace: null, library, catalogue: {} }) : read;
    const compiled = compileSources({ ...NONE, host });
    expect(compiled.ok && compiled.value.rules).toEqual(whole.ok && whole.value.rules);
  });

  it("tells which pack was meant, also one that it does not stand on", () => {
    const compiled = compileSources({ ...NONE, host: pack("host", "cavra-teraform") });
    expect(compiled.ok ? [] : compiled.problems.map(({ code, hint }) => [code, hint])).toEqual([
      ["unknown_pack", "did you mean `cavra-terraform`?"],
    ]);
  });

  it("tells what is wrong with the host's own packs first, and once", () => {
    const library = [{ path: "/c/packs/ours.yaml", text: "id: ours" }];
    const compiled = compileSources({ ...NONE, host: pack("host", "nowhere"), library });
    expect(compiled.ok ? [] : [...new Set(compiled.problems.map(({ at }) => at?.split(":")[0]))]).toEqual(["/c/packs/ours.yaml"]);
  });
});
