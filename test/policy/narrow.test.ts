// The narrowest exception lets its own action pass, and next to nothing else. Proves spec/policy.md 2.10.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effect } from "../../src/change/index.js";
import {
  clauseFor,
  compilePolicy,
  type Exception,
  judge,
  loadPack,
  openPolicy,
  type Policy,
  proposeExceptions,
  type Rulebook,
} from "../../src/policy/index.js";
import { anyEffect, SUBJECT } from "./arbitrary.js";
import { must } from "./packs.js";

const KINDS = ["read", "write", "delete", "exec", "git", "network", "operate", "call", "opaque"];
const STOPS_ALL: Rulebook = must(
  compilePolicy({
    host: must(
      loadPack(
        JSON.stringify({
          schema_version: "cavra.policy.v1",
          id: "stops",
          version: "1",
          defaults: { call: { verdict: "allow", unknown: "allow" } },
          rules: KINDS.map((kind) => ({ id: `no.${kind}`, verdict: "deny", severity: "low", reason: "no", match: { effect: kind } })),
        }),
        "stops.yaml",
        "host",
      ),
    ),
    workspace: null,
    library: new Map(),
    catalogue: {},
  }),
);

function excepting(effect: Effect): Policy | null {
  const match = clauseFor(effect, SUBJECT.agent);
  if (match === null) return null;
  const exception: Exception = { rule: `no.${effect.kind}`, pack: "stops", match: [match], reason: "r", until: "" };
  return openPolicy({ ...STOPS_ALL, exceptions: [exception] });
}

const isExcepted = (effect: Effect, policy: Policy) => judge({ effects: [effect] }, SUBJECT, policy).rulings[0]?.exceptions.length === 1;

/** What two effects must share for one's exception to hold for the other. */
function essence(effect: Effect): unknown {
  const { span: _, via: __, ...rest } = effect;
  switch (rest.kind) {
    case "exec":
      return [rest.kind, rest.place, rest.program, rest.subcommand];
    case "network":
      return [rest.kind, rest.place, rest.host, rest.direction, rest.data];
    case "call":
      return [rest.kind, rest.place, rest.server, rest.tool];
    case "git":
      return [rest.kind, rest.place, rest.operation, rest.ref, rest.force];
    case "operate":
      return [rest.kind, rest.place, rest.system, rest.operation, rest.target];
    default:
      return rest;
  }
}

function isBelow(target: string, effect: Effect): boolean {
  return "extent" in effect && (effect.extent === "pattern" || `${target}/`.startsWith(`${effect.target}/`));
}

describe("the narrowest exception", () => {
  it("lets the effect that it was made from pass", () => {
    fc.assert(
      fc.property(anyEffect, (effect) => {
        const policy = excepting(effect);
        return policy === null || isExcepted(effect, policy);
      }),
      { numRuns: 3_000 },
    );
  });

  it("lets no effect pass that differs in what it is", () => {
    fc.assert(
      fc.property(anyEffect, anyEffect, (effect, other) => {
        const policy = excepting(effect);
        if (policy === null || !isExcepted(other, policy)) return true;
        // Texts that are empty are not asked for.
        if (effect.kind === "git" && effect.ref === "") return other.kind === "git" && other.operation === effect.operation;
        if (effect.kind === "exec" && effect.subcommand === "") return other.kind === "exec" && other.program === effect.program;
        if (effect.kind === "operate" && effect.target === "") return other.kind === "operate" && other.operation === effect.operation;
        // A folder holds what lies below it, and a pattern what it names.
        if ("extent" in effect && effect.extent !== "exact")
          return "extent" in other && other.extent === effect.extent && other.kind === effect.kind && isBelow(other.target, effect);
        expect(essence(other)).toEqual(essence(effect));
        return true;
      }),
      { numRuns: 20_000 },
    );
  });

  it("holds for no other agent", () => {
    fc.assert(
      fc.property(anyEffect, (effect) => {
        const policy = excepting(effect);
        return policy === null || judge({ effects: [effect] }, { ...SUBJECT, agent: "other" }, policy).verdict === "deny";
      }),
    );
  });

  const file = (target: string, extent: "exact" | "tree" | "contents" | "pattern" | "unknown" = "exact"): Effect => ({
    kind: "delete",
    target,
    extent,
    span: { start: 0, end: 0 },
    via: [],
    place: "here",
  });

  it.each([
    ["brackets and braces", "/srv/app/[slug]/{a,b}.ts"],
    ["stars and marks", "/srv/app/a*b?.ts"],
    ["a backslash", "/srv/app/a\\b"],
    ["a dollar and a tilde", "/srv/app/$workspace/~x"],
    ["letters of every kind", "/srv/app/größe 😀"],
  ])("means %s in a path as they stand", (_, target) => {
    const policy = excepting(file(target));
    expect(policy !== null && isExcepted(file(target), policy)).toBe(true);
    expect(policy !== null && isExcepted(file(`${target}x`), policy)).toBe(false);
  });

  it.each([
    ["a target that nobody knows", file("unknown", "unknown")],
    ["the whole machine", file("/", "tree")],
    ["a relative path", file("a.ts")],
    ["a path beyond what a glob may be", file(`/srv/${"x".repeat(1100)}`)],
    [
      "code that nobody can know",
      { kind: "opaque", reason: "unknown_code", detail: "shell", span: { start: 0, end: 0 }, via: [], place: "here" },
    ],
  ] as const)("does not exist for %s", (_, effect) => {
    expect(clauseFor(effect as Effect, "a")).toBeNull();
  });
});

