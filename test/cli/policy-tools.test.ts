// `cavra policy test | diff | simulate` on the built program: what is told of rules, of changes, and of what was decided. Proves spec/cli.md 7.3 to 7.6.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cavra, cavraJson, type Scratch, scratch } from "./program.js";

const HEAD = "schema_version: cavra.policy.v1\nid: mine\nversion: 1.0.0\n";
const rule = (id: string, match: string, verdict = "deny", more = "") =>
  `  - { id: ${id}, match: ${match}, verdict: ${verdict}, severity: low, reason: no${more} }\n`;

describe.concurrent("policy test", () => {
  const RULES = `${HEAD}rules:
${rule("a.needed", "{ effect: exec, program: ls }")}${rule("b.shadowed", "{ effect: exec, program: ls, options: a }", "warn")}${rule("c.never", "{ effect: exec, program: pwd }")}`;
  const DEAD = rule("d.dead", "{ effect: network, host: example.com, unknown: true }");
  const TESTS = "tests:\n  - { command: ls, expect: deny }\n  - { command: ls -a, expect: deny, rule: a.needed }\n";

  it("says of each rule what the tests and reasoning show, and holds", async () => {
    const place = scratch({ "shop/p.yaml": `${RULES}${TESTS}` });
    const { status, value } = await cavraJson(place, ["policy", "test", "p.yaml"]);
    expect([status, value.sound]).toEqual([0, true]);
    expect(value.rules).toMatchObject([
      { rule: "a.needed", standing: "needed", decided: 2, matched: 0, needed: 2 },
      { rule: "b.shadowed", standing: "shadowed", by: "a.needed", decided: 0, matched: 1, needed: 0 },
      { rule: "c.never", standing: "open", decided: 0, matched: 0, needed: 0 },
    ]);
    const told = await cavra(place, ["policy", "test", "p.yaml"]);
    expect(told.stdout).toBe(`– rule b.shadowed can never change a verdict: \`a.needed\` (deny) matches all that it matches
– no test makes rule c.never hold
  3 rules: 1 shown by a test to be needed, 1 of which neither test nor reasoning tells (--coverage shows them), 1 shadowed, 1 without a test
✓ mine: 2 passed, 0 failed
`);
    expect((await cavra(place, ["policy", "test", "p.yaml", "--coverage"])).stdout).toMatch(
      /^rule {8}verdict {2}decided {2}matched {2}needed\na\.needed {4}✗ deny {9}2 {8}0 {7}2\nb\.shadowed {2}! warn {9}0 {8}1 {7}0 {2}shadowed: /,
    );
  });

  it("ends with 4 where a rule can never match, and says why", async () => {
    const place = scratch({ "shop/p.yaml": `${RULES}${DEAD}${TESTS}` });
    const told = await cavra(place, ["policy", "test", "p.yaml"]);
    expect([told.status, told.stdout]).toEqual([
      4,
      expect.stringContaining("✗ rule d.dead can never match: no effect can be all that `match` asks for\n"),
    ]);
    expect(told.stdout).toContain("✗ mine: 2 passed, 0 failed\n");
  });

  it("names a clause that can never hold, and holds", async () => {
    const match = "[{ effect: exec, program: ls }, { effect: exec, known: true, unknown: true }]";
    const place = scratch({ "shop/p.yaml": `${HEAD}rules:\n${rule("a.b", match)}tests: [{ command: ls, expect: deny }]\n` });
    const told = await cavra(place, ["policy", "test", "p.yaml"]);
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining("– rule a.b: `match[1]` can never hold\n")]);
  });
});

