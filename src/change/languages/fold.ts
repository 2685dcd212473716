// Functions whose result is known when their arguments are: the ways in which texts are put together or decoded. Implements spec/languages.md
// section 5.3. Twin of go/change/languages/fold.go. Decoding something unknown gives HIDDEN, because that is how code is kept from readers.

import { decimal, lowerAscii, trimAscii, upperAscii, wordsAscii } from "./ascii.js";
import { base64Text, hexText, rot13 } from "./decode.js";
import { character } from "./escapes.js";
import {
  choiceThing,
  concat,
  HIDDEN,
  isHidden,
  listThing,
  MAX_CHOICES,
  MAX_FOLDED,
  MAX_ITEMS,
  numberThing,
  type Thing,
  textOf,
  textThing,
  toValue,
  UNKNOWN,
  UNKNOWN_MANY,
} from "./things.js";

/** The result of the function `name` on its receiver and arguments. */
export function fold(name: string, self: Thing | null, args: readonly Thing[]): Thing {
  const subject = self === null || self.kind === "plain" ? (args[0] ?? UNKNOWN) : self;
  const rest = self === null || self.kind === "plain" ? args.slice(1) : args;
  if (subject.kind === "choice" && subject.items.length <= MAX_CHOICES)
    return choiceThing(subject.items.map((one) => folded(name, one, rest)));
  return folded(name, subject, rest);
}

function folded(name: string, subject: Thing, rest: readonly Thing[]): Thing {
  switch (name) {
    case "same":
    case "text":
      return subject.kind === "object" && subject.type === "path" ? subject.of : subject;
    case "chr":
      return characters(subject, rest);
    case "ord":
      return textOf(subject)?.length === 1 ? numberThing(textOf(subject)?.codePointAt(0) ?? 0) : UNKNOWN;
    case "base64":
    case "hex":
    case "rot13":
      return decoded(name, subject);
    case "codec":
      return codec(subject, rest);
    case "join":
      return joinedBy(subject, rest[0] ?? UNKNOWN);
    case "join_commas":
      return joinedBy(rest[0] ?? textThing(","), subject);
    case "join_list":
      return joinedBy(rest[0] ?? textThing(""), subject);
    case "concat":
      return [subject, ...rest].reduce(concat);
    case "percent":
      return percent(subject, rest);
    case "sprintf":
      return percent(subject, [listThing(rest)]);
    case "format":
      return format(subject, rest);
    case "repeat":
      return repeated(subject, rest[0] ?? UNKNOWN);
    case "list":
      return subject.kind === "list" ? subject : listThing([subject, ...rest]);
    case "glob":
      return globbed(subject);
    case "perl_join":
      return joinedBy(subject, listThing(rest));
    case "perl_reverse":
      return rest.length === 0 ? textual("reverse", subject, []) : listThing([subject, ...rest].reverse());
    case "pack":
      return packed(subject, rest);
    case "pack_list":
      return subject.kind === "list" ? packed(rest[0] ?? UNKNOWN, subject.items) : HIDDEN;
    case "unpack":
      return textOf(rest[0] ?? UNKNOWN)?.startsWith("m") ? listThing([decoded("base64", subject)]) : HIDDEN;
    case "unpack1":
      return textOf(rest[0] ?? UNKNOWN)?.startsWith("m") ? decoded("base64", subject) : HIDDEN;
    case "php_join":
      return subject.kind === "list" ? joinedBy(rest[0] ?? textThing(""), subject) : joinedBy(subject, rest[0] ?? UNKNOWN);
    case "php_split":
      return rest.length > 1 || textOf(rest[0] ?? UNKNOWN) === null ? UNKNOWN : split(textOf(rest[0] ?? UNKNOWN) ?? "", subject);
    case "php_replace":
      return textOf(rest[1] ?? UNKNOWN) === null ? UNKNOWN : replaced(textOf(rest[1] ?? UNKNOWN) ?? "", [subject, rest[0] ?? UNKNOWN]);
    case "percent_decoded":
      return percentDecoded(subject);
    default:
      return textual(name, subject, rest);
  }
}

