// Calling functions and aliases. Implements spec/change.md section 7.6. Twin of go/change/walk/functions.go.
// A function runs where it is called: it sees the caller's variables, and its own positional parameters.

import type { Span } from "../../base/span.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { LIMITS } from "../words/index.js";
import { eitherOutput, type Frame, type Ran, STREAM } from "./frame.js";
import { copyShell, type FunctionBody, joinShells, type Shell, UNKNOWN_BODY } from "./shell.js";
import { emitOpaque, reachLimit } from "./sink.js";
import { removeFrom, setIn } from "./table.js";

/** A named command about to run: `words` are those after the name. */
export interface NamedCall {
  readonly name: string;
  readonly words: readonly Argument[];
  /** The whole command. */
  readonly span: Span;
  /** The name as it stands in the line. */
  readonly nameSpan: Span;
  readonly frame: Frame;
}

/** Walks every body that the name may have, and `other` when it may be none. */
export function callFunction(bodies: readonly (FunctionBody | null)[], call: NamedCall, other: (() => Ran) | null): Ran {
  const { frame } = call;
  if (frame.callDepth >= LIMITS.callDepth) {
    reachLimit(frame, call.span, "call_depth");
    return { output: STREAM, status: "either" };
  }
  const before = frame.shell.now;
  const ends: Shell[] = [];
  const outputs: Ran["output"][] = [];
  const ways = [...bodies.filter((body) => body !== null).map((body) => () => runBody(body, call)), ...(other === null ? [] : [other])];
  let ran: Ran = { output: STREAM, status: "either" };
  for (const way of ways) {
    frame.shell.now = copyShell(before);
    ran = way();
    ends.push(frame.shell.now);
    outputs.push(ran.output);
  }
  frame.shell.now = ends.length === 0 ? before : ends.reduce(joinShells);
  return { output: outputs.length === 0 ? STREAM : outputs.reduce(eitherOutput), status: ways.length === 1 ? ran.status : "either" };
}

function runBody(body: FunctionBody, call: NamedCall): Ran {
  const { frame } = call;
  if (body === UNKNOWN_BODY) {
    emitOpaque(frame, call.span, "unknown_code", "shell");
    return { output: STREAM, status: "either" };
  }
  const { positional } = frame.shell.now;
  const many = call.words.some((word) => word.value.kind === "unknown" && word.value.many);
  const own: Argument = positional?.[0] ?? { value: UNKNOWN_WORD, span: call.span };
  frame.shell.now = { ...frame.shell.now, positional: many ? null : [own, ...call.words] };
  const exits: Shell[] = [];
  const locals = new Map();
  const inner: Frame = {
    ...frame,
    carrier: body.carrier ?? frame.carrier,
    callDepth: frame.callDepth + 1,
    locals,
    exits: { loop: null, function: exits },
  };
  const { command } = body;
  const ran =
    command.kind === "function" ? frame.walk.steps.command(withRedirectsOf(command), inner) : frame.walk.steps.command(command, inner);
  frame.shell.now = { ...exits.reduce(joinShells, frame.shell.now), positional };
  for (const [name, cell] of locals) {
    if (cell === undefined) removeFrom(frame.shell.now.variables, name);
    else setIn(frame.shell.now.variables, name, cell);
  }
  return exits.length > 0 ? { output: STREAM, status: "either" } : ran;
}

type Definition = Extract<FunctionBody["command"], { kind: "function" }>;

// Redirects after the body belong to every call of it.
function withRedirectsOf(definition: Definition): FunctionBody["command"] {
  if (definition.redirects.length === 0) return definition.body;
  const item = {
    first: { negated: false, timed: false, commands: [definition.body], stderr: [], span: definition.span },
    rest: [],
    background: false,
    span: definition.span,
  };
  return { kind: "group", body: { items: [item], span: definition.span }, redirects: definition.redirects, span: definition.span };
}

/** An alias counts only in shells that expand aliases; its text is walked beside what else the name means. */
export function expandAlias(alias: Value, call: NamedCall): void {
  const { frame } = call;
  if (frame.callDepth >= LIMITS.callDepth) return;
  if (alias.kind !== "text") {
    emitOpaque(frame, call.span, "unknown_code", "shell");
    return;
  }
  const before = frame.shell.now;
  const { aliases } = before;
  frame.shell.now = copyShell(before);
  removeFrom(frame.shell.now.aliases, call.name);
  const words = call.words.map((word) => (word.value.kind === "text" ? ` ${quote(word.value.text)}` : ' "$CAVRA_UNKNOWN_OPERAND"'));
  frame.walk.steps.code("shell", text(alias.text + words.join("")), [], call.span, { ...frame, callDepth: frame.callDepth + 1 });
  frame.shell.now = { ...joinShells(before, frame.shell.now), aliases };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
