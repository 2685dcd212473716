// What programs print, as far as it can be known before they run. Implements spec/catalogue.md section 9.
// Twin of go/change/catalogue/outputs.go.
// It matters where output becomes words or code: `rm $(cat list)`, `echo … | sh`. In doubt it is a stream.

import type { Output } from "../reading.js";
import { text, UNKNOWN_WORD, type Value } from "../values.js";
import type { Context } from "./context.js";
import { isStandardStream } from "./file-roles.js";
import { decodeBase64, decodeHex, echoText, formatted, translated } from "./output-texts.js";
import { baseName, escapeGlob, folderOf, within } from "./value-parts.js";

const STREAM: Output = { kind: "stream" };
/** Text without a slash: numbers, dates, names of users and machines. */
const PLAIN: Output = { kind: "lines", globs: ["*"] };

export function outputOf(model: string, context: Context): Output {
  return MODELS.get(model)?.(context) ?? STREAM;
}

const MODELS: ReadonlyMap<string, (context: Context) => Output> = new Map<string, (context: Context) => Output>([
  ["trusted_code", () => ({ kind: "trusted_code" })],
  ["plain", () => PLAIN],
  ["count", (context) => (context.located.line.operands.length === 0 ? PLAIN : STREAM)],
  ["nothing", () => ({ kind: "text", text: "" })],
  ["echo", (context) => fromText(echoText(given(context)))],
  ["printf", (context) => (has(context, "variable") ? fromText("") : fromText(formatted(given(context))))],
  ["cat", (context) => (context.around.meanings.size === 0 ? passedOn(context) : STREAM)],
  ["stdin", firstLines],
  ["grep", matching],
  ["base64", (context) => (has(context, "decode") ? decoded(context, decodeBase64) : STREAM)],
  ["xxd", (context) => (has(context, "revert") && has(context, "plain") ? decoded(context, decodeHex) : STREAM)],
  ["tr", translation],
  ["ls", listing],
  ["paths", (context) => below(context.located.line.operands.slice(1).map((one) => one.value))],
  ["pwd", ({ call }) => fromValue(call.cwd)],
  ["mktemp", temporary],
  ["basename", (context) => ofOne(context, (path) => baseName(path) ?? path)],
  ["dirname", (context) => ofOne(context, folderOf)],
  ["resolved", resolved],
  ["located", located],
]);

function has(context: Context, meaning: string): boolean {
  return context.around.meanings.has(meaning);
}

function given(context: Context): readonly Value[] {
  return context.call.words.map((word) => word.value);
}

function fromText(known: string | null): Output {
  return known === null ? STREAM : { kind: "text", text: known };
}

/** Standard input as it came, when no file is named. */
function passedOn(context: Context): Output {
  const { stdin } = context.call;
  const files = context.uses.filter((use) => use.role === "read");
  if (!files.every((use) => use.argument.value.kind === "text" && isStandardStream(use.argument.value)) || files.length > 1) return STREAM;
  switch (stdin.kind) {
    case "text":
      return { kind: "text", text: stdin.text };
    case "lines":
      return { kind: "lines", globs: stdin.globs };
    case "inherited":
    case "stream":
      return STREAM;
  }
}

/** Programs that print some of the lines of their input, in some order: known lines stay lines of that form; known text is not cut up further. */
function firstLines(context: Context): Output {
  const input = passedOn(context);
  if (input.kind !== "text" || context.call.name === "tee" || context.call.name === "sponge") return has(context, "count") ? STREAM : input;
  if (has(context, "count")) return STREAM;
  const lines = input.text.split("\n").filter((line) => line !== "");
  return lines.length <= 1 && !has(context, "bytes") ? input : linesOf(lines);
}

/** Every line is one of these. */
function linesOf(lines: readonly string[]): Output {
  return lines.length === 0 || lines.length > MAX_LINES ? STREAM : { kind: "lines", globs: lines.map(escapeGlob) };
}

/** More lines than this are a stream. */
export const MAX_LINES = 200;

function matching(context: Context): Output {
  if (has(context, "count")) return PLAIN;
  const paths = context.uses
    .filter((use) => use.from === "operand" && (use.role === "read" || use.role === "list"))
    .map((use) => use.argument.value);
  if (has(context, "files") || has(context, "names"))
    return paths.length > 0 || context.call.stdin.kind === "inherited" ? below(paths) : STREAM;
  if (has(context, "matches") || has(context, "line_number") || has(context, "file_names")) return STREAM;
  return firstLines(context);
}

/** Paths at or below the operands; without operands below the working folder. */
function below(paths: readonly Value[]): Output {
  if (paths.length === 0) return { kind: "lines", globs: ["**"] };
  const globs: string[] = [];
  for (const path of paths) {
    if (path.kind === "unknown") return STREAM;
    const glob = path.kind === "text" ? escapeGlob(path.text) : path.glob;
    globs.push(glob, glob.endsWith("/") ? `${glob}**` : `${glob}/**`);
  }
  return { kind: "lines", globs };
}

