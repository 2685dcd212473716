// What a program does with its standard input. Implements spec/catalogue.md clauses 2.6 and 8.4.
// Twin of go/change/catalogue/stdin_roles.go.

import type { Deed } from "../deeds.js";
import { text } from "../values.js";
import { positionalWords, scopeOf, stdinCode } from "./code-roles.js";
import { applies } from "./conditions.js";
import type { Context } from "./context.js";
import type { StdinUse } from "./model.js";
import { isLanguage, parseRole } from "./roles.js";

export function stdinUse(context: Context): StdinUse | null {
  return (context.located.program.stdin ?? []).find((use) => applies(use, context.around)) ?? null;
}

export function stdinDeeds(context: Context): readonly Deed[] {
  const use = stdinUse(context);
  if (use === null) return [];
  const { name, parameter } = parseRole(use.role);
  if (name !== "code" || !isLanguage(parameter)) return [];
  const { call } = context;
  const positional = [{ value: text(call.name), span: call.span }, ...positionalWords(context)];
  return stdinCode(parameter, positional, scopeOf(use.place ?? "child", context), context, call.span);
}