// `chr(46)`, `String.fromCharCode(114, 109)`, `bytes([114, 109])`.
function characters(subject: Thing, rest: readonly Thing[]): Thing {
  const all = subject.kind === "list" ? subject.items : [subject, ...rest];
  let out = "";
  for (const one of all) {
    const text = textOf(one);
    const point = one.kind === "number" ? one.number : text === null ? null : decimal(text);
    if (point === null || !Number.isInteger(point)) return subject.kind === "value" && textOf(subject) !== null ? subject : HIDDEN;
    out += character(point);
  }
  return textThing(out);
}

function decoded(name: "base64" | "hex" | "rot13", subject: Thing): Thing {
  const text = textOf(subject);
  if (text === null) return HIDDEN;
  const result = name === "base64" ? base64Text(text) : name === "hex" ? hexText(text) : rot13(text);
  return result === null ? HIDDEN : textThing(result);
}

// `codecs.decode(x, "rot13")`, `Buffer.from(x, "base64")`, `x.encode("utf-8")`.
function codec(subject: Thing, rest: readonly Thing[]): Thing {
  const [name] = rest;
  if (name === undefined || name.kind === "plain") return subject.kind === "list" ? characters(subject, []) : subject;
  switch (
    lowerAscii(textOf(name) ?? "?")
      .replaceAll("_", "")
      .replaceAll("-", "")
  ) {
    case "base64":
    case "base64url":
      return decoded("base64", subject);
    case "hex":
    case "hexcodec":
      return decoded("hex", subject);
    case "rot13":
    case "rot 13":
      return decoded("rot13", subject);
    case "utf8":
    case "ascii":
    case "latin1":
    case "binary":
    case "utf16le":
    case "ignore":
      return subject;
    default:
      return HIDDEN;
  }
}

function joinedBy(separator: Thing, list: Thing): Thing {
  if (list.kind === "choice") return choiceThing(list.items.map((one) => joinedBy(separator, one)));
  if (list.kind !== "list") return isHidden(list) ? HIDDEN : textOf(list) !== null && textOf(separator) === "" ? list : UNKNOWN;
  let result: Thing = textThing("");
  list.items.forEach((item, index) => {
    result = concat(result, index === 0 ? item : concat(separator, item));
  });
  return result;
}

// `"a %s" % x`, `"%s%s" % (a, b)`, `sprintf("%c", 46)`.
function percent(subject: Thing, rest: readonly Thing[]): Thing {
  const pattern = textOf(subject);
  if (subject.kind === "number" || pattern === null) return isHidden(subject) ? HIDDEN : UNKNOWN;
  const [given = UNKNOWN] = rest;
  const values = given.kind === "list" ? given.items : [given];
  let result: Thing = textThing("");
  let used = 0;
  let plain = 0;
  for (let at = pattern.indexOf("%"); at >= 0; at = pattern.indexOf("%", plain)) {
    result = concat(result, textThing(pattern.slice(plain, at)));
    let end = at + 1;
    while (end < pattern.length && "-+ #0123456789.".includes(pattern[end] ?? "a")) end++;
    const letter = pattern[end] ?? "";
    plain = end + 1;
    const value = values[used] ?? UNKNOWN;
    if (letter === "%") result = concat(result, textThing("%"));
    else if (end > at + 1 || !"sdicv".includes(letter) || letter === "") return isHidden(value) ? HIDDEN : concat(result, UNKNOWN);
    else {
      result = concat(result, letter === "c" && value.kind === "number" ? textThing(character(value.number)) : value);
      used++;
    }
  }
  return concat(result, textThing(pattern.slice(plain)));
}

// `"{}{}".format(a, b)`, `"{0}".format(a)`.
function format(subject: Thing, values: readonly Thing[]): Thing {
  const pattern = textOf(subject);
  if (pattern === null) return isHidden(subject) ? HIDDEN : UNKNOWN;
  let result: Thing = textThing("");
  let next = 0;
  for (let at = 0; at < pattern.length; ) {
    const open = pattern.indexOf("{", at);
    const text = open < 0 ? pattern.slice(at) : pattern.slice(at, open);
    result = concat(result, textThing(text.replaceAll("}}", "}")));
    if (open < 0) break;
    if (pattern[open + 1] === "{") {
      result = concat(result, textThing("{"));
      at = open + 2;
      continue;
    }
    const close = pattern.indexOf("}", open);
    if (close < 0) return UNKNOWN;
    const field = pattern.slice(open + 1, close);
    const index = field === "" ? next : decimal(field);
    next++;
    result = concat(result, index !== null ? (values[index] ?? UNKNOWN) : UNKNOWN);
    at = close + 1;
  }
  return result;
}

