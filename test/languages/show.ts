// Deeds of code as short texts, in the notation of spec/languages.md section 15.

import type { Deed, Language, Scope } from "../../src/change/deeds.js";
import { readCode } from "../../src/change/languages/index.js";
import type { Value } from "../../src/change/values.js";

export const SPAN = { start: 3, end: 9 };

export interface Around {
  readonly positional?: readonly string[];
  readonly stdin?: string | null;
  readonly environment?: Readonly<Record<string, string>>;
}

export function deedsOf(language: Language, code: string, around: Around = {}): readonly Deed[] {
  const stdin = around.stdin ?? null;
  return readCode(language, code, {
    positional: (around.positional ?? []).map((text) => ({ value: { kind: "text", text }, span: SPAN })),
    stdin: stdin === null ? { kind: "inherited" } : { kind: "text", text: stdin, span: SPAN },
    span: SPAN,
    environment: Object.fromEntries(Object.entries(around.environment ?? {}).map(([name, text]) => [name, { kind: "text", text }])),
  }).deeds;
}

export function showDeeds(language: Language, code: string, around: Around = {}): readonly string[] {
  return deedsOf(language, code, around).map(showDeed);
}

function showDeed(deed: Deed): string {
  switch (deed.kind) {
    case "file":
      return `${deed.effect} ${showValue(deed.path)}${deed.extent === "exact" ? "" : ` ${deed.extent}`}`;
    case "code":
      return `code:${deed.language} ${showValue(deed.code)}${showScope(deed.scope)}`;
    case "script":
      return `script:${deed.language} ${showValue(deed.path)}${showScope(deed.scope)}`;
    case "command":
      return `command ${deed.words.map((word) => showValue(word.value)).join(" ")}${showScope(deed.scope)}`;
    case "git":
      return `git ${deed.operation}`;
    case "network":
      return `${deed.direction} ${showValue(deed.destination)} ${deed.data}`;
    case "key":
      return `key ${showValue(deed.path)}`;
    case "operate":
      return `operate ${deed.system} ${deed.operation} ${showValue(deed.target)}`;
    case "opaque":
      return `opaque ${deed.reason}${deed.detail === "" ? "" : ` ${deed.detail}`}`;
  }
}

function showScope(scope: Scope): string {
  const cwd = scope.cwd === null ? "" : ` in ${showValue(scope.cwd)}`;
  const environment = scope.environment.map(({ name, value }) => ` ${name}=${showValue(value)}`).join("");
  return `${cwd}${environment}${scope.stdin === null ? "" : ` <${scope.stdin.kind}`}`;
}

function showValue(value: Value): string {
  if (value.kind === "text") return `'${value.text}'`;
  return value.kind === "pattern" ? `~${value.glob}` : `${value.prefix === "" ? "" : `'${value.prefix}'`}?${value.many ? "*" : ""}`;
}
