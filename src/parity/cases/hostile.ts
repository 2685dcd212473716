// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text
// Texts that no friend would write: broken open quotes, deep nesting, sixteen kilobytes, control characters, letters that fold, escapes that end too early.
// At least a third of a campaign is made of them.

import { type Dice, diceFor, type Seed } from "./dice.js";
import type { Material } from "./material.js";
import { programCall } from "./program-lines.js";
import { shellLine } from "./shell-lines.js";
import { ODD_NAMES, recased, wellFormed } from "./texts.js";

export interface Hostile {
  readonly text: string;
  /** Which kind of malice, for counting. */
  readonly kind: string;
}

/** Material with lines that stand ready to be changed. */
export interface Stocked extends Material {
  readonly known: (dice: Dice) => string;
}

/** So many lines begin the changed ones of a campaign: each is made once, when it is first drawn, and changed in hundreds of ways. */
const STOCK = 16_384;
/** Where the throws of the stock begin, behind those of the worlds. */
const STOCK_AT = -65_536;

export function stocked(seed: Seed, material: Material): Stocked {
  const made: (string | undefined)[] = Array.from({ length: STOCK });
  const drawn = (dice: Dice) => {
    const at = dice.below(STOCK);
    const text = made[at] ?? lineFor(diceFor(seed, STOCK_AT - at), material);
    made[at] = text;
    return text;
  };
  return { ...material, known: (dice) => (dice.small ? shortOf(drawn, dice) : drawn(dice)) };
}

function lineFor(dice: Dice, material: Material): string {
  if (dice.once(2) && material.lines.length > 0) return givenLine(dice, material);
  return dice.once(2) ? programCall(dice, material).text : shellLine(dice, material, 1).text;
}

export function hostileLine(dice: Dice, material: Stocked): Hostile {
  const kind = dice.pick(KINDS);
  return { text: MAKERS[kind](dice, material), kind };
}

export const HOSTILE_KINDS = ["mutated", "soup", "open", "deep", "long", "unicode", "control", "escape", "spliced", "limits"] as const;
type Kind = (typeof HOSTILE_KINDS)[number];

/** By weight: what is slow to judge is drawn less, and what has found most is drawn most. */
const KINDS: readonly Kind[] = [
  ..."mutated mutated mutated mutated mutated mutated mutated mutated soup soup soup soup open open open unicode unicode unicode control control escape escape escape spliced spliced spliced".split(
    " ",
  ),
] as unknown as readonly Kind[];
const RARE: readonly Kind[] = ["deep", "long", "limits"];
/** Instead of so many changed lines one of these is drawn: some four hundred in a million cases, each of which takes as long as a hundred others. */
const SELDOM = 250;

const SOUP: readonly string[] = [
  ..." ;\t;\n;\\\n;&;&&;|;||;|&;(;);{;};((;));$((;$(;`;';\";$';$\";${;${x:-;${x#;${x/;${x//;${x^;${#;${!;$[;];[[;]];[;#; #;=;+=;a=;a=(;a[;b[1]=;if;then;else;elif;fi;for;in;do;done;while;until;case;esac;select;function;coproc;time;!;<;>;>>;<<;<<-;<<<;>&;<&;&>;&>>;>|;<>;2>;<(;>(;E;\nE\n;'E';a;ls;rm;x;1;-p;--;-rf;*;?;@(;+(;!(;\\;\\\\;\\$;\\\";\\';\\`;$x;$1;$#;$@;$$;$;~;,;/;:;^;%;==;=~;-eq;f();\r;é;export;eval;sudo;bash -c ;python3 -c ;awk ;sed ;xargs ;find . ;git ;cd ;../;.env;/etc/;0x;{a,b};$'\\x;\\u;\u0000;$${;[[:;:]];[!;[a-;]*;/proc/self/cwd;/dev/fd/3".split(
    ";",
  ),
  ";",
  ";;",
];

function soup(dice: Dice): string {
  let text = "";
  for (let left = 1 + dice.below(14); left > 0; left--) text += dice.pick(SOUP) + (dice.once(3) ? " " : "");
  return text;
}

/** One that was given. */
export function givenLine(dice: Dice, { lines }: Material): string {
  return dice.small ? shortOf(() => dice.pick(lines), dice) : dice.pick(lines);
}

/** The first of four that is short, else the last. */
function shortOf(draw: (dice: Dice) => string, dice: Dice): string {
  let text = draw(dice);
  for (let left = 3; left > 0 && text.length > SHORT_UNITS; left--) text = draw(dice);
  return text;
}

const SHORT_UNITS = 32;

const CHANGES = [1, 2, 3, 4];
const CHANGES_OF_SMALL = [1, 1, 1, 2];

export function mutated(dice: Dice, text: string, other: string): string {
  let result = text;
  for (let left = dice.pick(dice.small ? CHANGES_OF_SMALL : CHANGES); left > 0; left--) {
    const at = dice.below(result.length + 1);
    const end = at + 1 + dice.below(dice.once(2) ? 3 : 12);
    const [before, part, after] = [result.slice(0, at), result.slice(at, end), result.slice(end)];
    const from = dice.below(other.length + 1);
    result = dice.pick([
      before + after,
      before + part + part + after,
      before + dice.pick(SOUP) + part + after,
      before + dice.pick(SOUP) + after,
      before + other.slice(from, from + 8) + part + after,
    ]);
  }
  return wellFormed(result);
}

