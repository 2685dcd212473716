// Two compiled policies side by side, rule by rule. Implements spec/cli.md section 5. It compares what is written, not yet what it would decide.

import { canonicalJson, isStricter, type Verdict } from "../base/index.js";
import type { Rule, Rulebook } from "../policy/index.js";
import { badge } from "./render.js";
import type { Terminal } from "./terminal.js";

export interface PolicyDiff {
  readonly a: string;
  readonly b: string;
  readonly mode: { readonly a: string; readonly b: string } | null;
  readonly changes: readonly RuleChange[];
  readonly catalogue_changed: boolean;
}

/** `changed`: the same verdict, but what it matches, says or exempts differs. */
export interface RuleChange {
  readonly subject: string;
  readonly kind: "added" | "removed" | "tightened" | "loosened" | "changed";
  readonly a: Verdict | "";
  readonly b: Verdict | "";
}

export function diffPolicies(a: Rulebook, b: Rulebook): PolicyDiff {
  const left = new Map(a.rules.map((rule) => [rule.id, rule]));
  const right = new Map(b.rules.map((rule) => [rule.id, rule]));
  const ids = [...new Set([...left.keys(), ...right.keys()])];
  const rules = ids.flatMap((id) => ruleChange(id, left.get(id), right.get(id)));
  const kinds = Object.keys(a.defaults) as (keyof Rulebook["defaults"])[];
  const defaults = kinds.flatMap((kind) => [
    ...verdictChange(`default.${kind}`, a.defaults[kind].verdict, b.defaults[kind].verdict),
    ...verdictChange(`default.${kind}.unknown`, a.defaults[kind].unknown, b.defaults[kind].unknown),
  ]);
  const rest = (["exceptions", "mcp_trust", "approval_routes"] as const).flatMap((part): RuleChange[] =>
    same(a[part], b[part]) ? [] : [{ subject: part, kind: "changed", a: "", b: "" }],
  );
  return {
    a: `${a.id}@${a.version}`,
    b: `${b.id}@${b.version}`,
    mode: a.mode === b.mode ? null : { a: a.mode, b: b.mode },
    changes: [...rules, ...defaults, ...rest],
    catalogue_changed: a.catalogue_digest !== b.catalogue_digest,
  };
}

function ruleChange(id: string, a: Rule | undefined, b: Rule | undefined): RuleChange[] {
  if (a === undefined) return b === undefined ? [] : [{ subject: id, kind: "added", a: "", b: b.verdict }];
  if (b === undefined) return [{ subject: id, kind: "removed", a: a.verdict, b: "" }];
  if (a.verdict !== b.verdict) return verdictChange(id, a.verdict, b.verdict);
  return same({ ...a, pack: "", layer: "" }, { ...b, pack: "", layer: "" })
    ? []
    : [{ subject: id, kind: "changed", a: a.verdict, b: b.verdict }];
}

function verdictChange(subject: string, a: Verdict, b: Verdict): RuleChange[] {
  return a === b ? [] : [{ subject, kind: isStricter(b, a) ? "tightened" : "loosened", a, b }];
}

function same(a: unknown, b: unknown): boolean {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left.ok && right.ok && left.value === right.value;
}

export function renderDiff(diff: PolicyDiff, terminal: Terminal): string {
  const { bold, green, red, yellow, dim } = terminal.colours;
  const paint = { added: green, tightened: green, removed: red, loosened: red, changed: yellow };
  const show = (verdict: Verdict | "") => (verdict === "" ? dim("nothing") : badge(verdict, terminal));
  const lines = diff.changes.map(
    (one) => `  ${paint[one.kind](one.kind.padEnd(9))} ${one.subject}${one.a === one.b ? "" : `  ${show(one.a)} → ${show(one.b)}`}`,
  );
  const mode = diff.mode === null ? [] : [`  mode ${diff.mode.a} → ${diff.mode.b}`];
  const nothing = lines.length === 0 && mode.length === 0 ? [dim("  no difference")] : [];
  return `${[`${bold(diff.a)} → ${bold(diff.b)}`, ...mode, ...lines, ...nothing].join("\n")}\n`;
}
