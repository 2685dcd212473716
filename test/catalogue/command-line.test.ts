// How a command line is cut into options and operands, one table for each feature of the grammar. Proves spec/catalogue.md section 7.

import { describe, expect, it } from "vitest";
import { cutCommandLine } from "../../src/change/catalogue/command-line.js";
import type { Grammar, Option } from "../../src/change/catalogue/model.js";
import { showValue, words } from "./table.js";

const OPTIONS: readonly Option[] = [
  { names: ["--recursive", "-r", "-R"] },
  { names: ["--force", "-f"] },
  { names: ["--output", "-o"], arity: 1 },
  { names: ["--color"], arity: 1, optional: true },
  { names: ["-i"], arity: 1, optional: true },
  { names: ["-l"], arity: 1, optional: true, digits: true },
  { names: ["--pair"], arity: 2 },
  { names: ["--code", "-c"], arity: 1, last: true },
  { names: ["--no-verify"] },
  { names: ["-TT"], arity: 1 },
  { names: ["if"], arity: 1 },
];

/** `name=value,value` for options (`!` taken back), `|`, operands; `?` marks unknown, `~` unlisted words. */
function cut(line: string, grammar: Grammar = {}): string {
  const { options, operands, separator, unlisted, unknown } = cutCommandLine(
    grammar,
    OPTIONS,
    words(line).map((value, i) => ({ value, span: { start: i, end: i + 1 } })),
  );
  const shown = options.map(({ means, negated, values }) => {
    const given = values.length === 0 ? "" : `=${values.map((one) => showValue(one.value)).join(",")}`;
    return `${negated ? "!" : ""}${means}${given}`;
  });
  const more = [
    ...(separator === null ? [] : [`--${separator}`]),
    ...unlisted.map((one) => `~${showValue(one.value)}`),
    ...unknown.map((one) => `?${showValue(one.value)}`),
  ];
  return [...shown, "|", ...operands.map((one) => showValue(one.value)), ...more].join(" ");
}

const TABLES: Readonly<Record<string, { readonly grammar?: Grammar; readonly rows: readonly (readonly [string, string])[] }>> = {
  "GNU permutation and the end of options": {
    rows: [
      ["a -r b --force", "recursive force | a b"],
      ["-r -- -f a -- b", "recursive | -f a -- b --0"],
      ["a -- b", "| a b --1"],
      ["- -r", "recursive | -"],
      ["", "|"],
    ],
  },
  "clusters and values": {
    rows: [
      ["-rf a", "recursive force | a"],
      ["-rofile a", "recursive output=file | a"],
      ["-ro file a", "recursive output=file | a"],
      ["-o=file a", "output=file | a"],
      ["-o", "output |"],
      ["-i.bak a", "i=.bak | a"],
      ["-i a", "i | a"],
      ["-l012r a", "l=012 recursive | a"],
      ["-lr a", "l recursive | a"],
      ["-TT x a", "TT=x | a"],
      ["-rxf a", "recursive x force | a ~-rxf"],
    ],
  },
  "long options": {
    rows: [
      ["--output=x a", "output=x | a"],
      ["--output x a", "output=x | a"],
      ["--output= a", 'output="" | a'],
      ["--color a", "color | a"],
      ["--color=auto a", "color=auto | a"],
      ["--pair a b c", "pair=a,b | c"],
      ["--pair=a b c", "pair=a,b | c"],
      ["--force=x a", "force | a ~--force=x"],
      ["--rec a", "rec | a ~--rec"],
      ["--nope=1 a", "nope | a ~--nope=1"],
    ],
  },
  abbreviations: {
    grammar: { abbreviate: true },
    rows: [
      ["--rec a", "recursive | a"],
      ["--out=x", "output=x |"],
      ["--co x", "co | x ~--co"],
      ["--colo=x", "color=x |"],
      ["--f", "force |"],
    ],
  },
  negation: {
    grammar: { negate: true, abbreviate: true },
    rows: [
      ["--force --no-force a", "force !force | a"],
      ["--no-f a", "!force | a"],
      ["--no-verify", "no_verify |"],
      ["--verify", "!no_verify |"],
      ["--no-output x", "!output | x"],
    ],
  },
  "one dash for long names": {
    grammar: { long: "single" },
    rows: [
      ["-TT=x a", "TT=x | a"],
      ["--TT x a", "TT=x | a"],
      ["-rf a", "rf | a ~-rf"],
    ],
  },
  "the end of options at an operand": {
    grammar: { options_end: "first_operand" },
    rows: [
      ["-r a -f", "recursive | a -f"],
      ["-r -- a -- -f", "recursive | a -- -f --0"],
      ["-c x -f", "code=x | -f"],
    ],
  },
  "the end of options at the second operand": {
    grammar: { options_end: "second_operand" },
    rows: [["-r a -f b -r", "recursive force | a b -r"]],
  },
  "key and value": {
    grammar: { key_value: true },
    rows: [
      ["if=a of=b", "if=a | of=b"],
      ["if=$X", "if=$ |"],
    ],
  },
  "leading cluster": {
    grammar: { leading_cluster: true },
    rows: [
      ["rof x a", "recursive output=x force | a"],
      ["-r of", "recursive | of"],
    ],
  },
  "plus and numbers": {
    grammar: { plus: true, number: true },
    rows: [
      ["-r +r a", "recursive !recursive | a"],
      ["-12 a", "number=12 | a"],
    ],
  },
  "options that are not listed and take a value": {
    grammar: { unlisted: "value" },
    rows: [
      ["--bucket b --dry --x=1 a", "bucket=b dry x=1 | a ~--bucket ~--dry ~--x=1"],
      ["-gname a", "g=name | a ~-gname"],
    ],
  },
  "words that are not known": {
    rows: [
      ["-r$X a", "recursive | a ?-r$"],
      ["-o$X a", "output=$ | a"],
      ["--output=x$Y a", "output=x$ | a"],
      ["--out$X a", "| a ?--out$"],
      ["$X a", "| $ a ?$"],
      ["-- $X", "| $ --0"],
      ["a$X", "| a$"],
      ["*.c -r", "recursive | ~*.c ?~*.c"],
    ],
  },
};

describe("cutting a command line", () => {
  for (const [feature, { grammar, rows }] of Object.entries(TABLES)) {
    describe(feature, () => {
      it.each(rows)("%s", (line, expected) => {
        expect(cut(line, grammar)).toBe(expected);
      });
    });
  }
});
