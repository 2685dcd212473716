// Reasoning about globs against every short path: what is said to include includes, what is said to be apart is apart, what meets is seen to meet.
// An input is two lines, a policy's glob and a shell's pattern.

import { isApart, isCovered } from "../../src/base/glob-languages.js";
import { includes, intersects } from "../../src/base/glob-sets.js";
import { compileGlob, type Glob, makeWorld, matchGlob, type PathNames, pathNames, patternComponents } from "../../src/base/index.js";
import type { Target } from "../engine.js";

const PIECES = "/ ** /** **/ * ? a b A B aa [ab] [!a] [a-c] [B-b] {a,b} {a/b,c} \\* a* *b /a/ /b /*".split(" ");
const SEEDS = ["/a/**\n/a/b", "/**/a*\n/b/aA", "/*/b\n/a/*", "/[ab]/?\n/a/**", "/{a,b}/**/c\n/a/b/c", "/**\n/**/a", "/a?\n/[!b]*"];
const NAMES = ["a", "b", "A", "c", "aa", "ab", "bA", "Ba"];
/** Every path of at most two names, and those of three short ones. */
const PATHS: readonly string[] = [
  ...NAMES.map((name) => `/${name}`),
  ...NAMES.flatMap((one) => NAMES.map((two) => `/${one}/${two}`)),
  ...["a", "b", "A"].flatMap((one) => ["a", "b", "B"].flatMap((two) => ["a", "b", "c"].map((three) => `/${one}/${two}/${three}`))),
];
const PLACES: readonly PathNames[] = PATHS.map(pathNames);
const WORLD = makeWorld("", "");

export const globs: Target = {
  name: "globs",
  seeds: () => SEEDS,
  pieces: PIECES,
  maxLength: 60,
  check(text) {
    const [written = "", pattern = ""] = text.split("\n");
    if (!written.startsWith("/") || !pattern.startsWith("/") || pattern.includes("/.")) return;
    for (const fold of [false, true]) {
      const glob = compileGlob(written, fold);
      if (glob.ok) compared(glob.value, pattern);
    }
  },
};

function compared(glob: Glob, pattern: string): void {
  const set: Glob = { text: pattern, fold: false, alternatives: [{ anchor: "root", components: patternComponents(pattern) }] };
  const within = set.alternatives[0]?.components ?? [];
  for (const { components } of glob.alternatives) {
    const one: Glob = { ...glob, alternatives: [{ anchor: "root", components }] };
    const outside = placeOf((place) => matchGlob(set, place, WORLD) && !matchGlob(one, place, WORLD));
    const shared = placeOf((place) => matchGlob(set, place, WORLD) && matchGlob(one, place, WORLD));
    const [outer, inner] = [
      { components, fold: glob.fold },
      { components: within, fold: false },
    ];
    if (outside !== null && includes(components, within, glob.fold)) throw new Error(`said to include, and ${outside} is outside`);
    if (outside !== null && isCovered(inner, [outer], "paths")) throw new Error(`said to cover, and ${outside} is outside`);
    if (shared !== null && !intersects(components, within, glob.fold)) throw new Error(`said not to meet, and ${shared} is in both`);
    if (shared !== null && isApart(outer, inner, "paths")) throw new Error(`said to be apart, and ${shared} is in both`);
    if (includes(components, within, glob.fold) && !isCovered(inner, [outer], "paths"))
      throw new Error("said to include, and not to cover");
  }
}

function placeOf(holds: (place: PathNames) => boolean): string | null {
  const at = PLACES.findIndex(holds);
  return at < 0 ? null : (PATHS[at] ?? null);
}
