// File roles: what happens to the file that a word names. Implements spec/catalogue.md section 3, clauses 3.1 and 3.2.
// Twin of go/change/catalogue/file_roles.go.

import type { Deed } from "../deeds.js";
import type { Argument, Value } from "../values.js";
import { UNKNOWN_WORD, UNKNOWN_WORDS } from "../values.js";
import type { Context } from "./context.js";
import { parseRole } from "./roles.js";
import type { Use } from "./uses.js";
import { append, baseName, dropPrefix, folderOf, knownPrefix, prepend, within, withoutTrailingSlashes } from "./value-parts.js";

type FileDeed = Extract<Deed, { readonly kind: "file" }>;
type Extent = FileDeed["extent"];

export function fileDeeds(use: Use, context: Context): readonly Deed[] {
  const { name, parameter } = parseRole(use.role);
  const { argument } = use;
  const path = within(context.folder, argument.value);
  const { extent } = use;
  const deed = (effect: FileDeed["effect"], at: Value = path, how: Extent = extent): FileDeed => ({
    kind: "file",
    effect,
    path: at,
    extent: how,
    span: argument.span,
  });
  switch (name) {
    case "read":
      return isStandardStream(argument.value) ? [] : [deed("read")];
    case "key":
      return isStandardStream(argument.value) ? [] : [{ kind: "key", path, span: argument.span }];
    case "write":
      return isStandardStream(argument.value) ? [] : [deed("write")];
    case "modify":
      return [deed("read"), deed("write")];
    case "delete":
      return [deed("delete")];
    case "move":
      return [deed("read", path, "tree"), deed("delete", path, "tree")];
    case "write_into":
      return writeInto(argument, use.extent, context, use.from === "option");
    case "write_with":
      return [deed("write", append(path, parameter), "exact")];
    case "write_without":
      return [deed("write", withoutSuffix(path), "exact")];
    case "link_target":
      return linkTarget(argument, context);
    case "files_from":
      return [
        ...fileDeeds({ ...use, role: "read", extent: "exact" }, context),
        ...fileDeeds({ ...use, role: parameter, argument: someFiles(argument) }, context),
      ];
    case "url_base":
      return [deed("write", within(context.folder, urlBase(argument.value)), "exact")];
    case "file_url":
      return fileUrl(argument, context);
    case "mount":
      return mount(argument, context);
    case "mount_spec":
      return mountSpec(argument, context);
    default:
      return [];
  }
}

export function isStandardStream(value: Value): boolean {
  return value.kind === "text" && (value.text === "-" || value.text === "");
}

function someFiles(argument: Argument): Argument {
  return { value: UNKNOWN_WORDS, span: argument.span };
}

/** Words that say where sources go, of one command line; of more than these each is written as a whole, or the deeds would be as many as their product. */
export const MAX_DESTINATIONS = 16;

/** Where sources go, spec/catalogue.md clause 3.1. */
export function writeInto(destination: Argument, extent: Extent, context: Context, isNamedFolder = false): readonly Deed[] {
  const target = within(context.folder, destination.value);
  const write = (path: Value, how: Extent): Deed => ({ kind: "file", effect: "write", path, extent: how, span: destination.span });
  if (context.uses.filter((use) => use.role === "write_into").length > MAX_DESTINATIONS)
    return [write(target, extent), write(target, "contents")];
  const sources = sourcesOf(context);
  const surelyFolder = isNamedFolder || sources.length > 1 || isFolder(destination.value, context);
  const inside = sources.map((source) => {
    const base = sourceBase(source);
    return base === null ? write(target, extent === "exact" ? "exact" : "contents") : write(joinPath(target, base), extent);
  });
  return surelyFolder && sources.length > 0 ? inside : [write(target, extent), ...inside];
}

const SOURCES: readonly string[] = ["read", "move", "link_target", "remote_source", "inner_source"];

function sourcesOf(context: Context): readonly Use[] {
  return context.uses.filter((use) => use.from === "operand" && SOURCES.includes(use.role));
}

/** The name under which a source stands in the folder it goes to; null for what is in it. `host:x` is `x` there; of `x/` the contents are sent. */
function sourceBase({ role, argument: { value } }: Use): Value | null {
  if (role !== "remote_source" && role !== "inner_source") return baseName(value);
  const written = knownPrefix(value);
  if (value.kind === "text" && written.endsWith("/")) return null;
  const colon = written.lastIndexOf("/") < 0 ? written.lastIndexOf(":") : -1;
  return baseName(colon < 0 ? value : dropPrefix(value, colon + 1));
}

/** A folder plus a last component. */
export function joinPath(folder: Value, base: Value): Value {
  if (folder.kind === "unknown") return { kind: "unknown", prefix: folder.prefix, many: false };
  const start = folder.kind === "text" ? withoutTrailingSlashes(folder.text) : null;
  if (start !== null) return prepend(start === "/" ? "/" : `${start}/`, base);
  return base.kind === "unknown" ? UNKNOWN_WORD : within(folder, base);
}

