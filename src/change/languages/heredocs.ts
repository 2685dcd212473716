// Here-documents of ruby, perl and php. Implements spec/languages.md section 3.6. Twin of go/change/languages/heredocs.go.
// The body stands on the lines after the one that names it; the scanner jumps over it when that line ends.

import { trimAscii, trimEndAscii, trimStartAscii } from "./ascii.js";
import { readInterpolated } from "./interpolation.js";
import { afterOperand, isNamePart, isNameStart, push, type Scanner } from "./scanner.js";

interface Marker {
  readonly word: string;
  readonly quote: string;
  readonly indented: boolean;
  readonly strip: boolean;
  readonly next: number;
}

/** Reads `<<~EOS`, `<<"EOS"`, `<<<EOS` with its body; false when none begins here. */
export function readHeredoc(scanner: Scanner, gap: boolean): boolean {
  const marker = markerAt(scanner);
  if (marker === null) return false;
  const found = bodyOf(scanner, marker);
  if (found === null) {
    scanner.failed = true;
    return true;
  }
  const body = marker.strip ? stripIndent(found.body) : found.body;
  const style = scanner.language === "ruby" ? "ruby" : scanner.language === "php" ? "php" : "perl";
  const parts = marker.quote === "'" ? [{ kind: "text" as const, text: body }] : readInterpolated(scanner, body, style, style);
  if (parts === null) {
    scanner.failed = true;
    return true;
  }
  push(scanner, marker.quote === "`" ? "command" : "string", "", gap, parts);
  scanner.at = marker.next;
  scanner.resume = found.resume;
  return true;
}

function markerAt(scanner: Scanner): Marker | null {
  const { code, language } = scanner;
  if (language === "python" || language === "javascript" || !code.startsWith("<<", scanner.at)) return null;
  let at = scanner.at + 2;
  if (language === "php") {
    if (code[at] !== "<") return null;
    at++;
    while (code[at] === " " || code[at] === "\t") at++;
  }
  const flag = code[at] ?? "";
  const flagged = language !== "php" && (flag === "~" || (flag === "-" && language === "ruby"));
  if (flagged) at++;
  const quote = "\"'`".includes(code[at] ?? " ") ? (code[at] ?? "") : "";
  if (quote !== "") at++;
  if (
    quote === "" &&
    (!isNameStart(scanner.lexicon, code[at] ?? "") ||
      (!flagged && language !== "php" && afterOperand(scanner) && !startsUpper(code[at] ?? "")))
  )
    return null;
  const from = at;
  while (at < code.length && (quote === "" ? isNamePart(scanner.lexicon, code[at] ?? "") : code[at] !== quote && code[at] !== "\n")) at++;
  const word = code.slice(from, at);
  if (quote !== "" && code[at] !== quote) return null;
  if (word === "") return null;
  return {
    word,
    quote,
    indented: flagged || language === "php",
    strip: flag === "~" || language === "php",
    next: quote === "" ? at : at + 1,
  };
}

function startsUpper(char: string): boolean {
  return (char >= "A" && char <= "Z") || char === "_";
}

function bodyOf(scanner: Scanner, marker: Marker): { body: string; resume: number } | null {
  const { code } = scanner;
  const lineEnd = code.indexOf("\n", marker.next);
  if (lineEnd < 0) return null;
  const from = scanner.resume >= 0 ? scanner.resume : lineEnd + 1;
  for (let at = from; at <= code.length; ) {
    const end = code.indexOf("\n", at);
    const stop = end < 0 ? code.length : end;
    const line = code.slice(at, stop);
    const trimmed = trimEndAscii(marker.indented ? trimStartAscii(line) : line);
    const phpTail =
      scanner.language === "php" && trimmed.startsWith(marker.word) && !isNamePart(scanner.lexicon, trimmed[marker.word.length] ?? "");
    if (trimmed === marker.word) return { body: code.slice(from, at), resume: Math.min(stop + 1, code.length) };
    // In PHP code may go on right after the closing word.
    if (phpTail) return { body: code.slice(from, Math.max(from, at - 1)), resume: code.indexOf(marker.word, at) + marker.word.length };
    if (end < 0) break;
    at = end + 1;
  }
  return null;
}

function stripIndent(body: string): string {
  const lines = body.split("\n");
  const depths = lines.filter((line) => trimAscii(line) !== "").map((line) => line.length - trimStartAscii(line).length);
  const depth = depths.length === 0 ? 0 : depths.reduce((a, b) => Math.min(a, b));
  return lines.map((line) => line.slice(Math.min(depth, line.length - trimStartAscii(line).length))).join("\n");
}
