// YAML as plain data that remembers where it stood, and the one list of problems found in it. Implements spec/catalogue.md clause 1.2. No twin:
// only the compiled catalogue travels, so Go never reads YAML.

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Problem } from "../../base/result.js";

export interface Document {
  /** File name, for messages. */
  readonly name: string;
  readonly text: string;
}

/** `file:line:column`, with the line again as a number so that problems can be put in order. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Source =
  | { readonly kind: "map"; readonly entries: readonly Entry[]; readonly at: Place }
  | { readonly kind: "list"; readonly items: readonly Source[]; readonly at: Place }
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null; readonly at: Place };

export interface Entry {
  readonly key: string;
  readonly value: Source;
  readonly at: Place;
}

/** Collects what is wrong; compiling goes on with defaults, and the first problem by place is the one that is told. */
export class Problems {
  readonly #found: { readonly place: Place; readonly message: string; readonly hint: string }[] = [];

  add(place: Place, message: string, hint = ""): void {
    this.#found.push({ place, message, hint });
  }

  first(): Problem | null {
    const inOrder = [...this.#found].sort((a, b) =>
      a.place.file === b.place.file ? a.place.line - b.place.line : a.place.file < b.place.file ? -1 : 1,
    );
    const first = inOrder[0];
    if (first === undefined) return null;
    const { file, line, column } = first.place;
    const hint = first.hint === "" ? {} : { hint: first.hint };
    return { code: "catalogue_invalid", message: first.message, at: `${file}:${line}:${column}`, ...hint };
  }
}

export function readSource(document: Document, problems: Problems): Source {
  const lines = new LineCounter();
  const parsed = parseDocument(document.text, { lineCounter: lines, uniqueKeys: true, merge: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: document.name, line, column: col };
  };
  for (const error of parsed.errors) problems.add(place(error.pos[0]), error.message.split("\n")[0] ?? "");
  const open = new Set<unknown>();
  const convert = (written: Node | null): Source => {
    // An anchor is YAML's shorthand for writing a part once; an alias is read as what it stands for, and as nothing inside itself.
    const node = (isAlias(written) ? (written.resolve(parsed) ?? null) : written) as Node | null;
    if (open.has(node)) return converted(null, place, convert);
    if (node !== null) open.add(node);
    const source = converted(node, place, convert);
    open.delete(node);
    return source;
  };
  return convert(parsed.contents);
}

function converted(node: Node | null, place: (offset: number) => Place, convert: (node: Node | null) => Source): Source {
  const at = place(node?.range?.[0] ?? 0);
  if (isMap(node)) {
    const entries = node.items.map((pair) => {
      const key = pair.key as Node;
      return {
        key: isScalar(key) ? String(key.value) : "",
        value: convert(pair.value as Node | null),
        at: place(key.range?.[0] ?? 0),
      };
    });
    return { kind: "map", entries, at };
  }
  if (isSeq(node)) return { kind: "list", items: node.items.map((item) => convert(item as Node | null)), at };
  const value = isScalar(node) ? node.value : null;
  return { kind: "scalar", value: typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null, at };
}

/** The known key that is nearest to `key` (at most two edits away), as a hint; else the list of keys. */
export function suggest(key: string, known: readonly string[]): string {
  const near = known.map((name) => ({ name, distance: editDistance(key, name) })).sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= 2 ? `did you mean \`${near.name}\`?` : `known are ${known.join(", ")}`;
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, change));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
