// patch: changes the files that a difference names. Implements spec/catalogue.md clause 10.8. Twin of go/change/programs/patch.go.

import { trimAscii, wholeNumber } from "../../base/ascii.js";
import { knownText } from "../catalogue/command-line.js";
import { contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import { within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text } from "../values.js";
import { bareProgram } from "./bare-program.js";

/** A difference that names more files is told as the whole folder. */
export const MAX_PATCHED_FILES = 200;

export function readPatch(call: Call): Reading {
  const context = contextOf(locate(bareProgram(call), call.words), call);
  const base = readingOf(context);
  const { meanings, options } = context.around;
  const [file, difference] = context.located.line.operands;
  const deeds: Deed[] =
    difference === undefined
      ? []
      : [{ kind: "file", effect: "read", path: within(context.folder, difference.value), extent: "exact", span: difference.span }];
  if (!meanings.has("dry_run") && !meanings.has("output")) {
    const depth = options.findLast((one) => one.means === "strip")?.values[0];
    const named =
      call.stdin.kind === "text" ? patchedFiles(call.stdin.text, wholeNumber(knownText(depth?.value ?? text("0")) ?? "") ?? 0) : null;
    const span = call.stdin.kind === "text" ? call.stdin.span : call.span;
    if (file !== undefined) deeds.push(...changed(file, context.folder));
    else if (named === null || named.length > MAX_PATCHED_FILES)
      deeds.push({ kind: "file", effect: "write", path: within(context.folder, text(".")), extent: "contents", span });
    else deeds.push(...named.flatMap((path) => changed({ value: text(path), span }, context.folder)));
  }
  return { ...base, deeds: inSourceOrder([...base.deeds, ...deeds]) };
}

function changed(file: Argument, folder: Parameters<typeof within>[0]): readonly Deed[] {
  const path = within(folder, file.value);
  return (["read", "write"] as const).map((effect) => ({ kind: "file", effect, path, extent: "exact", span: file.span }));
}

/** The names after `--- ` and `+++ `, without `depth` leading components; null when there are none (another form of difference). */
function patchedFiles(difference: string, depth: number): readonly string[] | null {
  const paths = new Set<string>();
  for (const line of difference.split("\n")) {
    if (!line.startsWith("+++ ") && !line.startsWith("--- ")) continue;
    const name = trimAscii(line.slice(4).split("\t")[0] ?? "");
    if (name === "" || name === "/dev/null" || name.startsWith("-")) continue;
    paths.add(stripped(name, depth));
  }
  return paths.size === 0 ? null : [...paths];
}

function stripped(path: string, depth: number): string {
  const parts = path.split("/");
  return parts.slice(Math.min(depth, parts.length - 1)).join("/");
}
