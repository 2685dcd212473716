// Hostile sizes: every input gives a change, in bounded work, and a limit is never silence. No clock: the counters are what is tested.

import { describe, expect, test } from "vitest";
import { MAX_DESTINATIONS } from "../../src/change/catalogue/file-roles.js";
import type { Effect } from "../../src/change/index.js";
import { LIMITS } from "../../src/change/words/index.js";
import { effectsOf } from "./setting.js";

const HOSTILE: Readonly<Record<string, string>> = {
  "a hundred thousand words": `echo ${"x ".repeat(100_000)}`,
  "fifty thousand unknown words": `rm ${"$x/$y ".repeat(50_000)}`,
  "ten thousand parentheses": "(".repeat(10_000) + ")".repeat(10_000),
  "ten thousand substitutions": `echo ${"$(".repeat(10_000)}${")".repeat(10_000)}`,
  "nested braces": `echo ${"{a,".repeat(5000)}${"}".repeat(5000)}`,
  "a product of braces": `echo ${"{a,b}".repeat(5000)}`,
  "two hundred thousand commands": "true;".repeat(200_000),
  assignments: Array.from({ length: 20_000 }, (_, i) => `a${i}=b`).join(";"),
  "a doubling variable": `x=aaaaaaaaaaaaaaaa;${"x=$x$x;".repeat(5000)}`,
  "loops in loops": `${"for a in {1..60}; do ".repeat(6)}rm $a;${" done;".repeat(6)}`,
  "unknown loops in loops": `${"while x; do i=$((i+1)); ".repeat(30)}:;${" done;".repeat(30)}`,
  branches: "if x; then cd a; else cd b; fi;".repeat(5000),
  "functions of functions": `${Array.from({ length: 9 }, (_, i) => `f${i}(){ ${`f${i + 1};`.repeat(10)} };`).join("")}f9(){ rm x; };f0`,
  "a long pipe": `${"a|".repeat(20_000)}b`,
  "wrappers in wrappers": `${"sudo ".repeat(50_000)}rm`,
  arithmetic: `echo $((${"1+".repeat(50_000)}1))`,
  stars: `cat ${"*".repeat(50_000)}`,
  "a replacement that backtracks": `x=${"ab".repeat(20_000)}; echo \${x//a*b*c/d}`,
  "a path up and down": `cat ${"a/../".repeat(100_000)}x`,
  "lines that are read": `while read x; do read y; rm $x$y; done <<E\n${"a\n".repeat(50_000)}E`,
  files: Array.from({ length: 5000 }, (_, i) => `echo a > f${i}`).join(";"),
  "thousands of sources of one name": `cp -r ${"a ".repeat(8000)}d`,
  "thousands of sources and of folders to copy them to": `cp ${"-t d ".repeat(4000)}${"a ".repeat(4000)}`,
  "one megabyte": `echo '${"a".repeat(1_000_000)}'`,
  "lone surrogates": `rm \ud800 ${"\udc00".repeat(1000)}`,
  "own property names": "__proto__=x; rm $__proto__ $constructor; constructor() { rm y; }; constructor; toString x; hasOwnProperty",
};

describe("hostile input", () => {
  for (const [name, line] of Object.entries(HOSTILE)) {
    test(`${name}: a change, the same twice, within the limit of effects`, () => {
      const effects = effectsOf(line);
      expect(effects.length).toBeLessThanOrEqual(LIMITS.effects + 1);
      expect(effectsOf(line)).toEqual(effects);
    });
  }
});

