// The narrowest exceptions that would have let a judged action pass. Implements spec/policy.md 2.10.
// Pure: it proposes and decides nothing. The temptation is to widen a little, so that the next false alarm is spared too; that is for the person to write.

import { bad, compareBytes, compileGlob, compileTextGlob, ok, type Problem, type Result, type Severity } from "../base/index.js";
import type { Effect } from "../change/index.js";
import { type StoppingVoice, stoppingVoices } from "./judge.js";
import type { Clause, Subject } from "./model.js";
import type { Policy, Voice } from "./open-policy.js";

/** One exception: the rule, default or trust that it takes away, and the clause that this effect meets and as little else as can be said. */
export interface Proposal {
  /** A rule's id, `default.<kind>`, `default.<kind>.unknown` or `mcp_trust.<server glob>`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Why that stopped the effect. */
  readonly reason: string;
  /** The effect's index. */
  readonly effect: number;
  readonly match: Clause;
}

/**
 * For every effect that stops, in order, one proposal for each voice that stops it, each once: together they let the action pass.
 * Problems: `not_stopped`; `workspace_rule`: the repository's own policy stops it; `not_overridable`: a rule that nobody may except; `not_narrow`: the
 * effect says too little to be told from others.
 */
export function proposeExceptions(effects: readonly Effect[], subject: Subject, policy: Policy): Result<readonly Proposal[]> {
  const proposals = new Map<string, Proposal>();
  for (const [index, effect] of effects.entries()) {
    for (const stopping of stoppingVoices(effect, subject, policy)) {
      const proposal = proposalFor(stopping, index, effect, subject.agent);
      if (!proposal.ok) return proposal;
      const key = JSON.stringify([proposal.value.rule, proposal.value.match]);
      if (!proposals.has(key)) proposals.set(key, proposal.value);
    }
  }
  if (proposals.size === 0) return bad("not_stopped", "this was not stopped, so there is nothing to except");
  return ok([...proposals.values()]);
}

function proposalFor({ voice, layer, overridable }: StoppingVoice, index: number, effect: Effect, agent: string): Result<Proposal> {
  const { id, severity, reason } = voice;
  if (layer === "workspace") return bad("workspace_rule", `\`${id}\` is of the repository's own policy`, { hint: WORKSPACE_HINT });
  if (overridable === "never")
    return voice.source === "mcp_registry"
      ? bad("not_overridable", `${reason} (\`${id}\`): no exception can be made to that`, { hint: REGISTRY_HINT })
      : bad("not_overridable", `rule \`${id}\` is \`overridable: never\`: no exception can be made to it`, { hint: NEVER_HINT });
  const match = clauseFor(effect, agent);
  return match === null ? { ok: false, problem: tooWide(voice, effect) } : ok({ rule: id, severity, reason, effect: index, match });
}

const WORKSPACE_HINT =
  "change the repository's policy, where everybody sees it: an entry under `exceptions:` in `.cavra/policy.yaml`; or do this step yourself";
const REGISTRY_HINT = "ask the server's owner, whom `cavra mcp list` names, to have it approved in the MCP registry";
const NEVER_HINT = "do this one step yourself, in a terminal of your own; what a person does there is not asked about";

function tooWide({ id, source }: Voice, effect: Effect): Problem {
  const message = `the effect that \`${id}\` stopped says too little to be told from others, so an exception would be a wide one`;
  const hint = source === "rule" ? "write the exception into the host's policy yourself, or do this step yourself" : otherWay(effect);
  return { code: "not_narrow", message, hint };
}

/** What to do instead of excepting a default. */
function otherWay({ kind }: Effect): string {
  return kind === "opaque"
    ? "put the code into a file of the workspace, where it can be read, and run that; or do this step yourself"
    : "name the file, host or target in the command, so that it is known before it runs; or do this step yourself";
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
