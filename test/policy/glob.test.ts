// Globs against a slow reference and against enumeration. Proves spec/policy.md section 3.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Component,
  compileGlob,
  compileTextGlob,
  type Glob,
  includes,
  intersects,
  MAX_GLOB_BYTES,
  makeWorld,
  matchGlob,
  matchTextGlob,
  meets,
  pathNames,
  patternComponents,
} from "../../src/base/index.js";

const WORLD = makeWorld("/h", "/w");
const RUNS = 600;

/** Tries everything, and is right by being simple. */
function slowMatch(components: readonly string[], names: readonly string[]): boolean {
  const [first, ...rest] = components;
  if (first === undefined) return names.length === 0;
  if (first === "**") return Array.from({ length: names.length + 1 }, (_, i) => i).some((i) => slowMatch(rest, names.slice(i)));
  const [name, ...others] = names;
  return name !== undefined && slowName(first, name) && slowMatch(rest, others);
}

function slowName(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (pattern[0] === "*")
    return Array.from({ length: name.length + 1 }, (_, i) => i).some((i) => slowName(pattern.slice(1), name.slice(i)));
  if (name === "") return false;
  const bracket = /^\[(!?)([ab]+)\]/.exec(pattern);
  if (bracket !== null)
    return (bracket[2] ?? "").includes(name[0] ?? "") !== (bracket[1] === "!") && slowName(pattern.slice(bracket[0].length), name.slice(1));
  return (pattern[0] === "?" || pattern[0] === name[0]) && slowName(pattern.slice(1), name.slice(1));
}

const piece = fc.constantFrom("a", "b", "?", "*", "[ab]", "[!a]");
const component = fc.oneof(
  fc.constant("**"),
  fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join("").replaceAll("**", "*")),
);
const components = fc.array(component, { maxLength: 4 });
/** Small enough for `instances` to be complete. */
const small = fc.array(
  fc.oneof(
    fc.constant("**"),
    fc.array(piece, { minLength: 1, maxLength: 2 }).map((pieces) => pieces.join("").replaceAll("**", "*")),
  ),
  { maxLength: 3 },
);
const names = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 }), { maxLength: 4 });

function paths(depth: number, letters: readonly string[]): readonly (readonly string[])[] {
  let last: readonly (readonly string[])[] = [[]];
  const all = [...last];
  for (let i = 0; i < depth; i++) {
    last = last.flatMap((path) => letters.map((letter) => [...path, letter]));
    all.push(...last);
  }
  return all;
}

function globOf(parts: readonly string[], fold = false): Glob {
  const result = compileGlob(`/${parts.join("/")}`, fold);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

function componentsOf(parts: readonly string[]): readonly Component[] {
  return globOf(parts).alternatives[0]?.components ?? [];
}

describe("matching", () => {
  it("agrees with a matcher that tries everything", () => {
    fc.assert(
      fc.property(components, names, (parts, path) => {
        expect(matchGlob(globOf(parts), pathNames(`/${path.join("/")}`), WORLD)).toBe(slowMatch(parts, path));
      }),
      { numRuns: RUNS * 5 },
    );
  });

  it("takes time that grows with the product of both lengths, not with their powers", () => {
    const many = "a".repeat(5000);
    expect(matchTextGlob(textGlob("*a".repeat(200)), `${many}b`)).toBe(false);
    expect(
      matchGlob(globOf(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? "**" : "a"))), pathNames(`${"/a".repeat(2000)}/b`), WORLD),
    ).toBe(false);
  });

  it("reads any text as a glob or refuses it with one sentence, and never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: fc.constantFrom("*", "[", "]", "{", "}", ",", "\\", "/", "a", "-", "!", "~", "$", ".") }),
        ),
        fc.boolean(),
        (text, fold) => {
          for (const result of [compileGlob(text, fold), compileTextGlob(text, fold)])
            if (!result.ok) expect(result.problem.code).toBe("bad_glob");
          patternComponents(text);
        },
      ),
      { numRuns: RUNS * 3 },
    );
  });

  it("refuses a glob that is too long or stands for too many, at the limit and one beyond", () => {
    expect(compileTextGlob("a".repeat(MAX_GLOB_BYTES), false).ok).toBe(true);
    expect(compileTextGlob("a".repeat(MAX_GLOB_BYTES + 1), false).ok).toBe(false);
    expect(compileGlob("{a,b}".repeat(6), false).ok).toBe(true);
    expect(compileGlob("{a,b}".repeat(7), false).ok).toBe(false);
    expect(compileGlob(Array(64).fill("a").join("/"), false).ok).toBe(true);
    expect(compileGlob(Array(65).fill("a").join("/"), false).ok).toBe(false);
    expect(compileGlob(`${"{".repeat(8)}a${"}".repeat(8)}`, false).ok).toBe(true);
    expect(compileGlob(`${"{".repeat(9)}a${"}".repeat(9)}`, false).ok).toBe(false);
  });
});

