// Redirects: where standard input comes from, which files are written and read. Implements spec/change.md section 7.8.
// Twin of go/change/walk/redirects.go.
// Their words are evaluated before the command runs, their effects follow those of the command.

import { foldAscii } from "../../base/glob.js";
import type { Span } from "../../base/span.js";
import { UNKNOWN } from "../model.js";
import type { Output } from "../reading.js";
import type { Redirect } from "../shell/syntax.js";
import { type Stdin, UNKNOWN_WORD, type Value } from "../values.js";
import { evaluateBody, evaluateText, evaluateWord } from "../words/index.js";
import { fileAt, fileKey, filesNamed, fillFile, onlyText } from "./files.js";
import { type Frame, inputOf, NOTHING, type Ran, STREAM } from "./frame.js";
import { emit } from "./sink.js";
import { fileTarget, type Target } from "./targets.js";
import { wordContext } from "./word-context.js";

/** Walks a command with its redirects around it. */
export function withRedirects(redirects: readonly Redirect[], frame: Frame, walk: (inner: Frame) => Ran): Ran {
  if (redirects.length === 0) return walk(frame);
  const opened = redirects.map((redirect) => open(redirect, frame));
  const stdin = opened.findLast((one) => one.stdin !== null)?.stdin ?? null;
  const ran = walk(stdin === null ? frame : { ...frame, input: inputOf(stdin) });
  let { output } = ran;
  for (const one of opened.toReversed()) {
    // Code for `eval` that goes somewhere else is no longer what such a program is run for.
    const left = output.kind === "trusted_code" ? STREAM : NOTHING;
    if (one.file !== null) settleFile(one, output.kind === "trusted_code" ? STREAM : output, frame);
    if (one.takesOutput) output = left;
  }
  for (const one of opened) announce(one, frame);
  return { ...ran, output };
}

interface Opened {
  readonly span: Span;
  readonly stdin: Stdin | null;
  readonly effects: readonly ("read" | "write")[];
  readonly file: Target | null;
  readonly append: boolean;
  /** Standard output goes there, or nowhere. */
  readonly takesOutput: boolean;
  readonly host: string | null;
}

const UNTOUCHED = { stdin: null, effects: [], file: null, append: false, takesOutput: false, host: null } as const;

function open(redirect: Redirect, frame: Frame): Opened {
  const { operator, span } = redirect;
  const carrier = frame.carrier ?? redirect.target.span;
  const isInput = (redirect.fd ?? 0) === 0 && redirect.variable === null;
  switch (operator) {
    case "<<":
    case "<<-": {
      const body = evaluateBody(redirect.target, wordContext(frame));
      return { ...UNTOUCHED, span, stdin: isInput ? stdinOf(body, "", carrier) : null };
    }
    case "<<<": {
      const value = evaluateText(redirect.target, wordContext(frame));
      return { ...UNTOUCHED, span, stdin: isInput ? stdinOf(value, "\n", carrier) : null };
    }
    default:
      return openFile(redirect, oneValue(redirect, frame), frame);
  }
}

function stdinOf(value: Value, end: string, span: Span): Stdin {
  if (value.kind === "text") return { kind: "text", text: value.text + end, span };
  return value.kind === "pattern" ? { kind: "lines", globs: [value.glob], span } : { kind: "stream", span };
}

// A target of several words is an error in bash; which of them is meant by whoever wrote it cannot be known.
function oneValue(redirect: Redirect, frame: Frame): Value {
  const values = evaluateWord(redirect.target, wordContext(frame));
  return values.length === 1 ? (values[0]?.value ?? UNKNOWN_WORD) : UNKNOWN_WORD;
}

function openFile(redirect: Redirect, value: Value, frame: Frame): Opened {
  const { operator, span, fd } = redirect;
  const duplicates = operator === "<&" || (operator === ">&" && (fd !== null || isDescriptor(value)));
  if (duplicates) {
    const away = operator === ">&" && (fd ?? 1) === 1 && value.kind === "text" && value.text !== "1";
    return { ...UNTOUCHED, span, takesOutput: away };
  }
  const reads = operator === "<" || operator === "<>";
  const writes = operator !== "<";
  const host = value.kind === "text" ? networkFile(value.text) : null;
  const file = host === null ? fileTarget(value, "exact", frame, "all") : null;
  const stdin = reads && (fd ?? 0) === 0 && redirect.variable === null ? fileInput(file, frame, redirect.target.span) : null;
  return {
    span: redirect.span,
    stdin,
    effects: [...(reads ? (["read"] as const) : []), ...(writes ? (["write"] as const) : [])],
    file,
    append: operator === ">>" || operator === "&>>",
    takesOutput: writes && !reads && ((fd ?? 1) === 1 || operator === "&>" || operator === "&>>") && redirect.variable === null,
    host,
  };
}

/** `1`, `-`, `3-`: a descriptor, not a file. */
function isDescriptor(value: Value): boolean {
  if (value.kind !== "text") return value.kind === "pattern" && value.glob === "*";
  const digits = value.text.endsWith("-") ? value.text.slice(0, -1) : value.text;
  for (const character of digits) if (character < "0" || character > "9") return false;
  return value.text !== "";
}

/** The host of `/dev/tcp/host/port`, which bash opens as a connection. */
function networkFile(path: string): string | null {
  if (!path.startsWith("/dev/tcp/") && !path.startsWith("/dev/udp/")) return null;
  return path.split("/")[3] ?? "";
}

function fileInput(file: Target | null, frame: Frame, span: Span): Stdin | null {
  const carrier = frame.carrier ?? span;
  if (file === null || file.extent === "unknown") return { kind: "stream", span: carrier };
  const state = file.extent === "pattern" ? filesNamed(file.target, frame) : fileAt(file.target, frame);
  const only = onlyText(state);
  if (only !== null) return { kind: "text", text: only, span: carrier };
  if (state !== null && state.lines !== null && !state.made && state.disk.length === 0)
    return { kind: "lines", globs: state.lines, span: carrier };
  // An empty name opens nothing: the shell says so, and reads nothing.
  if (file.target === "/dev/null" || file.target === "") return { kind: "text", text: "", span: carrier };
  if (file.target === "/dev/stdin" || file.target === "/dev/fd/0") return null;
  if (file.target === "/dev/tty") return { kind: "inherited" };
  return file.extent === "exact" ? { kind: "stream", span: carrier, file: file.target } : { kind: "stream", span: carrier };
}

function settleFile(one: Opened, output: Output, frame: Frame): void {
  const key = one.file === null || !one.effects.includes("write") ? null : fileKey(one.file);
  if (key !== null) fillFile(key, one.takesOutput ? output : STREAM, one.append, frame);
}

function announce(one: Opened, frame: Frame): void {
  if (one.host !== null) {
    const host = foldAscii(one.host) || UNKNOWN;
    const direction = one.effects.includes("write") ? "send" : "receive";
    emit(frame, one.span, { kind: "network", host, url: "", direction, data: direction === "send" ? "derived" : "none" });
    return;
  }
  if (one.file === null || one.file.device) return;
  for (const kind of one.effects) emit(frame, one.span, { kind, target: one.file.target, extent: one.file.extent });
}
