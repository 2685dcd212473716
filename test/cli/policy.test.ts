// `cavra policy …`: what ships, what is in force, and what is wrong with a file. Proves spec/cli.md section 7; the language itself has its own tests.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, type Scratch, scratch, write } from "./program.js";

const HEAD = "schema_version: cavra.policy.v1\nid: mine\nversion: 1.0.0\n";
const SHIPPED = readdirSync(join(import.meta.dirname, "..", "..", "policies"))
  .map((name) => name.slice(0, -".yaml".length))
  .sort();
const RULE = "  - { id: a.b, match: { effect: exec, program: ls }, verdict: deny, severity: low, reason: no listing }\n";

describe.concurrent("policy", () => {
  it("list names the packs that ship, and the host's own", async () => {
    const place = scratch();
    write(join(place.config, "cavra/packs/my.pack.yaml"), `${HEAD.replace("mine", "my.pack")}description: our own\nrules:\n${RULE}`);
    const { value } = await cavraJson(place, ["policy", "list"]);
    expect(value.map(({ id }: { id: string }) => id)).toEqual([...SHIPPED, "my.pack"]);
    const told = await cavra(place, ["policy", "list"]);
    expect(told.stdout).toMatch(/my\.pack@1\.0\.0 {2}1 rule, 0 tests\n {2}our own\n/);
    expect((await cavraJson(place, ["evaluate", "execute_command", "ls", "--policy-pack", "my.pack"])).value.rule_id).toBe("a.b");
  });

  it("describe shows every rule of the policy in force, of a pack, and of a file", async () => {
    const place = scratch({ "shop/p.yaml": `${HEAD}rules:\n${RULE}` });
    const inForce = await cavra(place, ["policy", "describe"]);
    expect(inForce.stdout).toMatch(/^cavra-ai-agent-baseline@.* mode enforce\n/);
    expect(inForce.stdout).toMatch(/✗ deny secrets\.read critical/);
    expect(inForce.stdout).toContain("defaults, where no rule matches");
    expect((await cavra(place, ["policy", "describe", "cavra-strict"])).stdout).toMatch(/^cavra-strict@/);
    expect((await cavraJson(place, ["policy", "describe", "p.yaml"])).value.rules.map(({ id }: { id: string }) => id)).toEqual(["a.b"]);
  });

  it("describe shows exceptions with what they are made to: a rule, a default, the trust in a server", async () => {
    const place = scratch({
      "shop/p.yaml": `schema_version: cavra.policy.v1
id: mine
version: 1.0.0
inherits: cavra-ai-agent-baseline
mcp_trust: { servers: { acme: { tier: untrusted } } }
exceptions:
  - { rule: default.call, match: { effect: call, server: acme, tool: deploy }, reason: looked at }
  - { rule: mcp_trust.acme, match: { effect: call, tool: deploy }, reason: looked at too, until: 2020-01-01T00:00:00Z }
  - { rule: secrets.read, match: { path: a/.env }, reason: a fixture }
`,
    });
    const { stdout } = await cavra(place, ["policy", "describe", "p.yaml"]);
    expect(stdout).toContain("\n    excepted (no end, mine): a fixture\n");
    expect(stdout).toContain("\n  default.call excepted (no end, mine): looked at\n");
    expect(stdout).toContain("\n  mcp_trust.acme excepted (ended 2020-01-01T00:00:00Z, mine): looked at too\n");
  });

  it("compile prints the same canonical bytes every time, wherever it runs", async () => {
    const [one, two] = [scratch(), scratch({ "shop/deep/x": "" })];
    const first = await cavra(one, ["policy", "compile"]);
    const second = await cavra(two, ["policy", "compile", "--policy-pack", "cavra-ai-agent-baseline"], {
      cwd: join(two.repository, "deep"),
      env: { TZ: "Asia/Tokyo", LC_ALL: "de_DE.UTF-8" },
    });
    expect(first.status).toBe(0);
    expect(first.stdout === second.stdout).toBe(true);
    expect(JSON.parse(first.stdout)).toMatchObject({ schema_version: "cavra.compiled-policy.v1", id: "cavra-ai-agent-baseline" });
  });

  it.each(SHIPPED)("test passes for %s", async (pack) => {
    const told = await cavra(scratch(), ["policy", "test", pack]);
    expect([told.status, told.stdout]).toEqual([0, expect.stringMatching(new RegExp(`✓ ${pack}: \\d+ passed, 0 failed\\n$`))]);
  });

  it("test names what fails, and ends with 4", async () => {
    const place = scratch({
      "shop/p.yaml": `${HEAD}rules:\n${RULE}tests:\n  - { command: ls, expect: allow }\n  - { command: ls, expect: deny, rule: a.b }\n`,
    });
    const told = await cavra(place, ["policy", "test", "p.yaml"]);
    expect(told.status).toBe(4);
    expect(told.stdout).toMatch(/✗ .*\n +expected allow, got deny by a\.b\n[\s\S]*mine: 1 passed, 1 failed\n$/);
    const json = await cavraJson(place, ["policy", "test", "p.yaml"]);
    expect([json.status, json.value.results.map(({ passed }: { passed: boolean }) => passed)]).toEqual([4, [false, true]]);
  });

  it("test ends with 4 where there are rules and no tests, and says so", async () => {
    const place = scratch({ "shop/p.yaml": `${HEAD}rules:\n${RULE}` });
    const told = await cavra(place, ["policy", "test", "p.yaml"]);
    expect([told.status, told.stdout]).toEqual([4, expect.stringMatching(/^✗ mine: no tests for 1 rule\n/)]);
    expect(told.stdout).not.toContain("passed");
  });

  it("diff says what is stricter, milder, new and gone", async () => {
    const place = scratch({
      "shop/a.yaml": `${HEAD}rules:\n${RULE}${RULE.replace("a.b", "a.gone")}${RULE.replace("a.b", "a.milder")}`,
      "shop/b.yaml": `${HEAD}rules:\n${RULE.replace("low", "high")}${RULE.replace("a.b", "a.new").replace("ls", "id")}${RULE.replace("a.b", "a.milder").replace("deny", "warn")}`,
    });
    const { status, value } = await cavraJson(place, ["policy", "diff", "a.yaml", "b.yaml"]);
    const told = Object.fromEntries(value.changes.map(({ subject, kind }: { subject: string; kind: string }) => [subject, kind]));
    expect([status, told]).toEqual([0, { "a.b": "reworded", "a.gone": "removed", "a.new": "added", "a.milder": "loosened" }]);
    expect((await cavra(place, ["policy", "diff", "a.yaml", "a.yaml"])).stdout).toContain("no difference");
    expect((await cavra(place, ["policy", "diff", "cavra-ai-agent-baseline", "cavra-strict"])).stdout).toMatch(
      /tightened {2}\S*default\.exec\.unknown|tightened/,
    );
  });
});

