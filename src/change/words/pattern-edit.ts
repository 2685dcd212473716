// `${f%.ts}`, `${f##*/}` and their like where only a pattern of the value is known. Implements spec/change.md section 5.5.
// Twin of go/change/words/pattern_edit.go.
// Only what surely happens to every text of the pattern is done; null where it depends on the text.

import { escapeGlob, globPrefix, globTokens, hasActive, matchTokens, unescapeGlob } from "./glob.js";

/** The pattern after the edit; null when that cannot be said. `argument` and `by` as in `${x/argument/by}`. */
export function editPattern(glob: string, operator: string, argument: string, by: string): string | null {
  if (operator === "##" && argument === "*/") return lastComponent(glob);
  if (operator === "%" && argument === "/*") return folder(glob);
  const literal = hasActive(argument) ? null : unescapeGlob(argument);
  switch (operator) {
    case "%":
      return withoutEnd(glob, argument);
    case "%%":
      return literal === null ? null : withoutEnd(glob, argument);
    case "/%":
      return literal === null || literal === "" ? null : changed(glob, withoutEnd(glob, argument), (rest) => rest + escapeGlob(by));
    case "#":
    case "##":
      return literal === null ? null : withoutStart(glob, literal);
    case "/#":
      return literal === null || literal === "" ? null : changed(glob, withoutStart(glob, literal), (rest) => escapeGlob(by) + rest);
    case "/":
      return literal === null || literal === "" ? null : replacedOnce(glob, literal, by);
    default:
      return null;
  }
}

function changed(glob: string, rest: string | null, change: (rest: string) => string): string | null {
  return rest === null || rest === glob ? rest : change(rest);
}

function lastComponent(glob: string): string | null {
  const last = glob.slice(glob.lastIndexOf("/") + 1);
  return last.includes("**") ? null : last;
}

function folder(glob: string): string | null {
  const slash = glob.lastIndexOf("/");
  if (glob.slice(slash + 1).includes("**")) return null;
  return slash < 0 ? glob : glob.slice(0, slash);
}

/** The shortest suffix that matches, when it lies in the known end. */
function withoutEnd(glob: string, argument: string): string | null {
  const start = endStart(glob);
  const end = Array.from(unescapeGlob(glob.slice(start)));
  const tokens = globTokens(argument);
  for (let length = 0; length <= end.length; length++)
    if (matchTokens(tokens, end, end.length - length, end.length))
      return glob.slice(0, start) + escapeGlob(end.slice(0, end.length - length).join(""));
  return !hasActive(argument) && end.length >= Array.from(unescapeGlob(argument)).length ? glob : null;
}

/** Where the literal text at the end of the glob begins. */
function endStart(glob: string): number {
  let start = 0;
  for (let i = 0; i < glob.length; i++) {
    if (glob[i] === "\\") i++;
    else if (glob[i] === "*" || glob[i] === "?" || glob[i] === "]" || glob[i] === "[") start = i + 1;
  }
  return start;
}

function withoutStart(glob: string, literal: string): string | null {
  const start = globPrefix(glob);
  if (start.startsWith(literal)) return glob.slice(writtenLength(glob, literal.length));
  return Array.from(start).length >= Array.from(literal).length ? glob : null;
}

function replacedOnce(glob: string, literal: string, by: string): string | null {
  const at = globPrefix(glob).indexOf(literal);
  if (at < 0) return null;
  return glob.slice(0, writtenLength(glob, at)) + escapeGlob(by) + glob.slice(writtenLength(glob, at + literal.length));
}

/** How much of the glob stands for its first `count` literal characters. */
function writtenLength(glob: string, count: number): number {
  let length = 0;
  for (let taken = 0; taken < count; taken++) length += glob[length] === "\\" ? 2 : 1;
  return length;
}
