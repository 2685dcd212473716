// Scripts for the MongoDB shell: JavaScript with collections. Implements spec/languages.md section 13.
// Twin of go/change/languages/mongo.go.
// What JavaScript itself could do is read by the reader for JavaScript; here only calls on databases and collections are looked at.

import type { Deed } from "../deeds.js";
import { readGeneral } from "./general.js";
import { scan } from "./scan.js";
import { putOpaque, putOperation, putScript, type Sink, sinkFor } from "./sink.js";
import { tableOf } from "./table.js";
import type { Token } from "./tokens.js";
import type { Context } from "./world.js";

const WRITES =
  "insert insertOne insertMany updateOne replaceOne deleteOne findOneAndDelete findOneAndUpdate findOneAndReplace findAndModify save bulkWrite initializeOrderedBulkOp createIndex createIndexes createCollection createView mapReduce".split(
    " ",
  );
const ALTERS =
  "dropIndex dropIndexes renameCollection convertToCapped reIndex shutdownServer fsyncLock setProfilingLevel adminCommand".split(" ");
const GRANTS =
  "createUser dropUser dropAllUsers updateUser changeUserPassword grantRolesToUser revokeRolesFromUser createRole dropRole".split(" ");
const COMMANDS: Readonly<Record<string, string>> = {
  dropDatabase: "drop_database",
  drop: "drop_table",
  delete: "delete_all",
  update: "write",
  insert: "write",
  findAndModify: "write",
  shutdown: "alter",
  create: "write",
  collMod: "alter",
  dropIndexes: "alter",
  renameCollection: "alter",
  createUser: "grant",
  dropUser: "grant",
  eval: "write",
};

/** The deeds of a script for the MongoDB shell. */
export function readMongo(code: string, context: Context): Deed[] {
  const sink = sinkFor("mongo", context);
  const tokens = scan("javascript", tableOf("javascript").lexicon, code);
  if (tokens === null) putOpaque(sink, "unknown_code", "mongo");
  else visit(sink, tokens);
  const general = readGeneral("javascript", code, context);
  return [...general, ...sink.deeds];
}

function visit(sink: Sink, tokens: readonly Token[]): void {
  const lastOutput = tokens.findLastIndex((token) => OUTPUTS.includes(token.text) || OUTPUTS.includes(fixedText(token)));
  tokens.forEach((token, at) => {
    for (const part of token.parts) if (part.kind === "code") visit(sink, part.tokens);
    if (token.kind !== "name" || !is(tokens[at + 1], "(")) return;
    if (token.text === "load") putScript(sink, "javascript", fixedText(tokens[at + 2]));
    else if (is(tokens[at - 1], ".") || is(tokens[at - 1], "?.")) method(sink, tokens, at, token.text, at < lastOutput);
  });
}

/** Stages of a pipeline that write what it gives. */
const OUTPUTS = ["$out", "$merge"];

function method(sink: Sink, tokens: readonly Token[], at: number, name: string, isWritten: boolean): void {
  const target = collection(tokens, at);
  if (name === "dropDatabase") putOperation(sink, "drop_database", "");
  else if (name === "drop") putOperation(sink, "drop_table", target);
  else if (name === "deleteMany" || name === "remove") putOperation(sink, matchesAll(tokens, at + 2) ? "delete_all" : "write", target);
  else if (name === "updateMany" || name === "update") putOperation(sink, matchesAll(tokens, at + 2) ? "update_all" : "write", target);
  else if (name === "runCommand" || name === "adminCommand") command(sink, tokens, at + 2);
  else if (WRITES.includes(name)) putOperation(sink, "write", target);
  else if (ALTERS.includes(name)) putOperation(sink, "alter", target);
  else if (GRANTS.includes(name)) putOperation(sink, "grant", "");
  else if (name === "aggregate" && isWritten) putOperation(sink, "write", target);
}

// `db.name.method(`, `db.getCollection("name").method(`.
function collection(tokens: readonly Token[], at: number): string {
  const owner = tokens[at - 2];
  if (owner?.kind === "name") return owner.text === "db" ? "" : owner.text;
  return is(owner, ")") || is(owner, "]") ? fixedText(tokens[at - 3]) : "";
}

// `()`, `({})`: every document is meant.
function matchesAll(tokens: readonly Token[], from: number): boolean {
  return is(tokens[from], ")") || (is(tokens[from], "{") && is(tokens[from + 1], "}"));
}

// `runCommand({drop: "x"})`, `runCommand("shutdown")`.
function command(sink: Sink, tokens: readonly Token[], from: number): void {
  const key = is(tokens[from], "{") ? tokens[from + 1] : tokens[from];
  const name = key?.kind === "name" ? key.text : fixedText(key);
  const operation = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (operation !== undefined) putOperation(sink, operation, fixedText(tokens[from + 3]));
}

function fixedText(token: Token | undefined): string {
  const part = token?.parts[0];
  return token?.kind === "string" && token.parts.length === 1 && part?.kind === "text" ? part.text : "";
}

function is(token: Token | undefined, text: string): boolean {
  return token?.kind === "operator" && token.text === text;
}
