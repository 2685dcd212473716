// What an MCP tool does with its arguments, by the catalogue. Implements spec/change.md section 2.6. Twin of go/change/tools.go.
// The roles are those of command lines, so the interpreter of command lines reads them: every argument is an operand with a slot of its own.

import { foldAscii } from "../base/glob.js";
import { sortedByBytes } from "../base/order.js";
import { parseJson } from "../base/parse-json.js";
import type { Span } from "../base/span.js";
import { interpretProgram } from "./catalogue/interpret.js";
import type { Catalogue, McpTool, Slot } from "./catalogue/model.js";
import type { Deed } from "./deeds.js";
import type { Action, Facts } from "./model.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "./values.js";
import { matchesGlob } from "./words/index.js";

export interface ToolReading {
  readonly capability: string;
  readonly deeds: readonly Deed[];
  /** False when the arguments are no JSON object. */
  readonly readable: boolean;
}

/** Values that one argument may hold; more make the rest unknown. */
const MAX_VALUES = 256;

export function toolDeeds(server: string, tool: string, action: Action, span: Span, facts: Facts, catalogue: Catalogue): ToolReading {
  const [host, name] = [foldAscii(server), foldAscii(tool)];
  const entry = catalogue.mcp.find((one) => anyMatches(one.server, host) && anyMatches(one.tool, name));
  const given = parseArguments(action.arguments);
  const readable = given !== null;
  if (entry === undefined) return { capability: "unknown", deeds: [], readable };
  return {
    capability: entry.capability,
    deeds: given === null ? [] : deedsOf(tool, entry, given, action, span, facts, catalogue),
    readable,
  };
}

// Hosts spell servers and tools in any letter case; `folded` is in lower case already.
function anyMatches(globs: readonly string[], folded: string): boolean {
  const { names, patterns } = preparedOf(globs);
  if (names.includes(folded)) return true;
  for (const glob of patterns) if (matchesGlob(glob, folded)) return true;
  return false;
}

interface Prepared {
  /** Globs without anything that is special: nearly all. */
  readonly names: readonly string[];
  readonly patterns: readonly string[];
}

/** The catalogue's lists do not change: each is folded and parted once. */
const PREPARED = new WeakMap<readonly string[], Prepared>();

function preparedOf(globs: readonly string[]): Prepared {
  const known = PREPARED.get(globs);
  if (known !== undefined) return known;
  const folded = globs.map(foldAscii);
  const prepared = { names: folded.filter(isName), patterns: folded.filter((glob) => !isName(glob)) };
  PREPARED.set(globs, prepared);
  return prepared;
}

function isName(glob: string): boolean {
  for (const special of "*?[\\") if (glob.includes(special)) return false;
  return true;
}

function deedsOf(
  tool: string,
  entry: McpTool,
  given: unknown,
  action: Action,
  span: Span,
  facts: Facts,
  catalogue: Catalogue,
): readonly Deed[] {
  const operands: Slot[] = [];
  const words: Argument[] = [{ value: text("--"), span }];
  for (const path of sortedByBytes(Object.keys(entry.arguments))) {
    const role = entry.arguments[path] ?? "data";
    for (const value of valuesAt(given, path.split("."))) {
      operands.push({ role, take: "one" });
      words.push({ value, span });
    }
  }
  const call = {
    name: tool,
    words,
    span,
    stdin: { kind: "inherited" },
    cwd: text(action.cwd),
    environment: {},
    facts,
    workspace_root: action.workspace_root,
    catalogue,
  } as const;
  return interpretProgram({ operands }, call).deeds;
}

/** The values at `a.b` (one inside another) or `a.*` (each of a list, or of an object by its keys). What is no text is unknown. */
function valuesAt(given: unknown, path: readonly string[]): readonly Value[] {
  let found: readonly unknown[] = [given];
  let isMore = false;
  const keep = (values: readonly unknown[]): void => {
    isMore ||= values.length > MAX_VALUES;
    found = values.slice(0, MAX_VALUES);
  };
  for (const step of path) keep(found.flatMap((value) => inside(value, step)));
  keep(found.flatMap((value) => (Array.isArray(value) ? value : [value])));
  // SECURITY: the rest is told as one unknown value. The temptation is to drop it: the 257th path would then be read unseen.
  return [...found.map(toolValue), ...(isMore ? [UNKNOWN_WORD] : [])];
}

function inside(value: unknown, step: string): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*" && Array.isArray(value)) return value;
  const entries = value as Readonly<Record<string, unknown>>;
  if (step === "*") return sortedByBytes(Object.keys(entries)).map((key) => entries[key]);
  return Object.hasOwn(entries, step) ? [entries[step]] : [];
}

function toolValue(value: unknown): Value {
  if (typeof value === "string") return text(value);
  return typeof value === "number" || typeof value === "boolean" ? text(String(value)) : UNKNOWN_WORD;
}

const ARGUMENT_LIMITS = { sizeBytes: 32 * 1024 * 1024, depth: 128 };

// By the strict reader: of two equal keys a server may take the one that another reader drops.
function parseArguments(given: string): unknown {
  if (given === "") return {};
  const parsed = parseJson(given, ARGUMENT_LIMITS);
  if (!parsed.ok) return null;
  const { value } = parsed;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}
