// Commands of the clients psql, mysql and sqlite3. Implements spec/languages.md section 11.3. Twin of go/change/languages/sql_clients.go.

import { lowerAscii, trimAscii } from "./ascii.js";
import { putFile, putOpaque, putOperation, putScript, putShell, type Sink } from "./sink.js";

/** What a line for the client does: `\! ls`, `\copy t to program 'x'`, `.shell ls`, `system ls`. */
export function clientCommand(sink: Sink, line: string): void {
  if (line.startsWith(".")) sqliteCommand(sink, line);
  else if (line.startsWith("\\")) backslashCommand(sink, line.slice(1));
  else wordCommand(sink, line);
}

function backslashCommand(sink: Sink, line: string): void {
  const { name, rest } = cut(line);
  if (line.startsWith("!")) {
    putShell(sink, trimAscii(line.slice(1)));
    return;
  }
  switch (name) {
    case "i":
    case "ir":
    case "include":
    case "include_relative":
    case ".":
      putScript(sink, "sql", unquoted(rest));
      return;
    case "o":
    case "out":
    case "w":
    case "write":
    case "s":
    case "T":
      redirected(sink, rest);
      return;
    case "g":
    case "gx":
      redirected(sink, afterOptions(rest));
      return;
    case "copy":
      copied(sink, rest);
      return;
    case "setenv":
      return;
    case "gexec":
      putOpaque(sink, "unknown_code", "sql");
      return;
    case "lo_import":
      putFile(sink, "read", unquoted(rest));
      return;
    case "lo_export":
      putFile(sink, "write", unquoted(cut(rest).rest));
      return;
    default:
      embedded(sink, rest);
  }
}

// `\set x \`command\`` runs the command.
function embedded(sink: Sink, rest: string): void {
  const from = rest.indexOf("`");
  const to = from < 0 ? -1 : rest.indexOf("`", from + 1);
  if (to > from) putShell(sink, rest.slice(from + 1, to));
}

function afterOptions(rest: string): string {
  return rest.startsWith("(") ? trimAscii(rest.slice(rest.indexOf(")") + 1)) : rest;
}

// `\o file`, `\o |command`.
function redirected(sink: Sink, rest: string): void {
  const target = trimAscii(rest);
  if (target.startsWith("|")) putShell(sink, trimAscii(target.slice(1)));
  else putFile(sink, "write", unquoted(target));
}

// `\copy t from 'f'`, `\copy (select …) to program 'x'`.
function copied(sink: Sink, rest: string): void {
  const words = pieces(rest);
  let depth = 0;
  words.forEach((word, at) => {
    for (const char of word.quoted ? "" : word.text) depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    const lower = lowerAscii(word.text);
    if (depth !== 0 || word.quoted || (lower !== "from" && lower !== "to")) return;
    const next = words[at + 1];
    if (lower === "from") putOperation(sink, "write", words[0]?.text ?? "");
    if (next === undefined) return;
    if (lowerAscii(next.text) === "program" && !next.quoted) putShell(sink, words[at + 2]?.text ?? null);
    else if (!["stdin", "stdout", "pstdin", "pstdout"].includes(lowerAscii(next.text)))
      putFile(sink, lower === "from" ? "read" : "write", next.text);
  });
}

function sqliteCommand(sink: Sink, line: string): void {
  const { name, rest } = cut(line.slice(1));
  const words = pieces(rest).map((word) => word.text);
  const target = words.filter((word) => !word.startsWith("-"))[0] ?? "";
  switch (name) {
    case "shell":
    case "system":
      putShell(sink, rest);
      return;
    case "output":
    case "once":
    case "trace":
    case "log":
      if (target.startsWith("|")) putShell(sink, trimAscii(rest.slice(rest.indexOf("|") + 1).replaceAll('"', "")));
      else if (!["stdout", "stderr", "off", "on"].includes(target)) putFile(sink, "write", target);
      return;
    case "read":
      if (rest.startsWith("|") || target.startsWith("|")) putShell(sink, target.slice(1));
      else putScript(sink, "sql", target);
      return;
    case "import":
      if (target.startsWith("|")) putShell(sink, target.slice(1));
      else putFile(sink, "read", target);
      putOperation(sink, "write", words.at(-1) ?? "");
      return;
    case "backup":
    case "save":
    case "clone":
    case "open":
      putFile(sink, "write", words.at(-1) ?? null);
      return;
    case "restore":
      putFile(sink, "read", words.at(-1) ?? null);
      putOperation(sink, "write", "");
      return;
    case "load":
      putOpaque(sink, "unknown_code", "sql");
      return;
    case "archive":
    case "ar":
      putFile(sink, "write", null);
      return;
    default:
  }
}

function wordCommand(sink: Sink, line: string): void {
  const { name, rest } = cut(line);
  const plain = rest.endsWith(";") ? trimAscii(rest.slice(0, -1)) : rest;
  if (name === "system" || name === "pager") putShell(sink, plain);
  else if (name === "source") putScript(sink, "sql", plain);
  else if (name === "tee") putFile(sink, "write", plain);
}

function cut(line: string): { name: string; rest: string } {
  let at = 0;
  while (at < line.length && !" \t(|'\"".includes(line[at] ?? " ")) at++;
  return {
    name: lowerAscii(line.slice(0, at)) === "t" ? line.slice(0, at) : lowerAscii(line.slice(0, at)),
    rest: trimAscii(line.slice(at)),
  };
}

function unquoted(text: string): string {
  const [first] = pieces(text);
  return first === undefined ? "" : first.text;
}

// Words at blanks, with quotes taken off.
function pieces(text: string): { text: string; quoted: boolean }[] {
  const words: { text: string; quoted: boolean }[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? "";
    if (char === " " || char === "\t") {
      at++;
      continue;
    }
    const quote = char === "'" || char === '"' ? char : "";
    let end = quote === "" ? at : at + 1;
    while (end < text.length && (quote === "" ? !" \t".includes(text[end] ?? "") : text[end] !== quote)) end++;
    words.push({ text: text.slice(quote === "" ? at : at + 1, end), quoted: quote !== "" });
    at = quote === "" ? end : end + 1;
  }
  return words;
}
