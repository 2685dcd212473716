// What Go may answer without TypeScript's judgement. Proves spec/promotion.md 7.1, at its edges.

import { describe, expect, it } from "vitest";
import { mayLeaveAlone } from "../../src/backend/index.js";
import type { Effect } from "../../src/change/index.js";

const BASE = { span: { start: 0, end: 1 }, via: [], place: "here" } as const;
const read = (target: string, more: object = {}): Effect => ({ ...BASE, kind: "read", target, extent: "exact", ...more }) as Effect;
const exec = (known: boolean, harmless: boolean): Effect => ({
  ...BASE,
  kind: "exec",
  program: "x",
  path: "",
  subcommand: "",
  options: [],
  known,
  harmless,
});
const may = (verdict: "allow" | "warn" | "require_approval" | "deny", effects: readonly Effect[], workspace = "/srv/app") =>
  mayLeaveAlone({ verdict }, { effects }, workspace);

describe("alone may leave", () => {
  it.each<[string, readonly Effect[]]>([
    ["nothing at all", []],
    ["a read of the workspace's root", [read("/srv/app")]],
    ["a read below it", [read("/srv/app/src/a.ts")]],
    ["a read of a pattern, a tree or contents below it", ["pattern", "tree", "contents"].map((extent) => read("/srv/app/x", { extent }))],
    ["a known and harmless program, and what it reads", [exec(true, true), read("/srv/app/x")]],
  ])("a pass with %s", (_, effects) => {
    expect([may("allow", effects), may("warn", effects)]).toEqual([true, true]);
  });

  it.each<[string, Effect]>([
    ["a read beside the workspace", read("/srv/application/x")],
    ["a read above it", read("/srv")],
    ["a read of what nobody knows", read("unknown", { extent: "unknown" })],
    ["a read of an unknown extent below it", read("/srv/app/x", { extent: "unknown" })],
    ["a read on another machine", read("/srv/app/x", { place: "elsewhere" })],
    ["a write", { ...read("/srv/app/x"), kind: "write" } as Effect],
    ["a delete", { ...read("/srv/app/x"), kind: "delete" } as Effect],
    ["a program that nobody knows", exec(false, false)],
    ["a program that is said to be harmless and not known", exec(false, true)],
    ["a program of which not all is known", exec(true, false)],
    ["a step in git", { ...BASE, kind: "git", operation: "commit", ref: "", remote: "", force: "none" }],
    ["what cannot be known", { ...BASE, kind: "opaque", reason: "unknown_code", detail: "" }],
  ])("no pass with %s, whatever stands beside it", (_, effect) => {
    expect(may("allow", [effect])).toBe(false);
    expect(may("allow", [exec(true, true), effect, read("/srv/app/x")])).toBe(false);
    expect([may("deny", [effect]), may("require_approval", [effect])], "a stop may").toEqual([true, true]);
  });

  it.each(["", "/"])("no read where the workspace is `%s`: then everything would lie in it", (workspace) => {
    expect(may("allow", [read("/etc/passwd")], workspace)).toBe(false);
  });
});
