// sed scripts: the files that they read and write, and the commands that they run. Implements spec/languages.md section 9.
// Twin of go/change/languages/sed.go.
// The grammar is that of GNU sed 4.9; a script that it would refuse is opaque, because another sed may not refuse it.

import type { Deed } from "../deeds.js";
import { putFile, putOpaque, putShell, type Sink, sinkFor } from "./sink.js";
import type { Context } from "./world.js";

interface Script {
  readonly text: string;
  readonly sink: Sink;
  at: number;
  depth: number;
}

/** The deeds of a sed script. */
export function readSed(text: string, context: Context): Deed[] {
  const script: Script = { text, sink: sinkFor("sed", context), at: 0, depth: 0 };
  while (script.at < text.length) {
    if (!command(script)) {
      putOpaque(script.sink, "unknown_code", "sed");
      return script.sink.deeds;
    }
  }
  if (script.depth !== 0) putOpaque(script.sink, "unknown_code", "sed");
  return script.sink.deeds;
}

// False where sed would refuse the script.
function command(script: Script): boolean {
  skip(script, " \t\n;\r");
  if (script.at >= script.text.length) return true;
  if (!addresses(script)) return false;
  skip(script, " \t");
  while (script.text[script.at] === "!") {
    script.at++;
    skip(script, " \t");
  }
  const letter = script.text[script.at] ?? "";
  script.at++;
  switch (letter) {
    case "{":
      script.depth++;
      return true;
    case "}":
      script.depth--;
      return script.depth >= 0 && ends(script);
    case "#":
      line(script);
      return true;
    case ":":
    case "b":
    case "t":
    case "T":
      return label(script, letter === ":");
    case "a":
    case "i":
    case "c":
      return textArgument(script);
    case "s":
      return substitution(script);
    case "y":
      return transliteration(script);
    case "r":
    case "R":
    case "w":
    case "W":
      return file(script, letter === "r" || letter === "R" ? "read" : "write");
    case "e":
      return execution(script);
    default:
      return plain(script, letter);
  }
}

// `=`, `d`, `p`, …, and those with a number: `q5`, `Q`, `l 3`, `L`; `v 4.2`.
function plain(script: Script, letter: string): boolean {
  if (letter === "" || !"=dDgGhHnNpPxzFlLqQv".includes(letter)) return false;
  if ("lLqQ".includes(letter)) {
    skip(script, " \t");
    skip(script, "0123456789");
  }
  if (letter === "v") return label(script, false);
  return ends(script);
}

function addresses(script: Script): boolean {
  const first = address(script);
  if (first === null) return false;
  if (!first) return true;
  skip(script, " \t");
  if (script.text[script.at] !== ",") return true;
  script.at++;
  skip(script, " \t");
  if (script.text[script.at] === "+" || script.text[script.at] === "~") {
    script.at++;
    return digits(script);
  }
  return address(script) === true;
}

// True when an address was read, false when none stands here, null when it never ends.
function address(script: Script): boolean | null {
  const char = script.text[script.at] ?? "";
  if (char === "$") {
    script.at++;
    return true;
  }
  if (char >= "0" && char <= "9") {
    digits(script);
    if (script.text[script.at] === "~") {
      script.at++;
      digits(script);
    }
    return true;
  }
  if (char !== "/" && char !== "\\") return false;
  if (char === "\\") script.at++;
  const delimiter = character(script);
  if (delimiter === "" || delimiter === "\n" || part(script, delimiter) === null) return null;
  skip(script, "IM");
  return true;
}

function digits(script: Script): boolean {
  const from = script.at;
  skip(script, "0123456789");
  return script.at > from;
}

// A character, not half of a surrogate pair; "" at the end.
function character(script: Script): string {
  const point = script.text.codePointAt(script.at);
  const found = point === undefined ? "" : String.fromCodePoint(point);
  script.at += found.length;
  return found;
}

