// The rules of test/architecture.test.ts for the second engine (decision 0014): Go's packages are the folders of src/ and import as those do, the pure ones
// reach no world, and a twin names a file that exists. Go itself refuses cycles and what is not exported.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const GO = join(ROOT, "go");
const MODULE = "cavra.dev/runtime/";

/** What each pure package may import from the module. `change/model` holds the contracts, and what of `policy` and `evidence` names changes. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  "change/model": ["base"],
  "change/shell": ["base", "change/model"],
  "change/catalogue": ["base", "change/model"],
  "change/languages": ["base", "change/model"],
  "change/programs": ["base", "change/model", "change/catalogue"],
  "change/words": ["base", "change/model", "change/shell"],
  "change/walk": ["base", "change/model", "change/shell", "change/catalogue", "change/languages", "change/programs", "change/words"],
  change: ["base", "change/model", "change/shell", "change/catalogue", "change/words", "change/walk"],
  judgement: ["base", "change/model"],
  policy: ["base", "change/model", "judgement"],
  evidence: ["base", "change/model", "judgement", "evidence/secrets"],
  authority: ["base", "judgement", "policy"],
  "evidence/secrets": ["base"],
};

/** Nobody may import it but tests. */
const FOR_TESTS = "internal/vectors";
/** Data that the build makes. */
const DATA = "generated";
/** The rim: it knows streams, sockets, files and the time; only the rim imports it. */
const RIM = ["cmd/", "worker", "engine", "messenger"];

/**
 * All of the standard library that the pure packages may use. Not `time`, `os`, `net`, `math/rand`: the world. Not `encoding/json`, `regexp`, `reflect`
 * and `fmt`, which reads by reflection: base has its own reader and writer. Not `unicode`: its tables are of another version than a browser's.
 */
const STANDARD = new Set(
  [
    "bytes",
    "cmp",
    "crypto/hmac",
    "crypto/sha256",
    "embed",
    "encoding/base64",
    "encoding/binary",
    "encoding/hex",
    "iter",
    "maps",
    "math",
  ].concat(["math/bits", "slices", "sort", "strconv", "strings", "sync", "sync/atomic", "unicode/utf16", "unicode/utf8"]),
);

/** They know the letters and blanks of every script, each language its own: `foldAscii` and the blanks that the spec names are the same in both. */
const OF_ALL_SCRIPTS = /\b(?:strings|bytes)\.(?:ToLower|ToUpper|ToTitle|Title|EqualFold|TrimSpace|Fields)\(/;

/** Files over 400 lines, each with its reason. */
const LONG_FILES: ReadonlyMap<string, string> = new Map([]);

/** Packages whose files are still being written. A package leaves the list with its last file. */
const UNFINISHED = ["go/change", "go/change/catalogue", "go/change/programs", "go/change/walk"];

interface Source {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly imports: readonly string[];
}

const sources = readdirSync(GO, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".go"))
  .map(readSource);
const pure = sources.filter((source) => !source.isTest && source.folder in TABLE);

describe("architecture of go/", () => {
  it("has every package in the table, at the rim, or for tests", () => {
    const strange = sources.filter(
      ({ folder }) => !(folder in TABLE || folder === DATA || folder.startsWith("internal/") || RIM.some((rim) => folder.startsWith(rim))),
    );
    expect(strange.map(({ file }) => file)).toEqual([]);
  });

  it("lets imports point down only", () => {
    const forbidden = pure.flatMap(({ file, folder, imports }) =>
      imports
        .filter((one) => one.startsWith(MODULE) && one !== MODULE + DATA && !TABLE[folder]?.includes(one.slice(MODULE.length)))
        .map((one) => `${file} -> ${one}`),
    );
    expect(forbidden).toEqual([]);
  });

  it("imports what is for tests, and anything that is neither ours nor Go's own, in tests only", () => {
    const wrong = sources
      .filter(({ isTest, folder }) => !isTest && folder !== FOR_TESTS)
      .flatMap(({ file, imports }) =>
        imports
          .filter((one) => one === MODULE + FOR_TESTS || (one.includes(".") && !one.startsWith(MODULE)))
          .map((one) => `${file} -> ${one}`),
      );
    expect(wrong).toEqual([]);
  });

  it("keeps the world, reflection and the letters of all scripts out of the pure packages", () => {
    const reaching = pure.flatMap(({ file, imports, text }) => {
      const used = imports.filter((one) => !one.startsWith(MODULE) && !STANDARD.has(one)).map((one) => `${file} -> ${one}`);
      const named = OF_ALL_SCRIPTS.exec(text)?.[0];
      return named === undefined ? used : [...used, `${file}: ${named}`];
    });
    expect(reaching).toEqual([]);
  });

  it("keeps functions below 70 lines, and files below 400 but for the named exceptions", () => {
    const long = sources.flatMap(({ file, text }) => {
      const functions = [...text.matchAll(/^func .*\{\n(?:.*\n)*?\}$/gm)].filter(([body]) => body.split("\n").length > 70);
      const names = functions.map(([body]) => `${file}: ${body.slice(0, body.indexOf("\n"))}`);
      return text.split("\n").length > 401 && !LONG_FILES.has(file) ? [file, ...names] : names;
    });
    expect(long).toEqual([]);
  });

  it("opens every file with a comment that says what it is", () => {
    expect(sources.filter(({ text }) => !text.startsWith("// ")).map(({ file }) => file)).toEqual([]);
  });

  it("names twins that exist", () => {
    const missing = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/Twin of ((?:src|test)\/[^\s;:,]+?)\.?(?=[\s;:,]|$)/gm)]
        .filter((found) => !existsSync(join(ROOT, found[1] ?? "")))
        .map((found) => `${file}: ${found[1]}`),
    );
    expect(missing).toEqual([]);
  });

  it("is named as a twin in src/ only where it exists, or its package is not finished", () => {
    const named = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        [...readFileSync(join(ROOT, "src", file), "utf8").matchAll(/Twin of (go\/\S+?)\.?(?=[\s;:,]|$)/gm)].map(
          (found) => [file, found[1] ?? ""] as const,
        ),
      );
    const missing = named.filter(([, twin]) => !existsSync(join(ROOT, twin)) && !UNFINISHED.some((folder) => dirname(twin) === folder));
    expect(missing.map(([file, twin]) => `${file}: ${twin}`)).toEqual([]);
  });
});

function readSource(file: string): Source {
  const text = readFileSync(join(GO, file), "utf8");
  const block = /^import (?:\(\n([\s\S]*?)\n\)|.*)$/m.exec(text)?.[0] ?? "";
  const imports = [...block.matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? "");
  return { file, folder: dirname(file), text, isTest: file.endsWith("_test.go"), imports };
}
