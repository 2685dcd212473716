// The small readers inside git's: quoted configuration, aliases, refspecs, pathspec magic, addresses, patches.

import { describe, expect, it } from "vitest";
import { addressOf, cloneFolder } from "../../src/change/programs/git-address.js";
import { splitAlias } from "../../src/change/programs/git-alias.js";
import { injectedConfig, MAX_CONFIG_ENTRIES, normalKey, quoted } from "../../src/change/programs/git-config.js";
import { MAX_PATCHED_FILES } from "../../src/change/programs/git-patch.js";
import { readMagic } from "../../src/change/programs/git-pathspec.js";
import { isSurelyPath, looksLikeFile, readRefspec } from "../../src/change/programs/git-refs.js";
import type { Stdin, Value } from "../../src/change/values.js";
import { showValue } from "../catalogue/table.js";
import { deedsOf, gitCall } from "./table.js";

const NOTHING = { options: [], operands: [], operands_at: [], separator: null, unlisted: [], unknown: [] };

function configOf(environment: Readonly<Record<string, string>>): string {
  const values = Object.fromEntries(
    Object.entries(environment).map(([name, value]): [string, Value] => [name, { kind: "text", text: value }]),
  );
  const { entries, unreadable } = injectedConfig({ ...gitCall("git status"), environment: values }, NOTHING);
  return `${entries.map(({ key, value }) => `${key}=${value === null ? "true" : showValue(value)}`).join(" ")}${unreadable ? " unreadable" : ""}`;
}

describe("injected configuration", () => {
  it.each([
    ["'a.b=c'", "a.b=c"],
    ["'a.b'='c'", "a.b=c"],
    ["'a.b'=", 'a.b=""'],
    ["'a.b'", "a.b=true"],
    ["  'a.b=c'\t'd.e=f' ", "a.b=c d.e=f"],
    ["'a.b=it'\\''s'", "a.b=it's"],
    ["'a.b=c''d.e=f'", "a.b=c unreadable"],
    ["'a.b=c", " unreadable"],
    ["a.b=c", " unreadable"],
    ["'nosection=c'", " unreadable"],
  ])("reads GIT_CONFIG_PARAMETERS %s", (parameters, expected) => {
    expect(configOf({ GIT_CONFIG_PARAMETERS: parameters })).toBe(expected);
  });

  it("reads back what it quotes", () => {
    for (const text of ["", "!git", "it's", "''!!", "a b\n"])
      expect(configOf({ GIT_CONFIG_PARAMETERS: `'a.b'=${quoted(text)}` })).toBe(`a.b=${showValue({ kind: "text", text })}`);
  });

  it("counts pairs up to the limit and not beyond", () => {
    const pairs = (count: number): Record<string, string> => {
      const environment: Record<string, string> = { GIT_CONFIG_COUNT: String(count) };
      for (let i = 0; i < count; i++) Object.assign(environment, { [`GIT_CONFIG_KEY_${i}`]: "a.b", [`GIT_CONFIG_VALUE_${i}`]: "c" });
      return environment;
    };
    expect(configOf(pairs(MAX_CONFIG_ENTRIES)).split(" ").length).toBe(MAX_CONFIG_ENTRIES);
    expect(configOf(pairs(MAX_CONFIG_ENTRIES + 1))).toBe(" unreadable");
    expect(configOf({ GIT_CONFIG_COUNT: "" })).toBe("");
  });

  it.each([
    ["Core.FsMonitor", "core.fsmonitor"],
    ["A.Sub.Section.B", "a.Sub.Section.b"],
    ["a", null],
    [".b", null],
    ["a.", null],
  ])("makes the key %s normal", (written, expected) => {
    expect(normalKey(written)).toBe(expected);
  });
});

describe("aliases", () => {
  it.each([
    ["reset --hard", ["reset", "--hard"]],
    ["  a\t'b c' \"d e\"f g\\ h ", ["a", "b c", "d ef", "g h"]],
    ["a ''", ["a", ""]],
    ["a '\\'", ["a", "\\"]],
    ["a 'b", null],
    ["a \\", null],
  ])("splits %j", (source, expected) => {
    expect(splitAlias(source)).toEqual(expected);
  });
});

