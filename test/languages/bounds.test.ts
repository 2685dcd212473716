// The reader is total and bounded: any text gives deeds, soon, and the same ones again.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Language } from "../../src/change/deeds.js";
import { MAX_CODE_BYTES } from "../../src/change/languages/index.js";
import { deedsOf, SPAN, showDeeds } from "./show.js";

const LANGUAGES: readonly Language[] = ["python", "javascript", "perl", "ruby", "php", "awk", "sed", "sql", "redis", "mongo", "make"];

describe("limits", () => {
  it.each(LANGUAGES)("%s: code of exactly the largest size is read, one byte more is not", (language) => {
    const line = language === "make" ? "#" : language === "redis" ? "x" : " ";
    expect(showDeeds(language, line.repeat(MAX_CODE_BYTES))).not.toContain(`opaque limit_exceeded ${language}`);
    expect(showDeeds(language, line.repeat(MAX_CODE_BYTES + 1))).toEqual([`opaque limit_exceeded ${language}`]);
  });

  it("counts bytes and not characters", () => {
    expect(showDeeds("python", `# ${"é".repeat(MAX_CODE_BYTES / 2)}`)).toEqual(["opaque limit_exceeded python"]);
  });

  it.each([
    ["a NUL", "print(1)\u0000"],
    ["half of a pair", "print('\ud800')"],
    ["the other half", "print('\udc00')"],
  ])("refuses %s", (_, code) => {
    expect(showDeeds("python", code)).toEqual(["opaque unknown_code python"]);
  });

  it("says what was read before the depth was too much", () => {
    const code = `import os; os.remove('a'); x = ${"(".repeat(2_000)}${")".repeat(2_000)}`;
    expect(showDeeds("python", code)).toEqual(["delete 'a'", "opaque limit_exceeded python"]);
  });

  it.each([
    ["python", "open('a');", "read 'a'"],
    ["awk", '{ print > "a" }\n', "write 'a'"],
    ["sed", "w a\n", "write 'a'"],
    ["sql", "delete from t;", "operate database delete_all 't'"],
    ["make", "include a\n", "script:make 'a'"],
  ] as const)("says that there is more than 2,000 deeds, and of what: %s", (language, line, deed) => {
    expect(showDeeds(language, line.repeat(2_000))).toEqual(Array(2_000).fill(deed));
    expect(showDeeds(language, line.repeat(2_001))).toEqual([...Array(2_000).fill(deed), `opaque limit_exceeded ${language}`]);
  });

  it("puts texts together up to their longest, and no further", () => {
    const text = "x".repeat(128);
    expect(deedsOf("awk", `BEGIN { c = "${text}"; system(${"c ".repeat(128)}) }`)).toMatchObject([{ code: { text: text.repeat(128) } }]);
    expect(showDeeds("awk", `BEGIN { c = "${text}"; system(${"c ".repeat(128)} "x") }`)).toEqual(["opaque unknown_code shell"]);
    const most = `a = ${"é".repeat(4_096)}\nall:\n\t${"$a".repeat(64)}`;
    expect(deedsOf("make", most)).toMatchObject([{ code: { text: "é".repeat(262_144) } }]);
    expect(showDeeds("make", `${most}$a`)).toEqual(["opaque limit_exceeded make", "opaque unknown_code make"]);
  });

  it.each([
    ["names behind COPY", "COPY ", "FROM ", ""],
    ["names behind INTO", "SELECT ", "INTO ", ""],
    ["names behind DELETE", "x ", "(DELETE) ", ""],
    ["statements inside of statements", "", "PREPARE a AS ", ""],
    ["strings inside of strings", "SELECT ", "dblink(", "'x'"],
  ])("ends soon where SQL has many %s", (_, head, atom, tail) => {
    expect(deedsOf("sql", head + atom.repeat(9_000) + tail).length).toBeLessThanOrEqual(2_001);
  });

  it("says that code cannot be known also beyond 2,000 deeds", () => {
    expect(showDeeds("python", `${"open('a');".repeat(2_000)}eval(x)`).at(-1)).toBe("opaque unknown_code python");
  });

  it("keeps names like `__proto__` and `constructor` apart from the tables", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(showDeeds("python", `import os; ${name}('x'); os.${name}('x'); y.${name}('x')`)).toEqual([]);
    }
  });
});

const HOSTILE = [
  "(",
  "[",
  "{",
  "a.",
  "a(",
  "$a[",
  '"$a["',
  "`${",
  '"#{',
  "<",
  "<<A\n",
  "/[",
  "s/[",
  "\\",
  "'",
  "x='a'*99;",
  "lambda:",
  "[x for x in ",
  "delete(",
  "load_file(",
  "print ",
  "$(a ",
  "=>",
  "$$",
  '"a"|getline;',
  "`${=/[",
  "a,",
];

describe("hostile texts end soon", () => {
  it.each(LANGUAGES)(
    "%s",
    (language) => {
      for (const atom of HOSTILE) {
        const code = atom.repeat(Math.floor(40_000 / atom.length));
        expect(deedsOf(language, code).length).toBeLessThanOrEqual(2_001);
      }
    },
    60_000,
  );
});

const WORDS = [
  ..."( ) [ ] { } , ; : . = == + - * / % ' \" ` \\ \n $ @ # ! | & < > ? ~ ^ => -> :: ${ #{ @{ <<E E".split(" "),
  ..."os system import from as def for in if else exec eval open 'x' \"y\" 1 chr join map lambda class return fs require child_process execSync const let unlink s/a/b/ qw(a) do end puts print getline DELETE FROM WHERE e w r a x".split(
    " ",
  ),
  "\n",
  " ",
  "é",
  "😀",
  "\t",
];

describe("any text", () => {
  it.each(LANGUAGES)("%s: gives deeds with the span that was given, the same each time", (language) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }), fc.constantFrom("", " "), (words, glue) => {
        const code = words.join(glue);
        const deeds = deedsOf(language, code);
        for (const deed of deeds) expect(deed.span).toEqual(SPAN);
        expect(deedsOf(language, code)).toEqual(deeds);
        const opaque = deeds.filter((deed) => deed.kind === "opaque").map((deed) => JSON.stringify(deed));
        expect(language === "mongo" ? 0 : opaque.length - new Set(opaque).size).toBe(0);
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it("a known deed stays when harmless lines are put around it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("x = 1", "print('a')", "y = [i for i in range(3)]", "# os.remove('z')", "def f(a):\n    return a"), {
          maxLength: 6,
        }),
        fc.nat(6),
        (lines, at) => {
          const all = ["import os", ...lines];
          all.splice(1 + Math.min(at, lines.length), 0, "os.remove('q')");
          expect(showDeeds("python", all.join("\n"))).toEqual(["delete 'q'"]);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });
});
