// What vectors cannot hold of a registry of MCP servers: its size, bytes that are no text, and that it only ever tightens. Proves spec/mcp-registry.md 1.1, 2.1 and 3.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { paused } from "../../src/authority/pause.js";
import { VERDICTS, type Verdict } from "../../src/base/index.js";
import type { CallEffect } from "../../src/change/index.js";
import {
  BUILT_IN,
  judge,
  openPolicy,
  openRegistry,
  parseRegistry,
  proposeExceptions,
  REGISTRY_LIMITS,
  type Rulebook,
  type ServerTrust,
  unreadableRegistry,
} from "../../src/policy/index.js";

const STATES = ["approved", "pending", "revoked"];
const TIERS = ["trusted", "limited", "untrusted"] as const;
const documentOf = (tier: string, state: string, toolState: string, names: readonly [string, string] = ["github", "merge"]) => ({
  schema_version: "cavra.mcp-registry.v1",
  servers: [
    {
      ...{ name: names[0], transport: "stdio", tier, state, owner: "o" },
      tools: [{ name: names[1], state: toolState, description_digest: `sha256:${"a".repeat(64)}` }],
    },
  ],
});
const opened = (document: object) => {
  const read = parseRegistry(JSON.stringify(document));
  if (!read.ok) throw new Error(read.problem.code);
  return openRegistry(read.value);
};

describe("the schema for editors", () => {
  const SPEC = join(import.meta.dirname, "../../spec");
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(join(SPEC, "schema/mcp-registry.schema.json"), "utf8")));
  const cases = readdirSync(join(SPEC, "vectors/mcp-registry"))
    .filter((name) => name !== "manifest.json")
    .map((name) => JSON.parse(readFileSync(join(SPEC, "vectors/mcp-registry", name), "utf8")));
  /** Shapes; what needs bytes, names compared or a digest computed no schema can say. */
  const SHAPES = ["not_a_registry", "unknown_schema", "wrong_type", "unknown_key", "missing_key", "empty_text", "too_many"];

  it("takes every vector that is a registry, and none whose shape is another", () => {
    const good = cases.filter((one) => "digest" in one.expect);
    const bad = cases.filter((one) => SHAPES.includes(one.expect.code));
    expect([good.length >= 15, bad.length >= 15]).toEqual([true, true]);
    expect(good.filter((one) => !validate(JSON.parse(one.text))).map((one) => one.id)).toEqual([]);
    expect(bad.filter((one) => validate(JSON.parse(one.text))).map((one) => one.id)).toEqual([]);
  });
});

describe("a registry's text", () => {
  const text = '{"schema_version":"cavra.mcp-registry.v1","servers":[]}';

  it("has at most so many bytes, blanks included", () => {
    const most = text + " ".repeat(REGISTRY_LIMITS.sizeBytes - text.length);
    expect(parseRegistry(most).ok).toBe(true);
    expect(parseRegistry(`${most} `)).toMatchObject({ ok: false, problem: { code: "json_too_large" } });
  });

  it("is UTF-8", () => {
    const bytes = Buffer.from(text.replace("[]", '[{"name":"x"}]'));
    bytes[bytes.indexOf("x")] = 0xff;
    expect(parseRegistry(bytes)).toMatchObject({ ok: false, problem: { code: "json_invalid_utf8" } });
  });
});

const call = (server: string, tool: string, capability: string): CallEffect => ({
  ...{ kind: "call", server, tool, capability },
  ...{ span: { start: 0, end: 1 }, via: [], place: "here" },
});
const SUBJECT = { agent: "a", user: "u", home: "/h", workspace_root: "/w", temp_roots: [], default_branch: "main", now: "" };

function rulebook(verdict: Verdict, trust: readonly ServerTrust[]): Rulebook {
  return {
    ...{ schema_version: "cavra.compiled-policy.v1", id: "p", version: "1", description: "", mode: "enforce", packs: [] },
    defaults: { ...BUILT_IN, call: { verdict, unknown: verdict } },
    ...{ rules: [], exceptions: [], mcp_trust: trust, approval_routes: [], catalogue_digest: "", digest: "" },
  };
}

const RULEBOOKS = VERDICTS.flatMap((byDefault) => [
  rulebook(byDefault, []),
  ...TIERS.flatMap((tier) =>
    [null, ...VERDICTS].flatMap((verdict) =>
      [[], [{ tool: "mer*", verdict: "allow" as const }]].map((tools) =>
        rulebook(byDefault, [{ server: "git*", layer: "host", tier, verdict, tools }]),
      ),
    ),
  ),
]);
const REGISTRIES = [
  unreadableRegistry("json_unexpected_end"),
  opened({ schema_version: "cavra.mcp-registry.v1", servers: [] }),
  ...TIERS.flatMap((tier) =>
    STATES.flatMap((state) =>
      STATES.flatMap((toolState) =>
        (["github", "GitHub", "other"] as const).map((name) => opened(documentOf(tier, state, toolState, [name, "merge"]))),
      ),
    ),
  ),
];

const CALLS = [call("github", "merge", "read"), call("github", "merge", "write"), call("github", "list", "unknown")];

describe("a registry", () => {
  it("never makes a judgement milder, whatever it and the policy say", () => {
    const strictness = (book: Rulebook, registry: (typeof REGISTRIES)[number] | null) => {
      const policy = openPolicy(book, registry);
      return CALLS.map((effect) => VERDICTS.indexOf(judge({ effects: [effect] }, SUBJECT, policy).verdict));
    };
    let [milder, stricter, cases] = [0, 0, 0];
    for (const book of RULEBOOKS) {
      const without = strictness(book, null);
      for (const registry of REGISTRIES)
        for (const [index, after] of strictness(book, registry).entries()) {
          const before = without[index] ?? 0;
          cases++;
          if (after < before) milder++;
          if (after > before) stricter++;
        }
    }
    expect([milder, cases]).toEqual([0, RULEBOOKS.length * REGISTRIES.length * CALLS.length]);
    expect(stricter).toBeGreaterThan(cases / 5);
  });

  it.each([
    ["pending", "warn"],
    ["revoked", "deny"],
  ])("that has a server as %s is under a pause answered %s", (state, answered) => {
    const book = rulebook("allow", []);
    const judgement = judge(
      { effects: [call("github", "merge", "read")] },
      SUBJECT,
      openPolicy(book, opened(documentOf("trusted", state, "approved"))),
    );
    expect(paused(judgement, book)).toBe(answered);
  });

  it("is excepted by nobody: the proposal names what it said", () => {
    const policy = openPolicy(rulebook("require_approval", []), opened(documentOf("trusted", "pending", "approved")));
    const proposed = proposeExceptions([call("github", "merge", "read")], SUBJECT, policy);
    expect(proposed).toMatchObject({ ok: false, problem: { code: "not_overridable" } });
    expect(!proposed.ok && proposed.problem.message).toContain("mcp_registry.server_pending");
  });
});
