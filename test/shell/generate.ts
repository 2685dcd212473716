// Makes shell text for the oracles: by a grammar, as a soup of tokens, and by changing texts that exist. Seeded, so that a failure can be seen again.

import type { Dice } from "../dice.js";

const SOUP: readonly string[] = [
  ..." ;\t;\n;\\\n;&;&&;|;||;|&;(;);{;};((;));$((;$(;`;';\";$';$\";${;${x:-;${x#;${x/;${x//;${x^;${#;${!;$[;];[[;]];[;#; #;=;+=;a=;a=(;a[;b[1]=".split(
    ";",
  ),
  ..."if;then;else;elif;fi;for;in;do;done;while;until;case;esac;select;function;coproc;time;!;<;>;>>;<<;<<-;<<<;>&;<&;&>;&>>;>|;<>;2>;1<;{f}>;<(;>(;E;\nE\n;'E'".split(
    ";",
  ),
  ..."a;b;ls;x;1;-p;--;-;*;?;@;+(;@(;!(;?(;\\;\\\\;\\$;\\\";\\';\\`;$x;$1;$#;$@;$$;$;~;,;/;:;^;%;-f;==;=~;-eq;f();\r;é;export;declare;local;eval".split(
    ";",
  ),
  ";",
  ";;",
  ";&",
  "; ",
  "x(){ a;}",
];

/** Tokens one after the other, without regard to grammar. */
export function soup(d: Dice): string {
  let text = "";
  const count = 1 + d.below(12);
  for (let i = 0; i < count; i++) text += d.pick(SOUP) + (d.below(3) === 0 ? " " : "");
  return text;
}

/** A text with a few characters or tokens taken out, put in, doubled or swapped. */
export function mutate(d: Dice, text: string): string {
  let result = text;
  const count = 1 + d.below(3);
  for (let i = 0; i < count; i++) {
    const at = d.below(result.length + 1);
    const size = 1 + d.below(4);
    switch (d.below(4)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + size);
        break;
      case 1:
        result = result.slice(0, at) + d.pick(SOUP) + result.slice(at);
        break;
      case 2:
        result = result.slice(0, at) + result.slice(at, at + size) + result.slice(at);
        break;
      default:
        result = result.slice(0, at) + d.pick(SOUP) + result.slice(at + size);
    }
  }
  return result;
}

/** Text that follows the grammar. Programs are `p1` to `p9` (they succeed) and `f1` to `f9` (they fail), so that it can be run. */
export function script(d: Dice, depth = 2, runnable = false): string {
  const writer: Writer = { d, pending: [], runnable };
  return list(writer, depth, true) + flush(writer, true);
}

interface Writer {
  readonly d: Dice;
  pending: string[];
  /** Only what `runStatically` can tell. */
  readonly runnable: boolean;
}

function flush(w: Writer, last: boolean): string {
  const bodies = w.pending.join("");
  w.pending = [];
  return bodies === "" && last ? "" : `\n${bodies}`;
}

function list(w: Writer, depth: number, newlines: boolean): string {
  let text = "";
  const count = 1 + w.d.below(depth > 1 ? 3 : 2);
  for (let i = 0; i < count; i++) {
    text += andOr(w, depth);
    if (i < count - 1) text += newlines && w.d.below(3) === 0 ? flush(w, false) : w.d.pick([";", "; ", " ; ", " & ", "&"]);
  }
  return text;
}

function andOr(w: Writer, depth: number): string {
  let text = pipeline(w, depth);
  for (let more = w.d.below(4); more > 2; more--) {
    text += w.d.pick([" && ", "&&", " || ", "||", " &&\\\n "]) + pipeline(w, depth);
  }
  return text;
}

function pipeline(w: Writer, depth: number): string {
  let text = w.d.below(12) === 0 ? "! " : "";
  text += command(w, depth);
  for (let more = w.d.below(5); more > 3; more--) text += w.d.pick([" | ", "|", " |& "]) + command(w, depth);
  return text;
}

function command(w: Writer, depth: number): string {
  const kind = depth <= 0 ? 0 : w.d.below(16);
  const inner = (closer: string) =>
    `${list(w, depth - 1, true)}${w.pending.length > 0 ? flush(w, false) : w.d.pick([";", "; ", "\n"])}${closer}`;
  switch (kind) {
    case 8:
      return `{ ${inner("}")}${redirects(w, 2)}`;
    case 9:
      return `(${list(w, depth - 1, false)}${w.d.pick(["", " ", ";"])})${redirects(w, 2)}`;
    case 10:
      return `if ${inner("then ")}${inner(w.d.pick(["fi", "fi", `else ${inner("fi")}`, `elif ${inner("then ")}${inner("fi")}`]))}`;
    case 11:
      return `for v in ${words(w, depth)}; do ${inner("done")}${redirects(w, 2)}`;
    case 12:
      return `case ${word(w, depth)} in ${w.d.pick(["", "("])}a|*) ${list(w, depth - 1, false)} ;; ${w.d.pick(["", "b) ;; "])}esac`;
    case 13:
      return `[[ ${word(w, 0)} ${w.d.pick(["==", "!=", "=", "-nt"])} ${word(w, 0)}${w.d.pick(["", " && -n a", " || ! ( -f b )"])} ]]`;
    case 14:
      return w.d.pick([`((${arithmetic(w)}))`, `while f1; do ${inner("done")}`, `until p1; do ${inner("done")}`]);
    case 15:
      return `g${w.d.below(3)}${w.d.pick(["() ", " ( ) ", "()\n"])}{ ${inner("}")}`;
    default:
      return simple(w, depth);
  }
}

