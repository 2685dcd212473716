// Claude Code's settings.json: where our hook stands in it, how it comes in, how it goes out. Implements spec/agents.md section 4.
// Works on text, not on objects: comments, order, other hooks and line ends of the person's file survive. Pure; the caller reads and writes.

import {
  applyEdits,
  createScanner,
  type FormattingOptions,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parse,
  parseTree,
} from "jsonc-parser";
import { bad, ok, type Problem, type Result } from "../../base/index.js";

/** One hook of ours as it stands in a settings file. */
export interface InstalledHook {
  readonly event: string;
  readonly command: string;
  readonly matcher: string;
  readonly on_failure: string;
}

export interface HookSpec {
  readonly command: string;
  /** Seconds after which the host gives up; the host then lets the tool run, so it is far above what we need. */
  readonly timeout: number;
  /** Only where the host's version knows `onFailure`. */
  readonly blockOnFailure: boolean;
}

/** Every command of ours bears this, so that it can be found again in a file that people edit. */
const MARK = "hook claude-code";

/** The hook of ours in `text`, or null. Error `settings_malformed`. */
export function findHook(text: string): Result<InstalledHook | null> {
  const settings = readSettings(text);
  if (!settings.ok) return settings;
  for (const [at, group] of groupsOf(settings.value)) {
    for (const hook of list(field(group, "hooks"))) {
      const command = field(hook, "command");
      if (isOurs(command))
        return ok({
          event: String(at[1]),
          command: String(command),
          matcher: String(field(group, "matcher") ?? ""),
          on_failure: String(field(hook, "onFailure") ?? ""),
        });
    }
  }
  return ok(null);
}

/** Why the host would not ask us before every call although the hook stands there: code and sentence, or null. */
export function whyIdle(text: string, hook: InstalledHook): Problem | null {
  const settings = readSettings(text);
  if (settings.ok && field(settings.value, "disableAllHooks") === true)
    return { code: "hooks_disabled", message: "`disableAllHooks` is set, so the host asks no hook", hint: "remove it from the settings" };
  const hint = "run `cavra agent install claude-code`";
  if (hook.event !== "PreToolUse")
    return { code: "hook_misplaced", message: `the hook stands under \`${hook.event}\`, not under \`PreToolUse\``, hint };
  if (!EVERY_TOOL.has(hook.matcher))
    return { code: "hook_partial", message: `the hook is asked only for the tools that \`${hook.matcher}\` matches`, hint };
  return null;
}

/** What the host takes for every tool. */
const EVERY_TOOL = new Set(["", "*", ".*"]);

/** `text` with our hook in it, and nothing else changed; a second time changes nothing. */
export function withHook(text: string, spec: HookSpec): Result<string> {
  const settings = readSettings(text);
  if (!settings.ok) return settings;
  const without = text.trim() === "" ? "{}\n" : text;
  const cleared = withoutHook(without);
  if (!cleared.ok) return cleared;
  const found = findHook(text);
  const wanted = { type: "command", command: spec.command, timeout: spec.timeout, ...(spec.blockOnFailure ? { onFailure: "block" } : {}) };
  if (found.ok && found.value !== null && sameHook(found.value, spec)) return ok(text);
  const parsed = readSettings(cleared.value);
  if (!parsed.ok) return parsed;
  const group = { matcher: "*", hooks: [wanted] };
  const beside = afterLastGroup(cleared.value, group);
  if (beside !== null) return ok(beside);
  const edits = modify(cleared.value, ["hooks", "PreToolUse"], [group], { formattingOptions: formatOf(cleared.value) });
  return ok(applyEdits(cleared.value, edits));
}

/** `text` with the group after the last one of `PreToolUse`, in that one's indentation; null where there is none. `modify` would lay out its neighbours anew. */
function afterLastGroup(text: string, group: object): string | null {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const last = tree === undefined ? undefined : findNodeAtLocation(tree, ["hooks", "PreToolUse"])?.children?.at(-1);
  if (last === undefined) return null;
  const end = last.offset + last.length;
  const indent = /[ \t]*$/.exec(text.slice(text.lastIndexOf("\n", last.offset) + 1, last.offset))?.[0] ?? "";
  const { eol, insertSpaces, tabSize } = formatOf(text);
  const unit = insertSpaces ? " ".repeat(tabSize ?? 2) : "\t";
  const lines = JSON.stringify(group, null, unit).split("\n");
  return `${text.slice(0, end)},${eol}${lines.map((line) => indent + line).join(eol)}${text.slice(end)}`;
}