describe("refs and paths", () => {
  it.each([
    ["main", false, "main", null],
    ["+main", true, "main", null],
    ["+a:b", true, "a", "b"],
    [":b", false, null, "b"],
    [":", false, null, null],
    ["a:", false, "a", null],
  ])("reads the refspec %s", (written, force, source, target) => {
    expect(readRefspec(written)).toEqual({ force, source, target });
  });

  it.each([
    [":/", ["top"], ""],
    [":!x", ["exclude"], "x"],
    [":^/x", ["exclude", "top"], "x"],
    [":(top,exclude)x", ["top", "exclude"], "x"],
    [":", [], ""],
    [":(top", [], ":(top"],
    ["x", [], "x"],
  ])("reads the magic of %s", (written, magic, rest) => {
    expect(readMagic(written)).toEqual({ magic, rest });
  });

  it("tells paths from refs where their spelling does", () => {
    for (const path of [".", "..", "./a", "/a", "a/", "*.md", ":x", ".env", "a/.b", "a b"]) expect(isSurelyPath(path)).toBe(true);
    for (const either of ["main", "feature/x", "v1.2", "a.txt", "HEAD~1", "-"]) expect(isSurelyPath(either)).toBe(false);
    for (const name of ["a.txt", "src/a.ts", "x.y.md"]) expect(looksLikeFile(name)).toBe(true);
    for (const name of ["v1.2", "release-1.0", "main", ".env", "a.", "a.toolongending"]) expect(looksLikeFile(name)).toBe(false);
  });
});

describe("addresses", () => {
  it.each([
    ["origin", "name"],
    ["https://x.example/y", "url"],
    ["git@x:y", "url"],
    ["x:y", "url"],
    ["/x:y", "folder"],
    ["./x:y", "folder"],
    ["file:///x", "folder"],
    ["ext::sh -c id", "helper"],
    ["https::x", "helper"],
    ["a/b", "name"],
  ])("%s is a %s", (written, kind) => {
    expect(addressOf({ kind: "text", text: written }, "name").kind).toBe(kind);
  });

  it.each([
    ["https://x.example/a/b.git/", "b"],
    ["host:b.git", "b"],
    ["/srv/b/.git", "b"],
    ["..", "$"],
  ])("a clone of %s goes to %s", (written, folder) => {
    expect(showValue(cloneFolder({ kind: "text", text: written }))).toBe(folder);
  });
});

describe("patches on standard input", () => {
  const patch = (text: string): string =>
    deedsOf("git apply", { stdin: { kind: "text", text, span: { start: 1, end: 2 } } satisfies Stdin });
  const changed = (path: string): string => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`;

  it.each([
    [changed("x/y"), "write x/y"],
    ["--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "delete x"],
    ["--- /dev/null\n+++ b/x\t2020\n@@ -0,0 +1 @@\n+a\n", "write x"],
    ["diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n", "delete x; write y"],
    ["diff --git a/d/x b/d/y\nrename from d/x\nrename to d/y\n", "delete d/x; write d/y"],
    ["diff --git a/bin b/bin\nold mode 100644\nnew mode 100755\n", "write bin"],
    ['--- "a/\\303"\n+++ "b/\\303"\n', "write . tree"],
    ["no patch at all", "write . tree"],
  ])("%j", (text, expected) => {
    expect(patch(text)).toBe(expected);
  });

  it("names files up to the limit and not beyond", () => {
    const files = (count: number): string => Array.from({ length: count }, (_, i) => changed(`f${i}`)).join("");
    expect(patch(files(MAX_PATCHED_FILES)).split("; ").length).toBe(MAX_PATCHED_FILES);
    expect(patch(files(MAX_PATCHED_FILES + 1))).toBe("write . tree");
  });
});
