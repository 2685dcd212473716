// Turns the deeds of programs and code into effects, and follows code. Implements spec/change.md section 6.3.
// Twin of go/change/walk/deeds.go.

import type { Span } from "../../base/span.js";
import type { Deed, Language } from "../deeds.js";
import { readCode } from "../languages/index.js";
import { UNKNOWN } from "../model.js";
import { readShell } from "../shell/index.js";
import { type Argument, text, type Value } from "../values.js";
import { LIMITS, spend, unescapeGlob, utf8Length } from "../words/index.js";
import { noteCodeWrite } from "./file-writes.js";
import { type Frame, QUIET, type Ran, STREAM } from "./frame.js";
import { inScope } from "./nesting.js";
import { destinationOf } from "./network.js";
import { emit, emitOpaque, reachLimit } from "./sink.js";
import { fileTarget } from "./targets.js";
import { environmentOf } from "./variables.js";

const UNSURE: Ran = { output: STREAM, status: "either" };

/** What one deed of a program does. */
export function walkDeed(deed: Deed, program: string, frame: Frame): Ran {
  const { steps } = frame.walk;
  switch (deed.kind) {
    case "code": {
      const own = deed.scope.place !== "same";
      return inScope(deed.scope, program, frame, (inner) => {
        if (own) inner.shell.now = { ...inner.shell.now, positional: deed.positional };
        return steps.code(deed.language, deed.code, deed.positional, deed.span, inner);
      });
    }
    case "script":
      return inScope(deed.scope, program, frame, (inner) => {
        if (deed.scope.place !== "same") inner.shell.now = { ...inner.shell.now, positional: deed.positional };
        return steps.scriptFile(deed.language, deed.path, deed.positional, deed.span, inner);
      });
    case "command":
      return inScope(deed.scope, program, frame, (inner) =>
        // parallel runs its command in a shell, which has the exported functions; every other program runs programs.
        steps.words(deed.words, deed.span, inner, { environment: [], functions: program === "parallel", builtins: true }),
      );
    default:
      walkBareDeed(deed, { ...frame, via: [...frame.via, program] });
      return UNSURE;
  }
}

/** Turns a deed that runs nothing into its effect; `via` stands as it is. */
export function walkBareDeed(deed: Deed, frame: Frame): void {
  switch (deed.kind) {
    case "file": {
      // Removing a path removes the link that it names; everything else goes through it.
      const file = fileTarget(deed.path, deed.extent, frame, deed.effect === "delete" ? "parents" : "all");
      if (!file.device) emit(frame, deed.span, { kind: deed.effect, target: file.target, extent: file.extent });
      return;
    }
    case "key":
      emitKey(deed, frame);
      return;
    case "git":
      frame.walk.wants.git = true;
      emit(frame, deed.span, {
        kind: "git",
        operation: deed.operation,
        ref: named(deed.ref),
        remote: named(deed.remote),
        force: deed.force,
      });
      return;
    case "network":
      emitNetwork(deed, frame);
      return;
    case "operate":
      emit(frame, deed.span, { kind: "operate", system: deed.system, operation: deed.operation, target: named(deed.target) });
      return;
    case "opaque":
      emitOpaque(frame, deed.span, deed.reason, deed.detail);
      return;
    default:
      return;
  }
}

function named(value: Value): string {
  return value.kind === "text" ? value.text : UNKNOWN;
}

/** A key that nobody can tell from others is taken for read: a policy asks of a read, and not of a use, which files a pattern may name. */
function emitKey(deed: Extract<Deed, { kind: "key" }>, frame: Frame): void {
  const file = fileTarget(deed.path, "exact", frame, "all");
  if (file.device) return;
  if (file.extent === "pattern") emit(frame, deed.span, { kind: "read", target: file.target, extent: file.extent });
  else emit(frame, deed.span, { kind: "operate", system: "keys", operation: "use", target: file.target });
}

