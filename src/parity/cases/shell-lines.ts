// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the pieces are shell text
// Command lines by the shell's grammar, around calls of the catalogue's programs. Every construct that is written is told, so that coverage can be counted.

import type { Dice } from "./dice.js";
import type { Material } from "./material.js";
import { programCall } from "./program-lines.js";
import { path, quoted, value } from "./words.js";

export interface Line {
  readonly text: string;
  readonly constructs: readonly string[];
  readonly entries: readonly string[];
}

interface Writer {
  readonly dice: Dice;
  readonly material: Material;
  readonly constructs: string[];
  readonly entries: string[];
  pending: string;
}

export function shellLine(dice: Dice, material: Material, depth = 2): Line {
  const writer: Writer = { dice, material, constructs: [], entries: [], pending: "" };
  const text = list(writer, depth);
  return { text: text + heredocs(writer), constructs: writer.constructs, entries: writer.entries };
}

function list(w: Writer, depth: number, inside = false): string {
  let text = command(w, depth);
  for (let left = w.dice.pick(inside && w.dice.small ? ALONE : JOINED); left > 0; left--) {
    const [name, joint] = w.dice.pick(JOINTS);
    w.constructs.push(name);
    text += (name === "newline" ? heredocs(w) || joint : joint) + command(w, depth);
  }
  return text;
}

/** How many commands follow the first: short lines say more about one thing, and many of them more than a few long ones. */
const JOINED = [0, 0, 0, 0, 1, 1, 2];
/** The same inside of something in a small line: what that is, is what the line is about. */
const ALONE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

const JOINTS = [
  ["sequence", "; "],
  ["and", " && "],
  ["or", " || "],
  ["pipe", " | "],
  ["pipe_all", " |& "],
  ["background", " & "],
  ["newline", "\n"],
] as const;

function heredocs(w: Writer): string {
  const bodies = w.pending;
  w.pending = "";
  return bodies === "" ? "" : `\n${bodies}`;
}

function command(w: Writer, depth: number): string {
  if (depth <= 0 || w.dice.below(3) > 0) return simple(w, depth);
  const [name, write] = w.dice.pick(COMPOUND);
  w.constructs.push(name);
  return write(w, depth - 1) + (w.dice.once(6) ? redirect(w) : "");
}

type Write = (w: Writer, depth: number) => string;

/** A list and what must stand before a closing word. */
function body(w: Writer, depth: number): string {
  return `${list(w, depth, true)}${heredocs(w) || "; "}`;
}

const NAMES = ["A", "B", "x", "i", "PATH", "IFS", "HOME", "L"];

