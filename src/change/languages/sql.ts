// SQL of PostgreSQL, MySQL, SQLite and SQL Server, with the commands of their clients. Implements spec/languages.md section 11.
// Twin of go/change/languages/sql.go.
// It says what a statement would change: a dropped table, a delete without a condition, a file that the server writes. Queries give nothing.

import type { Deed } from "../deeds.js";
import { decimal } from "./ascii.js";
import { putFile, putOpaque, putOperation, putShell, type Sink, sinkFor, work } from "./sink.js";
import { clientCommand } from "./sql-clients.js";
import { type SqlPart, type SqlToken, scanSql } from "./sql-scan.js";
import type { Context } from "./world.js";

export const MAX_SQL_NESTING = 8;

/** The deeds of an SQL text. */
export function readSql(text: string, context: Context): Deed[] {
  const sink = sinkFor("sql", context);
  readInto(sink, text, 0);
  return sink.deeds;
}

function readInto(sink: Sink, text: string, nesting: number): void {
  if (nesting > MAX_SQL_NESTING) {
    putOpaque(sink, "limit_exceeded", "sql");
    return;
  }
  // SECURITY: a string in calls inside each other is read for each of them, and so are the strings in it.
  if (nesting > 0 && !work(sink, text.length >> 4)) return;
  const standard = scanSql(text, false);
  const escaped = text.includes("\\") ? scanSql(text, true) : standard;
  if (standard === null && escaped === null) {
    putOpaque(sink, "unknown_code", "sql");
    return;
  }
  if (standard !== null) readParts(sink, standard, nesting);
  // Where the two readings of a backslash differ, both are said.
  if (escaped !== null && escaped !== standard && JSON.stringify(escaped) !== JSON.stringify(standard)) readParts(sink, escaped, nesting);
}

function readParts(sink: Sink, parts: readonly SqlPart[], nesting: number): void {
  for (const part of parts) {
    if (part.kind === "meta") clientCommand(sink, part.line);
    else statement(sink, part.tokens, nesting);
  }
}

function statement(sink: Sink, tokens: readonly SqlToken[], nesting: number): void {
  functionsOf(sink, tokens, nesting);
  const from = verbAt(tokens);
  const verb = tokens[from]?.kind === "word" ? (tokens[from]?.text ?? "") : "";
  switch (verb) {
    case "DROP":
      dropped(sink, tokens, from);
      return;
    case "TRUNCATE":
      putOperation(sink, "truncate", objectName(tokens, from + 1));
      return;
    case "ALTER":
    case "RENAME":
    case "REINDEX":
      putOperation(
        sink,
        isRole(tokens, from + 1) ? "grant" : dropsData(tokens, from) ? "drop_column" : "alter",
        objectName(tokens, from + 1),
      );
      return;
    case "GRANT":
    case "REVOKE":
      putOperation(sink, "grant", "");
      return;
    case "CREATE":
      putOperation(sink, isRole(tokens, from + 1) ? "grant" : "write", objectName(tokens, from + 1));
      return;
    case "COPY":
      copied(sink, tokens, from);
      return;
    case "LOAD":
      loaded(sink, tokens);
      return;
    case "DO":
    case "EXECUTE":
    case "EXEC":
    case "PREPARE":
      codeIn(sink, tokens, nesting);
      return;
    case "ATTACH":
      attached(sink, tokens);
      return;
    case "VACUUM":
      if (tokens.some((token) => token.text === "INTO")) attached(sink, tokens, "write");
      return;
    case "CALL":
    case "IMPORT":
      putOperation(sink, "write", objectName(tokens, from + 1));
      return;
    default:
      changed(sink, tokens, from);
      return;
  }
}

// `EXPLAIN ANALYZE DELETE …` does what it explains; plain `EXPLAIN` does not.
function verbAt(tokens: readonly SqlToken[]): number {
  let at = 0;
  while (tokens[at]?.text === "(" || tokens[at]?.text === "BEGIN" || tokens[at]?.text === "ELSE" || tokens[at]?.text === "THEN") at++;
  if (tokens[at]?.text !== "EXPLAIN") return at;
  const analyzed = tokens.findIndex((token) => token.text === "ANALYZE" || token.text === "ANALYSE");
  if (analyzed < 0) return tokens.length;
  at = analyzed + 1;
  while (at < tokens.length && !STATEMENTS.includes(tokens[at]?.text ?? "")) at++;
  return at;
}

