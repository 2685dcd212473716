// A policy pack as its author wrote it, checked by itself but not yet against others. Implements spec/policy.md section 2.
// `at` is `file:line:column`, kept so that what is found wrong later can still be pointed at.

import type { Severity, Verdict } from "../base/index.js";
import type { Effect, EffectKind } from "../change/index.js";
import type {
  ApprovalRoute,
  Clause,
  Defaults,
  Exception,
  Instead,
  KindDefault,
  Layer,
  Mode,
  Overridable,
  Rule,
  ServerTrust,
  Tier,
} from "./model.js";

export interface Pack {
  readonly file: string;
  readonly at: string;
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** Null where the pack does not say. */
  readonly mode: Mode | null;
  readonly mode_at: string;
  readonly inherits: readonly { readonly id: string; readonly at: string }[];
  readonly defaults: readonly PackDefault[];
  readonly rules: readonly PackRule[];
  readonly overrides: readonly PackOverride[];
  readonly exceptions: readonly PackException[];
  readonly mcp_trust: readonly PackTrust[];
  readonly approval_routes: readonly (ApprovalRoute & { readonly at: string })[];
  readonly tests: readonly PackTest[];
}

export interface PackDefault {
  readonly at: string;
  readonly kind: EffectKind;
  readonly verdict: KindDefault["verdict"] | null;
  readonly unknown: KindDefault["unknown"] | null;
}

export interface PackRule {
  readonly at: string;
  readonly id: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly reason: string;
  readonly instead: Instead | null;
  readonly overridable: Overridable;
  readonly match: readonly Clause[];
  readonly unless: readonly Clause[];
}

/** Gives an inherited rule another verdict, severity or advice. */
export interface PackOverride {
  readonly at: string;
  readonly rule: string;
  readonly verdict: Verdict | null;
  readonly severity: Severity | null;
  readonly instead: Instead | null;
}

export interface PackException {
  readonly at: string;
  readonly rule: string;
  readonly match: readonly Clause[];
  readonly reason: string;
  readonly until: string;
}

export interface PackTrust {
  readonly at: string;
  readonly server: string;
  readonly tier: Tier;
  readonly verdict: Verdict | null;
  readonly tools: readonly { readonly tool: string; readonly verdict: Verdict }[];
}

/** What a pack's test puts before the judge: an action as an agent would send it, or effects written out. */
export type TestInput =
  | {
      readonly kind: "action";
      readonly action_type: string;
      readonly target: string;
      readonly operation: string;
      readonly arguments: string;
      readonly cwd: string;
    }
  | { readonly kind: "effects"; readonly effects: readonly Effect[] };

export interface PackTest {
  readonly at: string;
  readonly name: string;
  readonly input: TestInput;
  readonly agent: string;
  readonly user: string;
  readonly branch: string;
  readonly now: string;
  readonly expect: Verdict;
  /** The deciding rule, "" where the test does not say. */
  readonly rule: string;
}

/** All packs in one, not yet in canonical order. */
export interface Merged {
  readonly mode: Mode;
  readonly packs: readonly { readonly id: string; readonly version: string; readonly layer: Layer }[];
  readonly defaults: Defaults;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly exceptions: readonly Exception[];
  readonly mcp_trust: readonly ServerTrust[];
  readonly approval_routes: readonly ApprovalRoute[];
}
