// Names whose value is changed where it stands, without being given a new one: `s << x`, `a.push(x)`, `$s =~ s/a/b/`, `a[0] = x`.
// Implements spec/languages.md section 6.1. Twin of go/change/languages/changes.go. It looks at tokens only; what a name holds is seen in world.ts.

import type { General } from "./scanner.js";
import type { LanguageTable } from "./table.js";
import type { Token } from "./tokens.js";

/** The operators that give a value to what stands before them. */
export const ASSIGNMENTS = [
  "=",
  ":=",
  "+=",
  "-=",
  "*=",
  "/=",
  ".=",
  "%=",
  "||=",
  "&&=",
  "??=",
  "|=",
  "&=",
  "^=",
  "**=",
  "//=",
  "<<=",
  ">>=",
  "x=",
];

/** Told for each change: the name, and whether something is only put behind what it holds. */
export type Changed = (name: string, grown: boolean) => void;

interface Place {
  readonly language: General;
  readonly table: LanguageTable;
  readonly tokens: readonly Token[];
  /** For each closing bracket the place of the one that it closes; else -1. */
  readonly partners: readonly number[];
  readonly changed: Changed;
}

// The `.` of perl and PHP puts texts together.
const MEMBER_MARKS = ["->", "?.", "::", "&.", "?->"];
const DECLARING = ["my", "our", "local", "state"];

/** Finds the changes that the tokens write out; each token is looked at a few times, whatever stands around it. */
export function changes(language: General, table: LanguageTable, tokens: readonly Token[], changed: Changed): void {
  const place: Place = { language, table, tokens, partners: partnersOf(tokens), changed };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === "operator") byOperator(place, at, token.text);
    else if (token?.kind === "name") byName(place, at, token.text);
    else if (token?.kind === "pattern" && token.text !== "") byPattern(place, at);
  }
}

function partnersOf(tokens: readonly Token[]): readonly number[] {
  const open: number[] = [];
  return tokens.map((token, at) => {
    if (token.kind !== "operator") return -1;
    if ("([{".includes(token.text)) open.push(at);
    return ")]}".includes(token.text) ? (open.pop() ?? -1) : -1;
  });
}

function byOperator(place: Place, at: number, text: string): void {
  const { language, tokens } = place;
  const before = tokens[at - 1];
  if (ASSIGNMENTS.includes(text)) {
    const element = before?.kind === "operator" && "]}".includes(before.text);
    if (element || isMember(place, at - 1)) say(place, at - 1, language === "php" && isOperator(tokens[at - 2], "["));
    // `substr($s, 0, 1) = "x"`
    else if (language === "perl" && isOperator(before, ")") && isCall(place, at - 1)) sayInside(place, at - 1);
    else if (language === "perl" && text === "=" && before?.kind === "name" && before.text === "x") say(place, at - 2, false);
  } else if (text === "<<" && language === "ruby") say(place, at - 1, true);
  else if ((text === "++" || text === "--") && language !== "python" && language !== "ruby") {
    say(place, at - 1, false);
    sayBehind(place, at + 1, false);
  } else if (language === "perl" && text === "\\") sayBehind(place, at + 1, false);
  // `&$x` behind an operator is the variable itself, not its bits.
  else if (language === "php" && text === "&" && before?.kind === "operator" && !")]}".includes(before.text))
    sayBehind(place, at + 1, false);
}

// `s.gsub!(…)`, `a.push(x)`, `push @a, x`, `del a[0]`.
function byName(place: Place, at: number, text: string): void {
  const { language, table } = place;
  const loud = language === "ruby" && text.endsWith("!");
  const grown = table.growing.includes(text);
  if (!grown && !loud && !table.changing.includes(text)) return;
  if (isMember(place, at)) say(place, at - 2, grown && !loud);
  else if (!loud) sayBehind(place, at + 1, grown);
}

// `$s =~ s/a/b/`, `($t = $s) =~ tr/a/b/`, and `s/a/b/` alone, which changes `$_`.
function byPattern(place: Place, at: number): void {
  const { tokens } = place;
  const mark = tokens[at - 1];
  if (!isOperator(mark, "=~") && !isOperator(mark, "!~")) place.changed("$_", false);
  else if (isOperator(tokens[at - 2], ")")) sayInside(place, at - 2);
  else say(place, at - 2, false);
}

// The name with which the operand that ends at a place begins: `a` of `a.b[0].c`.
function say(place: Place, end: number, grown: boolean): void {
  const { language, table, tokens, partners } = place;
  for (let at = end; at >= 0; ) {
    const token = tokens[at];
    if (isOperator(token, "->")) at--;
    else if (isOperator(token, "]") || (isOperator(token, "}") && language === "perl")) at = (partners[at] ?? -1) - 1;
    else if (token?.kind !== "name" && token?.kind !== "variable") return;
    else if (isMember(place, at)) at -= 2;
    else {
      if (!table.lexicon.keywords.includes(token.text)) place.changed(nameAt(place, at), grown);
      return;
    }
  }
}

// The variable that is handed to what stands before it: `chop $s`, `push(@a, …)`, `chomp(my $s = …)`.
function sayBehind(place: Place, from: number, grown: boolean): void {
  const { tokens } = place;
  let at = isOperator(tokens[from], "(") ? from + 1 : from;
  if (tokens[at]?.kind === "name" && DECLARING.includes(tokens[at]?.text ?? "")) at++;
  const token = tokens[at];
  if (token?.kind !== "name" && token?.kind !== "variable") return;
  if (!place.table.lexicon.keywords.includes(token.text)) place.changed(nameAt(place, at), grown);
}

function sayInside(place: Place, close: number): void {
  for (let at = (place.partners[close] ?? close) + 1; at < close; at++)
    if (place.tokens[at]?.kind === "variable") place.changed(nameAt(place, at), false);
}

function isCall({ table, tokens, partners }: Place, close: number): boolean {
  const name = tokens[(partners[close] ?? -1) - 1];
  return name?.kind === "name" && !table.lexicon.keywords.includes(name.text);
}

// An element of `@a` is written `$a[0]` in perl, one of `%h` `$h{x}`.
function nameAt(place: Place, at: number): string {
  const name = place.tokens[at]?.text ?? "";
  const next = place.tokens[at + 1];
  if (place.language !== "perl" || !name.startsWith("$") || next === undefined || next.gap) return name;
  if (isOperator(next, "[")) return `@${name.slice(1)}`;
  return isOperator(next, "{") ? `%${name.slice(1)}` : name;
}

function isMember({ language, tokens }: Place, at: number): boolean {
  const mark = tokens[at - 1];
  if (tokens[at]?.kind !== "name" || mark?.kind !== "operator") return false;
  return MEMBER_MARKS.includes(mark.text) || (mark.text === "." && language !== "perl" && language !== "php");
}

function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === "operator" && token.text === text;
}