const LS_DECORATIONS = ["long", "size", "inode", "classify", "context", "slashes", "quoted", "commas", "columns", "recursive"];

/** Names in a folder come without the folder; operands of `ls -d` and globs come as they are. */
function listing(context: Context): Output {
  if (LS_DECORATIONS.some((meaning) => has(context, meaning))) return STREAM;
  const operands = context.located.line.operands.map((one) => one.value);
  const itself = operands.flatMap((value) =>
    value.kind === "unknown" ? [] : [value.kind === "text" ? escapeGlob(value.text) : value.glob],
  );
  if (itself.length < operands.length) return STREAM;
  const onlyThese = has(context, "directory") || (operands.length > 0 && itself.every(isOfFiles));
  return { kind: "lines", globs: onlyThese ? itself : [...itself, "*"] };
}

/** `*.log`: a pattern whose names end in an extension of letters. A folder may be called so, and is then listed; nobody lists folders so. */
function isOfFiles(glob: string): boolean {
  const name = glob.slice(glob.lastIndexOf("/") + 1);
  const extension = name.slice(name.lastIndexOf(".") + 1);
  return name.startsWith("*") && name.lastIndexOf(".") > 0 && extension.length <= 6 && /^[A-Za-z]+[0-9]*$/.test(extension);
}

function decoded(context: Context, decode: (source: string) => string | null): Output {
  const input = passedOn(context);
  return input.kind === "text" ? fromText(decode(input.text)) : STREAM;
}

function translation(context: Context): Output {
  const { stdin } = context.call;
  const [from, to] = context.located.line.operands.map((one) => one.value);
  if (stdin.kind !== "text" || from?.kind !== "text") return STREAM;
  const simple = [...context.around.meanings].every((meaning) => meaning === "delete");
  if (!simple || (to !== undefined && to.kind !== "text")) return STREAM;
  return fromText(translated(stdin.text, from.text, to?.text ?? null, has(context, "delete")));
}

/** A new name in the temporary folder, or by the template: the last `X` in it are any characters. `-t` and `--tmpdir` put the template into a folder. */
function temporary(context: Context): Output {
  const [template] = context.located.line.operands;
  if (template !== undefined && template.value.kind !== "text") return STREAM;
  const name = template?.value.kind === "text" ? template.value.text : null;
  const glob = name === null ? "tmp.*" : templateGlob(name);
  if (name !== null && !has(context, "tmpdir") && !has(context, "t")) return { kind: "lines", globs: [glob], random: true };
  const folder = temporaryFolder(context);
  const output = fromValue(within(folder, { kind: "pattern", glob }));
  return output.kind === "lines" && folder.kind === "text" ? { ...output, random: true } : output;
}

function temporaryFolder(context: Context): Value {
  const { environment, facts } = context.call;
  const option = context.located.line.options.findLast((one) => one.means === "tmpdir");
  const given = option?.values[0]?.value;
  if (given !== undefined) return given;
  if (Object.hasOwn(environment, "TMPDIR")) return environment.TMPDIR ?? UNKNOWN_WORD;
  const [root] = facts.temp_roots;
  return root === undefined ? UNKNOWN_WORD : text(root);
}

function templateGlob(template: string): string {
  const end = template.lastIndexOf("X") + 1;
  if (end === 0) return `${escapeGlob(template)}*`;
  let start = end;
  while (start > 0 && template[start - 1] === "X") start -= 1;
  return `${escapeGlob(template.slice(0, start))}*${escapeGlob(template.slice(end))}`;
}

function ofOne(context: Context, part: (path: Value) => Value): Output {
  const [path, suffix] = context.located.line.operands;
  if (path === undefined || suffix !== undefined || context.around.meanings.size > 0) return STREAM;
  return fromValue(part(path.value));
}

function fromValue(value: Value): Output {
  if (value.kind === "text") return { kind: "text", text: `${value.text}\n` };
  return value.kind === "pattern" ? { kind: "lines", globs: [value.glob] } : STREAM;
}

/** `which node`, `command -v node`: some path that ends in the name. */
function located(context: Context): Output {
  const [name, more] = context.located.line.operands;
  const isLookup = context.call.name === "which" || has(context, "look_up");
  if (!isLookup || name?.value.kind !== "text" || more !== undefined || name.value.text.includes("/") || name.value.text === "")
    return STREAM;
  return { kind: "stream", ends: `/${name.value.text}` };
}

/** `realpath x`, `readlink -f x`: the path itself, as far as links are not known here. The walk resolves what comes of it. */
function resolved(context: Context): Output {
  const [path, more] = context.located.line.operands;
  if (path === undefined || more !== undefined || context.around.meanings.has("relative_to")) return STREAM;
  if (context.call.name === "readlink" && !has(context, "canonical")) return STREAM;
  return fromValue(within(context.call.cwd, path.value));
}