describe("limits", () => {
  test("effects: at the limit none is lost, one beyond is told", () => {
    expect(limitsOf(effectsOf(deletions(LIMITS.effects - 1)))).toEqual([]);
    const beyond = effectsOf(deletions(LIMITS.effects));
    expect(limitsOf(beyond)).toEqual(["effects"]);
    expect(beyond.length).toBe(LIMITS.effects + 1);
  });

  test("words of a command: at the limit all are seen, one beyond is told and the first are kept", () => {
    const words = (n: number) => `echo ${"x ".repeat(n - 1)}`;
    expect(limitsOf(effectsOf(words(LIMITS.commandWords)))).toEqual([]);
    expect(limitsOf(effectsOf(words(LIMITS.commandWords + 1)))).toEqual(["words"]);
    expect(effectsOf(`rm a ${"x ".repeat(LIMITS.commandWords)}`).some((e) => e.kind === "delete" && e.target === "/srv/app/a")).toBe(true);
  });

  test("brace words: at the limit all, one beyond none and told", () => {
    expect(limitsOf(effectsOf(`echo {1..${LIMITS.braceWords}}`))).toEqual([]);
    expect(limitsOf(effectsOf(`echo {1..${LIMITS.braceWords + 1}}`))).toEqual(["brace_words"]);
  });

  test("folders to copy to: at the limit each source in each, one beyond all that lies in them", () => {
    const copy = (n: number) =>
      effectsOf(`cp ${Array.from({ length: n }, (_, i) => `-t d${i}`).join(" ")} a`).filter((e) => e.kind === "write");
    expect(copy(MAX_DESTINATIONS).at(-1)).toMatchObject({ target: "/srv/app/d15/a", extent: "exact" });
    expect(copy(MAX_DESTINATIONS + 1).slice(-2)).toMatchObject([
      { target: "/srv/app/d16", extent: "exact" },
      { target: "/srv/app/d16", extent: "contents" },
    ]);
  });

  test("code in code: at the limit walked, one beyond told", () => {
    const nested = (n: number) => `${"eval ".repeat(n)}rm x`;
    expect(effectsOf(nested(LIMITS.codeDepth)).some((e) => e.kind === "delete")).toBe(true);
    expect(limitsOf(effectsOf(nested(LIMITS.codeDepth)))).toEqual([]);
    expect(limitsOf(effectsOf(nested(LIMITS.codeDepth + 1)))).toEqual(["code_depth"]);
  });

  test("functions in functions: at the limit walked, one beyond told", () => {
    const nested = (n: number) => `${Array.from({ length: n }, (_, i) => `f${i}() { f${i + 1}; };`).join(" ")} f${n}() { rm x; }; f0`;
    expect(effectsOf(nested(LIMITS.callDepth - 1)).some((e) => e.kind === "delete")).toBe(true);
    expect(limitsOf(effectsOf(nested(LIMITS.callDepth - 1)))).toEqual([]);
    expect(limitsOf(effectsOf(nested(LIMITS.callDepth)))).toEqual(["call_depth"]);
  });

  test("programs that carry one another: at the limit walked, one beyond told", () => {
    const nested = (n: number) => `${"sudo ".repeat(n)}rm x`;
    expect(effectsOf(nested(LIMITS.carriers - 1)).some((e) => e.kind === "delete")).toBe(true);
    expect(limitsOf(effectsOf(nested(LIMITS.carriers - 1)))).toEqual([]);
    expect(limitsOf(effectsOf(nested(LIMITS.carriers)))).toEqual(["nesting"]);
  });

  test("work: what was seen before the limit is kept, and the limit is told", () => {
    const effects = effectsOf(`rm -rf /; ${"true;".repeat(40_000)} rm x`);
    expect(effects.some((e) => e.kind === "delete" && e.target === "/")).toBe(true);
    expect(limitsOf(effects)).toEqual(["work"]);
  });

  test("a value: at the limit known, one byte beyond unknown", () => {
    const value = (bytes: number) => `x=${"a".repeat(bytes / 2)}; y=$x$x; test "\${#y}" && cat "f\${#y}"`;
    const targets = (line: string) => effectsOf(line).flatMap((e) => (e.kind === "read" ? [e.target] : []));
    expect(targets(value(LIMITS.valueBytes))).toEqual([`/srv/app/f${LIMITS.valueBytes}`]);
    expect(targets(value(LIMITS.valueBytes + 2))).toEqual(["unknown"]);
  });

  test("a loop: at the limit each value, beyond it the rest as one", () => {
    const loop = (n: number) => effectsOf(`for i in {1..${n}}; do rm f$i; done`).filter((e) => e.kind === "delete");
    expect(loop(LIMITS.unrolledValues).every((e) => e.kind === "delete" && e.extent === "exact")).toBe(true);
    expect(loop(LIMITS.unrolledValues + 2).at(-1)).toMatchObject({ extent: "pattern", target: "/srv/app/f6*" });
  });
});

function deletions(effects: number): string {
  // One exec effect, one delete for each name.
  const names = Array.from({ length: effects }, (_, i) => `f${i}`);
  return `rm ${names.join(" ")}`;
}

function limitsOf(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === "opaque" && effect.reason === "limit_exceeded" ? [effect.detail] : []));
}
