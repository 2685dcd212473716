// Packs that cannot be used: each gives a code, one clear sentence and a place, and nothing ever throws. Proves spec/policy.md sections 2.1 to 2.7.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicy, loadPack, MAX_PACK_BYTES, type Pack } from "../../src/policy/index.js";
import { library, must, shippedPack } from "./packs.js";

const HEAD = 'schema_version: cavra.policy.v1\nid: p\nversion: "1"\n';
const RULE = "rules:\n  - { id: r, verdict: deny, severity: high, reason: because, match: { effect: read, path: x } }\n";

const BAD: readonly {
  readonly what: string;
  readonly source: string;
  readonly code: string;
  readonly at: string;
  readonly says: string;
}[] = [
  { what: "an unknown key", source: `${HEAD}rule: []\n`, code: "unknown_key", at: "p.yaml:4:1", says: "did you mean `rules`?" },
  {
    what: "an unknown key in a rule",
    source: `${HEAD}${RULE.replace("reason", "reasn")}`,
    code: "unknown_key",
    at: "p.yaml:5:45",
    says: "did you mean `reason`?",
  },
  {
    what: "a key with a dash",
    source: `${HEAD}approval-routes: []\n`,
    code: "unknown_key",
    at: "p.yaml:4:1",
    says: "did you mean `approval_routes`?",
  },
  { what: "a wrong type", source: `${HEAD}rules: yes\n`, code: "wrong_type", at: "p.yaml:4:8", says: "must be a list, not text" },
  {
    what: "a number for a version",
    source: HEAD.replace('"1"', "1.0"),
    code: "wrong_type",
    at: "p.yaml:3:10",
    says: 'put it in quotes: "1.0"',
  },
  {
    what: "an unknown verdict",
    source: `${HEAD}${RULE.replace("deny", "denny")}`,
    code: "unknown_value",
    at: "p.yaml:5:23",
    says: "did you mean `deny`?",
  },
  {
    what: "an unknown effect",
    source: `${HEAD}${RULE.replace("effect: read", "effect: reed")}`,
    code: "unknown_value",
    at: "p.yaml:5:79",
    says: "did you mean `read`?",
  },
  { what: "a missing key", source: HEAD.replace("id: p\n", ""), code: "missing_key", at: "p.yaml:1:1", says: "`id` is missing" },
  { what: "no schema version", source: 'id: p\nversion: "1"\n', code: "missing_key", at: "p.yaml:1:1", says: "cavra.policy.v1" },
  {
    what: "two rules of one id",
    source: `${HEAD}${RULE}${RULE.split("\n")[1]}\n`,
    code: "duplicate_rule",
    at: "p.yaml:6:5",
    says: "the first is at p.yaml:5:5",
  },
  { what: "a key twice", source: `${HEAD}id: q\n`, code: "duplicate_key", at: "p.yaml:4:1", says: "`id`" },
  {
    what: "a key that does not fit the effect",
    source: `${HEAD}${RULE.replace("path: x", "host: x")}`,
    code: "key_does_not_fit",
    at: "p.yaml:5:91",
    says: "it is for network",
  },
  {
    what: "an exception that says nothing",
    source: `${HEAD}${RULE.replace("} }", "}, unless: {} }")}`,
    code: "empty_clause",
    at: "p.yaml:5:104",
    says: "says nothing",
  },
  {
    what: "a bad glob",
    source: `${HEAD}${RULE.replace("path: x", "path: a**")}`,
    code: "bad_glob",
    at: "p.yaml:5:91",
    says: "`**` must stand alone",
  },
  { what: "a bad id", source: HEAD.replace("id: p", "id: P p"), code: "bad_id", at: "p.yaml:2:5", says: "letters a-z" },
  {
    what: "a reserved id",
    source: `${HEAD}${RULE.replace("id: r", "id: default.read")}`,
    code: "bad_id",
    at: "p.yaml:5:11",
    says: "are taken",
  },
  {
    what: "opaque let through",
    source: `${HEAD}defaults: { opaque: { verdict: allow } }\n`,
    code: "wrong_value",
    at: "p.yaml:4:21",
    says: "never let through",
  },
  {
    what: "a moment in another form",
    source: `${HEAD}${RULE}exceptions: [{ rule: r, match: { agent: x }, reason: y, until: "2027-01-01" }]\n`,
    code: "wrong_value",
    at: "p.yaml:6:64",
    says: "2027-01-31T00:00:00Z",
  },
  { what: "a catalogue", source: `${HEAD}catalogue: {}\n`, code: "catalogue_edit", at: "p.yaml:4:12", says: "comes with the installation" },
  { what: "an empty file", source: "", code: "empty", at: "p.yaml", says: "empty" },
  { what: "a comment only", source: "# nothing\n", code: "empty", at: "p.yaml", says: "empty" },
  { what: "a list", source: "- a\n", code: "wrong_type", at: "p.yaml:1:1", says: "must be a mapping, not a list" },
  { what: "broken YAML", source: "a: [b\n", code: "bad_yaml", at: "p.yaml", says: "" },
  { what: "two documents", source: `${HEAD}---\n${HEAD}`, code: "bad_yaml", at: "p.yaml:4:1", says: "one document" },
  { what: "a binary file", source: "\u0000\u0001\u0002ELF", code: "not_text", at: "p.yaml", says: "binary" },
  { what: "half a character", source: `${HEAD}description: "\ud800"\n`, code: "not_text", at: "p.yaml", says: "not valid text" },
  {
    what: "an alias",
    source: `${HEAD}description: &a x\nmode: *a\n`,
    code: "alias_refused",
    at: "p.yaml:5:7",
    says: "write the value out",
  },
  {
    what: "a bomb of aliases",
    source: Array.from(
      { length: 30 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(i === 0 ? "x" : `*a${i - 1}`)
          .join(", ")}]`,
    ).join("\n"),
    code: "alias_refused",
    at: "p.yaml:2:10",
    says: "aliases",
  },
  { what: "a tag", source: `${HEAD}description: !secret x\n`, code: "tag_refused", at: "p.yaml:4:22", says: "tags" },
  {
    what: "one byte too many",
    source: `${HEAD}# ${"x".repeat(MAX_PACK_BYTES - HEAD.length - 1)}`,
    code: "too_large",
    at: "p.yaml",
    says: "1000000 bytes",
  },
  { what: "a deep nest", source: "[".repeat(100_000), code: "too_deep", at: "p.yaml", says: "16 levels" },
  { what: "a flood of errors", source: "]".repeat(900_000), code: "bad_yaml", at: "p.yaml:1:1", says: "" },
  { what: "a flood of keys", source: "a:\n".repeat(300_000), code: "too_many", at: "p.yaml", says: "500000 pieces" },
];

