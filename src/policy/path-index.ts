// The index of path globs: one map for exact paths, a tree of names for sets. Implements spec/policy.md section 5.6.
// Twin of go/policy/path_index.go.
// INVARIANT: whatever globMeets or globHolds would accept is offered. Too many offers cost time; one too few would let an action pass.

import { type Alternative, type Component, componentsMeet, foldAscii, type Glob, isName, type World } from "../base/index.js";
import type { FileSet } from "./file-sets.js";

export interface PathIndex<T> {
  /** For exact paths: by the longest name of a glob, else by the extension of its last component, else `others`. */
  readonly exact: { readonly names: Map<string, T[]>; readonly extensions: Map<string, T[]>; readonly others: T[] };
  /** For sets: the fixed beginnings of globs, by anchor. */
  readonly beginnings: { readonly root: Node<T>; readonly home: Node<T>; readonly workspace: Node<T> };
  /** For sets: what globs name after their first `**`. */
  readonly floating: {
    readonly names: Map<string, T[]>;
    readonly byExtension: Map<string, Set<string>>;
    readonly byHead: Map<string, Set<string>>;
  };
  readonly extensions: Map<string, T[]>;
  /** Floating wildcards without an extension: few, and offered to every set. */
  readonly wild: T[];
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** Globs that end here. */
  readonly ends: T[];
  /** Globs that go on from here with a wildcard, or with `**` and no name after it. */
  readonly open: T[];
  /** Globs that go on with `**` and a name: a set that goes on with names of its own meets them through `floating` only. */
  readonly floats: T[];
}

export function emptyPathIndex<T>(): PathIndex<T> {
  return {
    exact: { names: new Map(), extensions: new Map(), others: [] },
    beginnings: { root: emptyNode(), home: emptyNode(), workspace: emptyNode() },
    floating: { names: new Map(), byExtension: new Map(), byHead: new Map() },
    extensions: new Map(),
    wild: [],
  };
}

export function addPath<T>(index: PathIndex<T>, glob: Glob, entry: T): void {
  for (const alternative of glob.alternatives) {
    addExact(index.exact, alternative, entry);
    addBeginning(index.beginnings[alternative.anchor], alternative, entry);
    for (const name of floatingNames(alternative)) addFloating(index, name, entry);
  }
}

export function takePaths<T>(index: PathIndex<T>, set: FileSet, world: World, found: Set<T>): void {
  if (set.names !== null) {
    takeExact(index.exact, set.names.folded, found);
    return;
  }
  takeAll(index.wild, found);
  const { root, home, workspace } = index.beginnings;
  enter(root, [], set.named, found);
  for (const base of world.folded.home) enter(home, base, set.named, found);
  for (const base of world.folded.workspace) enter(workspace, base, set.named, found);
  for (const component of set.named) takeFloating(index, component, found);
}

// --- exact paths: they have every name of a glob that matches, so any one of its names is a key ---

/** By what an exact path finds a glob. */
export type ExactKey = readonly [kind: "name" | "extension" | "other", text: string];

/** The one key under which a glob with this alternative stands. */
export function exactKeyOf({ components }: Alternative): ExactKey {
  let longest = "";
  for (const component of components) if (component.kind === "name" && component.text.length >= longest.length) longest = component.text;
  if (longest !== "") return ["name", longest];
  const extension = literalExtension(components.at(-1));
  return extension !== "" ? ["extension", extension] : ["other", ""];
}

/** All keys under which globs stand that could match a path of these names. */
export function exactKeysOf(path: readonly string[]): readonly ExactKey[] {
  return [["other", ""], ["extension", extensionOf(path.at(-1) ?? "")], ...path.map((name) => ["name", name] as const)];
}

function addExact<T>(exact: PathIndex<T>["exact"], alternative: Alternative, entry: T): void {
  const [kind, text] = exactKeyOf(alternative);
  if (kind === "other") exact.others.push(entry);
  else add(kind === "name" ? exact.names : exact.extensions, text, entry);
}

function takeExact<T>({ names, extensions, others }: PathIndex<T>["exact"], path: readonly string[], found: Set<T>): void {
  for (const [kind, text] of exactKeysOf(path)) {
    takeAll(kind === "other" ? others : (kind === "name" ? names : extensions).get(text), found);
  }
}

// --- sets, from above or from below: the tree of fixed beginnings ---

