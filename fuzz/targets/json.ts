// The strict JSON reader and the canonical writer against the platform's reader and the package `canonicalize`: what is read is what everybody reads, written alike.

import canonicalize from "canonicalize";
import { canonicalJson } from "../../src/base/canonical-json.js";
import { parseJson } from "../../src/base/parse-json.js";
import type { Target } from "../engine.js";
import { isWhole } from "../seeds.js";

const oracle = canonicalize as unknown as (value: unknown) => string | undefined;
const PIECES =
  '{ } [ ] : , " \\ \\u0000 \\ud83d \\ude00 \\u00e9 \\n \\/ \\b \\" 0 -0 1 -1 1.0 1e0 1E+2 1e-7 1e21 1e400 0.1 9007199254740993 00 +1 .5 1. true false null NaN "__proto__" "constructor" "a" "b" "\u20ac" \u00e9 \ud83d\ude00 \ufeff \t \r \n \u0000 \u007f \u2028 // /**/'.split(
    " ",
  );
const SEEDS = [
  '{"a":1,"b":[true,null,"x"]}',
  '{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}',
  "[56,1e21,1E-7,0.000001,-0,333333333.33333329,4.5,2e-3]",
  '"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"',
  '{"__proto__":{"a":[]},"a":{"a":{}}}',
  " [ ] ",
];
/** What the platform's reader takes, and two readers would take for two values. */
const STRICTER = new Set(["json_duplicate_key", "json_lone_surrogate", "json_too_deep", "json_not_finite"]);

export const json: Target = {
  name: "json",
  seeds: () => SEEDS,
  pieces: PIECES,
  maxLength: 400,
  check(text) {
    const read = parseJson(text);
    if (isWhole(text) && JSON.stringify(read) !== JSON.stringify(parseJson(Buffer.from(text))))
      throw new Error("bytes are read otherwise than text");
    const other = platformRead(text);
    if (!read.ok) {
      if (other !== undefined && !STRICTER.has(read.problem.code))
        throw new Error(`refused with ${read.problem.code}, and JSON.parse reads it`);
      return;
    }
    if (other === undefined) throw new Error("read, and JSON.parse refuses it");
    const written = canonicalJson(read.value);
    if (!written.ok) throw new Error(`what was read cannot be written: ${written.problem.code}`);
    if (written.value !== oracle(other.value)) throw new Error("written otherwise than canonicalize writes it");
    const again = parseJson(written.value);
    const twice = again.ok ? canonicalJson(again.value) : null;
    if (twice?.ok !== true || twice.value !== written.value) throw new Error("what was written is read otherwise");
  },
};

function platformRead(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