/** `text` without our hook; groups, events and `hooks` that were only ours go with it. */
export function withoutHook(text: string): Result<string> {
  let current = text;
  for (let round = 0; round < 64; round++) {
    const settings = readSettings(current);
    if (!settings.ok) return settings;
    const path = pathToRemove(settings.value);
    if (path === null) return ok(current);
    current = cut(current, path);
  }
  return ok(current);
}

/** `text` without what stands at `path`, its comma and the blanks before it. `modify` would lay out its neighbours anew. */
function cut(text: string, path: readonly (string | number)[]): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const value = tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
  const node = value?.parent?.type === "property" ? value.parent : value;
  const siblings = node?.parent?.children;
  if (node === undefined || siblings === undefined) return text;
  const before = siblings[siblings.indexOf(node) - 1];
  const end = node.offset + node.length;
  const start = text.slice(0, node.offset).trimEnd().length;
  const comma = before === undefined ? commaAfter(text, end) : commaAfter(text, before.offset + before.length);
  if (before !== undefined) return `${text.slice(0, comma)}${text.slice(comma + 1, start)}${text.slice(end)}`;
  if (comma === -1) return `${text.slice(0, start)}${text.slice(end)}`;
  // The first of several: what follows moves up to its place.
  if (siblings.length > 1) return `${text.slice(0, node.offset)}${text.slice(comma + 1).replace(/^\s+/, "")}`;
  return `${text.slice(0, start)}${text.slice(comma + 1)}`;
}

/** Where the next comma stands, blanks and comments passed over, or -1. */
function commaAfter(text: string, from: number): number {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  return scanner.scan() === COMMA ? scanner.getTokenOffset() : -1;
}

/** `SyntaxKind.CommaToken`, which is a const enum and cannot be imported one module at a time. */
const COMMA = 5;

/** The smallest thing whose removal takes our first hook out and leaves nothing empty behind. */
function pathToRemove(settings: unknown): (string | number)[] | null {
  const events = Object.keys(asObject(field(settings, "hooks")));
  for (const [at, group] of groupsOf(settings)) {
    const hooks = list(field(group, "hooks"));
    const index = hooks.findIndex((hook) => isOurs(field(hook, "command")));
    if (index === -1) continue;
    if (hooks.length > 1) return [...at, "hooks", index];
    const groups = list(field(field(settings, "hooks"), String(at[1])));
    if (groups.length > 1) return at;
    return events.length > 1 ? at.slice(0, 2) : ["hooks"];
  }
  return null;
}

function groupsOf(settings: unknown): [(string | number)[], unknown][] {
  const hooks = asObject(field(settings, "hooks"));
  return Object.keys(hooks).flatMap((event) =>
    list(hooks[event]).map((group, index): [(string | number)[], unknown] => [["hooks", event, index], group]),
  );
}

const MEND = "mend it by hand, then run the command again";

function readSettings(text: string): Result<unknown> {
  if (text.trim() === "") return ok({});
  const errors: ParseError[] = [];
  const tree: Node | undefined = parseTree(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first === undefined && tree !== undefined && tree.type !== "object")
    return bad("settings_malformed", "the settings file is JSON but not an object", { hint: MEND });
  if (first !== undefined || tree === undefined) {
    const line = text.slice(0, first?.offset ?? 0).split("\n").length;
    return bad("settings_malformed", `the settings file is not JSON that can be edited (line ${line})`, { hint: MEND });
  }
  const value: unknown = parse(text, [], { allowTrailingComma: true });
  // Whoever wrote something else there meant something by it: it is not ours to replace.
  const hooks = field(value, "hooks");
  if (hooks !== undefined && !isObject(hooks)) return misshaped("`hooks` is not an object");
  const wrong = Object.entries(asObject(hooks)).find(([, groups]) => !Array.isArray(groups));
  return wrong === undefined ? ok(value) : misshaped(`\`hooks.${wrong[0]}\` is not a list`);
}

function misshaped(what: string): Result<never> {
  return bad("settings_malformed", `the settings file is not as the host reads it: ${what}`, { hint: MEND });
}

function sameHook(found: InstalledHook, spec: HookSpec): boolean {
  return (
    found.event === "PreToolUse" &&
    found.command === spec.command &&
    found.matcher === "*" &&
    found.on_failure === (spec.blockOnFailure ? "block" : "")
  );
}

function formatOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

function isOurs(command: unknown): boolean {
  return typeof command === "string" && command.includes(MARK) && command.includes("cavra");
}

function field(value: unknown, key: string): unknown {
  return asObject(value)[key];
}

function asObject(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