function addBeginning<T>(start: Node<T>, alternative: Alternative, entry: T): void {
  let node = start;
  for (const component of alternative.components) {
    if (component.kind !== "name") {
      const floats = component.kind === "deep" && floatingNames(alternative).length > 0;
      (floats ? node.floats : node.open).push(entry);
      return;
    }
    let child = node.children.get(component.text);
    if (child === undefined) {
      child = emptyNode();
      node.children.set(component.text, child);
    }
    node = child;
  }
  node.ends.push(entry);
}

function enter<T>(start: Node<T>, base: readonly Component[], named: readonly Component[], found: Set<T>): void {
  for (let i = 0; i < base.length; i++) {
    const ours = base[i];
    const theirs = named[i];
    if (theirs === undefined || theirs.kind === "deep") {
      takeBelow(start, found);
      return;
    }
    if (ours !== undefined && componentsMeet(ours, theirs, true) === "no") return;
  }
  descend(start, named, base.length, found);
}

function descend<T>(node: Node<T>, named: readonly Component[], at: number, found: Set<T>): void {
  takeAll(node.open, found);
  if (!named.slice(at).some(isName)) takeAll(node.floats, found);
  const component = named[at];
  if (component === undefined || component.kind === "deep") takeBelow(node, found);
  else if (component.kind === "name") {
    const child = node.children.get(foldAscii(component.text));
    if (child !== undefined) descend(child, named, at + 1, found);
  } else {
    const extension = literalExtension(component);
    for (const [name, child] of node.children) {
      if (name.endsWith(extension) && componentsMeet({ kind: "name", text: name }, component, true) !== "no")
        descend(child, named, at + 1, found);
    }
  }
}

function takeBelow<T>(node: Node<T>, found: Set<T>): void {
  const work = [node];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    takeAll(next.ends, found);
    takeAll(next.open, found);
    takeAll(next.floats, found);
    work.push(...next.children.values());
  }
}

// --- sets, through a name that floats ---

function floatingNames({ components }: Alternative): readonly Component[] {
  const floats = components.findIndex((component) => component.kind === "deep");
  return floats < 0 ? [] : components.slice(floats).filter(isName);
}

function addFloating<T>(index: PathIndex<T>, name: Component, entry: T): void {
  const extension = literalExtension(name);
  if (name.kind === "name") {
    add(index.floating.names, name.text, entry);
    addName(index.floating.byExtension, extension, name.text);
    addName(index.floating.byHead, name.text.slice(0, 1), name.text);
  } else if (extension !== "") add(index.extensions, extension, entry);
  else index.wild.push(entry);
}

function takeFloating<T>(index: PathIndex<T>, component: Component, found: Set<T>): void {
  if (component.kind === "name") {
    const name = foldAscii(component.text);
    takeAll(index.floating.names.get(name), found);
    takeAll(index.extensions.get(extensionOf(name)), found);
  } else if (component.kind === "wild" && isName(component)) {
    const extension = literalExtension(component);
    if (extension !== "") takeAll(index.extensions.get(extension), found);
    else for (const entries of index.extensions.values()) takeAll(entries, found);
    for (const name of likelyNames(index, component, extension)) {
      if (componentsMeet({ kind: "name", text: name }, component, true) !== "no") takeAll(index.floating.names.get(name), found);
    }
  }
}

function likelyNames<T>(index: PathIndex<T>, component: Component, extension: string): Iterable<string> {
  const { names, byExtension, byHead } = index.floating;
  if (extension !== "") return byExtension.get(extension) ?? [];
  const first = component.kind === "wild" ? component.tokens[0] : undefined;
  return first?.kind === "char" ? (byHead.get(foldAscii(String.fromCodePoint(first.code)).slice(0, 1)) ?? []) : names.keys();
}

// --- names ---

/** From the last dot on; "" without one. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

/** The extension that every name has which matches the component, in lower case; "" when there is none. */
function literalExtension(component: Component | undefined): string {
  if (component === undefined || component.kind === "deep") return "";
  if (component.kind === "name") return extensionOf(component.text);
  const end = component.tokens.findLastIndex((token) => token.kind !== "char");
  const tail = component.tokens.slice(end + 1).map((token) => (token.kind === "char" ? String.fromCodePoint(token.code) : ""));
  return extensionOf(foldAscii(tail.join("")));
}

function emptyNode<T>(): Node<T> {
  return { children: new Map(), ends: [], open: [], floats: [] };
}

function add<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else entries.push(entry);
}

function addName(map: Map<string, Set<string>>, key: string, name: string): void {
  const names = map.get(key);
  if (names === undefined) map.set(key, new Set([name]));
  else names.add(name);
}

function takeAll<T>(entries: readonly T[] | undefined, found: Set<T>): void {
  if (entries !== undefined) for (const entry of entries) found.add(entry);
}
