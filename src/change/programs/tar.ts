// tar: -C counts from where it stands, and what is extracted is not named on the line. Implements spec/catalogue.md clause 10.6.
// Twin of go/change/programs/tar.go.

import type { CutOption } from "../catalogue/command-line.js";
import { knownText } from "../catalogue/command-line.js";
import { type Context, contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import { within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { bareProgram } from "./bare-program.js";

export function readTar(call: Call): Reading {
  const context = contextOf(locate(bareProgram(call), call.words), call);
  const base = readingOf(context);
  const archives = context.located.line.options.filter((one) => one.means === "file").flatMap((one) => one.values);
  const deeds = [...archives.flatMap((archive) => archiveDeeds(archive, context)), ...memberDeeds(context)];
  return { ...base, deeds: inSourceOrder([...base.deeds, ...deeds]) };
}

function archiveDeeds(archive: Argument, context: Context): readonly Deed[] {
  if (knownText(archive.value) === "-") return [];
  const { meanings } = context.around;
  const effects = meanings.has("create")
    ? (["write"] as const)
    : meanings.has("append")
      ? (["read", "write"] as const)
      : (["read"] as const);
  return effects.map((effect) => ({ kind: "file", effect, path: archive.value, extent: "exact", span: archive.span }));
}

function memberDeeds(context: Context): readonly Deed[] {
  const { meanings } = context.around;
  if (meanings.has("create") || meanings.has("append")) return addedDeeds(context);
  if (!meanings.has("extract") || meanings.has("to_stdout") || meanings.has("to_command")) return [];
  return extractedDeeds(context);
}

/** Each operand from the folder of the -C before it. */
function addedDeeds(context: Context): readonly Deed[] {
  const { line } = context.located;
  const folderAt = foldersOf(line.options);
  return line.operands.flatMap((operand, i): readonly Deed[] => {
    const path = within(folderAt(line.operands_at[i] ?? 0), operand.value);
    const read: Deed = { kind: "file", effect: "read", path, extent: "tree", span: operand.span };
    return context.around.meanings.has("remove_files")
      ? [read, { kind: "file", effect: "delete", path, extent: "tree", span: operand.span }]
      : [read];
  });
}

/** What is in the archive is not known, and may be anything below the folder; named members only themselves. */
function extractedDeeds(context: Context): readonly Deed[] {
  const { line } = context.located;
  const { span } = context.call;
  const folderAt = foldersOf(line.options);
  const stripped = context.around.meanings.has("strip_components") || context.around.meanings.has("transform");
  const members = line.operands.filter((operand) => operand.value.kind === "text");
  if (members.length === 0 || members.length < line.operands.length || stripped || context.around.meanings.has("wildcards")) {
    const folder = folderAt(Number.MAX_SAFE_INTEGER) ?? text(".");
    const at = line.options.findLast((one) => one.means === "directory")?.span ?? span;
    const below: Deed = { kind: "file", effect: "write", path: folder, extent: "contents", span: at };
    // With -P a member that begins with `/` is put where it says.
    const anywhere: Deed = { kind: "file", effect: "write", path: UNKNOWN_WORD, extent: "exact", span };
    return context.around.meanings.has("absolute_names") ? [below, anywhere] : [below];
  }
  return members.map((member, i) => {
    const path = within(folderAt(line.operands_at[i] ?? 0), member.value);
    return { kind: "file", effect: "write", path, extent: "tree", span: member.span };
  });
}

/** The folder that the -C options lead to, asked for places that go forwards: to begin anew for each would cost the cube of their number. */
function foldersOf(options: readonly CutOption[]): (position: number) => Value | null {
  let folder: Value | null = null;
  let next = 0;
  return (position) => {
    for (let one = options[next]; one !== undefined && one.at <= position; one = options[next]) {
      const value = one.values[0];
      if (one.means === "directory" && value !== undefined) folder = within(folder, value.value);
      next += 1;
    }
    return folder;
  };
}