// `pack("H*", "726d")`, `pack("C*", 114, 109)`, `pack("A*", "rm")`.
function packed(template: Thing, values: readonly Thing[]): Thing {
  const letter = textOf(template)?.slice(0, 1) ?? "";
  const [first = UNKNOWN] = values;
  if (letter === "H") return decoded("hex", first);
  if (letter !== "" && "CcUW".includes(letter)) return characters(listThing(values), []);
  return letter !== "" && "aA".includes(letter) && values.length === 1 ? first : HIDDEN;
}

function percentDecoded(subject: Thing): Thing {
  const text = textOf(subject);
  if (text === null) return HIDDEN;
  let hex = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "%" && at + 2 < text.length) {
      hex += text.slice(at + 1, at + 3);
      at += 2;
    } else if (text.charCodeAt(at) < 128) hex += text.charCodeAt(at).toString(16).padStart(2, "0");
    else return HIDDEN;
  }
  return decoded("hex", textThing(hex));
}

function repeated(subject: Thing, times: Thing): Thing {
  const text = textOf(subject);
  if (subject.kind === "number" && times.kind === "number") return product(subject.number, times.number);
  if (text === null || times.kind !== "number") return isHidden(subject) ? HIDDEN : UNKNOWN;
  const count = Math.max(0, Math.trunc(times.number));
  return text.length * count > MAX_FOLDED ? HIDDEN : textThing(text.repeat(count));
}

/** Unknown beyond the numbers that are reckoned with. */
function product(left: number, right: number): Thing {
  return Number.isSafeInteger(left * right) ? numberThing(left * right) : UNKNOWN;
}

function globbed(subject: Thing): Thing {
  const text = textOf(subject);
  if (text === null) return subject.kind === "value" && subject.value.kind === "pattern" ? subject : UNKNOWN;
  return { kind: "value", value: { kind: "pattern", glob: text } };
}

function textual(name: string, subject: Thing, rest: readonly Thing[]): Thing {
  if (isHidden(subject)) return HIDDEN;
  if (name === "reverse" && subject.kind === "list") return listThing([...subject.items].reverse());
  if (name === "slice") return sliced(subject, rest);
  if (name === "substring") return sliced(subject, ordered(rest));
  const text = textOf(subject);
  if (text === null) return name === "strip" && subject.kind === "value" && subject.value.kind === "pattern" ? subject : UNKNOWN;
  switch (name) {
    case "reverse":
      return textThing([...text].reverse().join(""));
    case "lower":
      return isAscii(text) ? textThing(lowerAscii(text)) : UNKNOWN;
    case "upper":
      return isAscii(text) ? textThing(upperAscii(text)) : UNKNOWN;
    case "strip":
      return rest.length === 0 ? textThing(trimAscii(text)) : UNKNOWN;
    case "split":
      // How many parts there may be at most, and where the rest stays, is not looked at.
      return rest.length > 1 ? UNKNOWN : split(text, rest[0]);
    case "shell_split":
      return shellWords(wordsAscii(text));
    case "replace":
      return rest.length > 2 ? UNKNOWN : replaced(text, rest);
    case "replace_all":
    case "replace_first":
    case "translate":
      return plainlyReplaced(name, text, rest);
    case "to_string":
      return rest.length === 0 ? subject : subject.kind === "number" ? HIDDEN : codec(subject, rest);
    case "without_variables":
      return text.includes("$") ? UNKNOWN : textThing(text);
    case "dirname":
      if (rest.length > 0) return UNKNOWN;
      return textThing(text.includes("/") ? text.slice(0, Math.max(1, text.lastIndexOf("/"))) : ".");
    case "basename":
      return withoutEnd(text.slice(text.lastIndexOf("/") + 1), rest[0]);
    case "number":
      return numberOrUnknown(decimal(text));
    default:
      return UNKNOWN;
  }
}

// `shlex.split(x)`: the words up to the first one with a quote, which may be one with those that follow.
function shellWords(words: readonly string[]): Thing {
  const quoted = words.findIndex((word) => [...word].some((char) => "'\"\\".includes(char)));
  if (quoted < 0) return listThing(words.map(textThing));
  return quoted === 0 ? UNKNOWN : listThing([...words.slice(0, quoted).map(textThing), UNKNOWN_MANY]);
}