const STATEMENTS = ["DELETE", "UPDATE", "INSERT", "REPLACE", "MERGE", "SELECT", "WITH", "CREATE", "EXECUTE", "TABLE", "VALUES"];

function dropped(sink: Sink, tokens: readonly SqlToken[], from: number): void {
  const what = tokens[from + 1]?.text ?? "";
  const target = objectName(tokens, from + 1);
  if (what === "DATABASE") putOperation(sink, "drop_database", target);
  else if (what === "SCHEMA" || what === "KEYSPACE") putOperation(sink, "drop_schema", target);
  else if (what === "TABLE" || (what === "TEMPORARY" && tokens[from + 2]?.text === "TABLE") || what === "FOREIGN")
    putOperation(sink, "drop_table", target);
  else putOperation(sink, isRole(tokens, from + 1) || what === "OWNED" ? "grant" : "alter", target);
}

// `ALTER TABLE t DROP COLUMN c`, `DROP c`, `DROP PARTITION p`: what is in it is gone. A constraint or default is made again.
function dropsData(tokens: readonly SqlToken[], from: number): boolean {
  return tokens.some(
    (token, at) => at > from && token.text === "DROP" && token.kind === "word" && !MADE_AGAIN.includes(tokens[at + 1]?.text ?? ""),
  );
}

const MADE_AGAIN = "CONSTRAINT DEFAULT NOT INDEX KEY PRIMARY FOREIGN CHECK IDENTITY EXPRESSION OWNED UNIQUE".split(" ");

function isRole(tokens: readonly SqlToken[], at: number): boolean {
  return ["ROLE", "USER", "GROUP", "LOGIN", "POLICY"].includes(tokens[at]?.text ?? "");
}

const NOISE =
  "TABLE DATABASE SCHEMA KEYSPACE VIEW INDEX SEQUENCE FUNCTION PROCEDURE TRIGGER TYPE EXTENSION ROLE USER GROUP IF EXISTS NOT ONLY TEMPORARY TEMP UNLOGGED MATERIALIZED UNIQUE CONCURRENTLY OR REPLACE FROM INTO VIRTUAL FOREIGN IGNORE LOW_PRIORITY QUICK".split(
    " ",
  );

// The first name after words that only say what kind of thing it is.
function objectName(tokens: readonly SqlToken[], from: number): string {
  return nameOf(tokens[nameAt(tokens, from)]);
}

function nameAt(tokens: readonly SqlToken[], from: number): number {
  let at = from;
  while (at < tokens.length && tokens[at]?.kind === "word" && NOISE.includes(tokens[at]?.text ?? "")) at++;
  return at;
}

function nameOf(token: SqlToken | undefined): string {
  return token === undefined || token.kind === "mark" ? "" : token.raw;
}

// INSERT, UPDATE, DELETE, MERGE, at the beginning and inside of `WITH x AS (DELETE …)`; SELECT … INTO.
function changed(sink: Sink, tokens: readonly SqlToken[], from: number): void {
  const next: NextFrom = { at: -1, name: "" };
  for (let at = from; at < tokens.length && sink.work >= 0; at++) {
    const token = tokens[at];
    const before = tokens[at - 1];
    if (
      token?.kind !== "word" ||
      !(
        at === from ||
        before?.text === "(" ||
        before?.text === ")" ||
        before?.text === "AS" ||
        before?.text === "THEN" ||
        before?.text === "BEGIN"
      )
    )
      continue;
    const end = endOf(tokens, at);
    if (!work(sink, end - at)) return;
    if (token.text === "DELETE") putOperation(sink, conditioned(tokens, at, end) ? "write" : "delete_all", deletedFrom(tokens, at, next));
    else if (token.text === "UPDATE" && tokens[at + 1]?.kind !== "mark")
      putOperation(sink, conditioned(tokens, at, end) ? "write" : "update_all", objectName(tokens, at + 1));
    else if (["INSERT", "REPLACE", "MERGE", "UPSERT"].includes(token.text) && tokens[at + 1]?.text !== "(")
      putOperation(sink, "write", objectName(tokens, at + 1));
    else if (["DROP", "TRUNCATE", "ALTER"].includes(token.text) && at > from)
      putOperation(sink, token.text === "TRUNCATE" ? "truncate" : "alter", objectName(tokens, at + 1));
    else if (token.text === "SELECT" || token.text === "TABLE") selectedInto(sink, tokens, at, end);
  }
}

