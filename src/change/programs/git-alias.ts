// Aliases that the line itself defines: to a sub-command, or to shell code. Implements spec/git.md section 8.
// Twin of go/change/programs/git_alias.go.
// An alias that is defined and not used is nothing; git's own sub-commands cannot be aliased.

import { trimAscii } from "../../base/ascii.js";
import { foldAscii } from "../../base/glob.js";
import { knownPrefix } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import type { Call } from "../reading.js";
import { type Argument, text } from "../values.js";
import { type ConfigEntry, quoted } from "./git-config.js";
import type { GitPlace } from "./git-place.js";

/** Aliases of aliases are followed this many steps; beyond, the sub-command is unknown. */
export const MAX_ALIAS_STEPS = 10;

export interface AliasUse {
  readonly call: Call;
  readonly config: readonly ConfigEntry[];
  readonly place: GitPlace;
  readonly name: string;
  /** The word that names the alias, those before it (global options) and after it. */
  readonly word: Argument;
  readonly before: readonly Argument[];
  readonly after: readonly Argument[];
}

export type Alias =
  | { readonly kind: "words"; readonly words: readonly Argument[] }
  | { readonly kind: "deeds"; readonly deeds: readonly Deed[] };

/** What the alias stands for; null when the line defines none of that name. */
export function aliasOf(use: AliasUse): Alias | null {
  const entry = use.config.filter((one) => one.key !== null && isAliasKey(one.key, use.name)).at(-1);
  if (entry === undefined) return null;
  const { value } = entry;
  if (value === null || (value.kind === "text" && trimAscii(value.text) === "")) return null;
  const isShell = knownPrefix(value).startsWith("!");
  if (value.kind !== "text") return opaque(use);
  if (isShell) return { kind: "deeds", deeds: [shellDeed(use, value.text.slice(1))] };
  const words = splitAlias(value.text);
  if (words === null) return opaque(use);
  const span = use.word.span;
  return { kind: "words", words: [...use.before, ...words.map((word) => ({ value: text(word), span })), ...use.after] };
}

/** `alias.name` and `alias.name.command`; names of aliases do not tell capitals apart in the first form. */
export function isAliasKey(key: string, name: string): boolean {
  return key === `alias.${foldAscii(name)}` || key === `alias.${name}.command`;
}

function opaque(use: AliasUse): Alias {
  return { kind: "deeds", deeds: [{ kind: "opaque", reason: "unknown_code", detail: "git_alias", span: use.word.span }] };
}

/** git runs `sh -c 'code "$@"' code args…` in the top folder, and hands its injected configuration on. */
function shellDeed(use: AliasUse, source: string): Deed {
  const { after, word, place, config } = use;
  const code = after.length > 0 ? `${source} "$@"` : source;
  const handedOn = config.flatMap(({ key, value }) =>
    key !== null && value?.kind === "text" ? [`${quoted(key)}=${quoted(value.text)}`] : [],
  );
  const environment = handedOn.length > 0 ? [{ name: "GIT_CONFIG_PARAMETERS", value: text(handedOn.join(" ")) }] : [];
  const positional = [{ value: text(source), span: word.span }, ...after];
  return {
    kind: "code",
    language: "shell",
    code: text(code),
    positional,
    scope: { place: "child", cwd: place.top, environment, stdin: null },
    span: word.span,
  };
}

/** Words of an alias, split as git does: blanks, single and double quotes, backslash. null when a quote is left open. */
export function splitAlias(source: string): readonly string[] | null {
  const words: string[] = [];
  let word = "";
  let isOpen = false;
  let quote = "";
  for (let i = 0; i < source.length; i++) {
    const unit = source.charAt(i);
    if (quote === "" && isBlank(unit)) {
      if (isOpen) words.push(word);
      word = "";
      isOpen = false;
      continue;
    }
    isOpen = true;
    if (quote === "" && (unit === "'" || unit === '"')) quote = unit;
    else if (unit === quote) quote = "";
    else if (unit === "\\" && quote !== "'") {
      i += 1;
      if (i >= source.length) return null;
      word += source.charAt(i);
    } else word += unit;
  }
  if (quote !== "") return null;
  return isOpen ? [...words, word] : words;
}

function isBlank(unit: string): boolean {
  return unit === " " || unit === "\t" || unit === "\n" || unit === "\r" || unit === "\v" || unit === "\f";
}