/** name, file, what the first line on standard error is like, codes of all problems */
const BAD: readonly (readonly [string, string, RegExp, readonly string[]])[] = [
  ["an unknown key", `${HEAD}ruels: []\n`, /^cavra: .*p\.yaml:4:1: .*`ruels`/, ["unknown_key"]],
  ["a wrong type", `${HEAD}rules: none\n`, /^cavra: .*p\.yaml:4:\d+: /, ["wrong_type"]],
  ["two rules of one id", `${HEAD}rules:\n${RULE}${RULE}`, /^cavra: .*p\.yaml:6:\d+: .*`a\.b`/, ["duplicate_rule"]],
  ["a cycle", `${HEAD}inherits: [mine]\n`, /^cavra: .*mine/, ["inherits_cycle"]],
  ["a pack that is not there", `${HEAD}inherits: [nope]\n`, /^cavra: .*`nope`/, ["unknown_pack"]],
  ["broken YAML", `${HEAD}rules: [\n`, /^cavra: .*p\.yaml:\d+:\d+: /, ["bad_yaml"]],
  ["nothing in it", "", /^cavra: .*p\.yaml/, ["empty"]],
  ["bytes in it that are no text", "\u0000\u0001\u0002", /^cavra: .*control character/, ["not_text"]],
];

