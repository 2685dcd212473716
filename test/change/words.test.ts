// Words against bash itself: where every target is known, the words that are told are the ones that bash makes. Proves spec/change.md section 5.
// The words are put together from a fixed seed, so that every run asks the same; without bash 5.2 on this machine there is nothing to ask.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { effectsOf } from "./setting.js";

const FILES = ["f1", "f2", "g1", "g2", "h.t", ".d"];
const SETTING = "x=aXb; y=; z='a b  c'; w='*'; arr=(p 'q r' sXt); set -- one 'two 2' th*;";
const NAMES = ["x", "y", "z", "w", "arr", "arr[1]", "arr[-1]", "arr[@]", "arr[*]", "@", "*", "1", "2", "3", "#"];
const PATTERNS = ["a", "X", "*", "?", "b*", "*b", "[a-c]", "[!a]", "[[:upper:]]", "\\*", "'*'", '"$x"', "a*b", "??", "[z-a]", "[]a]", " "];
const SUMS = ["1+2", "x=3", "arr[0]", "2**3", "7/2", "-7%3", "1?2:3", "010", "0x1f", "1<<3", "!0", "~1", "5,6", "$#+1"];
const BRACES = ["{1..3}", "{a..c}", "{01..3}", "{3..1..2}", "{x}", "{,}", "{a,$x}", "{b,'d e'}", "{,c}"];
const WORDS_ASKED = 250;

describe("words as bash 5.2 makes them", () => {
  const folder = mkdtempSync(join(tmpdir(), "cavra-words-"));
  for (const name of FILES) writeFileSync(join(folder, name), "");
  afterAll(() => rmSync(folder, { recursive: true }));
  const isHere = spawnSync("bash", ["-c", "echo $BASH_VERSION"], { encoding: "utf8" }).stdout?.startsWith("5.2") === true;

  it.skipIf(!isHere)(`${WORDS_ASKED} words of every expansion${isHere ? "" : " (skipped: no bash 5.2 here)"}`, () => {
    const from = generator(20_261_123);
    const different: object[] = [];
    let compared = 0;
    for (let asked = 0; asked < WORDS_ASKED; asked++) {
      const word = from.word(0);
      const made = wordsOfBash(word, folder);
      const told = made === null ? null : wordsTold(word);
      if (made === null || told === null) continue;
      compared++;
      if (made.join("\0") !== told.join("\0")) different.push({ word, made, told });
    }
    expect(different).toEqual([]);
    // A generator of nothing but refused words would prove nothing.
    expect(compared).toBeGreaterThan(WORDS_ASKED / 2);
  });
});

/** What bash makes of the word, sorted, each once; null where it refuses it, or where a path would be read otherwise than a word. */
function wordsOfBash(word: string, folder: string): readonly string[] | null {
  const ran = spawnSync("bash", ["-c", `cd ${folder}; ${SETTING} printf '%s\\0' ${word}`], { encoding: "utf8" });
  if (ran.status !== 0 || ran.stderr !== "") return null;
  const made = ran.stdout.split("\0").slice(0, -1);
  return made.some((one) => one.includes("/") || one.startsWith("\\")) ? null : unique(made);
}

/** The names that are told to be deleted; null where one of them is open. */
function wordsTold(word: string): readonly string[] | null {
  const effects = effectsOf(`${SETTING} rm -- ${word}`, { listings: { "/srv/app": FILES } });
  const deleted = effects.flatMap((effect) => (effect.kind === "delete" ? [effect] : []));
  if (effects.some(({ kind }) => kind === "opaque") || deleted.some(({ extent }) => extent !== "exact")) return null;
  return unique(deleted.map(({ target }) => target.slice("/srv/app/".length)));
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)].filter((word) => word !== "").sort();
}

function generator(seed: number): { readonly word: (depth: number) => string } {
  let state = seed;
  const below = (most: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % most;
  };
  const pick = (list: readonly string[]): string => list[below(list.length)] ?? "";
  const parameter = (depth: number): string => {
    const name = pick(NAMES);
    const inner = (): string => (depth > 2 ? "k" : word(depth + 1));
    const forms: readonly (() => string)[] = [
      () => (name.length === 1 ? `$${name}` : `\${${name}}`),
      () => `\${${name}${pick(["#", "##", "%", "%%"])}${pick(PATTERNS)}}`,
      () => `\${${name}${pick(["/", "//", "/#", "/%"])}${pick(PATTERNS)}${pick(["", "/", "/Q", "/$x", "/'a b'"])}}`,
      () => `\${${name}:${pick(["0", "1", " -1", "2", "1:1", "0:2", "1:-1", "$#"])}}`,
      () => `\${#${name}}`,
      () => `\${${name}${pick(["^", "^^", ",", ",,"])}}`,
      () => `\${${name}${pick([":-", "-", ":+", "+"])}${inner()}}`,
      () => `$((${pick(SUMS)}))`,
      () => `$(echo ${inner()})`,
    ];
    return forms[below(forms.length)]?.() ?? "";
  };
  const piece = (depth: number): string => {
    const forms: readonly (() => string)[] = [
      () => pick(["a", "b", "X", "k", "1"]),
      () => `'${pick(["a b", "*", "$x", "", "?"])}'`,
      () => `"${pick(["", "a", " ", "*"])}${parameter(depth)}${pick(["", "c", " d"])}"`,
      () => pick(BRACES),
      () => pick(["\\*", "\\ ", "\\$x", "$'a\\tb'", "$'\\x41'"]),
      () => pick(["*", "f?", "[fg]*", "g[0-9]", "*.t", "[[:alpha:]]1"]),
      () => parameter(depth),
      () => parameter(depth),
    ];
    return forms[below(forms.length)]?.() ?? "";
  };
  const word = (depth: number): string => Array.from({ length: 1 + below(3) }, () => piece(depth)).join("");
  return { word };
}