// `basename(x, ".txt")`; `.*` is any ending in ruby.
function withoutEnd(name: string, end: Thing | undefined): Thing {
  if (end === undefined) return textThing(name);
  const mark = textOf(end);
  if (mark === null || mark.includes("*")) return UNKNOWN;
  return textThing(name.endsWith(mark) && name !== mark ? name.slice(0, name.length - mark.length) : name);
}

// What a replacement with `$` (JavaScript) or `\` (ruby) means is not undone, nor sets and ranges of characters.
function plainlyReplaced(name: string, text: string, rest: readonly Thing[]): Thing {
  const [from, to] = rest.map(textOf);
  if (from === null || from === undefined || from === "" || to === null || to === undefined || [...to].some((char) => "$\\".includes(char)))
    return HIDDEN;
  if (name === "translate") return from.length === 1 && to.length === 1 && !"^-\\".includes(from) ? replaced(text, rest) : HIDDEN;
  if (name === "replace_all") return replaced(text, rest);
  const at = text.indexOf(from);
  return at < 0 ? textThing(text) : textThing(text.slice(0, at) + to + text.slice(at + from.length));
}

// `x.substring(a, b)`: what is below 0 is 0, and the smaller one stands first.
function ordered(places: readonly Thing[]): readonly Thing[] {
  const clamped = places.map((thing) => (thing.kind === "number" && thing.number < 0 ? numberThing(0) : thing));
  const [from, to] = clamped;
  return from?.kind === "number" && to?.kind === "number" && from.number > to.number ? [to, from] : clamped;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function numberOrUnknown(number: number | null): Thing {
  return number === null ? UNKNOWN : numberThing(number);
}

function split(text: string, separator: Thing | undefined): Thing {
  if (separator === undefined) return listThing(wordsAscii(text).map(textThing));
  const mark = textOf(separator);
  if (mark === null) return UNKNOWN;
  const parts = mark === "" ? [...text].slice(0, MAX_ITEMS + 1) : text.split(mark, MAX_ITEMS + 1);
  return listThing(parts.map(textThing));
}

function replaced(text: string, rest: readonly Thing[]): Thing {
  const [from, to] = rest.map(textOf);
  if (from === null || from === undefined || from === "" || to === null || to === undefined) return HIDDEN;
  if (to.length > from.length && Math.ceil(text.length / from.length) * to.length > MAX_FOLDED * 4) return HIDDEN;
  // A function, because `$&` in a text would be what was found.
  return textThing(text.replaceAll(from, () => to));
}

// `x[a:b:c]`, `x.slice(a, b)`, `x.substr(a, n)`.
function sliced(subject: Thing, rest: readonly Thing[]): Thing {
  const [from, to, step] = rest.map((thing) => (thing.kind === "number" ? thing.number : null));
  if (rest.some((thing) => thing.kind !== "number" && thing.kind !== "plain"))
    return subject.kind === "value" && textOf(subject) !== null ? HIDDEN : UNKNOWN;
  const text = textOf(subject);
  const items: readonly Thing[] | null = text !== null ? [...text].map(textThing) : subject.kind === "list" ? subject.items : null;
  if (items === null) return toValue(subject).kind === "unknown" && !isHidden(subject) ? UNKNOWN : HIDDEN;
  const stride = step ?? 1;
  if (stride === 0) return UNKNOWN;
  const chosen = stride > 0 ? items.slice(from ?? 0, to ?? undefined) : backwards(items, from ?? null, to ?? null);
  const kept = chosen.filter((_, index) => index % Math.abs(stride) === 0);
  return text !== null ? textThing(kept.map((one) => textOf(one) ?? "").join("")) : listThing(kept);
}

function backwards(items: readonly Thing[], from: number | null, to: number | null): readonly Thing[] {
  const at = (index: number): number => (index < 0 ? items.length + index : index);
  const start = from === null ? items.length - 1 : Math.max(-1, Math.min(at(from), items.length - 1));
  const stop = to === null ? -1 : Math.max(-1, at(to));
  return items.slice(stop + 1, start + 1).reverse();
}
