// What programs and code leave in the files that they write: where it came from says whether running it can be known. Implements spec/change.md section 7.9.
// Twin of go/change/walk/file_writes.go. It knows no program by name: the catalogue says which keep, copy or pass on content; everything else follows from the deeds.

import type { Deed } from "../deeds.js";
import { contentOf } from "../programs/index.js";
import type { Reading } from "../reading.js";
import { spend } from "../words/index.js";
import { fileAt, fileKey, filesNamed, fillFile, MADE, passedInput, putState, UNKNOWN_CONTENT } from "./files.js";
import type { Frame } from "./frame.js";
import { type FileState, joinFileStates, onDiskAs } from "./shell.js";
import { removeFrom, setIn } from "./table.js";
import { fileTarget, isScratch } from "./targets.js";

type FileDeed = Extract<Deed, { kind: "file" }>;

/** Keeps what a program did to the content of files, after its deeds were told. */
export function noteWrites(program: string, reading: Reading, frame: Frame): void {
  const deeds = reading.deeds.filter((deed) => deed.kind === "file");
  if (deeds.every((deed) => deed.effect === "read")) return;
  const content = contentOf(frame.walk.catalogue, program, reading.subcommand);
  const fetches = reading.deeds.some((deed) => deed.kind === "network");
  if (content === "kept" || (content === "copied" && !fetches && noteCopy(deeds, reading, frame))) return;
  const state = content === "made" ? MADE : content === "fetched" ? UNKNOWN_CONTENT : writtenState(deeds, reading, frame);
  for (const deed of deeds) {
    const key = deed.effect === "read" ? null : keyOf(deed, frame);
    if (key === null) continue;
    if (deed.effect === "delete") forget(key, frame);
    else if (content === "input") fillFile(key, passedInput(frame), reading.options.includes("append"), frame);
    else putState(key, state, frame);
  }
}

/** Code that stands on the line fills a file with what nobody knows here; a script on disk, with what it makes. */
export function noteCodeWrite(deed: Deed, frame: Frame): void {
  if (deed.kind !== "file" || deed.effect === "read") return;
  const key = keyOf(deed, frame);
  if (key === null) return;
  if (deed.effect === "delete") forget(key, frame);
  else putState(key, frame.fromDisk ? MADE : UNKNOWN_CONTENT, frame);
}

function keyOf(deed: FileDeed, frame: Frame): string | null {
  return fileKey(fileTarget(deed.path, deed.extent, frame, "all"), deed.extent !== "exact" && deed.effect === "write");
}

// A file that only a pattern names may be another one: what is known of it stays.
function forget(key: string, frame: Frame): void {
  if (!key.startsWith("*")) removeFrom(frame.shell.now.files, key);
}

/** What comes from the network, from a stream, or from files of unknown content cannot be known. All else was made of what is there. */
function writtenState(deeds: readonly FileDeed[], reading: Reading, frame: Frame): FileState {
  if (reading.deeds.some((deed) => deed.kind === "network")) return UNKNOWN_CONTENT;
  const inputs = deeds.filter((deed) => deed.effect === "read");
  if (inputs.some((deed) => sourceState(deed, frame).unknown)) return UNKNOWN_CONTENT;
  const { stdin } = frame.input;
  const named = inputs.some((deed) => deed.extent === "exact");
  if (named || stdin.kind !== "stream") return MADE;
  return stdin.file !== undefined && fileAt(stdin.file, frame)?.unknown !== true ? MADE : UNKNOWN_CONTENT;
}

/** What a file or folder that is read may hold. */
function sourceState(deed: FileDeed, frame: Frame): FileState {
  const file = fileTarget(deed.path, "exact", frame, "all");
  if (file.extent === "pattern") return filesNamed(file.target, frame) ?? MADE;
  const key = fileKey(file);
  if (key === null) return MADE;
  const whole = deed.extent === "exact" ? undefined : frame.shell.now.files.map.get(`${key}/`);
  return whole ?? fileAt(key, frame) ?? onDiskAs(key);
}