describe.concurrent("policy validate", () => {
  const exception = (until: string, match = "{ effect: exec, program: ls }") =>
    `  - { rule: a.b, match: ${match}, reason: for now, until: ${until} }\n`;
  const inDays = (days: number) => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;

  it("warns of exceptions that ended, that end within a week, and that take nothing; and of what can never match", async () => {
    const rules = rule("a.b", "{ effect: exec, program: ls }") + rule("a.dead", "{ effect: network, host: example.com, unknown: true }");
    const exceptions =
      exception(inDays(-1)) + exception(inDays(6)) + exception(inDays(30)) + exception(inDays(30), "{ effect: exec, program: id }");
    const place = scratch({ "shop/p.yaml": `${HEAD}rules:\n${rules}exceptions:\n${exceptions}` });
    const { status, value } = await cavraJson(place, ["policy", "validate", "p.yaml"]);
    expect([status, value.valid, value.id, value.layer]).toEqual([0, true, "mine", "host"]);
    expect(value.warnings.map(({ code, at }: Record<string, string>) => [code, at?.split(":").at(-2)])).toEqual([
      ["dead_rule", "6"],
      ["exception_ended", "8"],
      ["exception_ends_soon", "9"],
      ["idle_exception", "11"],
    ]);
    const told = await cavra(place, ["policy", "validate", "p.yaml"]);
    expect(told.stdout).toMatch(
      /^! .*p\.yaml:6:\d+: rule `a\.dead` can never match: .* \(dead_rule\)\n! .*ended at .* \(exception_ended\)\n {2}take it out/,
    );
    expect(told.stdout).toMatch(/p\.yaml` holds: 2 rules with all that it inherits\n {2}mine@1\.0\.0\n$/);
  });

  it("tells of a repository's policy by its own id, and whose policy it is laid over", async () => {
    const place = scratch({ "shop/.cavra/policy.yaml": `${HEAD}rules:\n${rule("a.b", "{ effect: exec, program: ls }")}` });
    const { value } = await cavraJson(place, ["policy", "validate"]);
    expect(value).toMatchObject({
      valid: true,
      id: "mine",
      version: "1.0.0",
      layer: "workspace",
      policy: { id: "cavra-ai-agent-baseline" },
      warnings: [],
    });
    expect((await cavra(place, ["policy", "validate"])).stdout).toContain(
      "holds: 1 rule over the host's `cavra-ai-agent-baseline`\n  mine@1.0.0\n",
    );
  });

  it("tells all that is wrong with how packs go together, by line, each once", async () => {
    const place = scratch({
      "shop/.cavra/policy.yaml": `${HEAD}rules:
${rule("a.b", "{ effect: exec, program: ls }", "allow")}${rule("secrets.read", "{ effect: read, path: x }")}exceptions:
  - { rule: guard.files, match: { effect: write, path: x }, reason: x }
  - { rule: nobody.knows, match: { effect: write, path: x }, reason: x }
overrides: [{ rule: secrets.read, verdict: warn }]
`,
    });
    const { value } = await cavraJson(place, ["policy", "validate"]);
    expect(value.problems.map(({ code, at }: Record<string, string>) => [code, at?.split(":").at(-2)])).toEqual([
      ["loosens_host", "5"],
      ["duplicate_rule", "6"],
      ["loosens_host", "8"],
      ["unknown_rule", "9"],
      ["loosens_host", "10"],
    ]);
  });

  it("refuses an end that no calendar has", async () => {
    const place = scratch({
      "shop/p.yaml": `${HEAD}rules:\n${rule("a.b", "{ effect: exec, program: ls }")}exceptions:\n${exception("2027-02-30T00:00:00Z")}`,
    });
    const { value } = await cavraJson(place, ["policy", "validate", "p.yaml"]);
    expect(value.problems).toMatchObject([{ code: "wrong_value", message: "`2027-02-30T00:00:00Z` is no moment in UTC" }]);
  });
});

describe.concurrent("an exception", () => {
  const policy = (until: string) =>
    `${HEAD}rules:\n${rule("a.b", "{ effect: exec, program: ls }")}exceptions:\n  - { rule: a.b, match: { effect: exec, program: ls }, reason: for now, until: ${until} }\n`;

  it("counts until its end, and its use is told and recorded", async () => {
    const place = scratch({ "shop/p.yaml": policy("2099-01-01T00:00:00Z") });
    const told = await cavra(place, ["evaluate", "execute_command", "ls", "--policy", "p.yaml"]);
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining("excepted from a.b until 2099-01-01T00:00:00Z: for now\n")]);
    const { value } = await cavraJson(place, ["why"]);
    expect(value.record.judgement.rulings[0].exceptions).toEqual([{ rule: "a.b", reason: "for now", until: "2099-01-01T00:00:00Z" }]);
    expect((await cavra(place, ["policy", "describe", "p.yaml"])).stdout).toContain(
      "    excepted (until 2099-01-01T00:00:00Z, mine): for now\n",
    );
  });

  it("that ended counts no more", async () => {
    const place = scratch({ "shop/p.yaml": policy("2020-01-01T00:00:00Z") });
    expect((await cavraJson(place, ["evaluate", "execute_command", "ls", "--policy", "p.yaml"])).value).toMatchObject({
      decision: "deny",
      rule_id: "a.b",
    });
    expect((await cavra(place, ["policy", "describe", "p.yaml"])).stdout).toContain(
      "    excepted (ended 2020-01-01T00:00:00Z, mine): for now\n",
    );
  });
});

describe("policy diff", () => {
  const A = `${HEAD}rules:\n${rule("a.old", "{ effect: exec, program: ls }")}${rule("a.wide", '{ effect: read, path: ["**/.env", "**/.npmrc"] }')}${rule("a.words", "{ effect: exec, program: rm }")}${rule("a.gone", "{ effect: exec, program: pwd }")}`;
  const B = `${HEAD}mcp_trust: { servers: { acme: { tier: trusted } } }
rules:
${rule("a.new", "{ effect: exec, program: ls }")}${rule("a.wide", '{ effect: read, path: "**/.env" }')}${rule("a.words", "{ effect: exec, program: rm }", "deny", ", instead: do not")}${rule("a.come", "{ effect: exec, program: id }", "warn")}
exceptions: [{ rule: a.words, match: { effect: exec, program: rm, options: interactive }, reason: it asks, until: 2027-01-01T00:00:00Z }]
`;

  it("says what moved, what went and came, and which way", async () => {
    const place = scratch({ "shop/a.yaml": A, "shop/b.yaml": B });
    const { value } = await cavraJson(place, ["policy", "diff", "a.yaml", "b.yaml"]);
    const told = value.changes.map(({ subject, kind, direction }: Record<string, string>) => [subject, kind, direction]);
    expect(told).toEqual([
      ["a.come", "added", "stricter"],
      ["a.gone", "removed", "milder"],
      ["a.new", "moved", "none"],
      ["a.wide", "loosened", "milder"],
      ["a.words", "loosened", "milder"],
      ["mcp_trust.acme", "added", "milder"],
    ]);
    expect(value.changes[2].what).toEqual([{ key: "id", a: "a.old", b: "a.new" }]);
    expect(value.changes[3].what).toEqual([{ key: "match[0].path", a: ["**/.npmrc"], b: null }]);
    expect(value.changes[4].what.map(({ key }: { key: string }) => key)).toEqual(["instead", "exceptions"]);
    const told2 = (await cavra(place, ["policy", "diff", "b.yaml", "a.yaml"])).stdout;
    expect(told2).toContain("  tightened a.wide\n            + match[0].path: **/.npmrc\n");
  });

  it("says that it proves no direction where it does not", async () => {
    const place = scratch({
      "shop/a.yaml": `${HEAD}rules:\n${rule("a.b", '{ effect: delete, path: "**/x*" }')}`,
      "shop/b.yaml": `${HEAD}rules:\n${rule("a.b", '{ effect: delete, path: "/y/**" }')}`,
    });
    expect((await cavra(place, ["policy", "diff", "a.yaml", "b.yaml"])).stdout).toContain("  changed   a.b  (which way is not proved)\n");
  });
});

describe("what was decided", () => {
  let place: Scratch;
  let ids: readonly string[];
  beforeAll(async () => {
    place = scratch({
      "shop/b.yaml": `${HEAD}inherits: cavra-ai-agent-baseline\nrules:\n${rule("no.listing", "{ effect: exec, program: ls }")}overrides: [{ rule: git.discard, verdict: warn }]\n`,
    });
    const secret =
      "curl -H 'Authorization: Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789' https://example.com/ghp_abcdefghijklmnopqrstuvwxyz0123456789";
    const lines = ["ls", "ls", "ls -l", "git reset --hard", "cat .env", `cat ghp_abcdefghijklmnopqrstuvwxyz0123456789`, secret];
    ids = [];
    for (const line of lines) ids = [...ids, (await cavraJson(place, ["evaluate", "execute_command", line])).value.decision_id];
    await cavra(place, ["evaluate", "execute_command", "ls", "--dry-run"]);
  });

  it("is counted by what the second policy would answer, with samples, and the sum adds up", async () => {
    const { value } = await cavraJson(place, ["policy", "diff", "cavra-ai-agent-baseline", "b.yaml", "--since", "1h"]);
    const { recorded } = value;
    expect(recorded).toMatchObject({ decisions: 7, not_judged: 0, drifted: 0 });
    expect(recorded.groups.map(({ outcome, count }: { outcome: string; count: number }) => [outcome, count])).toEqual([
      ["would_deny", 3],
      ["would_ask", 0],
      ["would_warn", 1],
      ["would_allow", 0],
      ["unchanged", 3],
    ]);
    expect(recorded.groups[0].samples).toMatchObject([
      { decision_id: ids[0], target: "ls", count: 2, a: { verdict: "allow" }, b: { verdict: "deny", rule_id: "no.listing" } },
      { decision_id: ids[2], target: "ls -l", count: 1 },
    ]);
    const told = (await cavra(place, ["policy", "diff", "cavra-ai-agent-baseline", "b.yaml", "--since", "1h"])).stdout;
    expect(told).toContain("over what was decided: 7 decisions since ");
    expect(told).toMatch(/ 3 would be denied\n .* 2 × ls {2}allow by default\.exec → deny by no\.listing {2}dec_/);
  });

  it("is simulated by rule, with what was answered then, and what cannot be said", async () => {
    const { status, value } = await cavraJson(place, ["policy", "simulate", "b.yaml", "--samples", "1"]);
    expect(status).toBe(0);
    expect(value).toMatchObject({ policy: { id: "mine" }, decisions: 7, not_judged: 0, drifted: 0, verdicts: { deny: 4, warn: 1 } });
    expect(value.not_whole).toBe(1);
    expect(value.groups[0]).toMatchObject({ rule_id: "no.listing", verdict: "deny", count: 3, changed: 3 });
    expect(value.groups[0].samples).toMatchObject([{ decision_id: ids[0], recorded: "allow", recorded_rule: "default.exec", whole: true }]);
    const told = (await cavra(place, ["policy", "simulate", "b.yaml"])).stdout;
    expect(told).toContain("otherwise than recorded: 3 would be denied, 0 asked about, 1 warned of, 0 let through; 3 as before\n");
    expect(told).toContain("1 with a redacted part that rules may ask for: marked ~\n");
  });

  it("changes nothing: the journal is as it was, and a window without decisions says so", async () => {
    const before = await cavraJson(place, ["evidence", "verify"]);
    await cavra(place, ["policy", "simulate"]);
    expect((await cavraJson(place, ["evidence", "verify"])).value.records ?? before.value.records).toEqual(before.value.records);
    const told = await cavra(place, ["policy", "simulate", "cavra-strict", "--until", "1d"]);
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining("nothing to judge again")]);
  });

  it("is looked at once, wherever it is kept: drained, drained and gone from the journal, or not drained yet", async () => {
    const own = scratch({
      "shop/b.yaml": `${HEAD}inherits: cavra-ai-agent-baseline\nrules:\n${rule("no.listing", "{ effect: exec, program: ls }")}`,
    });
    const decide = async (line: string) => (await cavraJson(own, ["evaluate", "execute_command", line])).value.decision_id;
    const first = await decide("ls");
    const simulated = async () => {
      const { value } = await cavraJson(own, ["policy", "simulate", "b.yaml"]);
      return [
        value.decisions,
        value.groups[0].rule_id,
        value.groups[0].count,
        value.groups[0].samples.map((one: { decision_id: string }) => one.decision_id),
      ];
    };
    await decide("cat .env");
    await cavra(own, ["evidence", "list"]);
    const drained = await simulated();
    expect(drained).toEqual([2, "no.listing", 1, [first]]);
    const last = await decide("ls -l");
    expect((await simulated())[0]).toBe(3);
    await cavra(own, ["evidence", "list"]);
    rmSync(join(own.state, "journal"), { recursive: true });
    expect(await simulated()).toEqual([3, "no.listing", 2, [first, last]]);
    const again = await decide("ls");
    const { value } = await cavraJson(own, ["policy", "diff", "cavra-ai-agent-baseline", "b.yaml", "--since", "1h"]);
    expect(value.recorded.decisions).toBe(4);
    expect(value.recorded.groups[0]).toMatchObject({ outcome: "would_deny", count: 3 });
    expect(value.recorded.groups[0].samples).toMatchObject([
      { decision_id: first, count: 2 },
      { decision_id: last, count: 1 },
    ]);
    // The week's report looks at all of them, and one decision is found in either.
    expect((await cavraJson(own, ["observe", "report"])).value.decisions).toBe(4);
    for (const id of [first, again]) expect((await cavraJson(own, ["why", id])).value.record.record_id).toBe(id);
    writeFileSync(join(own.state, "ledger/ledger.sqlite"), "x".repeat(5000));
    const told = await cavra(own, ["policy", "simulate", "b.yaml"]);
    expect([told.status, told.stdout, told.stderr]).toEqual([
      0,
      expect.stringContaining("over 1 decision since"),
      expect.stringContaining("(ledger_damaged); this is from the journal alone"),
    ]);
  });

  it.each([
    ["--since", "soon", "bad_time"],
    ["--samples", "101", "bad_limit"],
    ["--samples", "-1", "bad_limit"],
  ])("is not asked for with %s %s", async (option, value, code) => {
    const told = await cavra(place, ["policy", "simulate", "cavra-strict", option, value]);
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining(`(${code})`)]);
  });
});
