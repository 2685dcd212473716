// awk programs: the files that they read and write, and the commands that they run. Implements spec/languages.md section 10.
// Twin of go/change/languages/awk.go.
// Only the places where awk leaves its own world are read (system, pipes, redirections, getline, @load); all else is arithmetic on lines.

import type { Deed } from "../deeds.js";
import type { Stdin } from "../values.js";
import { type AwkToken, scanAwk } from "./awk-scan.js";
import { put, putFile, putOpaque, putScript, putShell, type Sink, sinkFor } from "./sink.js";
import { MAX_FOLDED } from "./things.js";
import type { Context } from "./world.js";

interface Program {
  readonly tokens: readonly AwkToken[];
  readonly sink: Sink;
  /** Names that are given one fixed text in the whole program. */
  readonly fixed: ReadonlyMap<string, string>;
  work: number;
  depth: number;
}

/** Steps over tokens that one program may take. */
export const MAX_AWK_WORK = 1_000_000;

/** Brackets inside each other that an expression may have. */
export const MAX_AWK_DEPTH = 96;

/** What an expression is known to be: its text, or the beginning of it. */
interface Folded {
  readonly text: string | null;
  readonly prefix: string;
  readonly next: number;
}

/** The deeds of an awk program. */
export function readAwk(code: string, context: Context): Deed[] {
  const sink = sinkFor("awk", context);
  const tokens = scanAwk(code);
  if (tokens === null) {
    putOpaque(sink, "unknown_code", "awk");
    return sink.deeds;
  }
  const program: Program = { tokens, sink, fixed: fixedNames(tokens), work: MAX_AWK_WORK, depth: 0 };
  for (let at = 0; at < tokens.length && program.work > 0; at++) visit(program, at);
  if (program.work <= 0) putOpaque(sink, "limit_exceeded", "awk");
  return sink.deeds;
}

function visit(program: Program, at: number): void {
  const { tokens, sink } = program;
  const token = tokens[at];
  if (token === undefined) return;
  if (token.kind === "name" && token.text === "system" && is(tokens[at + 1], "(")) putShell(sink, fold(program, at + 2).text);
  else if (token.kind === "name" && (token.text === "print" || token.text === "printf")) printed(program, at);
  else if (is(token, "|") || is(token, "|&")) piped(program, at);
  else if (token.kind === "name" && token.text === "getline") getline(program, at);
  else if (is(token, "@")) directive(program, at);
  // A file that is put among the operands is read.
  else if (token.kind === "name" && token.text === "ARGV" && is(tokens[at + 1], "[")) operandSet(program, at);
}

// `print x > "file"`, `print x | "command"`: only outside brackets is `>` a redirection.
function printed(program: Program, from: number): void {
  const { tokens, sink } = program;
  let depth = 0;
  for (let at = from + 1; at < tokens.length && program.work-- > 0; at++) {
    const token = tokens[at];
    if (token === undefined || (depth === 0 && (token.kind === "newline" || is(token, ";") || is(token, "}")))) return;
    if (is(token, "(") || is(token, "[")) depth++;
    else if (is(token, ")") || is(token, "]")) depth--;
    if (depth < 0) return;
    if (depth > 0) continue;
    if (is(token, ">") || is(token, ">>")) {
      written(sink, fold(program, at + 1));
      return;
    }
    if (is(token, "|") || is(token, "|&")) {
      const command = fold(program, at + 1).text;
      // `|&` goes to a command, or to a connection.
      if (command === null || !command.startsWith("/inet") || !special(sink, command)) putShell(sink, command, outputOf(program, from, at));
      return;
    }
  }
}

// What is printed into the pipe, where all of it is fixed.
function outputOf(program: Program, from: number, to: number): Stdin {
  const { span } = program.sink.context;
  const name = program.tokens[from];
  const whole = fold(program, from + 1);
  if (name?.text !== "print" || whole.next !== to || whole.text === null) return { kind: "stream", span };
  return { kind: "text", text: `${whole.text}\n`, span };
}

function written(sink: Sink, target: Folded): void {
  if (target.text === null) putFile(sink, "write", null, target.prefix);
  else if (!special(sink, target.text)) putFile(sink, "write", target.text);
}

// `/dev/stdout` is no file, `/inet/tcp/0/host/80` is a connection.
function special(sink: Sink, path: string): boolean {
  if (
    path === "-" ||
    path === "/dev/null" ||
    path === "/dev/stdout" ||
    path === "/dev/stderr" ||
    path === "/dev/stdin" ||
    path.startsWith("/dev/fd/")
  )
    return true;
  if (!path.startsWith("/inet")) return false;
  const host = path.split("/")[4] ?? "";
  put(sink, { kind: "network", destination: { kind: "text", text: host }, direction: "send", data: "unknown", span: sink.context.span });
  return true;
}

// `"command" | getline`: what stands before the pipe is run.
function piped(program: Program, at: number): void {
  const { tokens, sink } = program;
  if (!(tokens[at + 1]?.kind === "name" && tokens[at + 1]?.text === "getline")) return;
  let from = at;
  let depth = 0;
  while (from > 0 && program.work-- > 0) {
    const before = tokens[from - 1];
    if (before === undefined || before.kind === "newline") break;
    if (is(before, ")") || is(before, "]")) depth++;
    else if (is(before, "(") || is(before, "[")) depth--;
    if (depth < 0 || (depth === 0 && before.kind === "operator" && !["(", ")", "[", "]", "$"].includes(before.text))) break;
    from--;
  }
  const found = fold(program, from);
  putShell(sink, found.next === at ? found.text : null);
}

