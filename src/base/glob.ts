// Globs and matching one path or name against them. Implements spec/policy.md sections 3.1 and 3.3. Twin of go/base/glob.go.
// No regular expressions and no backtracking over more than the last star: the cost is bounded by glob length times text length.

/** One step inside a component. With `fold`, `code` is lower-case ASCII. */
export type Token =
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | { readonly kind: "set"; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** `deep` is `**`; `name` is literal text; `wild` has wildcards; it is `open` when it has nothing but `*` and `?`. */
export type Component =
  | { readonly kind: "deep" }
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "wild"; readonly tokens: readonly Token[]; readonly open: boolean };

export type Anchor = "root" | "home" | "workspace";

/** One way to read a glob after its `{a,b}` are written out. A text glob has one component and the anchor `root`. */
export interface Alternative {
  readonly anchor: Anchor;
  readonly components: readonly Component[];
}

export interface Glob {
  readonly text: string;
  /** ASCII letters match in either case. */
  readonly fold: boolean;
  readonly alternatives: readonly Alternative[];
}

/** What an anchor stands for: each base is a list of components, several bases are several possibilities, and none matches nothing. */
export interface Bases {
  readonly home: readonly (readonly Component[])[];
  readonly workspace: readonly (readonly Component[])[];
}

/** The bases as globs with and without `fold` see them. */
export interface World {
  readonly exact: Bases;
  readonly folded: Bases;
  /** What globs are here with their anchors written out, remembered for as long as the world is. */
  readonly readings: Map<Glob, readonly (readonly Component[])[]>;
}

/** The names of one absolute canonical path, as written and in lower case. */
export interface PathNames {
  readonly exact: readonly string[];
  readonly folded: readonly string[];
}

/** True when the path matches. */
export function matchGlob(glob: Glob, path: PathNames, world: World): boolean {
  const names = glob.fold ? path.folded : path.exact;
  return glob.alternatives.some((alternative) =>
    basesOf(alternative.anchor, glob.fold, world).some(
      (base) => matchBase(base, names, glob.fold) && matchNames(alternative.components, names, base.length, glob.fold),
    ),
  );
}

export function matchTextGlob(glob: Glob, text: string): boolean {
  const subject = glob.fold ? foldAscii(text) : text;
  return glob.alternatives.some(({ components: [only] }) => only !== undefined && matchComponent(only, subject, glob.fold));
}

/** Lower-cases A to Z and nothing else: no other script's rules are the same in two languages. */
export function foldAscii(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x41 && unit <= 0x5a) return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
  }
  return text;
}

/**
 * Home and workspace as absolute canonical paths, "" when unknown. An unknown home stands for every usual home where a glob protects
 * (`fold`) and for none where it loosens: both are the safe direction.
 */
export function makeWorld(home: string, workspace: string): World {
  const bases = (path: string, fold: boolean): readonly Component[][] => (path === "" ? [] : [literalComponents(path, fold)]);
  return {
    exact: { home: bases(home, false), workspace: bases(workspace, false) },
    folded: { home: home === "" ? USUAL_HOMES : bases(home, true), workspace: bases(workspace, true) },
    readings: new Map(),
  };
}

export function pathNames(path: string): PathNames {
  const exact = namesIn(path);
  const folded = foldAscii(path);
  return { exact, folded: folded === path ? exact : namesIn(folded) };
}

function namesIn(path: string): readonly string[] {
  const names: string[] = [];
  for (let from = 0; from < path.length; ) {
    const slash = path.indexOf("/", from);
    const end = slash < 0 ? path.length : slash;
    if (end > from) names.push(path.slice(from, end));
    from = end + 1;
  }
  return names;
}

export function literalComponents(path: string, fold: boolean): Component[] {
  const names = pathNames(path);
  return (fold ? names.folded : names.exact).map((text) => ({ kind: "name", text }));
}

export function basesOf(anchor: Anchor, fold: boolean, world: World): readonly (readonly Component[])[] {
  if (anchor === "root") return ROOT_BASE;
  return (fold ? world.folded : world.exact)[anchor];
}

export function matchComponent(component: Component, text: string, fold: boolean): boolean {
  if (component.kind === "deep") return true;
  return component.kind === "name" ? component.text === text : matchTokens(component.tokens, text, fold);
}

export function tokenMatches(token: Token, code: number, fold: boolean): boolean {
  switch (token.kind) {
    case "char":
      return token.code === (fold ? foldCode(code) : code);
    case "any":
    case "star":
      return true;
    case "set":
      return inRanges(token.ranges, code, fold) !== token.negated;
  }
}

const ROOT_BASE: readonly (readonly Component[])[] = [[]];
const ANY_NAME: Component = { kind: "wild", tokens: [{ kind: "star" }], open: true };
const USUAL_HOMES: readonly (readonly Component[])[] = [
  [{ kind: "name", text: "root" }],
  [{ kind: "name", text: "home" }, ANY_NAME],
  [{ kind: "name", text: "users" }, ANY_NAME],
];

function matchBase(base: readonly Component[], names: readonly string[], fold: boolean): boolean {
  return names.length >= base.length && base.every((component, i) => matchComponent(component, names[i] ?? "", fold));
}

// The two-pointer star trick: only the last `**` is ever widened again, which is enough because components match independently.
function matchNames(components: readonly Component[], names: readonly string[], from: number, fold: boolean): boolean {
  let c = 0;
  let n = from;
  let star = -1;
  let starName = from;
  while (n < names.length) {
    const component = components[c];
    if (component?.kind === "deep") {
      star = c++;
      starName = n;
    } else if (component !== undefined && matchComponent(component, names[n] ?? "", fold)) {
      c++;
      n++;
    } else if (star >= 0) {
      c = star + 1;
      n = ++starName;
    } else return false;
  }
  while (components[c]?.kind === "deep") c++;
  return c === components.length;
}

function matchTokens(tokens: readonly Token[], text: string, fold: boolean): boolean {
  let t = 0;
  let i = 0;
  let star = -1;
  let starAt = 0;
  while (i < text.length) {
    const token = tokens[t];
    const code = text.codePointAt(i) ?? 0;
    if (token?.kind === "star") {
      star = t++;
      starAt = i;
    } else if (token !== undefined && tokenMatches(token, code, fold)) {
      t++;
      i += code > 0xffff ? 2 : 1;
    } else if (star >= 0) {
      t = star + 1;
      starAt += (text.codePointAt(starAt) ?? 0) > 0xffff ? 2 : 1;
      i = starAt;
    } else return false;
  }
  while (tokens[t]?.kind === "star") t++;
  return t === tokens.length;
}

function inRanges(ranges: readonly (readonly [number, number])[], code: number, fold: boolean): boolean {
  const other = fold ? flipCase(code) : code;
  return ranges.some(([low, high]) => (code >= low && code <= high) || (other >= low && other <= high));
}

export function foldCode(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 32 : code;
}

export function flipCase(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code + 32;
  return code >= 0x61 && code <= 0x7a ? code - 32 : code;
}
