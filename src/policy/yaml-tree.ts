// YAML text to a small tree with positions. Implements spec/policy.md section 2.1.
// Only the plain part of YAML 1.2 is taken: no aliases, no tags, no second document. An alias can make a page of text stand for a terabyte.

import { Composer, type CST, isAlias, isMap, isScalar, isSeq, Lexer, type Node, type ParsedNode, Parser } from "yaml";
import { hasLoneSurrogate, type Problem } from "../base/index.js";

/** `at` is `line:column`, both from 1. */
export type Tree =
  | { readonly kind: "mapping"; readonly at: string; readonly entries: readonly TreeEntry[] }
  | { readonly kind: "list"; readonly at: string; readonly items: readonly Tree[] }
  | { readonly kind: "text"; readonly at: string; readonly text: string }
  | { readonly kind: "flag"; readonly at: string; readonly value: boolean }
  | { readonly kind: "number"; readonly at: string; readonly value: number; readonly source: string }
  | { readonly kind: "nothing"; readonly at: string };

export interface TreeEntry {
  readonly key: string;
  readonly at: string;
  readonly value: Tree;
}

export const MAX_PACK_BYTES = 1_000_000;
export const MAX_YAML_DEPTH = 16;
export const MAX_YAML_PIECES = 500_000;

export type TreeResult = { readonly ok: true; readonly value: Tree } | { readonly ok: false; readonly problems: readonly Problem[] };

export function readYaml(text: string): TreeResult {
  const refused = refuse(text);
  if (refused !== null) return { ok: false, problems: [refused] };
  try {
    return convert(text);
  } catch (cause) {
    if (cause instanceof Refusal) return { ok: false, problems: [cause.problem] };
    // The library recurses; whatever it cannot stand is an input that it refuses, never our crash.
    return {
      ok: false,
      problems: [
        {
          code: "bad_yaml",
          message: `the YAML cannot be read: ${cause instanceof RangeError ? "it is nested too deeply" : String(cause)}`,
        },
      ],
    };
  }
}

class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

function refuse(text: string): Problem | null {
  if (text.length > MAX_PACK_BYTES || Buffer.byteLength(text) > MAX_PACK_BYTES)
    return { code: "too_large", message: `a policy pack may have ${MAX_PACK_BYTES} bytes at most` };
  if (hasLoneSurrogate(text)) return { code: "not_text", message: "the policy pack is not valid text" };
  const control = findControl(text);
  if (control >= 0)
    return {
      code: "not_text",
      message: `the policy pack holds a control character at byte ${Buffer.byteLength(text.slice(0, control))}; is it a binary file?`,
    };
  // Checked on the text, because the library would have to build the nest before it could be measured.
  if (deepestIndent(text) > MAX_YAML_DEPTH * 16 || deepestFlow(text) > MAX_YAML_DEPTH * 4)
    return { code: "too_deep", message: `the policy pack is nested deeper than ${MAX_YAML_DEPTH} levels` };
  return null;
}

function findControl(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if ((unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) || unit === 0x7f || unit === 0xfffd) return i;
  }
  return -1;
}

function deepestIndent(text: string): number {
  let deepest = 0;
  let indent = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "\n") indent = 0;
    else if (indent >= 0 && (char === " " || char === "-" || char === "?" || char === ":")) deepest = Math.max(deepest, ++indent);
    else indent = -1;
  }
  return deepest;
}

// A rough count that quotes do not stop: balanced brackets in a glob leave it where it was.
function deepestFlow(text: string): number {
  let deepest = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth = Math.max(0, depth - 1);
  }
  return deepest;
}

function convert(text: string): TreeResult {
  const position = positions(text);
  const documents = [...new Composer(YAML_OPTIONS).compose(readTokens(text, position))];
  const [document, second] = documents;
  if (second !== undefined)
    throw new Refusal({ code: "bad_yaml", message: "a policy pack is one document", at: position(second.range[0]) });
  if (document !== undefined && document.errors.length > 0) {
    const problems = document.errors.slice(0, MAX_YAML_ERRORS);
    return {
      ok: false,
      problems: problems.map((error) => ({ code: "bad_yaml", message: plain(error.message), at: position(error.pos[0]) })),
    };
  }
  if (document === undefined || document.contents === null) {
    throw new Refusal({ code: "empty", message: "the policy pack is empty", hint: "cavra policy init writes one to start from" });
  }
  return { ok: true, value: toTree(document.contents, 0, position) };
}

