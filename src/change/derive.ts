// From an action to its change. Implements spec/change.md sections 1 and 2. Twin of go/change/derive.go.
// Pure and total: every action, whatever it holds, gives a change; what is beyond a limit gives an opaque effect, never silence.

import { upperAscii } from "../base/ascii.js";
import type { Span } from "../base/span.js";
import type { Catalogue } from "./catalogue/model.js";
import { type Action, type Change, type Facts, UNKNOWN } from "./model.js";
import { readShell } from "./shell/index.js";
import { toolDeeds } from "./tools.js";
import { type Argument, text, type Value } from "./values.js";
import { type EffectBody, emit, type Frame, newFrame, walkCommandWords, walkLine, walkToolDeed } from "./walk/index.js";
import { utf8Length } from "./words/index.js";

/** What would help to know more: absolute paths (for links), folders (for globs), scripts, and whether the git facts were asked for. Sorted by first use. */
export interface Wants {
  readonly paths: readonly string[];
  readonly folders: readonly string[];
  readonly scripts: readonly string[];
  readonly git: boolean;
}

/** All effects of the action, in the order in which they would happen. */
export function deriveChange(action: Action, facts: Facts, catalogue: Catalogue): Change {
  return { effects: walked(action, facts, catalogue).walk.sink.effects };
}

/** The change, and what to look up before deriving it again. */
export function deriveWithWants(action: Action, facts: Facts, catalogue: Catalogue): { readonly change: Change; readonly wants: Wants } {
  const { sink, wants } = walked(action, facts, catalogue).walk;
  return {
    change: { effects: sink.effects },
    wants: { paths: [...wants.paths], folders: [...wants.folders], scripts: [...wants.scripts], git: wants.git },
  };
}

function walked(action: Action, facts: Facts, catalogue: Catalogue): Frame {
  const frame = newFrame(action.cwd, action.workspace_root, facts, catalogue);
  walkAction(action, { start: 0, end: utf8Length(action.target) }, frame);
  return frame;
}

function walkAction(action: Action, span: Span, frame: Frame): void {
  switch (action.action_type) {
    case "execute_command":
      walkLine(readShell(action.target), frame);
      return;
    case "read_file":
      walkFile("read", action.target, span, frame);
      return;
    case "write_file":
      walkFile(action.operation === "delete" ? "delete" : "write", action.target, span, frame);
      return;
    case "git_operation":
      walkCommandWords([{ value: text("git"), span }, ...commandWords(action.target, span)], span, frame);
      return;
    case "network_request":
      walkRequest(action, span, frame);
      return;
    case "mcp_tool_call":
      walkTool(action, span, frame);
  }
}

function walkFile(effect: "read" | "write" | "delete", path: string, span: Span, frame: Frame): void {
  walkToolDeed({ kind: "file", effect, path: homePath(path, frame), extent: "exact", span }, [], frame);
}

/** A path that a tool was given: as it stands, but hosts take `~/` for the home folder. */
function homePath(path: string, frame: Frame): Value {
  const { home } = frame.walk.facts;
  if (path !== "~" && !path.startsWith("~/")) return text(path);
  return home === "" ? { kind: "unknown", prefix: "", many: false } : text(home + path.slice(1));
}

/** The words of a git command line: blanks part them, quotes and backslashes hold them together, and nothing is expanded. */
function commandWords(line: string, span: Span): readonly Argument[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? "";
    if (quote !== "" && character === quote) quote = "";
    else if (character === "\\" && quote !== "'" && i + 1 < line.length) word = (word ?? "") + (line[++i] ?? "");
    else if (quote !== "") word = (word ?? "") + character;
    else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (!" \t\n".includes(character)) word = (word ?? "") + character;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  if (word !== null) words.push(word);
  const own = words[0] === "git" ? words.slice(1) : words;
  return own.map((each) => ({ value: text(each), span }));
}

function walkRequest(action: Action, span: Span, frame: Frame): void {
  const method = upperAscii(action.operation);
  const sends = method !== "" && method !== "GET" && method !== "HEAD";
  const deed = {
    kind: "network",
    destination: text(action.target),
    direction: sends ? "send" : "receive",
    data: sends ? "literal" : "none",
    span,
  } as const;
  walkToolDeed(deed, [], frame);
}

function walkTool(action: Action, span: Span, frame: Frame): void {
  // The server is what stands in the target. The temptation is an argument named `server`: that is the agent's word, and data.
  const slash = action.target.indexOf("/");
  const server = slash < 0 ? action.target : action.target.slice(0, slash);
  const tool = slash < 0 ? UNKNOWN : action.target.slice(slash + 1);
  const { capability, deeds, readable } = toolDeeds(server, tool, action, span, frame.walk.facts, frame.walk.catalogue);
  emitHere({ kind: "call", server, tool, capability }, span, frame);
  if (!readable) emitHere({ kind: "opaque", reason: "invalid_arguments", detail: "" }, span, frame);
  for (const deed of deeds) walkToolDeed(deed, [`${server}/${tool}`], frame);
}

function emitHere(body: EffectBody, span: Span, frame: Frame): void {
  emit(frame, span, body);
}