/** Where the next FROM stands, and the name behind it: kept, because searching again for each DELETE would take the square of the time. */
interface NextFrom {
  at: number;
  name: string;
}

function deletedFrom(tokens: readonly SqlToken[], at: number, next: NextFrom): string {
  if (next.at <= at) {
    next.at = at + 1;
    while (next.at < tokens.length && tokens[next.at]?.text !== "FROM") next.at++;
    next.name = objectName(tokens, next.at + 1);
  }
  return next.at < tokens.length ? next.name : objectName(tokens, at + 1);
}

// Where the bracket around the statement closes.
function endOf(tokens: readonly SqlToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.kind !== "mark") continue;
    if (tokens[at]?.text === "(") depth++;
    else if (tokens[at]?.text === ")") {
      depth--;
      if (depth < 0) return at;
    }
  }
  return tokens.length;
}

// A condition that says something: `WHERE 1 = 1` and `WHERE true` do not. LIMIT counts as a condition, as does a join.
function conditioned(tokens: readonly SqlToken[], from: number, to: number): boolean {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    if (token?.text === "(" && token.kind === "mark") depth++;
    else if (token?.text === ")" && token.kind === "mark") depth--;
    if (depth !== 0 || token?.kind !== "word") continue;
    if (token.text === "LIMIT") return true;
    if (token.text === "WHERE") return !trivial(tokens.slice(at + 1, to));
  }
  return false;
}

function trivial(condition: readonly SqlToken[]): boolean {
  const end = condition.findIndex((token) => token.kind === "word" && ["RETURNING", "ORDER"].includes(token.text));
  const parts = (end < 0 ? condition : condition.slice(0, end)).filter((token) => token.text !== "(" && token.text !== ")");
  const [left, mark, right] = parts;
  if (parts.length === 1) return left?.text === "TRUE" || (left?.kind === "word" && left.text !== "0" && decimal(left.text) !== null);
  return parts.length === 3 && mark?.text === "=" && left?.text === right?.text && left?.kind === right?.kind;
}

// `SELECT … INTO OUTFILE 'f'`, `INTO DUMPFILE 'f'`, `INTO new_table`; `INTO @v` is a variable.
function selectedInto(sink: Sink, tokens: readonly SqlToken[], from: number, to: number): void {
  // The name that stands behind one INTO stands behind all that follow each other.
  let name = -1;
  for (let at = from + 1; at < to; at++) {
    if (tokens[at]?.kind !== "word" || tokens[at]?.text !== "INTO") continue;
    const next = tokens[at + 1];
    if (next?.text === "OUTFILE" || next?.text === "DUMPFILE") putFile(sink, "write", tokens[at + 2]?.raw ?? null);
    else if (next !== undefined && next.kind !== "mark" && !next.raw.startsWith("@")) {
      if (name <= at) name = nameAt(tokens, at + 1);
      putOperation(sink, "write", nameOf(tokens[name]));
    }
  }
}

// `COPY t FROM 'f'`, `COPY t TO PROGRAM 'x'`: files and programs of the server.
function copied(sink: Sink, tokens: readonly SqlToken[], from: number): void {
  const name = objectName(tokens, from + 1);
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const word = tokens[at];
    if (word?.kind === "mark") depth += word.text === "(" ? 1 : word.text === ")" ? -1 : 0;
    if (at <= from || word?.kind !== "word" || (word.text !== "FROM" && word.text !== "TO")) continue;
    const next = tokens[at + 1];
    if (word.text === "FROM" && depth === 0) putOperation(sink, "write", name);
    if (next?.text === "PROGRAM" && next.kind === "word") {
      putOperation(sink, "run_program", name);
      putShell(sink, tokens[at + 2]?.kind === "string" ? (tokens[at + 2]?.text ?? null) : null);
    } else if (next?.kind === "string") putFile(sink, word.text === "FROM" ? "read" : "write", next.text);
  }
}

