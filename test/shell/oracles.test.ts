// The reader against three judges: bash itself (what it accepts, and what it runs), unbash and shfmt. A judge's known errors are listed with
// their reasons; any other difference fails. The texts are the corpus and texts made from fixed seeds.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readShell, unsupportedPlaces } from "../../src/change/shell/index.js";
import { diceOf } from "../dice.js";
import { ourCalls, shfmtCalls, shfmtRefusal, unbashCalls } from "./calls.js";
import { mutate, script, soup } from "./generate.js";
import { bashAccepts, bashRuns, bashVersion } from "./real-bash.js";
import { CannotTell, runStatically } from "./static-run.js";

const ROOT = join(import.meta.dirname, "../..");
const CORPUS = readFileSync(join(ROOT, "test/fixtures/corpus/commands-dev.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { command: string }).command);

/** The spec follows bash 5.2; another version would be judged for what it does differently. */
const IS_BASH_5_2 = bashVersion() === "5.2";

function generated(seed: number, count: number): readonly string[] {
  const d = diceOf(seed);
  const makers = [() => script(d), () => soup(d), () => mutate(d, script(d, 1)), () => mutate(d, d.pick(CORPUS))];
  return [...new Set(Array.from({ length: count }, (_, index) => makers[index % makers.length]?.() ?? ""))];
}

/** Texts that lie wholly inside the grammar; NUL cannot be handed to a program. */
function inside(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => unsupportedPlaces(readShell(text)).length === 0 && !text.includes("\0"));
}

describe.skipIf(!IS_BASH_5_2)("bash 5.2", () => {
  test("accepts what the grammar accepts", () => {
    const texts = inside([...CORPUS, ...generated(11, 1_600)]);
    expect(texts.length).toBeGreaterThan(1_000);
    const accepted = bashAccepts(texts);
    expect(texts.filter((_, index) => !accepted[index])).toEqual([]);
  });

  test("refuses what the grammar calls a syntax error, but for what it finds out later", () => {
    const texts = [...CORPUS, ...generated(12, 1_000)].filter((text) => !text.includes("\0") && isRefused(text));
    const accepted = bashAccepts(texts);
    expect(texts.filter((text, index) => accepted[index] && !REFUSED_LATER.some(({ found }) => found.test(text)))).toEqual([]);
  });

  test("runs the programs that the tree names, with the same words, variables and input", () => {
    const d = diceOf(13);
    const made = Array.from({ length: 1_400 }, (_, index) => (index % 2 === 0 ? script(d, 2, true) : mutate(d, script(d, 1, true))));
    const cases = [...new Set(made)].flatMap((text) => {
      const calls = callsOnPaper(text);
      return calls === null ? [] : [{ text, calls }];
    });
    expect(cases.length).toBeGreaterThan(300);
    const ran = bashRuns(cases.map(({ text }) => text));
    expect(cases.filter(({ calls }, index) => calls !== inOrder(ran[index] ?? [])).map(({ text }) => text)).toEqual([]);
  });
});

function isRefused(text: string): boolean {
  return unsupportedPlaces(readShell(text)).some(({ reason }) => ["syntax_error", "unterminated", "glued_redirect"].includes(reason));
}

/** Where bash says no only when it runs the command, or the grammar leaves something out under one of these reasons. */
const REFUSED_LATER: readonly { readonly found: RegExp; readonly why: string }[] = [
  { found: /\$\\?\n?\{/, why: "a bad substitution is found when the parameter is expanded" },
  { found: /`/, why: "what is inside backticks is read when they run" },
  { found: /<</, why: "what is inside a here-document is read when it is expanded; the grammar leaves out some delimiters" },
  { found: /\(\(/, why: "what is no arithmetic is read again when it runs; quotes in arithmetic are left out" },
  { found: /=\(/, why: "a string glued to an array is left out" },
  { found: /['"\\$].*\(\s*\)/s, why: "a function's name is checked when it is defined" },
  { found: /\b(for|select)\b/, why: "a loop's name is checked when it runs" },
  { found: /\$\[|\w\[/, why: "quotes in arithmetic are left out" },
];

function callsOnPaper(text: string): string | null {
  // Nothing that writes files, and none of the names that bash runs by itself.
  const glued = text.replaceAll("\\\n", "");
  if (/>(?!&[12])|<\(|\b(eval|exec|export|declare|local|select|coproc)\b|\0/.test(glued) || text.length > 2_000) return null;
  const tree = readShell(text);
  if (unsupportedPlaces(tree).length > 0) return null;
  try {
    return inOrder(runStatically(tree));
  } catch (error) {
    if (error instanceof CannotTell) return null;
    throw error;
  }
}

function inOrder(calls: readonly string[]): string {
  return [...calls].sort().join("\x1e");
}

/** An error of a judge: texts that show it, and why the judge is wrong. */
interface KnownError {
  readonly shows: RegExp;
  readonly why: string;
}

const UNBASH_DIFFERS: readonly KnownError[] = [
  { shows: /[<>]&[ \t]*-[^\s;&|()<>]/, why: "the word glued to `>&-` is lost" },
  { shows: /[^\s;&|()<>][<>]\(/, why: "`t>()` is split into two words" },
];

const SHFMT_REFUSES: readonly KnownError[] = [
  { shows: /cannot form a statement alone/, why: "`!` alone is a command" },
  { shows: /unclosed here-document/, why: "bash warns, and runs it" },
  { shows: /`\[` must be followed by an expression/, why: "`b[]` is a program" },
  { shows: /array element values must be words/, why: "`a=(=)` has an element" },
  { shows: /`\(\(` must be followed by an expression/, why: "`(())` is 0" },
  { shows: /`\(` must be followed by an expression/, why: "`((())&a)` is two subshells" },
  { shows: /without matching `\(\(` with `\)\)`/, why: "`((1) )` is two subshells" },
  { shows: /inline variables cannot be arrays/, why: "`a=() b` is accepted" },
  { shows: /must be followed by a statement list/, why: "after a redirect `until` is a program" },
];

const SHFMT_DIFFERS: readonly KnownError[] = [
  { shows: /<<[\s\S]*\[\[|\[\[[\s\S]*<</, why: "the body begins after the line, also where `[[` ends it" },
  { shows: /time[ \t]+(-p[ \t]+)?--/, why: "`--` belongs to `time`" },
  { shows: /[<>]&[ \t]*-[^\s;&|()<>]/, why: "the word glued to `>&-` is lost" },
  { shows: /[$][\w@*#?!$-]+(\\\n)*#/, why: "`#` after an expansion is no comment" },
  { shows: /#[^\n]*\\\n/, why: "a comment ends with its line" },
  { shows: /[$][#?@*!$-]\\\n/, why: "the word ends before the line continuation" },
];

function isKnown(list: readonly KnownError[], text: string): boolean {
  return list.some(({ shows }) => shows.test(text));
}

function comparable(texts: readonly string[]): readonly string[] {
  const ascii = inside(texts).filter((text) => /^[\t\n -~]*$/.test(text));
  if (!IS_BASH_5_2) return ascii;
  const accepted = bashAccepts(ascii);
  return ascii.filter((_, index) => accepted[index]);
}

describe("unbash", () => {
  test("finds the same commands, but for its known errors", () => {
    const texts = comparable([...CORPUS, ...generated(21, 1_500)]);
    const differing = texts.filter((text) => JSON.stringify(unbashCalls(text)) !== JSON.stringify(ourCalls(text)));
    expect(differing.filter((text) => !isKnown(UNBASH_DIFFERS, text))).toEqual([]);
    expect(differing.length).toBeLessThan(texts.length / 50);
  });
});

const HAS_GO = spawnSync("go", ["version"]).status === 0;

describe.skipIf(!HAS_GO)("shfmt", () => {
  test("finds the same commands, but for its known errors", () => {
    const shfmt = installedShfmt();
    const texts = comparable([...CORPUS, ...generated(31, 300)]);
    const differing = texts.filter((text) => JSON.stringify(shfmtCalls(shfmt, text)) !== JSON.stringify(ourCalls(text)));
    const unlisted = differing.filter((text) => {
      const refusal = shfmtRefusal(shfmt, text);
      return !isKnown(SHFMT_DIFFERS, text) && !(refusal !== "" && isKnown(SHFMT_REFUSES, refusal));
    });
    expect(unlisted).toEqual([]);
    expect(differing.length).toBeLessThan(texts.length / 5);
  });
});

/** Built once, into a folder that is kept between runs. */
function installedShfmt(): string {
  const folder = join(ROOT, "node_modules/.cache/shfmt-3.14.1");
  const path = join(folder, "shfmt");
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  execFileSync("go", ["install", "mvdan.cc/sh/v3/cmd/shfmt@v3.14.1"], {
    env: { ...process.env, GOBIN: folder, GOFLAGS: "-mod=mod" },
    stdio: "pipe",
  });
  return path;
}
