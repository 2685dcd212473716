// Where the small languages put their deeds. Implements spec/languages.md section 8. Twin of go/change/languages/sink.go.
// Opaque deeds are said once for each reason, however often the code gives it.

import type { Deed, Language, Scope } from "../deeds.js";
import type { Stdin, Value } from "../values.js";
import { text as known } from "../values.js";
import type { Context } from "./world.js";

export interface Sink {
  readonly context: Context;
  readonly language: Language;
  readonly deeds: Deed[];
  readonly opaque: Set<string>;
  /** Steps that are left for searches over the same tokens. */
  work: number;
}

export const MAX_SINK_WORK = 500_000;

export const MAX_SINK_DEEDS = 2_000;

export function sinkFor(language: Language, context: Context): Sink {
  return { context, language, deeds: [], opaque: new Set(), work: MAX_SINK_WORK };
}

/** Counts work; false, and opaque, when there is none left. */
export function work(sink: Sink, steps: number): boolean {
  sink.work -= steps;
  if (sink.work >= 0) return true;
  putOpaque(sink, "limit_exceeded", sink.language);
  return false;
}

export function put(sink: Sink, deed: Deed): void {
  if (sink.deeds.length < MAX_SINK_DEEDS) sink.deeds.push(deed);
  else putOpaque(sink, "limit_exceeded", sink.language);
}

export function putOpaque(sink: Sink, reason: string, detail: string): void {
  const key = `${reason} ${detail}`;
  if (sink.opaque.has(key)) return;
  sink.opaque.add(key);
  sink.deeds.push({ kind: "opaque", reason, detail, span: sink.context.span });
}

/** A file named by a text, or by a text of which only the beginning is known (`null` for one of which nothing is). */
export function putFile(sink: Sink, effect: "read" | "write" | "delete", path: string | null, prefix = ""): void {
  if (path === "") return;
  const value: Value = path === null ? { kind: "unknown", prefix, many: false } : known(path);
  put(sink, { kind: "file", effect, path: value, extent: "exact", span: sink.context.span });
}

/** Code for a shell; unknown code is opaque. */
export function putShell(sink: Sink, code: string | null, stdin: Stdin | null = null): void {
  if (code === null) putOpaque(sink, "unknown_code", "shell");
  else if (code !== "") putCode(sink, "shell", code, stdin);
}

export function putCode(sink: Sink, language: Language, code: string, stdin: Stdin | null = null): void {
  put(sink, { kind: "code", language, code: known(code), positional: [], scope: childScope(stdin), span: sink.context.span });
}

export function putScript(sink: Sink, language: Language, path: string): void {
  put(sink, {
    kind: "script",
    language,
    path: known(path),
    positional: [{ value: known(path), span: sink.context.span }],
    scope: childScope(null),
    span: sink.context.span,
  });
}

export function putOperation(sink: Sink, operation: string, target: string): void {
  put(sink, { kind: "operate", system: "database", operation, target: known(target), span: sink.context.span });
}

function childScope(stdin: Stdin | null): Scope {
  return { place: "child", cwd: null, environment: [], stdin };
}
