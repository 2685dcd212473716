// A judgement told to a person: every effect with its place in the text, every rule that spoke, and why the verdict. Implements spec/policy.md section 5.7.
// It adds nothing that the judgement does not say; the console and the command line only lay it out.

import type { Severity, Span, Verdict } from "../base/index.js";
import type { Effect } from "../change/index.js";
import type { ExceptionUse, Judgement, RuleUse, Source } from "./model.js";
import type { Policy } from "./open-policy.js";

export interface Explanation {
  readonly verdict: Verdict;
  readonly rule_id: string;
  readonly reason: string;
  readonly effects: readonly ExplainedEffect[];
}

export interface ExplainedEffect {
  /** `deletes /srv/app/build and all below it`. */
  readonly says: string;
  readonly span: Span;
  readonly via: readonly string[];
  readonly verdict: Verdict;
  readonly source: Source;
  readonly rules: readonly {
    readonly id: string;
    readonly verdict: Verdict;
    readonly severity: Severity;
    readonly reason: string;
    readonly pack: string;
    readonly decides: boolean;
  }[];
  readonly exceptions: readonly ExceptionUse[];
  /** Only where a registry of MCP servers has a voice. */
  readonly registry?: RuleUse;
}

export function explain(judgement: Judgement, policy: Policy): Explanation {
  const known = new Map(policy.compiled.rules.map((rule) => [rule.id, rule]));
  const effects = judgement.rulings.flatMap((ruling): ExplainedEffect[] => {
    const effect = judgement.effects[ruling.effect];
    if (effect === undefined) return [];
    const rules = ruling.rules.map((use) => ({
      ...use,
      reason: known.get(use.id)?.reason ?? "",
      pack: known.get(use.id)?.pack ?? "",
      decides: use.id === judgement.rule_id,
    }));
    return [
      {
        says: describeEffect(effect),
        span: effect.span,
        via: effect.via,
        verdict: ruling.verdict,
        source: ruling.source,
        rules,
        exceptions: ruling.exceptions,
        ...(ruling.registry === undefined ? {} : { registry: ruling.registry }),
      },
    ];
  });
  return { verdict: judgement.verdict, rule_id: judgement.rule_id, reason: judgement.reason, effects };
}

/** One effect in plain words, without a full stop. */
export function describeEffect(effect: Effect): string {
  const elsewhere = effect.place === "elsewhere" ? ", on another machine or in a container" : "";
  return describeHere(effect) + elsewhere;
}

function describeHere(effect: Effect): string {
  switch (effect.kind) {
    case "read":
    case "write":
    case "delete":
      return `${effect.kind}s ${targetOf(effect)}`;
    case "exec":
      return `runs ${[effect.program, effect.subcommand].filter((part) => part !== "").join(" ")}${effect.known ? "" : ", which the catalogue does not know"}`;
    case "git":
      return `git: ${effect.operation.replaceAll("_", " ")}${effect.ref === "" ? "" : ` ${effect.ref}`}${effect.remote === "" ? "" : ` on ${effect.remote}`}${effect.force === "none" ? "" : " by force"}`;
    case "network":
      return effect.direction === "send"
        ? `sends ${effect.data === "none" ? "a request" : `${effect.data} data`} to ${host(effect.host)}`
        : `fetches from ${host(effect.host)}`;
    case "operate":
      return `${effect.system}: ${effect.operation.replaceAll("_", " ")}${effect.target === "" ? "" : ` ${effect.target}`}`;
    case "call":
      return `calls the MCP tool ${effect.server}/${effect.tool} (${effect.capability})`;
    case "opaque":
      return `runs code that cannot be known (${effect.reason}${effect.detail === "" ? "" : `, ${effect.detail}`})`;
  }
}

function host(name: string): string {
  return name === "unknown" ? "a host that cannot be known" : name;
}

function targetOf(effect: Extract<Effect, { kind: "read" | "write" | "delete" }>): string {
  switch (effect.extent) {
    case "unknown":
      return "a path that cannot be known";
    case "exact":
    case "pattern":
      return effect.target;
    case "tree":
      return `${effect.target} and all below it`;
    case "contents":
      return `all below ${effect.target}`;
  }
}
