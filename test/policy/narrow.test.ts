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
  const base = { span: { start: 0, end: 0 }, via: [], place: "here" } as const;
  const read: Effect = { ...base, kind: "read", target: "/srv/app/.env", extent: "exact" };
  const call: Effect = { ...base, kind: "call", server: "acme", tool: "deploy", capability: "unknown" };
  const opaque: Effect = { ...base, kind: "opaque", reason: "unknown_code", detail: "shell" };
  const nowhere: Effect = { ...base, kind: "read", target: "unknown", extent: "unknown" };
  const asks = { verdict: "require_approval", unknown: "require_approval" } as const;
  const asking = Object.fromEntries(KINDS.map((kind) => [kind, asks])) as unknown as Rulebook["defaults"];
  const noRules: Rulebook = { ...STOPS_ALL, rules: [], defaults: asking };
  const entry = { layer: "host", tier: "untrusted", verdict: null, tools: [] } as const;
  const proposed = (effects: readonly Effect[], rulebook: Rulebook) => proposeExceptions(effects, SUBJECT, openPolicy(rulebook));
  const named = (effects: readonly Effect[], rulebook: Rulebook) => {
    const told = proposed(effects, rulebook);
    return told.ok ? told.value.map(({ rule, effect }) => [rule, effect]) : told.problem.code;
  };

  it("name each rule and effect that stopped, each once", () => {
    expect(named([read, read, { ...read, kind: "write" }], STOPS_ALL)).toEqual([
      ["no.read", 0],
      ["no.write", 2],
    ]);
  });

  it("name defaults and trust as they name rules, and the default behind what they take away", () => {
    expect(named([read], noRules)).toEqual([["default.read", 0]]);
    expect(
      named([{ ...base, kind: "exec", program: "x", path: "", subcommand: "", options: [], known: false, harmless: false }], noRules),
    ).toEqual([["default.exec.unknown", 0]]);
    expect(named([call], { ...noRules, mcp_trust: [{ ...entry, server: "ac*" }] })).toEqual([
      ["mcp_trust.ac*", 0],
      ["default.call.unknown", 0],
    ]);
    expect(named([read], { ...STOPS_ALL, defaults: asking })).toEqual([
      ["no.read", 0],
      ["default.read", 0],
    ]);
    // Where another voice of the host lets it pass, the default stays silent.
    const passes = { ...STOPS_ALL.rules.find(({ id }) => id === "no.read"), id: "yes.read", verdict: "allow" } as Rulebook["rules"][number];
    expect(named([read], { ...STOPS_ALL, defaults: asking, rules: [...STOPS_ALL.rules, passes] })).toEqual([["no.read", 0]]);
  });

  const fill = (rulebook: Rulebook, effects: readonly Effect[]): Rulebook => {
    const told = proposed(effects, rulebook);
    const made = told.ok ? told.value.map(({ rule, match }) => ({ rule, match: [match], pack: "p", reason: "r", until: "" })) : [];
    return { ...rulebook, exceptions: made };
  };

  it("let the action pass together, whatever stopped it, and no other call of its server", () => {
    const books = [STOPS_ALL, noRules, { ...STOPS_ALL, defaults: asking }, { ...noRules, mcp_trust: [{ ...entry, server: "*" }] }];
    fc.assert(
      fc.property(anyEffect, fc.constantFrom(...books), (effect, book) => {
        if (clauseFor(effect, SUBJECT.agent) === null) return true;
        return judge({ effects: [effect] }, SUBJECT, openPolicy(fill(book, [effect]))).verdict === "allow";
      }),
      { numRuns: 3_000 },
    );
    const book = fill({ ...noRules, mcp_trust: [{ ...entry, server: "acme" }] }, [call]);
    const verdictOf = (effect: Effect) => judge({ effects: [effect] }, SUBJECT, openPolicy(book)).verdict;
    expect([verdictOf(call), verdictOf({ ...call, tool: "drop" }), verdictOf({ ...call, server: "acme2" })]).toEqual([
      "allow",
      "require_approval",
      "require_approval",
    ]);
  });

  const ofRepository = (rulebook: Rulebook): Rulebook => ({
    ...rulebook,
    rules: rulebook.rules.map((rule) => ({ ...rule, layer: "workspace" })),
  });
  const nobody: Rulebook = { ...STOPS_ALL, rules: STOPS_ALL.rules.map((rule) => ({ ...rule, overridable: "never" })) };
  it.each([
    ["not_stopped", [read], { ...STOPS_ALL, rules: [] }, ""],
    ["workspace_rule", [read], ofRepository(STOPS_ALL), ".cavra/policy.yaml"],
    [
      "workspace_rule",
      [call],
      { ...STOPS_ALL, rules: [], mcp_trust: [{ ...entry, server: "acme", layer: "workspace" }] },
      ".cavra/policy.yaml",
    ],
    ["not_overridable", [read], nobody, "do this one step yourself"],
    ["not_narrow", [nowhere], STOPS_ALL, "the host's policy"],
    ["not_narrow", [nowhere], noRules, "name the file"],
    ["not_narrow", [opaque], noRules, "put the code into a file"],
  ] as const)("are refused with %s, and the way that is left", (code, effects, rulebook, hint) => {
    const told = proposed(effects, rulebook as Rulebook);
    expect(told.ok ? "" : told.problem.code).toBe(code);
    expect(told.ok ? "" : (told.problem.hint ?? "")).toContain(hint);
  });
});
