// `cavra policy sign | verify`, and a host that believes signed policies only. Proves spec/cli.md 7.7 and 7.8, spec/policy.md 11.4.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { activeKey, keysFolder, newKey, ownTrust, SYSTEM_CLOCK, signNextTrust } from "../../src/store/index.js";
import { atTerminal, NO_TERMINAL } from "./at-terminal.js";
import { configFolder, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, type Scratch, scratch, write } from "./program.js";

const HEAD = "schema_version: cavra.policy.v1\nid: mine\nversion: 1.0.0\n";
const POLICY = `${HEAD}inherits: cavra-ai-agent-baseline\nrules:\n  - { id: a.b, match: { effect: exec, program: ls }, verdict: deny, severity: low, reason: no }\n`;

/** A host with a policy of its own, a ledger's keys and an approver's. */
function host(): Scratch & { readonly root: string; readonly file: string } {
  const place = scratch();
  const { root } = makeKeys(place);
  const approver = newKey("approver");
  approver.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  const trust = ownTrust(place.state, configFolder(place), SYSTEM_CLOCK.nowMs());
  if (!trust.ok) throw new Error(trust.problem.message);
  const keys = [...trust.value.keys, activeKey("approver", approver.signer.publicKey, "Ada", trust.value.issued_at)];
  const next = signNextTrust(place.state, trust.value, { keys }, { folder: keysFolder(place.state), passphrase: "" }, SYSTEM_CLOCK);
  if (!next.ok) throw new Error(next.problem.message);
  return { ...place, root, file: write(join(configFolder(place), "policy.yaml"), POLICY) };
}