// `getline < "file"`, `getline line < "file"`.
function getline(program: Program, at: number): void {
  const { tokens, sink } = program;
  let next = at + 1;
  if (is(tokens[next], "$")) next++;
  if (tokens[next]?.kind === "name") next++;
  if (is(tokens[next], "[")) next = closing(program, next) + 1;
  if (!is(tokens[next], "<")) return;
  const file = fold(program, next + 1);
  if (file.text === null || !special(sink, file.text)) putFile(sink, "read", file.text, file.prefix);
}

function directive(program: Program, at: number): void {
  const { tokens, sink } = program;
  const word = tokens[at + 1];
  const file = tokens[at + 2];
  if (word?.kind === "name" && word.text === "include" && file?.kind === "string") putScript(sink, "awk", file.text);
  else if (word?.kind === "name" && word.text === "namespace") return;
  // `@load` brings in machine code, `@name(…)` calls a function that is named while the program runs.
  else putOpaque(sink, "unknown_code", "awk");
}

function operandSet(program: Program, at: number): void {
  const end = closing(program, at + 1);
  if (!is(program.tokens[end + 1], "=")) return;
  const file = fold(program, end + 2);
  if (file.text === null || !special(program.sink, file.text)) putFile(program.sink, "read", file.text, file.prefix);
}

/** The text of the strings, numbers and fixed names that stand side by side from `from` on. */
function fold(program: Program, from: number): Folded {
  let text: string | null = "";
  let prefix = "";
  let at = from;
  while (program.work-- > 0) {
    const token = program.tokens[at];
    if (token === undefined || token.kind === "newline") break;
    let piece: string | null = null;
    let next = at + 1;
    if (token.kind === "string" || token.kind === "number") piece = token.text;
    else if (token.kind === "name") {
      piece = program.fixed.get(token.text) ?? null;
      if (is(program.tokens[next], "(") || is(program.tokens[next], "[")) {
        piece = null;
        next = closing(program, next) + 1;
      }
    } else if (is(token, "(")) {
      const inner = bracketed(program, at);
      piece = inner.text;
      next = inner.next;
    } else if (is(token, "$")) {
      next = is(program.tokens[next], "(") ? closing(program, next) + 1 : next + 1;
    } else if (token.kind === "operator") break;
    if (text !== null && piece !== null && text.length + piece.length > MAX_FOLDED) piece = null;
    if (text !== null && piece === null) prefix = text;
    text = text === null || piece === null ? null : text + piece;
    at = next;
  }
  const operator = program.tokens[at];
  // `a + b`, `a ? b : c` and the like are not known.
  if (operator?.kind === "operator" && ["+", "-", "*", "/", "%", "^", "?", "~", "!~", "==", "="].includes(operator.text)) text = null;
  return { text: at === from ? null : text, prefix, next: at };
}

// The text between brackets. Where they stand too deep inside each other, no work is left for the program.
function bracketed(program: Program, at: number): { readonly text: string | null; readonly next: number } {
  if (program.depth >= MAX_AWK_DEPTH) {
    program.work = 0;
    return { text: null, next: at + 1 };
  }
  program.depth++;
  const inner = fold(program, at + 1);
  program.depth--;
  const end = closing(program, at);
  return { text: inner.next === end ? inner.text : null, next: end + 1 };
}

function closing(program: Program, from: number): number {
  const { tokens } = program;
  let depth = 0;
  for (let at = from; at < tokens.length && program.work-- > 0; at++) {
    const token = tokens[at];
    if (is(token, "(") || is(token, "[") || is(token, "{")) depth++;
    else if (is(token, ")") || is(token, "]") || is(token, "}")) {
      depth--;
      if (depth === 0) return at;
    }
  }
  return tokens.length;
}

// `c = "text"` where nothing else ever changes `c`.
function fixedNames(tokens: readonly AwkToken[]): ReadonlyMap<string, string> {
  const given = new Map<string, string | null>();
  // Between `function` and what ends its head every name is a parameter.
  let inHead = false;
  tokens.forEach((token, at) => {
    if (token.kind === "newline" || is(token, "{") || is(token, ";")) inHead = false;
    if (token.kind !== "name") return;
    const isParameter = inHead;
    inHead ||= token.text === "function" || token.text === "func";
    const next = tokens[at + 1];
    const assigns = next?.kind === "operator" && ["=", "+=", "-=", "*=", "/=", "%=", "^=", "++", "--"].includes(next.text);
    const read = tokens[at - 1]?.kind === "name" && ["getline", "in", "for", "function", "func"].includes(tokens[at - 1]?.text ?? "");
    const counted = is(tokens[at - 1], "++") || is(tokens[at - 1], "--");
    if (!assigns && !read && !counted && !isParameter && !changed(tokens, at)) return;
    const value = tokens[at + 2];
    const after = tokens[at + 3];
    const ends = after === undefined || after.kind === "newline" || is(after, ";") || is(after, "}") || is(after, ")");
    const fixed = is(next, "=") && value?.kind === "string" && ends && !read ? value.text : null;
    given.set(token.text, given.has(token.text) ? null : fixed);
  });
  const names = new Map<string, string>();
  for (const [name, text] of given) if (text !== null) names.set(name, text);
  return names;
}

// `sub(/x/, "y", c)`, `split(x, c)` change the variable that they are given.
function changed(tokens: readonly AwkToken[], at: number): boolean {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  return is(before, ",") && is(after, ")");
}

function is(token: AwkToken | undefined, text: string): boolean {
  return token?.kind === "operator" && token.text === text;
}
