// Reads one of a pack's own tests. Implements spec/policy.md section 2.8.

import { VERDICTS } from "../base/index.js";
import type { Effect } from "../change/index.js";
import { EFFECT_KINDS } from "./model.js";
import type { PackTest, TestInput } from "./pack.js";
import { type Fields, flag, inside, listOf, mapping, missing, moment, type Place, report, text, word } from "./shape.js";
import type { Tree } from "./yaml-tree.js";

/** The world in which every pack's tests are run. */
export const TEST_WORLD = { workspace_root: "/srv/app", home: "/home/dev", temp_root: "/tmp", default_branch: "main" } as const;

/** Key of a test → the action that its text is. */
const ACTIONS: Readonly<Record<string, { readonly action_type: string; readonly operation: string }>> = {
  command: { action_type: "execute_command", operation: "" },
  read: { action_type: "read_file", operation: "" },
  write: { action_type: "write_file", operation: "write" },
  edit: { action_type: "write_file", operation: "edit" },
  delete: { action_type: "write_file", operation: "delete" },
  git: { action_type: "git_operation", operation: "" },
  request: { action_type: "network_request", operation: "GET" },
  call: { action_type: "mcp_tool_call", operation: "" },
};
const INPUTS = [...Object.keys(ACTIONS), "effects"];
const TEST_KEYS = ["name", ...INPUTS, "cwd", "arguments", "agent", "user", "branch", "now", "expect", "rule"];

export function readTest(tree: Tree, place: Place): PackTest | null {
  const fields = mapping(tree, TEST_KEYS, place);
  if (tree.kind !== "mapping") return null;
  const given = INPUTS.filter((key) => fields.get(key) !== null);
  if (given.length !== 1) report(place, tree.at, "wrong_value", `\`${place.path}\` must have exactly one of ${INPUTS.join(", ")}`);
  const expect = fields.get("expect");
  if (expect === null) missing(fields, "expect");
  const now = fields.get("now");
  const input = readInput(fields, given[0] ?? "", place);
  return {
    at: `${place.file}:${tree.at}`,
    name: optional(fields, "name") || (input.kind === "action" ? input.target : "effects"),
    input,
    agent: optional(fields, "agent"),
    user: optional(fields, "user"),
    branch: optional(fields, "branch"),
    now: now === null ? "" : moment(now, inside(place, "now")),
    expect: (expect === null ? null : word(expect, VERDICTS, inside(place, "expect"))) ?? "deny",
    rule: optional(fields, "rule"),
  };
}

function optional(fields: Fields, key: string): string {
  const value = fields.get(key);
  return value === null ? "" : text(value, inside(fields.place, key));
}

function readInput(fields: Fields, key: string, place: Place): TestInput {
  const value = fields.get(key);
  if (key === "effects" && value !== null) return { kind: "effects", effects: listOf(value, inside(place, key), readEffect, 100) };
  const action = ACTIONS[key] ?? { action_type: "execute_command", operation: "" };
  const target = value === null ? "" : text(value, inside(place, key));
  const isPath = action.action_type === "read_file" || action.action_type === "write_file";
  return {
    kind: "action",
    ...action,
    target: isPath ? absolute(target) : target,
    arguments: optional(fields, "arguments"),
    cwd: absolute(optional(fields, "cwd") || "."),
  };
}

/** Paths of tests may be written from the workspace or from home. */
function absolute(path: string): string {
  if (path === "unknown" || path.startsWith("/")) return path;
  if (path === "~" || path.startsWith("~/")) return `${TEST_WORLD.home}${path.slice(1)}`;
  return path === "." ? TEST_WORLD.workspace_root : `${TEST_WORLD.workspace_root}/${path}`;
}

const EFFECT_KEYS = [
  ...["kind", "target", "extent", "program", "path", "subcommand", "options", "known", "harmless", "operation", "ref", "remote", "force"],
  ...["host", "url", "direction", "data", "system", "server", "tool", "capability", "reason", "detail", "place", "via"],
];

/** An effect written out; what is left out has its quietest value. */
function readEffect(tree: Tree, place: Place): Effect | null {
  const fields = mapping(tree, EFFECT_KEYS, place);
  const kindTree = fields.get("kind");
  if (kindTree === null) {
    if (tree.kind === "mapping") missing(fields, "kind");
    return null;
  }
  const kind = word(kindTree, EFFECT_KINDS, inside(place, "kind"));
  const get = (key: string, fallback = ""): string => optional(fields, key) || fallback;
  const choose = <T extends string>(key: string, known: readonly T[], fallback: T): T => {
    const value = fields.get(key);
    return (value === null ? null : word(value, known, inside(place, key))) ?? fallback;
  };
  const yes = (key: string, fallback: boolean): boolean => {
    const value = fields.get(key);
    return value === null ? fallback : flag(value, inside(place, key));
  };
  const many = (key: string): readonly string[] => {
    const value = fields.get(key);
    return value === null ? [] : listOf(value, inside(place, key), text, 100);
  };
  const base = { span: { start: 0, end: 0 }, via: many("via"), place: choose("place", ["here", "elsewhere"], "here") };
  const target = get("target", "unknown");
  switch (kind) {
    case null:
      return null;
    case "read":
    case "write":
    case "delete":
      return {
        ...base,
        kind,
        target: absolute(target),
        extent: choose("extent", ["exact", "tree", "contents", "pattern", "unknown"], target === "unknown" ? "unknown" : "exact"),
      };
    case "exec":
      return {
        ...base,
        kind,
        program: get("program"),
        path: get("path"),
        subcommand: get("subcommand"),
        options: many("options"),
        known: yes("known", true),
        harmless: yes("harmless", false),
      };
    case "git":
      return {
        ...base,
        kind,
        operation: get("operation"),
        ref: get("ref"),
        remote: get("remote"),
        force: choose("force", ["none", "lease", "force"], "none"),
      };
    case "network":
      return {
        ...base,
        kind,
        host: get("host", "unknown"),
        url: get("url"),
        direction: choose("direction", ["receive", "send"], "receive"),
        data: choose("data", ["none", "literal", "derived", "unknown"], "none"),
      };
    case "operate":
      return { ...base, kind, system: get("system"), operation: get("operation"), target: get("target") };
    case "call":
      return { ...base, kind, server: get("server"), tool: get("tool"), capability: get("capability", "unknown") };
    case "opaque":
      return { ...base, kind, reason: get("reason", "unknown_code"), detail: get("detail") };
  }
}