/** `cp`, `mv`, `install`, `ln`: what the sources held, the targets hold. False when nothing of it is known. */
function noteCopy(deeds: readonly FileDeed[], reading: Reading, frame: Frame): boolean {
  const writes = deeds.filter((deed) => deed.effect === "write");
  const sources = deeds.filter((deed) => deed.effect === "read");
  if (sources.length === 0 || writes.length === 0) return false;
  if (reading.options.includes("symbolic")) return noteLinks(sources, writes, frame);
  const { all, named } = heldBy(sources, frame);
  const told = new Set<string>();
  for (const write of writes) {
    const key = keyOf({ ...write, extent: "exact" }, frame);
    // Each place once: thousands of sources of one name would otherwise cost the product of sources and targets.
    if (key === null || told.has(key + write.extent)) continue;
    told.add(key + write.extent);
    const from = named.get(lastComponent(write)) ?? all;
    putState(key, from.state ?? MADE, frame);
    if (write.extent !== "exact") noteFolder(from, key, frame);
  }
  for (const { effect, path, extent } of deeds) {
    if (effect !== "delete") continue;
    const key = fileKey(fileTarget(path, extent, frame, "parents"));
    if (key !== null) forget(key, frame);
  }
  return true;
}

/** What some sources hold together, and the names under which their content is kept. */
interface Held {
  state: FileState | null;
  /** One of them is a folder of a temporary place, where lies what nobody looks at one by one, or may hold anything itself. */
  strange: boolean;
  readonly keys: Set<string>;
}

/** What the sources held before anything was copied: all of them, and those with the same last component. */
function heldBy(sources: readonly FileDeed[], frame: Frame): { readonly all: Held; readonly named: ReadonlyMap<string, Held> } {
  const all: Held = { state: null, strange: false, keys: new Set() };
  const named = new Map<string, Held>();
  for (const source of sources) {
    const name = lastComponent(source);
    const own = named.get(name) ?? { state: null, strange: false, keys: new Set() };
    named.set(name, own);
    const state = sourceState(source, frame);
    const key = fileKey(fileTarget(source.path, "exact", frame, "all"));
    const strange = state.unknown || state.disk.some((path) => isScratch(path, frame));
    for (const held of [all, own]) {
      held.state = held.state === null ? state : joinFileStates(held.state, state);
      held.strange ||= strange;
      if (key !== null) held.keys.add(key);
    }
  }
  return { all, named };
}

/** What lies below a copied folder: what is known of single files goes with them. */
function noteFolder(from: Held, key: string, frame: Frame): void {
  const { files } = frame.shell.now;
  putState(key.startsWith("*") ? key : `${key}/`, from.strange ? UNKNOWN_CONTENT : MADE, frame);
  for (const source of from.keys) {
    if (source.startsWith("*") || !spend(frame.walk.budget, files.map.size)) continue;
    for (const [path, known] of [...files.map])
      if (path.startsWith(`${source}/`) && path.length > source.length + 1) setIn(files, `${key}${path.slice(source.length)}`, known);
  }
}

/** For a link the catalogue tells its target as written, then as seen from the folder of the link, which is what the kernel follows. */
function noteLinks(sources: readonly FileDeed[], writes: readonly FileDeed[], frame: Frame): boolean {
  const last = sources.at(-1);
  const target = last === undefined ? null : fileTarget(last.path, "exact", frame, "parents");
  if (target === null || target.extent !== "exact" || target.target === "") return false;
  for (const write of writes) {
    const link = fileTarget(write.path, "exact", frame, "parents");
    if (link.extent === "exact" && link.target !== "" && link.target !== target.target)
      setIn(frame.shell.now.links, link.target, target.target);
  }
  return true;
}

function lastComponent({ path }: FileDeed): string {
  const written = path.kind === "text" ? path.text : path.kind === "pattern" ? path.glob : "";
  return written.slice(written.lastIndexOf("/") + 1);
}
