// Code in other languages than the shell, to deeds. Implements spec/languages.md. Twin of go/change/languages/languages.go.
// It only says what the code would do; it never runs, resolves or judges anything.

import type { Deed, Language } from "../deeds.js";
import { readAwk } from "./awk.js";
import { readGeneral } from "./general.js";
import { readMake } from "./make.js";
import { readMongo } from "./mongo.js";
import { readRedis } from "./redis.js";
import { readSed } from "./sed.js";
import { readSql } from "./sql.js";
import type { Context } from "./world.js";

export const MAX_CODE_BYTES = 262_144;

/** The deeds of `code`, in the order in which it is read. `context.positional` are the words after the code. */
export function readCode(language: Language, code: string, context: Context): { readonly deeds: readonly Deed[] } {
  if (byteLength(code) > MAX_CODE_BYTES) return { deeds: [opaque("limit_exceeded", language, context)] };
  if (!isWellFormed(code)) return { deeds: [opaque("unknown_code", language, context)] };
  switch (language) {
    case "python":
    case "javascript":
    case "perl":
    case "ruby":
    case "php":
      return { deeds: readGeneral(language, code, context) };
    case "awk":
      return { deeds: readAwk(code, context) };
    case "sed":
      return { deeds: readSed(code, context) };
    case "sql":
      return { deeds: readSql(code, context) };
    case "redis":
      return { deeds: readRedis(code, context) };
    case "mongo":
      return { deeds: readMongo(code, context) };
    case "make":
      return { deeds: readMake(code, context) };
    // The walk reads shell code itself; what comes here as shell, or in no language that is known, is not read.
    case "shell":
    case "unknown":
      return { deeds: [opaque("unknown_code", language, context)] };
  }
}

function opaque(reason: string, detail: string, context: Context): Deed {
  return { kind: "opaque", reason, detail, span: context.span };
}

// UTF-8 bytes, counted without making them; stops early where the text is surely too long.
function byteLength(code: string): number {
  if (code.length > MAX_CODE_BYTES) return code.length;
  let bytes = 0;
  for (let at = 0; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}

// No NUL and no half of a surrogate pair: neither can reach a program as it stands here.
function isWellFormed(code: string): boolean {
  for (let at = 0; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    if (unit === 0) return false;
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = code.charCodeAt(at + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    at++;
  }
  return true;
}

export type { Context } from "./world.js";