// `LOAD DATA INFILE 'f' INTO TABLE t`; `LOAD 'library'` brings machine code into the server.
function loaded(sink: Sink, tokens: readonly SqlToken[]): void {
  const file = tokens.find((token) => token.kind === "string");
  if (tokens[1]?.kind === "string") putOpaque(sink, "unknown_code", "sql");
  else if (file !== undefined) putFile(sink, "read", file.text);
  const into = tokens.findIndex((token) => token.text === "INTO");
  if (into >= 0) putOperation(sink, "write", objectName(tokens, into + 1));
}

function attached(sink: Sink, tokens: readonly SqlToken[], effect: "read" | "write" = "write"): void {
  const file = tokens.find((token) => token.kind === "string");
  if (file?.text === ":memory:") return;
  putFile(sink, effect, file === undefined ? null : file.text);
}

// `DO $$ … $$`, `EXEC('…')`, `PREPARE s FROM '…'`: the text is SQL; without one it is a name, or made while it runs.
function codeIn(sink: Sink, tokens: readonly SqlToken[], nesting: number): void {
  const strings = tokens.filter((token) => token.kind === "string");
  const verb = tokens[verbAt(tokens)]?.text;
  if (tokens.some((token) => token.text.endsWith("XP_CMDSHELL"))) return;
  for (const token of strings) readInto(sink, token.text, nesting + 1);
  if (verb === "PREPARE" && strings.length === 0) {
    const as = tokens.findIndex((token) => token.text === "AS");
    // SECURITY: a chain of PREPARE … AS PREPARE … is as deep as it is long.
    if (as >= 0 && nesting >= MAX_SQL_NESTING) putOpaque(sink, "limit_exceeded", "sql");
    else if (as >= 0) statement(sink, tokens.slice(as + 1), nesting + 1);
  } else if (
    strings.length === 0 &&
    (verb === "EXECUTE" || verb === "EXEC") &&
    tokens.some((token) => token.text === "(" || token.raw.startsWith("@"))
  ) {
    putOpaque(sink, "unknown_code", "sql");
  }
}

const READING = ["LOAD_FILE", "PG_READ_FILE", "PG_READ_BINARY_FILE", "PG_LS_DIR", "PG_STAT_FILE", "READFILE", "LO_IMPORT", "OPENROWSET"];
const WRITING = ["WRITEFILE", "LO_EXPORT", "PG_FILE_WRITE"];
const RUNNING = [
  "LOAD_EXTENSION",
  "SYS_EXEC",
  "SYS_EVAL",
  "QUERY_TO_XML",
  "DBLINK",
  "DBLINK_EXEC",
  "PG_TERMINATE_BACKEND",
  "SETVAL",
  "NEXTVAL",
];

// Functions that leave the database: files, programs, machine code; and function bodies, which are SQL.
function functionsOf(sink: Sink, tokens: readonly SqlToken[], nesting: number): void {
  tokens.forEach((token, at) => {
    if (token.kind !== "word" || sink.work < 0) return;
    const name = token.text.slice(token.text.lastIndexOf(".") + 1);
    if (name === "XP_CMDSHELL" && work(sink, tokens.length - at)) putOperation(sink, "run_program", "");
    if (name === "XP_CMDSHELL" && sink.work >= 0) putShell(sink, tokens.slice(at).find((one) => one.kind === "string")?.text ?? null);
    if (tokens[at + 1]?.text !== "(") return;
    if (![...READING, ...WRITING, ...RUNNING].includes(name)) return;
    const end = endOf(tokens, at + 2);
    if (!work(sink, end - at)) return;
    const strings = tokens.slice(at + 2, end).filter((one) => one.kind === "string");
    if (READING.includes(name)) putFile(sink, "read", strings[0]?.text ?? null);
    else if (WRITING.includes(name)) putFile(sink, "write", strings[0]?.text ?? null);
    else if (name === "LOAD_EXTENSION" || name === "SYS_EXEC" || name === "SYS_EVAL") putOpaque(sink, "unknown_code", "sql");
    else if (name === "QUERY_TO_XML" || name === "DBLINK" || name === "DBLINK_EXEC")
      for (const one of strings) readInto(sink, one.text, nesting + 1);
    else if (name === "PG_TERMINATE_BACKEND" || name === "SETVAL" || name === "NEXTVAL") putOperation(sink, "write", "");
  });
}
