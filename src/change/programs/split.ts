// How programs that are no shell split a text into words: xargs, env -S. Implements spec/catalogue.md clauses 10.2 and 10.3.
// Twin of go/change/programs/split.go.

/** xargs without -0 and -d: blanks and newlines part, quotes group within a line, a backslash takes the next character. Null: an unmatched quote. */
export function splitForXargs(source: string, byLine: boolean): readonly string[] | null {
  const items: string[] = [];
  let item: string | null = null;
  let quote = "";
  for (let i = 0; i < source.length; i++) {
    const unit = source.charAt(i);
    if (quote !== "") {
      if (unit === "\n") return null;
      if (unit === quote) quote = "";
      else item = (item ?? "") + unit;
    } else if (unit === "'" || unit === '"') {
      quote = unit;
      item = item ?? "";
    } else if (unit === "\\" && i + 1 < source.length) {
      i += 1;
      item = (item ?? "") + source.charAt(i);
    } else if (unit === "\n" || (!byLine && (unit === " " || unit === "\t"))) {
      if (item !== null) items.push(item);
      item = null;
    } else if (!(byLine && item === null && (unit === " " || unit === "\t"))) item = (item ?? "") + unit;
  }
  if (quote !== "") return null;
  return item === null ? items : [...items, item];
}

/** One item after each delimiter; the last may be unended. Without a delimiter every character is one. */
export function splitAt(source: string, delimiter: string): readonly string[] {
  const items = delimiter === "" ? [...source] : source.split(delimiter);
  return items.at(-1) === "" ? items.slice(0, -1) : items;
}

const ESCAPES: Readonly<Record<string, string>> = {
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "#": "#",
  $: "$",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/** env -S: blanks part, quotes group, backslash escapes, `#` at the start of a word comments. Null: a variable or an escape that is not known here. */
export function splitForEnv(source: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let i = 0; i < source.length; i++) {
    const unit = source.charAt(i);
    if (unit === "\\" && !(quote === "'" && source.charAt(i + 1) !== "'" && source.charAt(i + 1) !== "\\")) {
      i += 1;
      const next = source.charAt(i);
      if (next === "c" && quote === "") break;
      if (next === "_") {
        if (quote === '"') word = `${word ?? ""} `;
        else {
          if (word !== null) words.push(word);
          word = null;
        }
      } else if (Object.hasOwn(ESCAPES, next)) word = (word ?? "") + (ESCAPES[next] ?? "");
      else return null;
    } else if (unit === "$" && quote !== "'") return null;
    else if (quote !== "") {
      if (unit === quote) quote = "";
      else word = (word ?? "") + unit;
    } else if (unit === "'" || unit === '"') {
      quote = unit;
      word = word ?? "";
    } else if (isBlank(unit)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (unit === "#" && word === null) break;
    else word = (word ?? "") + unit;
  }
  if (quote !== "") return null;
  return word === null ? words : [...words, word];
}

function isBlank(unit: string): boolean {
  return unit === " " || unit === "\t" || unit === "\n" || unit === "\v" || unit === "\f" || unit === "\r";
}