// The library looks for twins in quadratic time and decorates each error with its lines; both are done here, in linear time.
const YAML_OPTIONS = { version: "1.2", schema: "core", uniqueKeys: false, prettyErrors: false, strict: true, logLevel: "silent" } as const;
const MAX_YAML_ERRORS = 20;

/** Cuts the text step by step, so that a hostile one is given up at its first mistake or when it has too many pieces. */
function readTokens(text: string, position: (offset: number) => string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let pieces = 0;
  const take = (token: CST.Token): void => {
    if (token.type === "error") throw new Refusal({ code: "bad_yaml", message: plain(token.message), at: position(token.offset) });
    tokens.push(token);
  };
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > MAX_YAML_PIECES)
      throw new Refusal({ code: "too_many", message: `the policy pack has more than ${MAX_YAML_PIECES} pieces of YAML` });
    for (const token of parser.next(piece)) take(token);
  }
  for (const token of parser.end()) take(token);
  return tokens;
}

/** Offset to `line:column`, both from 1; columns are UTF-16 units. */
function positions(text: string): (offset: number) => string {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return `${low + 1}:${offset - (starts[low] ?? 0) + 1}`;
  };
}

// The library's messages quote the source over several lines; the position says that better.
function plain(message: string): string {
  const [first = ""] = message.split("\n");
  const sentence = first.replace(/ at line \d+, column \d+:?$/, "");
  return (sentence.slice(0, 1).toLowerCase() + sentence.slice(1)).slice(0, 200);
}

function toTree(node: ParsedNode | Node | null, depth: number, position: (offset: number) => string): Tree {
  const at = position(node?.range?.[0] ?? 0);
  if (depth > MAX_YAML_DEPTH)
    throw new Refusal({ code: "too_deep", message: `the policy pack is nested deeper than ${MAX_YAML_DEPTH} levels`, at });
  if (node === null) return { kind: "nothing", at };
  if (isAlias(node))
    throw new Refusal({ code: "alias_refused", message: "aliases (`*name`) are not part of the policy language; write the value out", at });
  if (node.tag?.startsWith("!"))
    throw new Refusal({ code: "tag_refused", message: `tags (\`${node.tag}\`) are not part of the policy language`, at });
  if (isMap(node))
    return { kind: "mapping", at, entries: withoutTwins(node.items.map((pair) => toEntry(pair.key, pair.value, depth, position))) };
  if (isSeq(node)) return { kind: "list", at, items: node.items.map((item) => toTree(item as Node | null, depth + 1, position)) };
  return isScalar(node) ? scalar(node.value, node.source ?? "", at) : { kind: "nothing", at };
}

function withoutTwins(entries: readonly TreeEntry[]): readonly TreeEntry[] {
  const seen = new Set<string>();
  for (const { key, at } of entries) {
    if (seen.has(key)) throw new Refusal({ code: "duplicate_key", message: `the key \`${key}\` is there twice`, at });
    seen.add(key);
  }
  return entries;
}

function toEntry(key: unknown, value: unknown, depth: number, position: (offset: number) => string): TreeEntry {
  const name = toTree(key as Node | null, depth + 1, position);
  if (name.kind !== "text") throw new Refusal({ code: "wrong_type", message: "a key must be text", at: name.at });
  const tree = toTree(value as Node | null, depth + 1, position);
  return { key: name.text, at: name.at, value: tree.kind === "nothing" ? { kind: "nothing", at: name.at } : tree };
}

function scalar(value: unknown, source: string, at: string): Tree {
  if (typeof value === "string") return { kind: "text", at, text: value };
  if (typeof value === "boolean") return { kind: "flag", at, value };
  if (typeof value === "number") return { kind: "number", at, value, source };
  return { kind: "nothing", at };
}