function simple(w: Writer, depth: number): string {
  let text = "";
  for (let more = w.d.below(6); more > 4; more--)
    text += `${w.d.pick(["A", "B", "_c"])}${w.d.pick(["=", "=", "+="])}${w.d.pick(["", word(w, depth)])} `;
  if (w.d.below(12) === 0) return `${text}A=${word(w, depth)}`;
  if (w.d.below(20) === 0) return `A=(${words(w, depth)})`;
  text += w.d.pick(["p", "p", "p", "f"]) + (1 + w.d.below(9));
  const count = w.d.below(4);
  for (let i = 0; i < count; i++) text += w.d.pick([" ", " ", "  ", "\t", " \\\n"]) + word(w, depth);
  return text + redirects(w);
}

/** `kinds`: 2 leaves out what gives a standard input. */
function redirects(w: Writer, kinds = 6): string {
  if (w.d.below(6) > 0) return "";
  const kind = w.d.below(w.runnable ? kinds : 6);
  if (kind === 0) return ` </dev/null`;
  if (kind === 1) return w.d.pick([" 2>&1", " 2>&-", " >&2", " 3<&0"]);
  if (kind === 2) return ` <<<${w.d.pick(["", " "])}${word(w, 0)}`;
  const tabs = w.d.pick(["", "-"]);
  const quoted = w.d.below(2) === 0;
  const delimiter = w.d.pick(["E", "EOF", "E1"]);
  const lines = [0, 1, 2]
    .slice(0, w.d.below(3))
    .map(
      () =>
        `${tabs && w.d.pick(["", "\t"])}${w.d.pick(["a", "$A b", "\"q\" 'r'", "\\$x \\\\ \\n", "$(p1 x)", "`p2`", "${x:-d e}", "x \\", "EOFx"])}\n`,
    );
  w.pending.push(`${lines.join("")}${tabs && w.d.pick(["", "\t"])}${delimiter}\n`);
  return ` <<${tabs}${quoted ? w.d.pick([`'${delimiter}'`, `"${delimiter}"`, `\\${delimiter}`]) : delimiter}`;
}

function words(w: Writer, depth: number): string {
  return [0, 1, 2]
    .slice(0, 1 + w.d.below(3))
    .map(() => word(w, depth))
    .join(" ");
}

function word(w: Writer, depth: number): string {
  let text = "";
  const count = 1 + w.d.below(3);
  for (let i = 0; i < count; i++) text += part(w, depth);
  return text;
}

const PLAIN = ["a", "b", "xyz", "-r", "--o=1", "1", "a.b/c", "=", "a#b", "%", "+", ",", ":", "]", "\\\n"] as const;
const QUOTED = ["'a b'", "''", "'\"$x'", "\\ ", "\\$", '\\"', "\\a", "$'a\\tb'", "$'\\x41\\'\\n'", "$'\\u00e9'", "é"] as const;
const EXPANSIONS = [
  "$x",
  "$A",
  "${A}",
  "$1",
  "$#",
  "${x:-d}",
  "${x:-a b}",
  "${A:+y}",
  '${x-"q r"}',
  "${A#a}",
  "${A%%b*}",
  "${#A}",
  "$((1+2))",
  "$[3]",
] as const;

function part(w: Writer, depth: number): string {
  switch (w.d.below(9)) {
    case 0:
    case 1:
      return w.d.pick(QUOTED);
    case 2:
      return w.d.pick(EXPANSIONS);
    case 3:
      return `"${doubled(w, depth)}"`;
    case 4:
      return depth > 0 ? substitution(w, depth) : "a";
    default:
      return w.d.pick(PLAIN);
  }
}

function doubled(w: Writer, depth: number): string {
  let text = "";
  const count = w.d.below(4);
  for (let i = 0; i < count; i++) {
    text += w.d.pick([
      "a",
      " ",
      "'",
      '\\"',
      "\\\\",
      "\\x",
      "\\$",
      "$",
      "#",
      "\\\n",
      "${x:-'q'}",
      '${x:-"r s"}',
      '${A/a/"b"}',
      w.d.pick(EXPANSIONS),
      depth > 0 ? substitution(w, depth) : "b",
    ]);
  }
  return text;
}

function substitution(w: Writer, depth: number): string {
  const pending = w.pending;
  w.pending = [];
  const body = list(w, depth - 1, true);
  const end = w.pending.length > 0 ? flush(w, false) : "";
  w.pending = pending;
  return w.d.below(6) === 0 && !/[`\\"']/.test(body) && end === "" ? `\`${body}\`` : `$(${body.startsWith("(") ? " " : ""}${body}${end})`;
}

function arithmetic(w: Writer): string {
  if (w.runnable) return w.d.pick(["1", "1 < 2", "(1+2)*3", "0", " 1 "]);
  return w.d.pick(["1", "A+1", "1 < 2", "(1+2)*3", "$x+1", "0", " 1 ", "A=1, 2"]);
}
