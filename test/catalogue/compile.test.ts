// The compiler of the authoring form: what it makes, and what it refuses with place and suggestion. Proves spec/catalogue.md section 1.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { compileCatalogue } from "../../src/change/catalogue/compile.js";
import { optionsOf } from "../../src/change/catalogue/options-of.js";
import { lookupProgram } from "../../src/change/programs/index.js";
import { catalogueInSpec } from "./table.js";

function problem(...texts: readonly string[]): string {
  const compiled = compileCatalogue(texts.map((text, i) => ({ name: `${"abc"[i]}.yaml`, text })));
  if (compiled.ok) return "accepted";
  const { code, at, message, hint } = compiled.problem;
  return `${code} ${at} ${message}${hint === undefined ? "" : ` (${hint})`}`;
}

describe("what the compiler refuses", () => {
  it.each([
    ["an unknown section", "program:\n  rm: {}\n", "catalogue_invalid a.yaml:1:1 unknown key `program` (did you mean `programs`?)"],
    [
      "an unknown key",
      "programs:\n  rm:\n    harmles: true\n",
      "catalogue_invalid a.yaml:3:5 unknown key `harmles` (did you mean `harmless`?)",
    ],
    [
      "an unknown role",
      "programs:\n  rm: { operands: reed }\n",
      "catalogue_invalid a.yaml:2:19 unknown role `reed` (did you mean `read`?)",
    ],
    ["a wrong type", "programs:\n  rm: { harmless: often }\n", "catalogue_invalid a.yaml:2:19 `harmless` is true or false"],
    ["an unknown model", "programs:\n  rm: { like: mr }\n", "catalogue_invalid a.yaml:2:15 `rm` is like `mr`, which is not described"],
    ["a cycle of models", "programs:\n  a: { like: b }\n  b: { like: a }\n", "catalogue_invalid a.yaml:2:3 `a` is like itself"],
    ["an option twice", 'programs:\n  a: { flags: "-x -x" }\n', "catalogue_invalid a.yaml:2:6 the option `-x` is described twice"],
    ["a broken option", 'programs:\n  a: { options: { "-x =": data } }\n', "accepted"],
    [
      "more roles than values",
      'programs:\n  a: { options: { "-x": { role: read } } }\n',
      "catalogue_invalid a.yaml:2:25 more roles than values (the name says how many values: `-x=` one, `-x==` two)",
    ],
    [
      "an effect without a system",
      "programs:\n  a: { effects: { kind: operate, operation: x } }\n",
      "catalogue_invalid a.yaml:2:17 an effect `operate` needs `system`",
    ],
    [
      "a document that is no mapping",
      "- rm\n",
      "catalogue_invalid a.yaml:1:1 a catalogue document is a mapping (its keys are programs, environment, mcp)",
    ],
    ["an empty catalogue", "programs: {}\n", "catalogue_invalid undefined the catalogue has no programs"],
  ])("%s", (_, text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it("the same program in two documents", () => {
    expect(problem("programs:\n  a: {}\n", "programs:\n  a: {}\n")).toBe("catalogue_invalid b.yaml:2:3 `a` is described twice");
  });

  it("broken YAML, with its line", () => {
    expect(problem("programs:\n  a: {\n")).toMatch(/^catalogue_invalid a\.yaml:\d+:\d+ /);
  });
});

describe("what the compiler makes", () => {
  const compiled = compileCatalogue([
    {
      name: "a.yaml",
      text: [
        "programs:",
        '  "a, b": { aliases: c, options: { "-x, --long-name=": read, "-f": force }, flags: "-q,--quiet -v", values: "-n" }',
        '  d: { like: a, harmless: true, options: { "-x=": write } }',
        "environment:",
        "  V, W: { role: data, used_by: a }",
      ].join("\n"),
    },
  ]);

  it("is sparse, sorted, and has every default left out", () => {
    expect(compiled.ok ? JSON.stringify(compiled.value) : compiled.problem).toBe(
      JSON.stringify({
        schema_version: "cavra.catalogue.v1",
        programs: {
          a: {
            options: [
              { names: ["--long-name", "-x"], arity: 1, roles: ["read"] },
              { names: ["-f"], means: "force" },
            ],
            flags: "--quiet,-q -v",
            values: "-n",
          },
          d: {
            harmless: true,
            options: [
              { names: ["-f"], means: "force" },
              { names: ["-x"], arity: 1, roles: ["write"] },
            ],
            flags: "--quiet,-q -v",
            values: "-n",
          },
        },
        aliases: { c: "a" },
        same: { b: "a" },
        environment: { V: { role: "data", used_by: ["a"] }, W: { role: "data", used_by: ["a"] } },
        mcp: [],
      }),
    );
  });

  it("unpacks to all options", () => {
    const program = compiled.ok ? compiled.value.programs.a : undefined;
    expect(optionsOf(program ?? {}).map((option) => option.names[0])).toEqual(["--long-name", "-f", "--quiet", "-v", "-n"]);
  });
});

describe("the catalogue that ships", () => {
  const catalogue = catalogueInSpec();

  it("is valid by its schema, entry by entry", () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../spec/schema/catalogue.schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
    validate(catalogue);
    expect(validate.errors ?? []).toEqual([]);
  });

  it("knows nothing by a name that a program could not have", () => {
    const names = [...Object.keys(catalogue.programs), ...Object.keys(catalogue.aliases), ...Object.keys(catalogue.same)];
    // `cavra/dist/cli.cjs`: a file that an interpreter runs, with the folders that tell it from others.
    expect(names.filter((name) => name === "" || /[\s"]/.test(name) || (name.includes("/") && !name.endsWith(".cjs")))).toEqual([]);
    expect(lookupProgram(catalogue, "__proto__")).toBeNull();
    expect(lookupProgram(catalogue, "constructor")).toBeNull();
  });

  it.each([
    ["/usr/bin/../bin/rm", "rm"],
    ["./rm", "rm"],
    ["RM", "rm"],
    ["rm.exe", "rm"],
    ["C:\\bin\\Git.EXE", "git"],
    ["python3.11", "python"],
    ["python3.11.exe", "python"],
    ["clang-15", "clang"],
    ["germinate", null],
    ["rm2", null],
    ["", null],
    ["[", "["],
    [".", "."],
  ])("finds %s", (word, name) => {
    expect(lookupProgram(catalogue, word)?.name ?? null).toBe(name);
  });
});