describe.concurrent("a policy file with", () => {
  it.each(BAD)("%s is refused with place, sentence and code; and no decision is made by it", async (_, text, first, codes) => {
    const place = scratch({ "shop/p.yaml": text });
    const json = await cavraJson(place, ["policy", "validate", "p.yaml"]);
    expect([json.status, json.value.valid, json.value.problems.map(({ code }: { code: string }) => code)]).toEqual([2, false, codes]);
    const used = await cavra(place, ["evaluate", "execute_command", "ls", "--policy", "p.yaml"]);
    expect([used.status, used.stdout, used.stderr]).toEqual([2, "", expect.stringContaining("(policy_invalid)")]);
    expect(used.stderr).toMatch(first);
  });

  it("several things wrong has them all told, one a line", async () => {
    const place = scratch({ "shop/p.yaml": `${HEAD}ruels: []\nmoed: audit\n` });
    const told = await cavra(place, ["policy", "validate", "p.yaml"]);
    expect([told.status, told.stdout]).toEqual([2, ""]);
    expect(told.stderr).toMatch(
      /^cavra: \S*p\.yaml:4:1: .*`ruels`.* \(unknown_key\)\n {2}.*rules.*\ncavra: \S*p\.yaml:5:1: .*`moed`.* \(unknown_key\)\n {2}.*mode/,
    );
  });

  const LOOSER = [
    [
      "an allow",
      "rules: [{ id: a.b, match: { effect: exec, program: ls }, verdict: allow, severity: low, reason: x }]",
      "leave it out: .*`cavra allow`",
    ],
    ["audit mode", "mode: audit", "leave `mode` out; .*`cavra observe on`"],
    ["a milder default", "defaults: { delete: { unknown: allow } }", "leave it out, or say `require_approval` or stricter"],
    [
      "an exception that is not its to make",
      "exceptions: [{ rule: secrets.read, match: { effect: read, path: .env }, reason: x }]",
      "put it into `exceptions` of the host's policy, or make it with `cavra allow`",
    ],
    [
      "an exception that is nobody's to make",
      "exceptions: [{ rule: guard.files, match: { effect: write, path: x }, reason: x }]",
      "nobody can make an exception to this rule",
    ],
  ] as const;
  it.each(LOOSER)("%s in a repository loosens nothing, and is refused by name", async (_, text, hint) => {
    const place = scratch();
    write(join(place.repository, ".cavra/policy.yaml"), `${HEAD}${text}\n`);
    const told = await cavra(place, ["policy", "validate"]);
    expect([told.status, told.stderr]).toEqual([
      2,
      expect.stringMatching(
        new RegExp(`policy\\.yaml:\\d+:\\d+: a workspace's policy can only tighten the host's: .*\\(loosens_host\\)\\n {2}${hint}`),
      ),
    ]);
    const used = await cavra(place, ["evaluate", "execute_command", "cat .env"]);
    expect([used.status, used.stderr]).toEqual([2, expect.stringContaining("(policy_invalid)")]);
  });

  it("in force has each refusal recorded; a dry run, and another policy named in the call, record none", async () => {
    const place = scratch({ "shop/p.yaml": "" });
    write(join(place.repository, ".cavra/policy.yaml"), `${HEAD}mode: audit\n`);
    for (const unrecorded of [["--dry-run"], ["--policy", "p.yaml"]])
      expect((await cavra(place, ["evaluate", "execute_command", "ls", ...unrecorded])).status).toBe(2);
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    await cavra(place, ["evaluate", "--batch"], { input: '{"action_type":"read_file","target":"a"}\n{"target":1}\n' });
    const list = await cavra(place, ["evidence", "list", "--json"]);
    const records = list.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).record);
    expect(records.map(({ decision, basis, action }) => [decision, basis.code, action.target])).toEqual([
      ["deny", "policy_invalid", "a"],
      ["deny", "policy_invalid", "ls"],
    ]);
  });

  it("nothing wrong holds, and says how many rules there are", async () => {
    const place = scratch({ "shop/p.yaml": `${HEAD}inherits: [cavra-ai-agent-baseline]\nrules:\n${RULE}` });
    expect(await cavra(place, ["policy", "validate", "p.yaml"])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/p\.yaml` holds: \d+ rules/),
    });
  });

  it.each([
    ["no file", ["policy", "validate", "nope.yaml"], "policy_missing"],
    ["a folder", ["policy", "validate", "."], "policy_unreadable"],
    ["no pack of that name", ["policy", "describe", "nope"], "unknown_pack"],
    ["no pack of that name to test", ["policy", "test", "nope"], "unknown_pack"],
    ["no file to test", ["policy", "test", "nope.yaml"], "policy_unreadable"],
    ["a name that leads elsewhere", ["policy", "compile", "--policy-pack", "../secret"], "policy_unreadable"],
  ] as const)("%s to be found ends with 2 and a code", async (_, args, code) => {
    const told = await cavra(scratch(), args);
    expect([told.status, told.stdout, told.stderr]).toEqual([2, "", expect.stringContaining(`(${code})`)]);
  });
});

describe("the policy that is kept", () => {
  const evaluate = (place: Scratch, target: string) => cavraJson(place, ["evaluate", "execute_command", target]);

  it("is compiled again when the file changes, or when what was kept is damaged", async () => {
    const place = scratch();
    const file = write(join(place.config, "cavra/policy.yaml"), `${HEAD}rules:\n${RULE}`);
    expect((await evaluate(place, "ls")).value.rule_id).toBe("a.b");
    write(file, readFileSync(file, "utf8").replace("program: ls", "program: pwd"));
    expect((await evaluate(place, "ls")).value.decision).toBe("allow");
    expect((await evaluate(place, "pwd")).value.rule_id).toBe("a.b");
    for (const name of readdirSync(join(place.state, "compiled"))) {
      const kept = join(place.state, "compiled", name);
      write(kept, readFileSync(kept, "utf8").replaceAll('"deny"', '"allow"'));
    }
    expect((await evaluate(place, "pwd")).value.rule_id).toBe("a.b");
  });
});