const COMPOUND: readonly (readonly [string, Write])[] = [
  ["group", (w, d) => `{ ${body(w, d)}}`],
  ["subshell", (w, d) => `(${body(w, d)})`],
  ["if", (w, d) => `if ${body(w, d)}then ${body(w, d)}fi`],
  ["if_else", (w, d) => `if ${body(w, d)}then ${body(w, d)}else ${body(w, d)}fi`],
  ["elif", (w, d) => `if ${body(w, d)}then ${body(w, d)}elif ${body(w, d)}then ${body(w, d)}fi`],
  ["for", (w, d) => `for ${w.dice.pick(NAMES)} in ${words(w, d)}; do ${body(w, d)}done`],
  ["for_arguments", (w, d) => `for i; do ${body(w, d)}done`],
  ["for_arithmetic", (w, d) => `for ((i=0;i<${w.dice.below(4)};i++)); do ${body(w, d)}done`],
  ["while", (w, d) => `while ${body(w, d)}do ${body(w, d)}done`],
  ["while_read", (w, d) => `while read -r i; do ${body(w, d)}done < ${path(w.dice, w.material)}`],
  ["until", (w, d) => `until ${body(w, d)}do ${body(w, d)}done`],
  [
    "case",
    (w, d) =>
      `case ${word(w, d)} in ${w.dice.pick(["a", "*", "a|b", "[ab]*", '"$x"'])}) ${list(w, d)};; *) ${list(w, d)}${w.dice.pick([";;", ";&", ";;&", ""])} esac`,
  ],
  ["select", (w, d) => `select i in ${words(w, d)}; do ${body(w, d)}done`],
  ["function", (w, d) => `${w.dice.pick(["f()", "function f", "f ()"])} { ${body(w, d)}}; f ${words(w, d)}`],
  ["test", (w, d) => `[[ ${w.dice.pick(["-f", "-n", "-z", "! -d"])} ${word(w, d)} ${w.dice.pick(["", "&& a == b", "|| $x =~ ^a"])} ]]`],
  ["arithmetic", (w) => `((${w.dice.pick(["i++", "x=1+2", "a[0]", "1<2", "x", "$x*2", "1/0", "i=-1"])}))`],
  ["coproc", (w, d) => `coproc ${simple(w, d)}`],
  ["negation", (w, d) => `! ${command(w, d)}`],
  ["time", (w, d) => `time ${w.dice.pick(["", "-p "])}${command(w, d)}`],
  [
    "nested_shell",
    (w, d) =>
      `${w.dice.pick(["bash -c", "sh -c", "eval", "sudo bash -c", "env A=1 sh -ec", "zsh -c", "timeout 5 bash -lc", "su -c", "xargs sh -c", "nohup sh -c", "ssh h"])} ${quoted(w.dice, inner(w, d))}`,
  ],
  ["heredoc_shell", (w, d) => `${w.dice.pick(["bash", "sh", "cat", "python3", "ssh h bash"])} <<'E'\n${inner(w, d)}\nE\n:`],
  ["alias", (w, d) => `alias a=${quoted(w.dice, inner(w, d))}; a`],
  ["trap", (w, d) => `trap ${quoted(w.dice, inner(w, d))} EXIT`],
  [
    "array",
    (w, d) =>
      `L=(${words(w, d)}); ${w.dice.pick(['rm "${L[@]}"', "${L[@]}", "rm ${L[1]}", "echo ${#L[@]}", "L+=(x); rm ${L[*]}", "rm ${L[-1]}"])}`,
  ],
  [
    "variable_command",
    (w, d) =>
      `x=${word(w, d)}; ${w.dice.pick(["$x", '"$x"', "rm $x", 'rm "$x"', "rm ${x%/*}", "rm ${x##*/}", "rm ${x/a/b}", "rm ${x:1:2}", "rm ${x^^}", "cat <<<$x", "eval $x", "cd $x && rm -r ."])}`,
  ],
  [
    "builtin",
    (w, d) =>
      `${w.dice.pick(["cd", "pushd", "export", "unset", "read", "set --", "shopt -s", "source", ".", "exec", "ulimit", "umask", "declare -x", "local", "printf", "echo -e", "command", "builtin", "type", "hash", "let", "mapfile -t", "getopts ab", "wait", "kill", "test", "[ -f", "IFS=:"])} ${words(w, d)}`,
  ],
];

/** A line inside of quotes, whose own here-documents stand there too. */
function inner(w: Writer, depth: number): string {
  const kept = w.pending;
  w.pending = "";
  const text = list(w, depth, true) + heredocs(w);
  w.pending = kept;
  return text;
}

function simple(w: Writer, depth: number): string {
  const { dice } = w;
  let text = "";
  if (dice.once(8)) {
    w.constructs.push("assignment");
    text += `${dice.pick([...NAMES, dice.pick(w.material.environment)])}${dice.pick(["=", "+="])}${word(w, depth)} `;
  }
  if (dice.small ? dice.once(w.entries.length === 0 ? 3 : 12) : dice.below(3) > 0) {
    const call = programCall(dice, w.material);
    w.entries.push(call.entry);
    text += call.text;
  } else text += dice.small && dice.once(2) ? dice.pick(SHORT) : `${dice.pick(COMMANDS)} ${words(w, depth)}`;
  for (let left = dice.pick(dice.small ? REDIRECTED_ONCE : REDIRECTED); left > 0; left--) text += redirect(w);
  return dice.once(25) ? `${text} # c` : text;
}

const COMMANDS = ["ls", "rm", "cat", "echo", "cp", "mv", "git", "find", "xargs", "sudo", "env", "tee", "./x", "$x", "f", "true"];
const SHORT = [
  "a",
  "f",
  "ls",
  ":",
  "true",
  "cd a",
  "rm a",
  "rm -r $x",
  "cat",
  "echo a",
  "./x",
  "$x",
  "sh",
  "git push",
  "x=a",
  "exit",
  "return",
  "shift",
];
const REDIRECTED = [0, 0, 0, 0, 0, 0, 1, 2];
const REDIRECTED_ONCE = [0, 0, 0, 0, 0, 0, 0, 1];
const REDIRECTS = [" > ", " >> ", " < ", " 2> ", " &> ", " >| ", " <> ", " &>> ", " {fd}> ", " 3< "];

