// Network roles: hosts, URLs, and what is sent to them. Implements spec/catalogue.md section 3 and clause 3.6.
// Twin of go/change/catalogue/network_roles.go.

import { upperAscii } from "../../base/ascii.js";
import { foldAscii } from "../../base/glob.js";
import type { Deed } from "../deeds.js";
import type { Argument, Value } from "../values.js";
import type { Context } from "./context.js";
import { withoutStart, writeInto } from "./file-roles.js";
import { parseRole } from "./roles.js";
import { stdinUse } from "./stdin-roles.js";
import type { Use } from "./uses.js";
import { knownPrefix, within } from "./value-parts.js";

type Data = "none" | "literal" | "derived" | "unknown";
const FILE_SCHEME = "file://";
const BADNESS: readonly Data[] = ["none", "literal", "derived", "unknown"];

export function networkDeeds(context: Context): readonly Deed[] {
  if (!context.uses.some(reachesOut)) return [];
  const sent = sentData(context);
  return context.uses.flatMap((use) => [...destinationDeeds(use, sent, context), ...sentFileDeeds(use, context)]);
}

/** The roles that have deeds here; what else is sent only colours them. */
const REACHING: ReadonlySet<string> = new Set([
  "host",
  "url",
  "url_or_read",
  "remote_source",
  "remote_target",
  "inner_source",
  "inner_delete",
  "inner_target",
  "upload",
  "body_or_file",
  "form",
  "item",
  "header",
  "cookie",
]);

function reachesOut(use: Use): boolean {
  return REACHING.has(parseRole(use.role).name);
}

interface Sent {
  readonly data: Data;
  readonly sends: boolean;
}

function sentData(context: Context): Sent {
  const pieces = context.uses.map((use) => pieceOf(use, context));
  const piped = stdinUse(context);
  const all = piped !== null && ["body", "upload"].includes(piped.role) ? [...pieces, stdinPiece(context)] : pieces;
  const data = all.reduce<Data>((worst, one) => (BADNESS.indexOf(one) > BADNESS.indexOf(worst) ? one : worst), "none");
  return { data, sends: data !== "none" || context.uses.some(isSendingMethod) };
}

function pieceOf(use: Use, context: Context): Data {
  const { value } = use.argument;
  switch (parseRole(use.role).name) {
    case "body":
      return bodyOf(value);
    case "upload":
      return uploadOf(use.argument, context);
    case "body_or_file":
    case "form":
    case "item": {
      const file = fileOf(use);
      return file === null ? bodyOf(value) : uploadOf(file, context);
    }
    case "header": {
      const file = fileOf(use);
      if (file !== null) return uploadOf(file, context);
      return value.kind === "unknown" && value.derived === true ? "derived" : "none";
    }
    case "cookie":
      return fileOf(use) === null ? "none" : "derived";
    default:
      return "none";
  }
}

function bodyOf(value: Value): Data {
  if (value.kind === "text") return "literal";
  return value.kind === "unknown" && value.derived === true ? "derived" : "unknown";
}

function uploadOf(file: Argument, context: Context): Data {
  return file.value.kind === "text" && file.value.text === "-" ? stdinPiece(context) : "derived";
}

function stdinPiece(context: Context): Data {
  switch (context.call.stdin.kind) {
    case "inherited":
      return "none";
    case "text":
      return "literal";
    case "lines":
    case "stream":
      return "derived";
  }
}

const FILE_FORMS = ["body_or_file", "form", "item", "header", "cookie"];

/** The file that `@file`, `name=@file`, `name@file` … sends, by role; null when the word is not of the form. */
function fileOf(use: Use): Argument | null {
  const prefix = knownPrefix(use.argument.value);
  const equals = prefix.indexOf("=");
  const sign = prefix.indexOf("@");
  switch (use.role) {
    case "body_or_file":
    case "header":
      return sign === 0 ? withoutStart(use.argument, 1) : null;
    case "item":
      return sign >= 0 && (equals < 0 || sign < equals) ? withoutStart(use.argument, sign + 1) : null;
    case "cookie":
      return equals < 0 && use.argument.value.kind === "text" ? use.argument : null;
    default:
      return formFile(use.argument, equals, prefix[equals + 1] ?? "");
  }
}

function formFile(argument: Argument, equals: number, mark: string): Argument | null {
  if (equals < 0 || (mark !== "@" && mark !== "<")) return null;
  const file = withoutStart(argument, equals + 2);
  if (file.value.kind !== "text") return file;
  const end = file.value.text.indexOf(";");
  return end < 0 ? file : { value: { kind: "text", text: file.value.text.slice(0, end) }, span: file.span };
}

function isSendingMethod(use: Use): boolean {
  if (use.role !== "method") return false;
  const { value } = use.argument;
  return value.kind !== "text" || !["GET", "HEAD", "OPTIONS"].includes(upperAscii(value.text));
}

