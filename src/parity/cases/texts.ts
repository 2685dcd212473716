// Texts that meet a glob of the policy, almost meet it, or miss it; and names that two engines may order, fold or cut differently.

import { hasLoneSurrogate } from "../../base/index.js";
import type { Dice } from "./dice.js";

/** Names in which engines have differed: letter case beyond ASCII, pairs of UTF-16 units, combining marks, what sorts one way by bytes and another by units. */
export const ODD_NAMES: readonly string[] = [
  "é",
  "e\u0301",
  "İ",
  "ı",
  "ſ",
  "K",
  "ß",
  "ẞ",
  "Σ",
  "ς",
  "ﬁ",
  "～",
  "😀",
  "𝒜",
  "\u202e",
  "\ufeff",
  "\u00a0",
  "\u2028",
  "\u0085",
  "\u200d",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "\u007f",
  "\u0001",
  "\u001b[31m",
  "\\",
  "\t",
  "\n",
  "\r",
  "\v",
  "\f",
  " ",
  "*",
  "?",
  "[a]",
  "{a,b}",
  "~",
  "-",
  "--",
  "..",
  ".",
  "...",
  "$",
  "%",
  "#",
  "!",
];

/** A text made from a glob: mostly one that it matches, sometimes one beside it. */
export function fromGlob(dice: Dice, glob: string, fill: (name: string) => string): string {
  const met = expanded(dice, chosen(dice, glob), fill);
  switch (dice.below(8)) {
    case 0:
      return met + dice.pick(["x", "/", "/x", ".", "~", ".bak", " ", "é"]);
    case 1:
      return met.length < 2 ? met : cut(dice, met);
    case 2:
      return recased(dice, met);
    default:
      return met;
  }
}

/** One alternative of every brace. */
function chosen(dice: Dice, glob: string): string {
  let text = glob;
  for (let left = 4; left > 0; left--) {
    const inner = /\{([^{}$]*,[^{}]*)\}/.exec(text);
    if (inner === null) return text;
    text = text.slice(0, inner.index) + dice.pick((inner[1] ?? "").split(",")) + text.slice(inner.index + inner[0].length);
  }
  return text;
}

function expanded(dice: Dice, glob: string, fill: (name: string) => string): string {
  let text = "";
  for (let at = 0; at < glob.length; at++) {
    const unit = glob.charAt(at);
    const name = unit === "$" ? /^\$\{(\w+)\}/.exec(glob.slice(at)) : null;
    if (name !== null) {
      text += fill(name[1] ?? "");
      at += name[0].length - 1;
    } else if (unit === "*" && glob.charAt(at + 1) === "*") {
      text += dice.pick(["a", "a/b", "x/.git/y", ".hidden/z", "src", ""]);
      at++;
    } else if (unit === "*") text += dice.pick(["", "a", "ab", "x.y", ".env", "é", "A"]);
    else if (unit === "?") text += dice.pick(["a", "Z", "é", "1"]);
    else if (unit === "\\") text += glob.charAt(++at);
    else if (unit === "~" && at === 0) text += fill("home");
    else text += unit;
  }
  return text;
}

function cut(dice: Dice, text: string): string {
  const at = dice.below(text.length);
  return wellFormed(text.slice(0, at) + text.slice(at + 1));
}

/** Another letter case: of one letter, of all of them, or into letters that only some ways of folding bring back. */
export function recased(dice: Dice, text: string): string {
  const at = dice.below(Math.max(1, text.length));
  switch (dice.below(4)) {
    case 0:
      return text.toUpperCase();
    case 1:
      return text.slice(0, at) + text.charAt(at).toUpperCase() + text.slice(at + 1);
    case 2:
      return text.replace("k", "\u212a").replace("s", "\u017f").replace("i", "\u0131");
    default:
      return text.replace("i", "\u0130").replace("e", "e\u0301");
  }
}

/** Where a change at random cut a pair of units in two: neither JSON nor a shell ever hands that on. */
export function wellFormed(text: string): string {
  if (!hasLoneSurrogate(text)) return text;
  return text.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
