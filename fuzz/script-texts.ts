// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text
// Scripts of builtins to start from: variables, arrays, functions, loops and tests that end in `rm`. They write no file and run no other program.

import type { Dice } from "../test/dice.js";

const NAMES = ["A", "B", "C", "D"];
const WORDS =
  'a b.c d/e .env ../x x- "" $A $B $C "$A" "$B" "$C" ${A}z "${B}"/y ${A%b} ${A#a} ${B%%.*} ${B##*/} ${A/#a/q} ${A/%b/q} ${A//[ab]/<&>} ${A:-w} ${D:-v} ${D:=u} ${A:+t} ${D+s} ${A:1} "${A:0:2}" ${A^^} ${#A} "${L[@]}" ${L[@]} "${L[*]}" ${L[1]} "${L[0]}" ${L[-1]} ${#L[@]} "${L[@]:1}" ${!L[@]} "${L[@]/#/p-}" ${L[@]%c} $1 "$1" $2 "$@" $@ "$*" $# "${@:2}" ${1%.*} "${2:-r}" $((N+1)) $((N*2))x $N {a,b} {1..3} x{,y} $i "$i" "${i%.*}" ~ ~/h'.split(
    " ",
  );
const BLANKS = [
  "'a b'",
  '"c  d"',
  '"$A $B"',
  '"$(echo a b)"',
  "$(echo c d)",
  '"$(f g h)"',
  "$(printf '%s\\n' e f)",
  "$'t\\tu'",
  "\\*",
  '"*"',
  "*",
];
const PATTERNS = ["a", "a*", "*b", "?", "[ab]", "'a b'", '"$A"', "$B", "*"];

export function scriptText(dice: Dice): string {
  const count = 2 + dice.below(4);
  return [...Array.from({ length: count }, () => statement(dice, 2)), `rm -- ${words(dice)}`].join(dice.pick(["; ", "\n"]));
}

function word(dice: Dice): string {
  return dice.pick(dice.below(3) === 0 ? BLANKS : WORDS);
}

function words(dice: Dice): string {
  return Array.from({ length: 1 + dice.below(3) }, () => word(dice)).join(" ");
}

function statement(dice: Dice, depth: number): string {
  return dice.pick(depth > 0 ? [...PLAIN, ...PLAIN, ...COMPOUND] : PLAIN)(dice, depth - 1);
}

type Make = (dice: Dice, depth: number) => string;

const PLAIN: readonly Make[] = [
  (dice) => `${dice.pick(NAMES)}=${word(dice)}`,
  (dice) => `${dice.pick(NAMES)}=${word(dice)}${word(dice)}`,
  (dice) => `${dice.pick(NAMES)}+=${word(dice)}`,
  (dice) => `L=(${words(dice)})`,
  (dice) => `${dice.pick(["", "declare ", "local ", "export "])}${dice.pick(["L", "A"])}${dice.pick(["=", "+="])}${word(dice)}`,
  (dice) =>
    `${dice.pick(["declare", "local"])} ${dice.pick(["-i", "-l", "-u", "-r", "-n", "-a", "-g", "-x", "+u"])} ${dice.pick([...NAMES, "L"])}${dice.pick(["", "=a", "=A", "=1+1", "=B"])}`,
  (dice) => `L+=(${words(dice)})`,
  (dice) => `L[${dice.pick(["0", "1", "3", "N", "-1"])}]${dice.pick(["=", "+="])}${word(dice)}`,
  (dice) => `N=${dice.pick(["1", "2", "N+1", "$((N+2))"])}`,
  (dice) => `printf -v ${dice.pick(NAMES)} '${dice.pick(["%s", "%s-%s", "%s/", "%d", "%%%s", "x%sy"])}' ${words(dice)}`,
  (dice) => `${dice.pick(["", "IFS=: ", "IFS=/ "])}read ${dice.pick(["", "-r "])}${dice.pick(NAMES)} ${dice.pick(NAMES)} <<< ${word(dice)}`,
  (dice) => `read -r -a L <<< ${word(dice)}`,
  (dice) => `set -- ${words(dice)}`,
  (dice) => `shift${dice.pick(["", " 2"])}`,
  (dice) => `unset ${dice.pick([...NAMES, "L", "'L[0]'"])}`,
  (dice) => `${dice.pick(["declare", "export", "typeset"])} ${dice.pick(NAMES)}=${word(dice)}`,
  (dice) => `((N${dice.pick(["++", "+=2", "=3", "--"])}))`,
  (dice) => `let N${dice.pick(["+=1", "=4", "++"])}`,
  (dice) => `rm -- ${words(dice)}`,
  (dice) => `f ${words(dice)}`,
];

const COMPOUND: readonly Make[] = [
  (dice, depth) => `for i in ${words(dice)}; do ${statement(dice, depth)}; rm -- ${word(dice)}; done`,
  (dice, depth) => `for i; do ${statement(dice, depth)}; rm -- "$i"; done`,
  (dice) => `for ((i=${dice.pick(["0", "N"])};i<3;i++)); do rm -- x$i ${word(dice)}; done`,
  (dice, depth) => `f() { local ${dice.pick(NAMES)}=${word(dice)}; ${statement(dice, depth)}; rm -- ${words(dice)}; }`,
  (dice) => `f() { ${dice.pick(["echo", "printf %s"])} ${words(dice)}; }`,
  (dice, depth) =>
    `case ${word(dice)} in ${dice.pick(PATTERNS)}) ${statement(dice, depth)};; ${dice.pick(PATTERNS)}|x) ${statement(dice, depth)};${dice.pick([";", "&", ";&"])} *) ${statement(dice, depth)};; esac`,
  (dice, depth) =>
    `[[ ${word(dice)} ${dice.pick(["==", "!=", "="])} ${dice.pick(PATTERNS)} ]] ${dice.pick(["&&", "||"])} ${statement(dice, depth)}`,
  (dice, depth) => `[[ ${dice.pick(["-n", "-z"])} ${word(dice)} ]] ${dice.pick(["&&", "||"])} ${statement(dice, depth)}`,
  (dice, depth) =>
    `if [ ${dice.pick(["-n", "-z"])} "$${dice.pick(NAMES)}" ]; then ${statement(dice, depth)}; else ${statement(dice, depth)}; fi`,
  (dice, depth) =>
    `if ((N ${dice.pick(["<", "==", ">="])} 2)); then ${statement(dice, depth)}; elif true; then ${statement(dice, depth)}; fi`,
  (dice, depth) => `{ ${statement(dice, depth)}; ${statement(dice, depth)}; }`,
  (dice, depth) => `( ${statement(dice, depth)}; ${statement(dice, depth)} )`,
  (dice, depth) => `while read -r i; do ${statement(dice, depth)}; rm -- "$i"; done <<< $'${dice.pick(["a\\nb", "c d\\n", "e"])}'`,
  (dice, depth) => `while ((N<3)); do ((N++)); ${statement(dice, depth)}; done`,
  (dice) => `${dice.pick(NAMES)}=$(${dice.pick(["echo", "printf '%s '", "f"])} ${words(dice)})`,
  (dice, depth) => `${statement(dice, depth)} ${dice.pick(["&&", "||"])} ${statement(dice, depth)}`,
];
