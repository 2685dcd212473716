// What an operator makes of two operands: texts put together, numbers reckoned with, choices. Implements spec/languages.md sections 5.3 and 6.6.
// Twin of go/change/languages/combining.go.

import { letGo } from "./calls.js";
import { folded } from "./folding.js";
import { alternatives, choiceThing, concat, isHidden, joinPaths, listThing, numberThing, PLAIN, type Thing, UNKNOWN } from "./things.js";
import type { World } from "./world.js";

/** The operators that give either of their operands. */
export const EITHER: readonly string[] = ["||", "or", "??", "&&", "and", "//", "?:"];

/** The value of `left operator right`. */
export function combine(world: World, operator: string, left: Thing, right: Thing): Thing {
  const { language } = world;
  if (EITHER.includes(operator) && !(operator === "//" && language !== "perl")) return choiceThing([left, right]);
  const text = operator === "." || (operator === "+" && language !== "perl" && language !== "php");
  if (text && !(left.kind === "number" && right.kind === "number")) return concat(left, right);
  if (left.kind === "number" && right.kind === "number") return arithmetic(operator, left.number, right.number);
  if (
    operator === "/" &&
    [left, right].some((one) => alternatives(one).some((thing) => thing.kind === "object" && thing.type === "path"))
  ) {
    return { kind: "object", type: "path", of: joinPaths(left, right) };
  }
  if (operator === "%" && (language === "python" || language === "ruby")) return folded(world, "percent", left, [right]);
  if (operator === "x" || (operator === "*" && (language === "python" || language === "ruby")))
    return folded(world, "repeat", left, [right]);
  // `list << function` in ruby hands it on; a comparison gives nothing away.
  if (operator === "<<") letGo(world, right);
  if (operator === "<<" && language === "ruby") return appended(left, right);
  // Bits of texts are a text, as are captures and ranges: none of them is known, and none is plain.
  return ["/", "*", "%"].includes(operator) || MAKES_TEXT[language]?.includes(operator) ? UNKNOWN : PLAIN;
}

const MAKES_TEXT: Partial<Record<World["language"], readonly string[]>> = {
  perl: ["=~", "|", "&", "^", "..", "..."],
  ruby: ["..", "...", "|", "&"],
  php: ["|", "&", "^"],
};

// `s << x` in ruby: the text with another behind it, the list with one more item.
function appended(left: Thing, right: Thing): Thing {
  if (left.kind === "choice") return choiceThing(left.items.map((one) => appended(one, right)));
  if (left.kind === "list") return listThing([...left.items, right]);
  return left.kind === "value" || isHidden(left) ? concat(left, right) : left;
}

function arithmetic(operator: string, left: number, right: number): Thing {
  const results: Record<string, number> = {
    "+": left + right,
    "-": left - right,
    "*": left * right,
    "^": left ^ right,
    "|": left | right,
    "&": left & right,
  };
  const result = Object.hasOwn(results, operator) ? results[operator] : undefined;
  return result !== undefined && Number.isSafeInteger(result) ? numberThing(result) : UNKNOWN;
}
