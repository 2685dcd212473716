// The narrowest exceptions that would have let a judged action pass. Implements spec/policy.md 2.10. Twin of go/narrow.go.
// Pure: it proposes and decides nothing. The temptation is to widen a little, so that the next false alarm is spared too; that is for the person to write.

import { bad, compareBytes, compileGlob, compileTextGlob, ok, type Problem, type Result, stops } from "../base/index.js";
import type { Effect } from "../change/index.js";
import type { Clause, Judgement, Rulebook, Ruling } from "./model.js";

/** One exception: its rule, and the clause that this effect meets and as little else as can be said. `effect` is the effect's index. */
export interface Proposal {
  readonly rule: string;
  readonly effect: number;
  readonly match: Clause;
}

type Judged = Pick<Judgement, "effects" | "verdict"> & {
  readonly rulings: readonly Pick<Ruling, "effect" | "verdict" | "rules" | "source">[];
};

/**
 * One proposal for every rule and effect that stopped the action, each once, in the order of the effects.
 * Problems: `not_stopped`; `not_overridable`: a rule that nobody may except; `no_rule_stopped`: a default stopped it; `unknown_rule`: the policy has
 * no such rule any more; `not_narrow`: the effect says too little to be told from others.
 */
export function proposeExceptions(judged: Judged, agent: string, policy: Pick<Rulebook, "rules">): Result<readonly Proposal[]> {
  if (!stops(judged.verdict)) return bad("not_stopped", "this was not stopped, so there is nothing to except");
  const proposals = new Map<string, Proposal>();
  for (const ruling of judged.rulings.filter(({ verdict }) => stops(verdict))) {
    const effect = judged.effects[ruling.effect];
    const rules = ruling.rules.filter(({ verdict }) => stops(verdict));
    if (effect === undefined || rules.length === 0)
      return bad("no_rule_stopped", BY_DEFAULT, { hint: ruling.source === "mcp_trust" ? TRUST_HINT : hintFor(effect) });
    for (const { id } of rules) {
      const proposal = proposalFor(id, ruling.effect, effect, agent, policy);
      if (!proposal.ok) return proposal;
      const key = JSON.stringify([id, proposal.value.match]);
      if (!proposals.has(key)) proposals.set(key, proposal.value);
    }
  }
  return ok([...proposals.values()]);
}

const BY_DEFAULT = "no rule stopped this but a default of the policy, and an exception takes a rule away";
const TRUST_HINT =
  "trust in its server speaks for this tool; an entry of your own under `mcp_trust` in the host's policy takes its place, so name all of its tools";

/** What to do about a default depends on what it stopped. */
function hintFor(effect: Effect | undefined): string {
  if (effect?.kind === "call" && known(effect.server) !== null && known(effect.tool) !== null) {
    const servers = JSON.stringify({
      [known(effect.server)?.[0] ?? ""]: { tier: "untrusted", tools: { [known(effect.tool)?.[0] ?? ""]: "allow" } },
    });
    return `put \`mcp_trust: { servers: ${servers} }\` into the host's policy: it lets this tool pass, and asks about the server's others`;
  }
  if (effect?.kind === "opaque")
    return "put the code into a file of the workspace, where it can be read, and run that; or do this step yourself";
  return "name the file, host or target in the command, so that it is known before it runs; or do this step yourself";
}

function proposalFor(id: string, index: number, effect: Effect, agent: string, policy: Pick<Rulebook, "rules">): Result<Proposal> {
  const rule = policy.rules.find((one) => one.id === id);
  if (rule === undefined) return bad("unknown_rule", `the policy has no rule \`${id}\` any more`, { hint: "ask again: it may pass now" });
  if (rule.overridable === "never")
    return bad("not_overridable", `rule \`${id}\` is \`overridable: never\`: no exception can be made to it`, { hint: NEVER_HINT });
  const match = clauseFor(effect, agent);
  return match === null ? { ok: false, problem: tooWide(id) } : ok({ rule: id, effect: index, match });
}

