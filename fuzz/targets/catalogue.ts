// The catalogue's interpreter and the readers of single programs: any words give a change, the same one twice, and the same from the packed catalogue.

import { createHash } from "node:crypto";
import { optionsOf } from "../../src/change/catalogue/options-of.js";
import { openPacked, packCatalogue } from "../../src/change/catalogue/packed.js";
import { deriveWithWants, type WholeCatalogue } from "../../src/change/index.js";
import { CATALOGUE, command, FACTS } from "../../test/change/setting.js";
import { sizeBytes } from "../../test/shell/places.js";
import type { Target } from "../engine.js";
import { corpusLines } from "../seeds.js";

const whole = CATALOGUE as WholeCatalogue;
const text = packCatalogue(whole, createHash("sha256").digest("hex"));
const packed = openPacked((offset, length) => Buffer.from(text.slice(offset, offset + length))).catalogue;

const NAMES = [...Object.keys(whole.programs), ...Object.keys(whole.aliases), ...Object.keys(whole.same)];
const OPTIONS = [...new Set(Object.values(whole.programs).flatMap((program) => optionsOf(program).flatMap((option) => option.names)))];
const BELOW = [...new Set(Object.values(whole.programs).flatMap((program) => Object.keys(program.subcommands ?? {})))];
const WORDS =
  "-- - / . .. ~ * x .env $x -x=y --x=y @f :h:p h:/p file:///etc/passwd {} \\; + ::: '' 'a b' \"$(cat f)\" <<<x >o <i - -1 0 =".split(" ");

export const catalogue: Target = {
  name: "catalogue",
  seeds: () => [...corpusLines(), ...NAMES.map((name) => `${name} a b`)],
  pieces: [...NAMES, ...OPTIONS, ...BELOW, ...WORDS, ...WORDS, ...WORDS].map((word) => ` ${word} `),
  maxLength: 400,
  check(line) {
    const action = command(line);
    const derived = deriveWithWants(action, FACTS, whole);
    const said = JSON.stringify(derived);
    if (said !== JSON.stringify(deriveWithWants(action, FACTS, whole))) throw new Error("two derivations differ");
    if (said !== JSON.stringify(deriveWithWants(action, FACTS, packed))) throw new Error("the packed catalogue says something else");
    const size = sizeBytes(line);
    for (const { kind, span } of derived.change.effects)
      if (span.start > span.end || span.end > size) throw new Error(`the place of a ${kind} lies outside the line`);
  },
};