/** A file that is sent is read. */
function sentFileDeeds(use: Use, context: Context): readonly Deed[] {
  const { name } = parseRole(use.role);
  const file = name === "upload" ? use.argument : FILE_FORMS.includes(name) ? fileOf(use) : null;
  if (file === null || (file.value.kind === "text" && (file.value.text === "-" || file.value.text === ""))) return [];
  return [readDeed(file, use.extent, context)];
}

function readDeed(file: Argument, extent: Use["extent"], context: Context): Deed {
  return { kind: "file", effect: "read", path: within(context.folder, file.value), extent, span: file.span };
}

function destinationDeeds(use: Use, sent: Sent, context: Context): readonly Deed[] {
  const { name, parameter } = parseRole(use.role);
  const { argument } = use;
  switch (name) {
    case "host":
      return [
        hostDeed(argument, parameter === "send" || sent.sends, parameter === "send" ? nameData(argument.value, sent.data) : sent.data),
      ];
    case "url":
      if (isFileUrl(argument.value)) return [readDeed(withoutStart(argument, FILE_SCHEME.length), use.extent, context)];
      return [urlDeed(argument, parameter === "send" || sent.sends, sent.data)];
    case "url_or_read":
      if (isUrl(argument.value)) return [urlDeed(argument, sent.sends, sent.data)];
      return argument.value.kind === "text" && (argument.value.text === "-" || argument.value.text === "")
        ? []
        : [readDeed(argument, use.extent, context)];
    case "remote_source":
      return isRemote(argument.value) ? [hostDeed(argument, false, "none")] : [readDeed(argument, use.extent, context)];
    case "remote_target":
      return isRemote(argument.value) ? [hostDeed(argument, true, "derived")] : writeInto(argument, use.extent, context);
    case "inner_source":
      return isInner(argument.value) ? [] : [readDeed(argument, use.extent, context)];
    case "inner_delete":
      if (isInner(argument.value)) return [];
      return [{ kind: "file", effect: "delete", path: within(context.folder, argument.value), extent: use.extent, span: argument.span }];
    case "inner_target":
      return isInner(argument.value) ? [] : writeInto(argument, use.extent, context);
    default:
      return [];
  }
}

/** What a program printed into a name leaves with the question for it. */
function nameData(value: Value, data: Data): Data {
  return value.kind === "unknown" && value.derived === true ? "derived" : data;
}

function hostDeed(argument: Argument, sends: boolean, data: Data): Deed {
  return { kind: "network", destination: argument.value, direction: sends ? "send" : "receive", data, span: argument.span };
}

/** What a program printed into a URL leaves with the request: the oldest way out. */
function urlDeed(argument: Argument, sends: boolean, data: Data): Deed {
  const { value, span } = argument;
  const inUrl: Data =
    value.kind === "text" || !namesHost(knownPrefix(value))
      ? "none"
      : value.kind === "unknown" && value.derived === true
        ? "derived"
        : "unknown";
  const worst = BADNESS.indexOf(inUrl) > BADNESS.indexOf(data) ? inUrl : data;
  return { kind: "network", destination: value, direction: sends || inUrl !== "none" ? "send" : "receive", data: worst, span };
}

/** The host is over once its `/` or `?` is there; what is unknown after it is data. */
function namesHost(prefix: string): boolean {
  const scheme = prefix.indexOf("://");
  const rest = scheme < 0 ? prefix : prefix.slice(scheme + 3);
  return rest.includes("/") || rest.includes("?");
}

/** `file:///etc/passwd` reaches no host. What is written percent-encoded is left so: such a path is not a protected one's name. */
function isFileUrl(value: Value): boolean {
  return foldAscii(knownPrefix(value).slice(0, FILE_SCHEME.length)) === FILE_SCHEME;
}

function isUrl(value: Value): boolean {
  const prefix = knownPrefix(value);
  return prefix.includes("://") || (prefix.startsWith("git@") && prefix.includes(":"));
}

/** `name:path`, `namespace/pod:path`, `s3://…`: a colon in what is written as no path. */
function isInner(value: Value): boolean {
  const prefix = knownPrefix(value);
  return !prefix.startsWith("/") && !prefix.startsWith(".") && !prefix.startsWith("~") && prefix.includes(":");
}

/** `host:path`, `user@host:path`, `rsync://host/path`: a colon before any slash. `C:` is rarer than a host of one letter. */
function isRemote(value: Value): boolean {
  const prefix = knownPrefix(value);
  if (prefix.includes("://")) return true;
  const colon = prefix.indexOf(":");
  const slash = prefix.indexOf("/");
  return colon > 0 && (slash < 0 || colon < slash);
}