describe("proposals", () => {
  const read: Effect = { kind: "read", target: "/srv/app/.env", extent: "exact", span: { start: 0, end: 0 }, via: [], place: "here" };
  const policy = openPolicy(STOPS_ALL);
  const judged = (effects: readonly Effect[]) => judge({ effects }, SUBJECT, policy);

  it("name each rule and effect that stopped, each once", () => {
    const proposed = proposeExceptions(judged([read, read, { ...read, kind: "write" }]), "claude-code", STOPS_ALL);
    expect(proposed.ok && proposed.value.map(({ rule, effect }) => [rule, effect])).toEqual([
      ["no.read", 0],
      ["no.write", 2],
    ]);
  });

  const nobody: Rulebook = { ...STOPS_ALL, rules: STOPS_ALL.rules.map((rule) => ({ ...rule, overridable: "never" })) };
  const passes = openPolicy({ ...STOPS_ALL, rules: [] });
  const byDefault = openPolicy({
    ...STOPS_ALL,
    rules: [],
    defaults: { ...STOPS_ALL.defaults, read: { verdict: "deny", unknown: "deny" } },
  });
  it.each([
    ["not_stopped", judge({ effects: [read] }, SUBJECT, passes), STOPS_ALL],
    ["no_rule_stopped", judge({ effects: [read] }, SUBJECT, byDefault), STOPS_ALL],
    ["unknown_rule", judged([read]), { rules: [] }],
    ["not_overridable", judged([read]), nobody],
    ["not_narrow", judged([file404()]), STOPS_ALL],
  ] as const)("are refused with %s", (code, judgement, rulebook) => {
    const proposed = proposeExceptions(judgement, "claude-code", rulebook);
    expect(proposed.ok ? "" : [proposed.problem.code, (proposed.problem.hint ?? "").length > 0]).toEqual([code, code !== "not_stopped"]);
  });

  function file404(): Effect {
    return { kind: "read", target: "unknown", extent: "unknown", span: { start: 0, end: 0 }, via: [], place: "here" };
  }

  const base = { span: { start: 0, end: 0 }, via: [], place: "here" } as const;
  const asks = { verdict: "require_approval", unknown: "require_approval" } as const;
  it.each([
    [
      { ...base, kind: "call", server: "acme", tool: "deploy", capability: "unknown" },
      '"acme":{"tier":"untrusted","tools":{"deploy":"allow"}}',
    ],
    [{ ...base, kind: "opaque", reason: "unknown_code", detail: "shell" }, "put the code into a file"],
    [{ ...base, kind: "write", target: "unknown", extent: "unknown" }, "name the file"],
  ] as const)("say what to do about a default that stopped %j", (effect, told) => {
    const defaults = Object.fromEntries(KINDS.map((kind) => [kind, asks])) as unknown as Rulebook["defaults"];
    const judgement = judge({ effects: [effect] }, SUBJECT, openPolicy({ ...STOPS_ALL, rules: [], defaults }));
    const proposed = proposeExceptions(judgement, "claude-code", STOPS_ALL);
    expect(proposed.ok ? "" : proposed.problem.hint).toContain(told);
  });

  it("of a trusted tool, put into a host's policy, let it pass and no other tool of its server", () => {
    const effect: Effect = { ...base, kind: "call", server: "acme", tool: "deploy", capability: "unknown" };
    const proposed = proposeExceptions(judge({ effects: [effect] }, SUBJECT, byNoRule), "claude-code", byNoRule.compiled);
    const pasted = /`(mcp_trust: .*)` into/.exec(proposed.ok ? "" : (proposed.problem.hint ?? ""))?.[1];
    const source = `schema_version: cavra.policy.v1\nid: p\nversion: "1"\n${pasted}\n`;
    const host = must(loadPack(source, "p.yaml", "host"));
    const policy = openPolicy(must(compilePolicy({ host, workspace: null, library: new Map(), catalogue: {} })));
    expect(judge({ effects: [effect] }, SUBJECT, policy).verdict).toBe("allow");
    expect(judge({ effects: [{ ...effect, tool: "drop" }] }, SUBJECT, policy).verdict).toBe("require_approval");
  });

  const byNoRule = openPolicy(
    must(
      compilePolicy({
        host: must(loadPack('schema_version: cavra.policy.v1\nid: p\nversion: "1"\n', "p.yaml", "host")),
        workspace: null,
        library: new Map(),
        catalogue: {},
      }),
    ),
  );
});