// One part up to the delimiter, which a backslash or a bracket expression protects.
function part(script: Script, delimiter: string, brackets = true): string | null {
  const { text } = script;
  const from = script.at;
  let open = -1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(delimiter, at)) {
      script.at = at + delimiter.length;
      return text.slice(from, at);
    } else if (brackets && text[at] === "[" && delimiter !== "[" && at > open) {
      const end = bracketEnd(text, at);
      // Where one has no end on this line, none behind it has: searching again would take the square of the time.
      if (end === at) open = lineEnd(text, at);
      at = end;
    }
  }
  return null;
}

// Where a bracket expression ends; the opening place itself when it never does, so that a lone `[` protects nothing.
function bracketEnd(text: string, from: number): number {
  let at = from + 1;
  if (text[at] === "^") at++;
  if (text[at] === "]") at++;
  for (; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "[" && ":.=".includes(text[at + 1] ?? " ")) {
      const end = text.indexOf(`${text[at + 1]}]`, at + 2);
      if (end < 0) return from;
      at = end + 1;
    } else if (text[at] === "]") return at;
  }
  return from;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function substitution(script: Script): boolean {
  const delimiter = character(script);
  if (delimiter === "" || delimiter === "\n" || delimiter === "\\") return false;
  if (part(script, delimiter) === null || part(script, delimiter, false) === null) return false;
  for (; script.at < script.text.length; script.at++) {
    const flag = script.text[script.at] ?? "";
    if (flag === "w") {
      script.at++;
      return file(script, "write");
    }
    // The text that comes out of the substitution is run by a shell.
    if (flag === "e") putShell(script.sink, null);
    else if (!"gpIiMm0123456789".includes(flag)) break;
  }
  return ends(script);
}

function transliteration(script: Script): boolean {
  const delimiter = character(script);
  if (delimiter === "" || delimiter === "\n" || delimiter === "\\") return false;
  return part(script, delimiter, false) !== null && part(script, delimiter, false) !== null && ends(script);
}

// A file name goes to the end of the line: `;` and `}` belong to it.
function file(script: Script, effect: "read" | "write"): boolean {
  skip(script, " \t");
  const name = line(script);
  if (name === "") return false;
  if (name !== "/dev/null" && name !== "/dev/stdout" && name !== "/dev/stdin" && name !== "/dev/stderr") putFile(script.sink, effect, name);
  return true;
}

// `e command` runs the command, `e` alone the line that is being edited.
function execution(script: Script): boolean {
  skip(script, " \t");
  const code = line(script);
  putShell(script.sink, code === "" || code === "}" ? null : code);
  return true;
}

// The text of `a`, `i` and `c`: to the end of the line, and on where a backslash stands before the newline.
function textArgument(script: Script): boolean {
  const { text } = script;
  let at = script.at;
  for (; at < text.length && text[at] !== "\n"; at++) if (text[at] === "\\") at++;
  script.at = Math.min(at, text.length);
  return true;
}

// A label ends at white space, `;` or `}`, and the next command may stand right behind it: `:a w f` writes. Other implementations of sed take more for
// the label, and do less.
function label(script: Script, needed: boolean): boolean {
  skip(script, " \t");
  const from = script.at;
  while (script.at < script.text.length && !" \t\n\v\f\r;}".includes(script.text[script.at] ?? "")) script.at++;
  return !needed || script.at > from;
}

// After a command: blanks, then `;`, a newline, `}` or a comment.
function ends(script: Script): boolean {
  skip(script, " \t\r");
  const char = script.text[script.at];
  return char === undefined || char === ";" || char === "\n" || char === "}" || char === "#";
}

function line(script: Script): string {
  const end = script.text.indexOf("\n", script.at);
  const stop = end < 0 ? script.text.length : end;
  const found = script.text.slice(script.at, stop);
  script.at = stop;
  return found;
}

function skip(script: Script, chars: string): void {
  while (script.at < script.text.length && chars.includes(script.text[script.at] ?? " ")) script.at++;
}