const NEVER_HINT = "do this one step yourself, in a terminal of your own; what a person does there is not asked about";

function tooWide(id: string): Problem {
  const message = `the effect that rule \`${id}\` stopped says too little to be told from others, so an exception would be a wide one`;
  return { code: "not_narrow", message, hint: "write the exception into the host's policy yourself, or do this step yourself" };
}

/** What the effect says of itself, key by key; null where that is too little or cannot be written as a glob. */
export function clauseFor(effect: Effect, agent: string): Clause | null {
  const own = ownKeys(effect);
  const by = agent === "" ? [] : textGlob(agent);
  if (own === null || by === null) return null;
  return { effect: [effect.kind], place: [effect.place], ...(by.length === 0 ? {} : { agent: by }), ...own };
}

function ownKeys(effect: Effect): Omit<Clause, "effect"> | null {
  switch (effect.kind) {
    case "read":
    case "write":
    case "delete": {
      const path = effect.extent === "unknown" ? null : pathGlob(effect.target, effect.extent);
      return path === null ? null : { path, extent: [effect.extent] };
    }
    case "exec":
      return allOf({
        program: known(effect.program),
        subcommand: effect.subcommand === "" ? undefined : known(effect.subcommand),
        options: sorted(effect.options),
      });
    case "git":
      return allOf({
        operation: known(effect.operation),
        ref: some(effect.ref),
        remote: some(effect.remote),
        force: [effect.force],
        ...unknownIf(effect.ref),
      });
    case "network":
      return allOf({ host: known(effect.host), direction: [effect.direction], data: [effect.data] });
    case "operate":
      return allOf({
        system: known(effect.system),
        operation: known(effect.operation),
        target: some(effect.target),
        ...unknownIf(effect.target),
      });
    case "call":
      return allOf({ server: known(effect.server), tool: known(effect.tool) });
    case "opaque":
      // Code that nobody can know is never the same code twice.
      return null;
  }
}

type Values = Readonly<Record<string, readonly string[] | boolean | null | undefined>>;

/** Null when one key cannot be written; keys without a value are left out. */
function allOf(values: Values): Omit<Clause, "effect"> | null {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.some(([, value]) => value === null) ? null : (Object.fromEntries(entries) as Omit<Clause, "effect">);
}

const UNKNOWN = "unknown";

// A text that is spelt `unknown` meets no glob: the clause asks for the unknown itself.
function unknownIf(text: string): { readonly unknown?: true } {
  return text === UNKNOWN ? { unknown: true } : {};
}

function some(text: string): readonly string[] | null | undefined {
  return text === "" || text === UNKNOWN ? undefined : textGlob(text);
}

function known(text: string): readonly string[] | null {
  return text === "" || text === UNKNOWN ? null : textGlob(text);
}

function sorted(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : [...texts].sort(compareBytes);
}

function textGlob(text: string): readonly string[] | null {
  const glob = escaped(text, SPECIAL);
  return compileTextGlob(glob, false).ok ? [glob] : null;
}

const SPECIAL = "*?[]{}\\,$~";
/** Of a pattern its own wildcards stay. */
const SPECIAL_IN_PATTERN = "{},$~";

/** A glob that holds all that the effect takes and begins where it begins. */
function pathGlob(target: string, extent: "exact" | "tree" | "contents" | "pattern"): readonly string[] | null {
  if (!target.startsWith("/")) return null;
  const bare = escaped(target, extent === "pattern" ? SPECIAL_IN_PATTERN : SPECIAL).replace(/\/+$/, "");
  // Everything below the machine's root is no narrow exception.
  if (bare === "") return null;
  const glob = extent === "tree" || extent === "contents" ? `${bare}/**` : bare;
  return compileGlob(glob, false).ok ? [glob] : null;
}

function escaped(text: string, special: string): string {
  return [...text].map((char) => (special.includes(char) ? `\\${char}` : char)).join("");
}
