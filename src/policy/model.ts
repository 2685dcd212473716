// Packs, compiled policies, subjects and judgements. Implements spec/policy.md sections 2, 5 and 6. Twin of go/policy/model.go.
// Compiled policy and judgement are wire shapes: their keys are the keys of the canonical JSON, so there is no mapping layer that could drift.

import type { JsonValue, Severity, Verdict } from "../base/index.js";
import type { Effect, EffectKind, Extent } from "../change/index.js";

export const EFFECT_KINDS = [
  "read",
  "write",
  "delete",
  "exec",
  "git",
  "network",
  "operate",
  "call",
  "opaque",
] as const satisfies readonly EffectKind[];

/** What a rule looks for. All keys that are there must hold; of a list any one must, except `options`, where all must. Lists are sorted by bytes. */
export interface Clause {
  readonly effect: readonly EffectKind[];
  readonly unknown?: boolean;
  readonly place?: readonly ("here" | "elsewhere")[];
  readonly via?: readonly string[];
  readonly agent?: readonly string[];
  readonly user?: readonly string[];
  /** read, write, delete. `covers`: the effect takes all that lies below a folder that matches. */
  readonly path?: readonly string[];
  readonly covers?: readonly string[];
  readonly extent?: readonly Extent[];
  readonly inside_workspace?: boolean;
  /** Below a temporary folder, and not in the workspace. */
  readonly in_temp?: boolean;
  /** exec */
  readonly program?: readonly string[];
  readonly subcommand?: readonly string[];
  readonly options?: readonly string[];
  readonly known?: boolean;
  readonly harmless?: boolean;
  /** network */
  readonly host?: readonly string[];
  readonly direction?: readonly ("receive" | "send")[];
  readonly data?: readonly ("none" | "literal" | "derived" | "unknown")[];
  /** git and operate */
  readonly operation?: readonly string[];
  readonly ref?: readonly string[];
  readonly remote?: readonly string[];
  readonly force?: readonly ("none" | "lease" | "force")[];
  readonly system?: readonly string[];
  readonly target?: readonly string[];
  /** call */
  readonly server?: readonly string[];
  readonly tool?: readonly string[];
  readonly capability?: readonly string[];
  /** opaque */
  readonly reason?: readonly string[];
  readonly detail?: readonly string[];
}

export const OVERRIDABLE = ["never", "host", "workspace"] as const;
export type Overridable = (typeof OVERRIDABLE)[number];

/** What to do instead, for people, and where there is one the command that does it. */
export interface Instead {
  readonly text: string;
  readonly command: string;
}

/** `layer` says whose rule it is: the host's, or the workspace's, which can only add to the host's. */
export type Layer = "host" | "workspace";

export interface Rule {
  readonly id: string;
  readonly pack: string;
  readonly layer: Layer;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly reason: string;
  readonly instead: Instead | null;
  readonly overridable: Overridable;
  readonly match: readonly Clause[];
  readonly unless: readonly Clause[];
}

/** `until` is `YYYY-MM-DDTHH:MM:SSZ` or "" for no end. */
export interface Exception {
  readonly rule: string;
  readonly pack: string;
  readonly match: readonly Clause[];
  readonly reason: string;
  readonly until: string;
}

export interface KindDefault {
  readonly verdict: Verdict;
  readonly unknown: Verdict;
  /** Only where a workspace made `verdict` stricter: what it is for the host. */
  readonly host?: Verdict;
}
export type Defaults = Readonly<Record<EffectKind, KindDefault>>;

export const TIERS = ["trusted", "limited", "untrusted"] as const;
export type Tier = (typeof TIERS)[number];

/** How far MCP servers whose name matches are trusted. `verdict` null leaves it to the tier; `tools` speak for single tools. */
export interface ServerTrust {
  readonly server: string;
  readonly layer: Layer;
  readonly tier: Tier;
  readonly verdict: Verdict | null;
  readonly tools: readonly { readonly tool: string; readonly verdict: Verdict }[];
}

/** Who may approve what; carried for the approval part, and not read by the judge. */
export interface ApprovalRoute {
  readonly id: string;
  readonly rules: readonly string[];
  readonly severities: readonly Severity[];
  readonly approvers: readonly string[];
  readonly count: number;
}

export const MODES = ["enforce", "audit"] as const;
export type Mode = (typeof MODES)[number];

export const COMPILED_SCHEMA = "cavra.compiled-policy.v1";

/** Everything the judge reads, in canonical order, and the digest over all of it but itself. */
export interface CompiledPolicy {
  readonly schema_version: typeof COMPILED_SCHEMA;
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly mode: Mode;
  readonly packs: readonly { readonly id: string; readonly version: string; readonly layer: Layer }[];
  readonly defaults: Defaults;
  readonly rules: readonly Rule[];
  readonly exceptions: readonly Exception[];
  readonly mcp_trust: readonly ServerTrust[];
  readonly approval_routes: readonly ApprovalRoute[];
  readonly catalogue: JsonValue;
  readonly catalogue_digest: string;
  readonly digest: string;
}

/** A compiled policy without its catalogue: all that a judgement needs. */
export type Rulebook = Omit<CompiledPolicy, "catalogue">;

/** Who acts and where, as far as rules may ask. Empty strings are unknown. `now` is `YYYY-MM-DDTHH:MM:SS…Z`; without it no exception with an end holds. */
export interface Subject {
  readonly agent: string;
  readonly user: string;
  readonly home: string;
  readonly workspace_root: string;
  readonly temp_roots: readonly string[];
  readonly default_branch: string;
  readonly now: string;
  /** Of an MCP tool's description as the host told it (spec/mcp-registry.md 3.3). */
  readonly tool_description?: string;
}

export type Source = "rule" | "default" | "unknown" | "mcp_trust" | "mcp_registry" | "exception";

export interface RuleUse {
  readonly id: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
}

export interface ExceptionUse {
  readonly rule: string;
  readonly reason: string;
  readonly until: string;
}

/** What policy says of one effect. `effect` is its index; rules and exceptions are sorted by rule id. */
export interface Ruling {
  readonly effect: number;
  readonly verdict: Verdict;
  readonly source: Source;
  readonly rules: readonly RuleUse[];
  readonly exceptions: readonly ExceptionUse[];
  /** Only where a registry of MCP servers has a voice. */
  readonly registry?: RuleUse;
}

/** The answer, its one deciding reason, and the whole trace. No clock and no identity in it: two engines compare it byte for byte. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly reason: string;
  /** The deciding rule; `default.<kind>`, `default.<kind>.unknown`, `mcp_trust.<server glob>` or `mcp_registry.<what>` where none decided; "" for an empty change. */
  readonly rule_id: string;
  readonly instead: Instead | null;
  readonly effects: readonly Effect[];
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string; readonly mode: Mode };
  readonly rulings: readonly Ruling[];
  /** Only where there is a registry of MCP servers; "" where it cannot be read. */
  readonly registry_digest?: string;
}