function redirect(w: Writer): string {
  const { dice } = w;
  switch (dice.below(6)) {
    case 0:
      w.constructs.push("duplicate");
      return dice.pick([" 2>&1", " >&2", " <&-", " 3>&1", " 2>/dev/null", " >/dev/null 2>&1", " >&$x"]);
    case 1:
      w.constructs.push("here_string");
      return ` <<< ${word(w, 0)}`;
    case 2: {
      w.constructs.push("heredoc");
      const [open, tabs] = [dice.pick(["E", "'E'", '"E"', "\\E"]), dice.pick(["", "-"])];
      const lines = Array.from(
        { length: dice.below(3) },
        () => `${tabs && dice.pick(["", "\t"])}${dice.pick(["a", "$x b", "$(rm a)", "`ls`", "\\$x", "rm -rf /", "E x", "x \\", '"q'])}\n`,
      );
      w.pending += `${lines.join("")}${tabs && dice.pick(["", "\t"])}E\n`;
      return ` <<${tabs}${open}`;
    }
    default:
      w.constructs.push("redirect");
      return dice.pick(REDIRECTS) + path(dice, w.material);
  }
}

const MORE_WORDS = [0, 1, 2];
const MORE_WORDS_OF_SMALL = [0, 0, 0, 0, 1, 1];

function words(w: Writer, depth: number): string {
  let text = word(w, depth);
  for (let left = w.dice.pick(w.dice.small ? MORE_WORDS_OF_SMALL : MORE_WORDS); left > 0; left--) text += ` ${word(w, depth)}`;
  return text;
}

function word(w: Writer, depth: number): string {
  const { dice, material } = w;
  switch (dice.below(10)) {
    case 0:
      w.constructs.push("parameter");
      return dice.pick(PARAMETERS);
    case 1:
      if (depth <= 0) return value(dice, material);
      w.constructs.push("substitution");
      return dice.pick([
        `$(${inner(w, depth - 1)})`,
        `"$(${inner(w, depth - 1)})"`,
        `\`${programCall(dice, material).text.replaceAll(/[`\\]/g, "")}\``,
      ]);
    case 2:
      w.constructs.push("braces");
      return dice.pick(["{a,b}", "x{1..3}", "{a..e..2}", "{,.bak}", "{a,{b,c}}", "{01..3}", "a{b", "{}", "{$x,y}", "~{a,b}", "{a,b}{c,d}"]);
    case 3:
      if (depth <= 0 || dice.below(3) > 0) return path(dice, material);
      w.constructs.push("process_substitution");
      return `${dice.pick(["<", ">"])}(${inner(w, depth - 1)})`;
    case 4:
      w.constructs.push("double_quotes");
      return `"${dice.pick(["a", "$x", "${x:-b}", "\\$", "a'b", "!", "$(ls)", "*", "é"])}${dice.pick(["", "/y", "$1", "\\\\"])}"`;
    case 5:
      w.constructs.push("ansi_quotes");
      return dice.pick(["$'a\\tb'", "$'\\x2e\\x2e/x'", "$'\\u00e9'", "$'\\101'", "$'\\cA'", "$'\\U0001F600'", "$'a\\0b'", "$'\\'", '$"a"']);
    case 6:
    case 7:
      return value(dice, material);
    default:
      return path(dice, material);
  }
}

const PARAMETERS: readonly string[] =
  '$x $A "$A" ${A} ${A:-b} ${A:=c} ${A:+d} ${A:?e} ${A-"f g"} ${A#*/} ${A##*/} ${A%.*} ${A%%/*} ${A/a/b} ${A//a/b} ${A/#a/b} ${A/%a/b} ${A:1} ${A:1:2} ${A: -1} ${A^} ${A,,} ${#A} ${!A} ${!A*} ${A@Q} $# $? $$ $! $- $0 $1 ${10} $@ "$@" "$*" ${@:2} ${L[0]} "${L[@]}" ${#L[@]} ${!L[@]} $((1+2)) $((x*2)) $[1] $((1/0)) $RANDOM ${HOME}/x ${TMPDIR} ${A:-$(ls)} ${A:-{a,b}} ~/${A} ${A}{b,c}'.split(
    " ",
  );

/** All that can be written here, for coverage. */
export const CONSTRUCTS: readonly string[] = [
  ...JOINTS.map(([name]) => name),
  ...COMPOUND.map(([name]) => name),
  ..."assignment duplicate here_string heredoc redirect parameter substitution braces process_substitution double_quotes ansi_quotes".split(
    " ",
  ),
];