const OPENERS = [
  "'",
  '"',
  "`",
  "$(",
  "${",
  "$((",
  "(",
  "{ ",
  "[[ ",
  "((",
  "if ",
  "case x in ",
  "for i in a; do ",
  "<<E\n",
  "$'",
  "<(",
  "${x:-",
  "${x[",
  "\\",
  "a=(",
  "f() {",
  "while ",
];
const NESTS: readonly (readonly [string, string])[] = [
  ["$(", ")"],
  ["(", ")"],
  ["{ ", "; }"],
  ['"$(', ')"'],
  ["${x:-", "}"],
  ["`", "`"],
  ["if a; then ", "; fi"],
  ["[[ ( ", " ) ]]"],
  ["$((", "))"],
  ["bash -c '", "'"],
  ["<(", ")"],
  ["a{b,", "}"],
  ["! ", ""],
  ["sudo ", ""],
  ["eval ", ""],
  ["env -S '", "'"],
  ["((", "))"],
  ["${x/", "/}"],
];

const MAKERS: Readonly<Record<Kind, (dice: Dice, material: Stocked) => string>> = {
  mutated(dice, material) {
    if (dice.once(SELDOM)) return MAKERS[dice.pick(RARE)](dice, material);
    return mutated(dice, material.known(dice), material.known(dice));
  },
  soup: (dice) => soup(dice),
  open: (dice, material) =>
    `${material.known(dice)}${dice.pick([" ", "; ", "\n", ""])}${dice.pick(OPENERS)}${dice.once(2) ? material.known(dice) : soup(dice)}`,
  deep(dice, material) {
    const depth = dice.pick([2, 5, 20, 63, 64, 65, 100, 127, 128, 129, 200, 400]);
    const [open, close] = dice.pick(NESTS);
    return open.repeat(depth) + programCall(dice, material).text + close.repeat(dice.once(8) ? depth - 1 : depth);
  },
  long(dice, material) {
    const piece = dice.pick([
      "a",
      "a ",
      "x=1; ",
      "rm a\n",
      "'q' ",
      "$x",
      "{a,b}",
      "é",
      "\\",
      "| cat ",
      "../",
      "a/",
      "-v ",
      "$(a)",
      "*",
      "# ",
    ]);
    return `${programCall(dice, material).text} ${piece.repeat(Math.ceil(dice.pick(LENGTHS) / piece.length))}`;
  },
  unicode(dice, material) {
    const text = material.known(dice);
    const at = dice.below(text.length + 1);
    return wellFormed(dice.once(2) ? recased(dice, text) : text.slice(0, at) + dice.pick(ODD_NAMES) + text.slice(at));
  },
  control(dice, material) {
    const text = material.known(dice);
    const at = dice.below(text.length + 1);
    return wellFormed(
      text.slice(0, at) +
        String.fromCharCode(dice.pick([0, 0, 1, 7, 8, 9, 11, 12, 13, 27, 127, 128, 133, 160, 0x2028, 0xfeff, 0xfffd, 0xffff])) +
        text.slice(at),
    );
  },
  escape: (dice, material) =>
    `${programCall(dice, material).text} ${dice.pick(["$'", '"', "'", "", "echo -e '", "printf '", "python3 -c '", "awk '", "sed 's/"])}${Array.from({ length: 1 + dice.below(4) }, () => dice.pick(ESCAPES)).join("")}${dice.pick(["'", '"', "", "/'"])}`,
  spliced(dice, material) {
    const [left, right] = [material.known(dice), material.known(dice)];
    return wellFormed(left.slice(0, dice.below(left.length + 1)) + right.slice(dice.below(right.length + 1)));
  },
  limits: (dice) => dice.pick(LIMITS)(dice),
};

const LENGTHS = [200, 200, 200, 1_000, 1_000, 1_000, 4_096, 4_096, 4_096, 16_384];

const ESCAPES = [
  "\\x",
  "\\x4",
  "\\x41",
  "\\u",
  "\\u00",
  "\\ud800",
  "\\u{110000}",
  "\\U0010ffff",
  "\\U00110000",
  "\\0",
  "\\08",
  "\\777",
  "\\c",
  "\\c\\",
  "\\N{DASH}",
  "\\",
  "\\\\",
  "\\'",
  '\\"',
  "\\e",
  "%",
  "%b",
  "%5$s",
  "%q",
  "&#x41;",
  "\\\n",
  "\\z",
];

const LIMITS: readonly ((dice: Dice) => string)[] = [
  (dice) => `rm ${"a ".repeat(dice.pick([255, 256, 257, 1023, 1024, 1025]))}`,
  (dice) => `rm {1..${dice.pick([1000, 1023, 1024, 1025, 99999])}}`,
  (dice) => `rm ${"/a".repeat(dice.pick([100, 2047, 2048, 2049]))}`,
  (dice) => `x=${"a".repeat(dice.pick([1, 4095, 4096, 4097]))}; rm $x$x`,
  (dice) => "a;".repeat(dice.pick([100, 999, 1000, 1001, 2000])),
  (dice) => `${"a() { b; }; ".repeat(dice.pick([10, 100, 300]))}a`,
  (dice) => `rm ${"{a,b}".repeat(dice.pick([5, 9, 10, 11, 14]))}`,
  (dice) => `echo $((${"1+".repeat(dice.pick([10, 255, 256, 300]))}1))`,
  (dice) => `f() { f${dice.pick(["", " $1x", "; f"])}; }; f a`,
  (dice) =>
    `echo $((${dice.pick(["9007199254740991", "9007199254740992", "0x7fffffff", "1<<53", "2**53", "-7/2", "-7%3", "08", "1e3", "99999999999999999"])}${dice.pick(["", "+1", "*2", "-1"])}))`,
];