const ruleOf = (id: string): string =>
  `  - { id: ${id}, verdict: deny, severity: high, reason: because, match: { effect: read, path: x } }\n`;
const namesOf = (count: number, value: string): string => Array.from({ length: count }, (_, i) => `n${i}: ${value}`).join(", ");
const trustOf = (count: number): string => `mcp_trust: { servers: { ${namesOf(count, "{ tier: trusted }")} } }\n`;
const toolsOf = (count: number): string => `mcp_trust: { servers: { s: { tier: trusted, tools: { ${namesOf(count, "deny")} } } } }\n`;

describe("a pack that cannot be read", () => {
  it.each(BAD)("$what is $code", ({ source, code, at, says }) => {
    const result = loadPack(source, "p.yaml", "host");
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const [first] = result.problems;
    expect(first).toMatchObject({ code });
    expect(first?.at?.startsWith(at) ? at : first?.at).toBe(at);
    expect(`${first?.message} ${first?.hint ?? ""}`).toContain(says);
    expect(first?.message).not.toContain("\n");
  });

  it("is read when it is exactly as large as allowed", () => {
    expect(loadPack(`${HEAD}# ${"x".repeat(MAX_PACK_BYTES - HEAD.length - 2)}`, "p.yaml", "host").ok).toBe(true);
  });

  // Lengths are in UTF-8 bytes: an umlaut counts twice.
  it.each([
    { what: "a text", at: `description: "${"ü".repeat(1_000)}"\n`, beyond: `description: "${"ü".repeat(1_000)}x"\n`, code: "too_long" },
    { what: "an id", at: `rules:\n${ruleOf("r".repeat(100))}`, beyond: `rules:\n${ruleOf("r".repeat(101))}`, code: "bad_id" },
    { what: "trust in servers", at: trustOf(500), beyond: trustOf(501), code: "too_many" },
    { what: "trust in tools", at: toolsOf(500), beyond: toolsOf(501), code: "too_many" },
  ])("is refused one beyond the limit of $what, and read at it", ({ at, beyond, code }) => {
    expect(loadPack(HEAD + at, "p.yaml", "host").ok).toBe(true);
    const result = loadPack(HEAD + beyond, "p.yaml", "host");
    expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual([code]);
  });

  it("never throws, whatever the text is", () => {
    const words = fc.constantFrom(
      ...[
        "rules:",
        "id:",
        " ",
        "\n",
        "  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "&a",
        "*a",
        "!x",
        "|",
        ">",
        "'",
        '"',
        "#",
        "a",
        "match:",
        "effect:",
        "\t",
        "\u0000",
        "\ud800",
        "__proto__:",
        "? ",
        ": ",
        "%YAML",
        "---",
        "1.0",
        "~",
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(words, { maxLength: 60 }).map((parts) => parts.join("")),
          fc.array(words, { maxLength: 20 }).map((parts) => HEAD + RULE + parts.join("")),
        ),
        (source) => {
          const result = loadPack(source, "p.yaml", "host");
          if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

const pack = (source: string): Pack => must(loadPack(source, "p.yaml", "host"));
const codes = (host: Pack, workspace: Pack | null, others: readonly Pack[] = []): readonly string[] => {
  const result = compilePolicy({
    host,
    workspace,
    library: new Map([...library, ...others.map((one) => [one.id, one] as const)]),
    catalogue: {},
  });
  return result.ok ? [] : result.problems.map(({ code, message }) => `${code}: ${message}`);
};

describe("packs together", () => {
  it("cannot inherit in a circle, and the way round is named", () => {
    const named = (id: string, parent: string): Pack =>
      pack(`schema_version: cavra.policy.v1\nid: ${id}\nversion: "1"\ninherits: [${parent}]\n`);
    expect(codes(named("a", "b"), null, [named("b", "c"), named("c", "a")])).toEqual([
      "inherits_cycle: packs inherit in a circle: a -> b -> c -> a",
    ]);
    expect(codes(named("a", "a"), null)).toEqual(["inherits_cycle: packs inherit in a circle: a -> a"]);
  });

  it("cannot inherit what is not there", () => {
    const result = compilePolicy({ host: pack(`${HEAD}inherits: cavra-strct\n`), workspace: null, library, catalogue: {} });
    expect(result.ok ? null : result.problems[0]).toMatchObject({
      code: "unknown_pack",
      hint: "did you mean `cavra-strict`?",
      at: "p.yaml:4:11",
    });
  });

  it("cannot have two rules of one id, loosen what is never overridable, or name rules that are not there", () => {
    const child = (rest: string): Pack => pack(`${HEAD}inherits: cavra-ai-agent-baseline\n${rest}`);
    expect(codes(child(RULE.replace("id: r", "id: secrets.read")), null)[0]).toMatch(/^duplicate_rule/);
    expect(codes(child("exceptions: [{ rule: guard.files, match: { agent: x }, reason: y }]\n"), null)[0]).toMatch(/^not_overridable/);
    expect(codes(child("overrides: [{ rule: guard.files, verdict: warn }]\n"), null)[0]).toMatch(/^not_overridable/);
    expect(codes(child("overrides: [{ rule: guard.file, verdict: warn }]\n"), null)[0]).toMatch(/^unknown_rule/);
    // An exception may name a default, or trust that is there; an override may not.
    const except = (rule: string, more = "") =>
      codes(child(`exceptions: [{ rule: "${rule}", match: { effect: call, server: a }, reason: y }]\n${more}`), null);
    const trust = "mcp_trust: { servers: { a*: { tier: untrusted } } }\n";
    expect([except("default.call"), except("default.call.unknown"), except("mcp_trust.a*", trust)]).toEqual([[], [], []]);
    for (const rule of ["default.opaque.unknown", "default.calls", "mcp_trust.a*"]) expect(except(rule)[0]).toMatch(/^unknown_rule/);
    expect(except("mcp_trust.a", trust)[0]).toMatch(/^unknown_rule/);
    expect(codes(child("overrides: [{ rule: default.call, verdict: warn }]\n"), null)[0]).toMatch(/^unknown_rule/);
    expect(codes(child("exceptions: [{ rule: secrets.read, match: { path: fixtures/.env }, reason: a test fixture }]\n"), null)).toEqual(
      [],
    );
  });

  it.each([
    { what: "audit mode", rest: "mode: audit\n" },
    { what: "a milder default", rest: "defaults: { call: { verdict: allow } }\n" },
    { what: "a milder default for the unknown", rest: "defaults: { delete: { unknown: warn } }\n" },
    { what: "an exception to a rule of the host", rest: "exceptions: [{ rule: secrets.read, match: { path: x }, reason: y }]\n" },
    { what: "a weaker verdict", rest: "overrides: [{ rule: secrets.read, verdict: warn }]\n" },
    { what: "a milder severity", rest: "overrides: [{ rule: secrets.read, severity: low }]\n" },
    { what: "a rule that allows", rest: RULE.replace("deny", "allow") },
    { what: "more trust", rest: "mcp_trust: { servers: { acme: { tier: trusted } } }\n" },
    { what: "more trust in one tool", rest: "mcp_trust: { servers: { acme: { tier: untrusted, tools: { read: allow } } } }\n" },
    { what: "an exception to a default", rest: "exceptions: [{ rule: default.call, match: { effect: call }, reason: y }]\n" },
    {
      what: "an exception to trust",
      rest: "mcp_trust: { servers: { a: { tier: untrusted } } }\nexceptions: [{ rule: mcp_trust.a, match: { effect: call }, reason: y }]\n",
    },
    { what: "its own approvers", rest: "approval_routes: [{ id: me, approvers: [me] }]\n" },
  ])("a workspace cannot loosen its host: $what", ({ rest }) => {
    const workspace = must(loadPack(HEAD.replace("id: p", "id: w") + rest, ".cavra/policy.yaml", "workspace"));
    const problems = codes(shippedPack("cavra-ai-agent-baseline"), workspace);
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(/^loosens_host: a workspace's policy can only tighten the host's: /);
  });

  it("a workspace cannot put a milder rule in the place of the host's default for the unknown", () => {
    const defaults = "defaults: { exec: { verdict: require_approval, unknown: deny } }\n";
    const allowing = "rules: [{ id: r, verdict: allow, severity: low, reason: x, match: { effect: exec, program: MAKE } }]\n";
    const laid = (verdict: string): readonly string[] =>
      codes(
        pack(HEAD + defaults + allowing),
        must(loadPack(`${HEAD.replace("id: p", "id: w")}overrides: [{ rule: r, verdict: ${verdict} }]\n`, "w.yaml", "workspace")),
      );
    expect(laid("warn")).toEqual([]);
    expect(laid("require_approval")[0]).toMatch(/^loosens_host: .*`defaults.exec.unknown`, which is `deny`/);
    expect(laid("deny")).toEqual([]);
  });

  it("a workspace's stricter default leaves the host's verdict beside it", () => {
    const laid = (rest: string) => {
      const workspace = must(loadPack(HEAD.replace("id: p", "id: w") + rest, "w.yaml", "workspace"));
      return must(compilePolicy({ host: pack(HEAD), workspace, library, catalogue: {} })).defaults.write;
    };
    expect(laid("defaults: { write: { verdict: deny } }\n")).toEqual({ verdict: "deny", unknown: "deny", host: "allow" });
    expect(laid("defaults: { write: { unknown: deny } }\n")).toEqual({ verdict: "allow", unknown: "deny" });
    expect(laid("defaults: { write: { verdict: allow } }\n")).toEqual({ verdict: "allow", unknown: "require_approval" });
  });

  it("a workspace cannot edit the catalogue", () => {
    const result = loadPack(`${HEAD}catalogue: {}\n`, ".cavra/policy.yaml", "workspace");
    expect(result.ok ? null : result.problems[0]?.code).toBe("loosens_host");
  });

  it("a workspace may tighten, and except what the host left to it", () => {
    const rest = `inherits: cavra-strict\ndefaults: { network: { verdict: deny } }\nexceptions: [{ rule: workspace.ci, match: { path: .github/workflows/docs.yml }, reason: generated }]\n${RULE}mcp_trust: { servers: { acme: { tier: untrusted, verdict: deny } } }\n`;
    const workspace = must(loadPack(HEAD.replace("id: p", "id: w") + rest, ".cavra/policy.yaml", "workspace"));
    expect(codes(shippedPack("cavra-ai-agent-baseline"), workspace)).toEqual([]);
  });

  it("compile to the same bytes from any order of rules, keys and lists", () => {
    const one = pack(
      `${HEAD}rules:\n  - { id: b, verdict: deny, severity: low, reason: y, match: { path: [x, y], effect: [read, write] } }\n  - { id: a, verdict: warn, severity: low, reason: z, match: { effect: exec } }\n`,
    );
    const two = pack(
      `${HEAD}rules:\n  - { match: { effect: exec }, id: a, verdict: warn, severity: low, reason: z }\n  - { id: b, verdict: deny, severity: low, reason: y, match: { effect: [write, read], path: [y, x, x] } }\n`,
    );
    const digest = (host: Pack): string => must(compilePolicy({ host, workspace: null, library, catalogue: { b: 1, a: 2 } })).digest;
    expect(digest(one)).toBe(digest(two));
  });
});