describe("globs as sets", () => {
  it("meet exactly when some path matches both", () => {
    fc.assert(
      fc.property(small, small, (left, right) => {
        const shared = [...instances(left), ...instances(right)].some((path) => slowMatch(left, path) && slowMatch(right, path));
        expect(intersects(componentsOf(left), componentsOf(right), false)).toBe(shared);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it("include each other exactly when no path of the inner one is missing from the outer", () => {
    fc.assert(
      fc.property(small, small, (outer, inner) => {
        const missing = instances(inner).some((path) => !slowMatch(outer, path));
        expect(includes(componentsOf(outer), componentsOf(inner), false)).toBe(!missing);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it("meet in the narrower sense only when they share a path", () => {
    fc.assert(
      fc.property(components, components, (glob, set) => {
        if (meets(componentsOf(glob), componentsOf(set), false))
          expect(intersects(componentsOf(glob), componentsOf(set), false)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it("meet in the narrower sense whenever the set is one path that matches", () => {
    fc.assert(
      fc.property(components, names, (glob, path) => {
        expect(meets(componentsOf(glob), componentsOf(path), false)).toBe(slowMatch(glob, path));
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it("answer in the safe direction when the work is too much", () => {
    const wide = Array.from({ length: 60 }, () => "**");
    const long = patternComponents("/a".repeat(5000));
    expect(intersects(componentsOf(wide), long, false)).toBe(true);
    expect(
      includes(
        componentsOf(["**", "*a*b*a*b*a*b*a*b*a*b*a*", "**", "?b*a*?b*a*?b"]),
        componentsOf(["**", "*b*a*b*a*b*a*b*a", "**", "[ab]*[ab]*[ab]"]),
        false,
      ),
    ).toBe(false);
  });
});

/** Paths that a glob matches, written out piece by piece: what the small universe cannot show, one of these does. */
function instances(parts: readonly string[]): readonly (readonly string[])[] {
  let all: readonly (readonly string[])[] = [[]];
  for (const part of parts) {
    const tails = part === "**" ? paths(2, ["a", "b", "c", "aa", "ab", "ba", "bb"]) : nameInstances(part).map((name) => [name]);
    all = all.flatMap((head) => tails.map((tail) => [...head, ...tail]));
  }
  return all;
}

function nameInstances(part: string): readonly string[] {
  let all: readonly string[] = [""];
  for (const [found] of part.matchAll(/\[[^\]]+\]|./g)) {
    const letters =
      found === "*" ? ["", "a", "b", "c", "ab", "ba", "aa", "bb"] : ["a", "b", "c"].filter((letter) => slowName(found, letter));
    all = all.flatMap((head) => letters.map((letter) => head + letter));
  }
  return [...new Set(all)].filter((name) => name !== "");
}

function textGlob(text: string): Glob {
  const result = compileTextGlob(text, false);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}