function emitNetwork(deed: Extract<Deed, { kind: "network" }>, frame: Frame): void {
  const { host, url } = destinationOf(deed.destination);
  const { stdin } = frame.input;
  const piped = stdin.kind === "stream" || stdin.kind === "lines";
  // A URL that holds what a program printed carries it away.
  const carries = deed.destination.kind === "unknown" && deed.destination.derived === true && host !== UNKNOWN;
  const direction = carries ? "send" : deed.direction;
  const data = carries || (deed.data === "unknown" && piped) ? "derived" : deed.data;
  emit(frame, deed.span, { kind: "network", host, url, direction, data });
}

/** Code in the frame's own shell: shell code is read and walked, other code is asked for its deeds. */
export function walkCode(language: Language, code: Value, positional: readonly Argument[], span: Span, frame: Frame): Ran {
  const place = frame.carrier ?? span;
  const named = language === "shell" ? withNames(code) : null;
  if (named !== null) return walkCode(language, named, positional, span, frame);
  if (code.kind !== "text") {
    if (code.kind === "unknown" && code.trusted === true && frame.via.at(-1) === "eval") return QUIET;
    emitOpaque(frame, span, "unknown_code", language);
    if (language === "shell" && code.kind === "unknown") walkBeginning(code.prefix, place, frame);
    return UNSURE;
  }
  if (frame.codeDepth >= LIMITS.codeDepth) {
    reachLimit(frame, span, "code_depth");
    return UNSURE;
  }
  const bytes = utf8Length(code.text);
  if (!spend(frame.walk.budget, 1 + Math.floor(bytes / 16))) {
    reachLimit(frame, span, "work");
    return UNSURE;
  }
  const inner: Frame = { ...frame, carrier: place, codeDepth: frame.codeDepth + 1 };
  if (language === "shell") return frame.walk.steps.script(readShell(code.text), inner);
  const program = frame.via.at(-1) ?? "";
  // The deeds are the program's own: it stands in `via` already.
  const outer: Frame = { ...inner, via: frame.via.slice(0, -1) };
  const environment = codeEnvironment(frame);
  const { deeds } = readCode(language, code.text, { positional, stdin: frame.input.stdin, span: place, environment });
  for (const deed of deeds) {
    walkDeed(deed, program, outer);
    noteCodeWrite(deed, outer);
  }
  return { output: STREAM, status: "either" };
}

/** Code of which only random names are open (`trap "rm -rf $T"`) is the same code for all of them: one name stands for every other. */
function withNames(code: Value): Value | null {
  if (code.kind !== "pattern" || code.random !== true) return null;
  return text(unescapeGlob(withoutStars(code.glob)));
}

function withoutStars(glob: string): string {
  let named = "";
  for (let i = 0; i < glob.length; i++) {
    const character = glob.charAt(i);
    if (character === "\\") named += character + glob.charAt(++i);
    else named += character === "*" ? "XXXXXXXXXX" : character;
  }
  return named;
}

/** What code finds in its environment; the home folder is known also where nobody set it. */
function codeEnvironment(frame: Frame): Readonly<Record<string, Value>> {
  const own = environmentOf(frame.shell.now, frame);
  const { home } = frame.walk.facts;
  if (frame.place !== "here" || home === "" || Object.hasOwn(own, "HOME")) return own;
  return Object.assign(Object.create(null), own, { HOME: { kind: "text", text: home } });
}

/** Of code that is known only at its beginning, whole commands at the beginning are still seen. */
function walkBeginning(prefix: string, place: Span, frame: Frame): void {
  const end = prefix.lastIndexOf(" ");
  if (end <= 0 || frame.codeDepth >= LIMITS.codeDepth) return;
  const script = readShell(prefix.slice(0, end));
  if (
    script.items.some((item) =>
      [item.first, ...item.rest.map((one) => one.pipeline)].some((p) => p.commands.some((c) => c.kind === "unsupported")),
    )
  )
    return;
  frame.walk.steps.script(script, { ...frame, carrier: place, codeDepth: frame.codeDepth + 1 });
}
