// Python, JavaScript, perl, ruby and PHP: code text to deeds. Implements spec/languages.md section 2.
// Twin of go/change/languages/general.go.
// Total: every text gives deeds; what cannot be read, or is too much to read, is opaque beside what was read.

import type { Deed } from "../deeds.js";
import { handOn, invoke } from "./calls.js";
import { expression, operand } from "./expressions.js";
import { memberOf } from "./members.js";
import { isPlausible } from "./plausible.js";
import { scan } from "./scan.js";
import type { General } from "./scanner.js";
import { statements } from "./statements.js";
import { survey } from "./survey.js";
import { tableOf } from "./table.js";
import { type Thing, UNKNOWN } from "./things.js";
import type { Token } from "./tokens.js";
import {
  type Context,
  cursorOf,
  type Engine,
  emitOpaque,
  emitUnknownCode,
  isOperator,
  MAX_STEPS,
  peek,
  spend,
  type World,
} from "./world.js";

const ENGINE: Engine = { expression, operand, statements, invoke, member: memberOf, handOn, code: readInner };

/** The deeds of code in one of the five general languages. */
export function readGeneral(language: General, code: string, context: Context): Deed[] {
  const world: World = {
    engine: ENGINE,
    language,
    table: tableOf(language),
    context,
    deeds: [],
    opaque: new Set(),
    bindings: new Map(),
    pinned: new Map(),
    assigned: new Map(),
    open: [],
    environment: [],
    evaluated: [],
    cwd: null,
    steps: MAX_STEPS,
    depth: 0,
    block: 0,
    exhausted: false,
  };
  readInner(world, code);
  if (world.exhausted) emitOpaque(world, "limit_exceeded", language);
  return world.deeds;
}

// The value of the last expression, for `eval`.
function readInner(world: World, code: string): Thing {
  const tokens = scan(world.language, world.table.lexicon, world.language === "php" ? phpCode(code) : code);
  if (tokens === null || !isPlausible(world.language, world.table, tokens)) {
    emitUnknownCode(world);
    return UNKNOWN;
  }
  if (world.depth > 8) {
    world.exhausted = true;
    return UNKNOWN;
  }
  survey(world.language, world.table, tokens, world.assigned);
  world.depth++;
  const cursor = cursorOf(tokens);
  const whole = isSingle(tokens) ? expression(world, cursor) : UNKNOWN;
  while (cursor.at < tokens.length && spend(world)) {
    const before = cursor.at;
    statements(world, cursor, false);
    if (cursor.at === before || isOperator(peek(cursor), ")")) cursor.at++;
  }
  world.depth--;
  return whole;
}

// One expression and nothing else: its value is what `eval` gives.
function isSingle(tokens: readonly Token[]): boolean {
  return !tokens.some((token) => token.kind === "newline" || isOperator(token, ";")) && tokens[0]?.kind !== "name"
    ? true
    : tokens.every((token) => token.kind === "name" || isOperator(token, "."));
}

// Text outside `<?php … ?>` is printed as it is; without such a mark all of it is code.
function phpCode(text: string): string {
  if (!text.includes("<?")) return text;
  let code = "";
  for (let at = text.indexOf("<?"); at >= 0; ) {
    const from = text.startsWith("<?php", at) ? at + 5 : text.startsWith("<?=", at) ? at + 3 : at + 2;
    const end = text.indexOf("?>", from);
    code += `${text.slice(from, end < 0 ? text.length : end)};\n`;
    at = end < 0 ? -1 : text.indexOf("<?", end);
  }
  return code;
}