function askForSignatures(place: Scratch, root: string, roles: readonly string[] = ["approver"]): void {
  write(
    join(configFolder(place), "policy-signing.json"),
    JSON.stringify({ schema_version: "cavra.policy-signing.v1", root_key_id: root, roles }),
  );
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
for (const name of ["record", "cli", "trust"])
  ajv.addSchema(JSON.parse(readFileSync(join(import.meta.dirname, `../../spec/schema/${name}.schema.json`), "utf8")));

describe("a host that believes signed policies only", () => {
  it("refuses every decision where there is no signature, records that, and says the way out", async () => {
    const place = host();
    askForSignatures(place, place.root);
    const told = await cavra(place, ["evaluate", "execute_command", "pwd"]);
    expect([told.status, told.stdout]).toEqual([2, ""]);
    expect(told.stderr).toMatch(
      /^cavra: this host believes signed policies only: there is no signature `.*policy\.signature` \(signature_missing\) \(policy_unsigned\)\n {2}a person signs with `cavra policy sign`\n$/,
    );
    const { value } = await cavraJson(place, ["evidence", "list"]);
    expect(value).toMatchObject({ record: { decision: "deny", basis: { code: "policy_unsigned" } } });
    const verified = await cavraJson(place, ["policy", "verify"]);
    expect([verified.status, verified.value]).toEqual([4, expect.objectContaining({ holds: false, required: true })]);
  });

  it("asks also where the shipped default is in force, and refuses what it cannot read", async () => {
    const place = scratch();
    askForSignatures(place, "key_00000000000000000000000000000000");
    expect((await cavra(place, ["evaluate", "execute_command", "pwd"])).stderr).toContain("(policy_unsigned)");
    for (const text of ["{}", "", '{"schema_version":"cavra.policy-signing.v1","root_key_id":"key_1","roles":["approver"]}']) {
      write(join(configFolder(place), "policy-signing.json"), text);
      expect((await cavra(place, ["evaluate", "execute_command", "pwd"])).stderr).toContain("(policy_signing_damaged)");
    }
  });
});

describe.skipIf(NO_TERMINAL !== "")("a person signs", () => {
  it("the host's policy; the host decides by it until it is changed, and a repository may still tighten it", async () => {
    const place = host();
    askForSignatures(place, place.root);
    const asked = await atTerminal(place, ["policy", "sign", "--reason", "reviewed by two", "--expires", "90d"]);
    expect([asked.status, asked.shown]).toEqual([0, expect.stringContaining("the policy mine@1.0.0 (")]);
    const verified = await cavraJson(place, ["policy", "verify"]);
    expect([verified.status, verified.value]).toMatchObject([
      0,
      { holds: true, required: true, signers: [{ role: "approver", name: "Ada" }] },
    ]);
    const validate = ajv.getSchema("https://cavra.dev/schema/cli.schema.json#/$defs/policy_verify");
    expect(validate?.(verified.value) || validate?.errors).toBe(true);
    expect((await cavraJson(place, ["evaluate", "execute_command", "ls"])).value).toMatchObject({ decision: "deny", rule_id: "a.b" });

    write(join(place.repository, ".cavra/policy.yaml"), POLICY.replace("mine", "repo").replace("a.b", "c.d").replace("ls", "id"));
    expect((await cavraJson(place, ["evaluate", "execute_command", "id"])).value).toMatchObject({ decision: "deny", rule_id: "c.d" });

    write(place.file, POLICY.replace("deny", "warn"));
    const changed = await cavra(place, ["evaluate", "execute_command", "ls"]);
    expect([changed.status, changed.stderr]).toEqual([
      2,
      expect.stringMatching(/another policy was signed: .* \(policy_changed\) \(policy_unsigned\)/),
    ]);
    const told = await cavra(place, ["policy", "verify"]);
    expect([told.status, told.stderr]).toEqual([4, expect.stringContaining("(policy_changed)")]);
    write(place.file, POLICY);
    expect((await cavra(place, ["policy", "verify"])).stdout).toMatch(
      /^✓ signed {2}mine@1\.0\.0 .*\n.*: reviewed by two\n {2}key_\w+ {2}approver {2}Ada\n.*asks for it\n$/,
    );
  });

  it("a file, beside it; it is on record who did, and roles count", async () => {
    const place = host();
    write(join(place.repository, "p.yaml"), POLICY);
    const asked = await atTerminal(place, ["policy", "sign", "p.yaml", "--reason", "for the fleet"]);
    expect(asked.status).toBe(0);
    const verified = await cavraJson(place, ["policy", "verify", "p.yaml"]);
    expect([verified.status, verified.value]).toMatchObject([0, { holds: true, required: false }]);
    expect(readFileSync(join(place.repository, "p.yaml.signature"), "utf8").split("\n")).toHaveLength(4);
    askForSignatures(place, place.root, ["builder"]);
    expect((await cavraJson(place, ["policy", "verify", "p.yaml"])).value).toMatchObject({ holds: false, problem: { code: "wrong_role" } });
    const journal = readFileSync(join(place.state, "journal", `${new Date().toISOString().slice(0, 10)}.journal`), "utf8");
    expect(journal).toContain('"change":"policy_signed"');
  });

  it("nothing, where the word is not typed", async () => {
    const place = host();
    const asked = await atTerminal(place, ["policy", "sign", "--reason", "x"], [["type `([^`]+)` to go on[^:]*: ", "no\n"]]);
    expect([asked.status, asked.shown]).toEqual([2, expect.stringContaining("(not_confirmed)")]);
    expect((await cavraJson(place, ["policy", "verify"])).value.problem.code).toBe("signature_missing");
  });
});

describe("policy sign", () => {
  it.each([
    ["without a reason", ["policy", "sign"], "reason_missing"],
    ["where there are no keys", ["policy", "sign", "--reason", "x"], "trust_missing"],
    ["a pack without a place", ["policy", "sign", "cavra-strict", "--reason", "x"], "output_missing"],
    ["until a time that is over", ["policy", "sign", "--reason", "x", "--expires", "2020-01-01"], "bad_time"],
  ])("%s ends with 2", async (_, args, code) => {
    const told = await cavra(scratch(), args);
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining(`(${code})`)]);
  });

  it("asks a person, and no program: without a terminal nothing is signed", async () => {
    const told = await cavra(host(), ["policy", "sign", "--reason", "x"]);
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining("(person_required)")]);
  });

  it("asks for a key of the role", async () => {
    const told = await cavra(host(), ["policy", "sign", "--reason", "x", "--role", "builder"]);
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining("`cavra keys rotate builder` makes one")]);
  });
});
