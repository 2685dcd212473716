// The tables of spec/redaction.md are the tables in the code: whoever changes one without the other is told.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OPTION_ROWS, secretOptions } from "../../src/evidence/secrets/names.js";
import { tokenForms } from "../../src/evidence/secrets/tokens.js";

const spec = readFileSync(join(import.meta.dirname, "../../spec/redaction.md"), "utf8");

function rowsOf(heading: string): readonly (readonly string[])[] {
  const from = spec.indexOf(heading);
  const table = spec.slice(spec.indexOf("|---", from)).split("\n\n")[0] ?? "";
  return table
    .split("\n")
    .slice(1)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? "");

test("3.1 lists every form of token, and no other", () => {
  const written = rowsOf("### 3.1").flatMap(([kind, prefixes, alphabet, count]) =>
    quoted(prefixes ?? "").map((prefix) => `${quoted(kind ?? "")[0]} ${prefix} ${alphabet} ${count}`),
  );
  expect(written).toEqual(tokenForms().map((one) => `${one.kind} ${one.prefix} ${one.alphabet} ${one.count}`));
});

test("6.2 lists every program's options, and no other", () => {
  const written = rowsOf("### 6.2").flatMap(([programs, options, form, part]) =>
    (programs ?? "").split(" ").flatMap((program) => quoted(options ?? "").map((flag) => `${program} ${flag} ${form} ${part}`)),
  );
  const parts = {
    value: "all",
    after_colon: "behind the first `:`",
    after_equals: "behind the first `=`",
    cookie: "all, if it has a `=`; kind `cookie`",
  };
  const programs = new Set(OPTION_ROWS.flatMap(([names]) => names.trim().split(" ")));
  const coded = [...programs].flatMap((program) =>
    secretOptions(program).map(({ flag, attached, separate, part, after }) => {
      const form = attached && separate ? "both" : attached ? "attached" : "separate";
      return `${program} ${flag} ${form} ${parts[part]}${after === undefined ? "" : `, once the word \`${after}\` was seen`}`;
    }),
  );
  expect([...written].sort()).toEqual([...coded].sort());
});
