// What reasoning claims of rules is true of the judge. Proves spec/policy.md section 8.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTextGlob, isCovered, makeWorld, textLanguages } from "../../src/base/index.js";
import type { Effect } from "../../src/change/index.js";
import { clauseHolds, prepareClause, type Stance, sightOf, standOf } from "../../src/policy/clause.js";
import { areAllCompared, BUILT_IN, type Clause, judge, openPolicy, type Rule, standings } from "../../src/policy/index.js";
import { excludes, implies } from "../../src/policy/reasoning/implies.js";
import { termOf } from "../../src/policy/reasoning/term.js";
import { anyClause, PATH_GLOBS, PATHS, PATTERNS, SUBJECT } from "./arbitrary.js";
import { library, openPack } from "./packs.js";
import { anyRulebook, anySubject, ordinaryEffect } from "./rulebooks.js";

describe("what is claimed of random rules", () => {
  it("holds for every effect: the dead never match, and without all that are dead or shadowed no verdict changes", () => {
    const claims = { dead: 0, shadowed: 0 };
    fc.assert(
      fc.property(anyRulebook, fc.array(ordinaryEffect, { minLength: 15, maxLength: 30 }), anySubject, (rulebook, effects, subject) => {
        const told = standings(rulebook);
        const gone = new Set(told.filter(({ standing }) => standing !== "open").map(({ rule }) => rule));
        for (const { standing } of told) if (standing !== "open") claims[standing] += 1;
        const whole = openPolicy(rulebook);
        const rest = openPolicy({ ...rulebook, rules: rulebook.rules.filter(({ id }) => !gone.has(id)) });
        for (const effect of effects) {
          const before = judge({ effects: [effect] }, subject, whole);
          const after = judge({ effects: [effect] }, subject, rest);
          expect(after.verdict, JSON.stringify({ effect, told })).toBe(before.verdict);
          const matched = before.rulings.flatMap(({ rules }) => rules.map(({ id }) => id));
          expect(told.filter(({ standing, rule }) => standing === "dead" && matched.includes(rule))).toEqual([]);
        }
      }),
      { numRuns: 250 },
    );
    // A test that claims nothing proves nothing.
    expect(Math.min(claims.dead, claims.shadowed)).toBeGreaterThan(50);
  }, 60_000);

  it("follows from clauses that follow from each other, and from clauses that exclude each other, whatever is touched", () => {
    const claims = { implies: 0, excludes: 0 };
    const subject = { ...SUBJECT, home: "/home/dev" };
    const worlds = [subject, { ...subject, home: "" }, { ...subject, workspace_root: "" }, { ...subject, workspace_root: "/tmp/x" }];
    fc.assert(
      fc.property(pathClause, pathClause, fc.constantFrom(...STANCES), fc.constantFrom(...worlds), (one, other, [left, right], where) => {
        const [narrow, wide] = [termOf(one, "read", left), termOf(other, "read", right)];
        const [a, b] = [prepareClause(one), prepareClause(other)];
        const sights = EVERY_READ.map((effect) => sightOf(effect, standOf(where, makeWorld(where.home, where.workspace_root))));
        const holding = sights.filter((sight) => clauseHolds(a, sight, left));
        if (narrow === null) expect(holding.map(({ effect }) => effect)).toEqual([]);
        if (narrow === null || wide === null) return;
        if (implies(narrow, wide)) {
          claims.implies += 1;
          expect(holding.filter((sight) => !clauseHolds(b, sight, right)).map(({ effect }) => effect)).toEqual([]);
        }
        if (left !== "guards" && right !== "protects" && excludes(narrow, wide)) {
          claims.excludes += 1;
          expect(holding.filter((sight) => clauseHolds(b, sight, right)).map(({ effect }) => effect)).toEqual([]);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(claims.implies, claims.excludes)).toBeGreaterThan(50);
  }, 60_000);
});

describe("a shipped pack", () => {
  it.each([...library.keys()])("%s has no rule and no clause that can never match", (id) => {
    expect(standings(openPack(id).compiled).filter(({ standing, dead_clauses }) => standing === "dead" || dead_clauses.length > 0)).toEqual(
      [],
    );
  });
});

describe("the limits of reasoning", () => {
  const rule = (id: string, match: Clause, verdict: "deny" | "warn" = "deny"): Rule => ({
    ...{ id, pack: "p", layer: "host" as const, verdict, severity: "low" as const, reason: "no", instead: null },
    ...{ overridable: "host" as const, match: [match], unless: [] },
  });

  it("are told: 1,000 rules are all compared, 1,001 may not be", () => {
    const rules = Array.from({ length: 1_001 }, (_, i) => rule(`r${i}`, { effect: ["exec"], program: ["x"] }));
    expect([areAllCompared({ rules: rules.slice(1) }), areAllCompared({ rules })]).toEqual([true, false]);
  });

  it("let a clause of 256 pieces be cut, and one of 257 be looked at whole, from which nothing follows", () => {
    const programs = (count: number) => Array.from({ length: count }, (_, i) => `p${i}`);
    const shadowed = (count: number) => {
      const wide = {
        ...rule("a", { effect: ["exec"], program: ["p0"] }),
        match: programs(count).map((one) => ({ effect: ["exec" as const], program: [one] })),
      };
      const rules = [wide, rule("b", { effect: ["exec"], program: programs(count) })];
      return standings({ rules, exceptions: [], defaults: BUILT_IN })[1]?.standing;
    };
    expect([shadowed(256), shadowed(257)]).toEqual(["shadowed", "open"]);
  });

  it("say that nothing follows where a question is too long", () => {
    const text = (glob: string) => {
      const compiled = compileTextGlob(glob, false);
      return compiled.ok ? textLanguages(compiled.value) : [];
    };
    const [inner] = text(`${"?".repeat(300)}*`);
    const long = text(Array.from({ length: 60 }, () => "*?").join(""));
    if (inner === undefined) throw new Error("no glob");
    expect(isCovered(inner, text("*"), "names")).toBe(true);
    expect(isCovered(inner, [...long, ...long, ...text("?".repeat(200).concat("*")), ...long], "names")).toBe(false);
  });
});

/** What is compared in which stances: rule with rule, rule with what takes from it, and takings with takings. */
const STANCES = [
  ["protects", "protects"],
  ["loosens", "loosens"],
  ["loosens", "protects"],
  ["protects", "loosens"],
  ["loosens", "guards"],
  ["guards", "guards"],
] as const satisfies readonly (readonly [Stance, Stance])[];

const READ = { kind: "read", span: { start: 0, end: 0 }, via: [], place: "here" } as const;
const EVERY_READ: readonly Effect[] = [
  ...PATHS.flatMap((target) => (["exact", "tree", "contents"] as const).map((extent) => ({ ...READ, target, extent }))),
  ...PATTERNS.map((target) => ({ ...READ, target, extent: "pattern" as const })),
  ...["/SRV/APP/src/a.ts", "/SRV/APP/.env"].map((target) => ({ ...READ, target, extent: "exact" as const })),
  { ...READ, target: "/sr?", extent: "pattern" },
  { ...READ, target: "unknown", extent: "unknown" },
];

const pathClause: fc.Arbitrary<Clause> = fc.oneof(
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...PATH_GLOBS, "**/id_*", "**/.e*", "/srv/app/.env", "/sr*", "src/a.ts"), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.boolean(),
    )
    .map(([path, exact]) => ({ effect: ["read" as const], path, ...(exact ? { extent: ["exact" as const] } : {}) })),
  anyClause.filter(({ effect }) => effect.includes("read")),
);
