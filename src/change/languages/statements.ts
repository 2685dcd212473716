// Statements that are more than an expression: imports, declarations, loops. Implements spec/languages.md section 6.7.
// Twin of go/change/languages/statements.go.
// What is not listed here is read as expressions with keywords between them, so that an unknown statement hides nothing.

import { tupleAssignment } from "./assignments.js";
import { javascriptStatement, perlStatement, phpStatement, pythonStatement, rubyStatement } from "./declarations.js";
import { type Cursor, isOperator, peek, spend, type World } from "./world.js";

const COMPOUND = ["for", "while", "if", "elif", "else", "try", "except", "finally", "with", "def", "class", "async", "match", "case"];

/** Reads statements up to a closing bracket that belongs to somebody else, or only one of them. */
export function statements(world: World, cursor: Cursor, one: boolean): void {
  while (cursor.at < cursor.tokens.length && spend(world)) {
    const token = peek(cursor);
    if (token === undefined || (token.kind === "operator" && ")]}".includes(token.text))) return;
    if (token.kind === "newline" || isOperator(token, ";") || isOperator(token, ",")) {
      cursor.at++;
      continue;
    }
    if (world.language === "python" && token.indent >= 0) world.block = token.indent > 0 || COMPOUND.includes(token.text) ? 1 : 0;
    const before = cursor.at;
    if (!special(world, cursor) && !tupled(world, cursor)) {
      // What decorates a function is called with it.
      const decorates = world.language === "python" && isOperator(token, "@");
      const thing = world.engine.expression(world, cursor);
      if (decorates) world.engine.handOn(world, thing);
    }
    if (cursor.at === before) cursor.at++;
    if (one) return;
  }
}

function tupled(world: World, cursor: Cursor): boolean {
  return (world.language === "python" || world.language === "ruby") && tupleAssignment(world, cursor);
}

function special(world: World, cursor: Cursor): boolean {
  if (peek(cursor)?.kind !== "name") return false;
  switch (world.language) {
    case "python":
      return pythonStatement(world, cursor);
    case "javascript":
      return javascriptStatement(world, cursor);
    case "perl":
      return perlStatement(world, cursor);
    case "ruby":
      return rubyStatement(world, cursor);
    case "php":
      return phpStatement(world, cursor);
  }
}
