// Makefile text given on the command line (`make --eval`). Implements spec/languages.md section 14. Twin of go/change/languages/make.go.
// Recipe lines and `$(shell …)` are code for a shell; a line whose make variables are not known is opaque.

import type { Deed } from "../deeds.js";
import { trimAscii, trimEndAscii } from "./ascii.js";
import { putFile, putOpaque, putScript, putShell, type Sink, sinkFor } from "./sink.js";
import type { Context } from "./world.js";

export const MAX_MAKE_EXPANSIONS = 256;

/** Longest text that an expansion makes, in UTF-16 units: what is expanded again and again grows with the power of the lines. */
export const MAX_MAKE_TEXT = 262_144;

interface Makefile {
  readonly sink: Sink;
  readonly variables: Map<string, string>;
  target: string;
  expansions: number;
}

/** The deeds of makefile text. */
export function readMake(code: string, context: Context): Deed[] {
  const makefile: Makefile = { sink: sinkFor("make", context), variables: new Map(), target: "", expansions: MAX_MAKE_EXPANSIONS };
  for (const line of logicalLines(code)) readLine(makefile, line);
  return makefile.sink.deeds;
}

function logicalLines(code: string): string[] {
  const lines: string[] = [];
  let held = "";
  for (const line of code.split("\n")) {
    if (line.endsWith("\\")) {
      held += `${line.slice(0, -1)} `;
      continue;
    }
    lines.push(held + line);
    held = "";
  }
  if (held !== "") lines.push(held);
  return lines;
}

function readLine(makefile: Makefile, line: string): void {
  if (line.startsWith("\t")) {
    recipe(makefile, line.slice(1));
    return;
  }
  const text = trimAscii(line);
  if (text === "" || text.startsWith("#")) return;
  const word = text.split(" ")[0] ?? "";
  if (["include", "-include", "sinclude"].includes(word)) {
    for (const file of text.split(" ").slice(1)) if (file !== "") putScript(makefile.sink, "make", file);
    return;
  }
  if (word === "load" || word === "-load" || word === "define" || word === ".RECIPEPREFIX") {
    putOpaque(makefile.sink, "unknown_code", "make");
    return;
  }
  if (!assignment(makefile, text)) rule(makefile, text);
}

// `x = y`, `x := y`, `x != command`, `export x = y`.
function assignment(makefile: Makefile, text: string): boolean {
  const equals = text.indexOf("=");
  const colon = text.indexOf(":");
  if (equals < 0 || (colon >= 0 && colon < equals - 3 && text[colon + 1] !== ":" && !trimEndAscii(text.slice(0, equals)).endsWith(":")))
    return false;
  let end = equals;
  while (end > 0 && ":?+!".includes(text[end - 1] ?? " ")) end--;
  const operator = text.slice(end, equals + 1);
  const name = trimAscii(text.slice(0, end)).split(" ").at(-1) ?? "";
  const value = trimAscii(text.slice(equals + 1));
  if (name === "" || text.slice(0, end).includes(";")) return false;
  if (operator === "!=") shell(makefile, value);
  const expanded = expand(makefile, value);
  if (name === "SHELL" || name === ".SHELLFLAGS") shellChanged(makefile, name, expanded);
  if (operator === "!=" || operator === "+=" || expanded === null || makefile.variables.has(name)) makefile.variables.delete(name);
  else makefile.variables.set(name, expanded);
  return true;
}

// Recipes are handed to `SHELL`: a program that is no shell does something else with them.
function shellChanged(makefile: Makefile, name: string, value: string | null): void {
  const program = value?.slice(value.lastIndexOf("/") + 1);
  const known =
    name === "SHELL"
      ? ["sh", "bash", "dash", "zsh", "ksh"].includes(program ?? "")
      : ["-c", "-ec", "-euc", "-euxc", "-eu -o pipefail -c", "-o pipefail -c"].includes(value ?? "");
  if (!known) putOpaque(makefile.sink, "unknown_code", "make");
}

// `target: prerequisites ; recipe`
function rule(makefile: Makefile, text: string): void {
  const colon = text.indexOf(":");
  if (colon < 0) {
    expand(makefile, text);
    return;
  }
  makefile.target = trimAscii(text.slice(0, colon));
  const semicolon = text.indexOf(";", colon);
  expand(makefile, semicolon < 0 ? text : text.slice(0, semicolon));
  if (semicolon >= 0) recipe(makefile, text.slice(semicolon + 1));
}

function recipe(makefile: Makefile, line: string): void {
  let at = 0;
  while ("@-+ \t".includes(line[at] ?? "x")) at++;
  if (at < line.length) shell(makefile, line.slice(at));
}

function shell(makefile: Makefile, line: string): void {
  const code = expand(makefile, line);
  if (code === null) putOpaque(makefile.sink, "unknown_code", "make");
  else putShell(makefile.sink, code);
}

/** The text with its variables put in; null when one of them is not known. Functions that run or write become deeds on the way. */
function expand(makefile: Makefile, text: string): string | null {
  let out = "";
  let known = true;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "$") {
      out += text[at];
      continue;
    }
    if (makefile.expansions-- <= 0) {
      putOpaque(makefile.sink, "limit_exceeded", "make");
      return null;
    }
    const next = text[at + 1] ?? "";
    if (next === "$" || next === "") {
      out += next;
      at++;
      continue;
    }
    const end = next === "(" || next === "{" ? closing(text, at + 1) : at + 1;
    const inside = next === "(" || next === "{" ? text.slice(at + 2, end) : next;
    // Make takes one byte for the name: the first of such a character names nothing.
    const value = next > "\u007f" ? null : variableValue(makefile, inside);
    if (value === null) known = false;
    else out += value;
    if (out.length > MAX_MAKE_TEXT) {
      putOpaque(makefile.sink, "limit_exceeded", "make");
      return null;
    }
    at = end;
  }
  return known ? out : null;
}

function variableValue(makefile: Makefile, inside: string): string | null {
  if (inside === "@") return makefile.target;
  const blank = inside.indexOf(" ");
  if (blank < 0) return inside === "MAKE" ? "make" : (makefile.variables.get(inside) ?? null);
  const rest = inside.slice(blank + 1);
  switch (inside.slice(0, blank)) {
    case "shell":
      shell(makefile, rest);
      return null;
    case "file":
      fileFunction(makefile, rest);
      return "";
    case "eval":
    case "call":
    case "guile":
      putOpaque(makefile.sink, "unknown_code", "make");
      return null;
    case "info":
    case "warning":
      expand(makefile, rest);
      return "";
    default:
      expand(makefile, rest);
      return null;
  }
}

// `$(file >name,text)`
function fileFunction(makefile: Makefile, rest: string): void {
  const marks = rest.startsWith(">>") ? 2 : rest.startsWith(">") || rest.startsWith("<") ? 1 : 0;
  const comma = rest.indexOf(",");
  const name = expand(makefile, trimAscii(rest.slice(marks, comma < 0 ? rest.length : comma)));
  putFile(makefile.sink, rest.startsWith("<") ? "read" : "write", name);
}

function closing(text: string, from: number): number {
  const open = text[from] ?? "(";
  const close = open === "(" ? ")" : "}";
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close) {
      depth--;
      if (depth === 0) return at;
    }
  }
  return text.length;
}