function isFolder(value: Value, context: Context): boolean {
  if (value.kind !== "text") return value.kind === "pattern" && value.glob.endsWith("/");
  const path = value.text;
  if (path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..") || path === "." || path === "..") return true;
  const { facts, workspace_root, cwd } = context.call;
  const folders = [workspace_root, facts.home, ...facts.temp_roots, ...(cwd.kind === "text" ? [cwd.text] : [])];
  if (folders.includes(path)) return true;
  const absolute = within(cwd, within(context.folder, value));
  return absolute.kind === "text" && Object.hasOwn(facts.listings, absolute.text);
}

/** `gunzip x.tar.gz` writes `x.tar`. A name without suffix gives something beside it that begins the same. */
function withoutSuffix(path: Value): Value {
  if (path.kind !== "text") return { kind: "unknown", prefix: "", many: false };
  const dot = path.text.lastIndexOf(".");
  const slash = path.text.lastIndexOf("/");
  if (dot > slash + 1) return { kind: "text", text: path.text.slice(0, dot) };
  return { kind: "unknown", prefix: path.text, many: false };
}

/** A relative link target is looked up from the folder of the link, a hard link's from the working folder; both are told. */
function linkTarget(argument: Argument, context: Context): readonly Deed[] {
  const read = (path: Value): Deed => ({ kind: "file", effect: "read", path, extent: "exact", span: argument.span });
  const own = within(context.folder, argument.value);
  const destination = context.uses.find((use) => use.role === "write_into" || (use.from === "operand" && use.role === "write"))?.argument
    .value;
  if (destination === undefined || knownPrefix(argument.value).startsWith("/") || !context.around.meanings.has("symbolic"))
    return [read(own)];
  const folder = isFolder(destination, context) ? destination : folderOf(destination);
  const seenFromLink = within(context.folder, within(folder, argument.value));
  const same =
    seenFromLink.kind === "text" && own.kind === "text" && (seenFromLink.text === own.text || seenFromLink.text === `./${own.text}`);
  return same ? [read(own)] : [read(own), read(seenFromLink)];
}

/** The name under which a downloader keeps a URL: its last component without query and fragment, `index.html` when there is none. */
function urlBase(url: Value): Value {
  if (url.kind !== "text") return UNKNOWN_WORD;
  const scheme = url.text.indexOf("://");
  const rest = scheme < 0 ? url.text : url.text.slice(scheme + 3);
  const end = [rest.indexOf("?"), rest.indexOf("#")].filter((i) => i >= 0).reduce((least, i) => Math.min(least, i), rest.length);
  const slash = rest.lastIndexOf("/", end - 1);
  const base = slash < 0 || end === 0 ? "" : rest.slice(slash + 1, end);
  return { kind: "text", text: base === "" ? "index.html" : base };
}

function fileUrl(argument: Argument, context: Context): readonly Deed[] {
  const prefix = knownPrefix(argument.value);
  const scheme = ["file://", "fileb://"].find((one) => prefix.startsWith(one));
  if (scheme === undefined) return [];
  return [readDeed(withoutStart(argument, scheme.length), context)];
}

export function withoutStart(argument: Argument, count: number): Argument {
  if (argument.value.kind === "text") return { value: { kind: "text", text: argument.value.text.slice(count) }, span: argument.span };
  return { value: UNKNOWN_WORD, span: argument.span };
}

function readDeed(argument: Argument, context: Context): Deed {
  return { kind: "file", effect: "read", path: within(context.folder, argument.value), extent: "exact", span: argument.span };
}

/** `host:inner[:options]`. Without a `/`, `.` or `~` at its beginning the first part names a volume. */
function mount(argument: Argument, context: Context): readonly Deed[] {
  if (argument.value.kind !== "text") {
    const colon = knownPrefix(argument.value).indexOf(":");
    if (colon < 0)
      return mounted({ value: { kind: "unknown", prefix: knownPrefix(argument.value), many: false }, span: argument.span }, false, context);
    return mounted({ value: { kind: "text", text: knownPrefix(argument.value).slice(0, colon) }, span: argument.span }, false, context);
  }
  const [host = "", inner = "", options = ""] = argument.value.text.split(":");
  if (inner === "" || !(host.startsWith("/") || host.startsWith(".") || host.startsWith("~"))) return [];
  return mounted({ value: { kind: "text", text: host }, span: argument.span }, options.split(",").includes("ro"), context);
}

function mountSpec(argument: Argument, context: Context): readonly Deed[] {
  if (argument.value.kind !== "text") return mounted({ value: UNKNOWN_WORD, span: argument.span }, false, context);
  const fields = argument.value.text.split(",");
  const source = fields.find((field) => field.startsWith("source=") || field.startsWith("src="));
  if (!fields.includes("type=bind") || source === undefined) return [];
  const path = source.slice(source.indexOf("=") + 1);
  const readOnly = fields.some((field) => field === "readonly" || field === "ro" || field === "readonly=true" || field === "ro=true");
  return mounted({ value: { kind: "text", text: path }, span: argument.span }, readOnly, context);
}

function mounted(source: Argument, readOnly: boolean, context: Context): readonly Deed[] {
  const path = within(context.folder, source.value);
  const deed = (effect: "read" | "write"): Deed => ({ kind: "file", effect, path, extent: "tree", span: source.span });
  return readOnly ? [deed("read")] : [deed("read"), deed("write")];
}
