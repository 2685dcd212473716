// Folders in which a program looks for code of its own accord, and prompts that a shell expands. Implements spec/catalogue.md clauses 3.7 and 3.8.
// Twin of go/change/catalogue/load_path.go.
// Most folders are the project's or the system's. Only one that anybody may have filled is told: the walk says what it thinks of it.

import type { Deed, Language, Scope } from "../deeds.js";
import type { Argument, Value } from "../values.js";
import { text } from "../values.js";
import type { Context } from "./context.js";
import { knownPrefix } from "./value-parts.js";

/** A script deed for every part that lies in a temporary folder, or leads there by `..`; what only begins there cannot be known. */
export function loadPathDeeds(folders: Argument, language: Language, scope: Scope, context: Context): readonly Deed[] {
  const { value, span } = folders;
  const deedOf = (path: Value): Deed => ({ kind: "script", language, path, positional: [{ value: path, span }], scope, span });
  const roots = context.call.facts.temp_roots;
  if (value.kind === "pattern") return isTemporary(knownPrefix(value), roots) ? [deedOf(value)] : [];
  const parts = knownPrefix(value).split(":");
  const open = value.kind === "text" ? undefined : parts.pop();
  const deeds = parts.filter((part) => isTemporary(part, roots)).map((part) => deedOf(text(part)));
  if (open === undefined || !isTemporary(open, roots)) return deeds;
  return [...deeds, { kind: "opaque", reason: "unknown_code", detail: language, span }];
}

function isTemporary(path: string, roots: readonly string[]): boolean {
  if (!path.startsWith("/")) return false;
  return path.includes("..") || roots.some((root) => path === root || path.startsWith(`${root}/`));
}

/** A shell expands a prompt as it does a here-document: only a substitution in it runs something. */
export function promptDeeds(prompt: Argument, scope: Scope): readonly Deed[] {
  const known = knownPrefix(prompt.value);
  if (!known.includes("$(") && !known.includes("`")) return [];
  const code = prompt.value.kind === "text" ? text(promptCode(known)) : prompt.value;
  return [{ kind: "code", language: "shell", code, positional: [], scope, span: prompt.span }];
}

/** Shell code that does what expanding the prompt does. */
export function promptCode(prompt: string): string {
  return `: <<PROMPT\n${prompt}\nPROMPT\n`;
}
