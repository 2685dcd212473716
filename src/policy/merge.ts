// Puts a host's packs together, then lays the workspace's over them. Implements spec/policy.md sections 2.6 and 2.7.
// SECURITY: a workspace may come from a hostile clone. It adds to the host's policy and takes nothing away, except where a rule is `overridable: workspace`.

import { isStricter, type Problem, strictest, type Verdict } from "../base/index.js";
import type { EffectKind } from "../change/index.js";
import { isKnownBesideRules, namesNoRule } from "./exception-target.js";
import { type Library, lineage } from "./lineage.js";
import type { Loaded } from "./load.js";
import {
  type ApprovalRoute,
  type Defaults,
  EFFECT_KINDS,
  type Exception,
  type KindDefault,
  type Layer,
  type Mode,
  type Rule,
  type ServerTrust,
} from "./model.js";
import type { Merged, Pack, PackException, PackOverride } from "./pack.js";
import { inOrder } from "./problems.js";
import { suggest } from "./suggest.js";
import { loosensHost } from "./tighten.js";

/** What holds where no pack says anything. */
export const BUILT_IN: Defaults = {
  read: { verdict: "allow", unknown: "allow" },
  write: { verdict: "allow", unknown: "require_approval" },
  delete: { verdict: "allow", unknown: "require_approval" },
  exec: { verdict: "allow", unknown: "allow" },
  git: { verdict: "allow", unknown: "allow" },
  network: { verdict: "allow", unknown: "allow" },
  operate: { verdict: "allow", unknown: "allow" },
  call: { verdict: "require_approval", unknown: "require_approval" },
  opaque: { verdict: "require_approval", unknown: "require_approval" },
};

/** What is wrong is told all at once, as far as it can be seen. */
export function mergePacks(host: Pack, workspace: Pack | null, library: Library): Loaded<Merged> {
  const hostPacks = lineage(host, library);
  const allPacks = workspace === null ? hostPacks : lineage(workspace, library);
  if (!hostPacks.ok || !allPacks.ok) return refused([hostPacks, ...(workspace === null ? [] : [allPacks])].flatMap(problemsOf));
  const problems: Problem[] = [];
  const merged = mergeLayer(hostPacks.value, host, library, problems);
  if (workspace === null) return problems.length > 0 ? refused(problems) : { ok: true, value: merged };
  const known = new Set(merged.packs.map(({ id }) => id));
  if (known.has(workspace.id)) return refused([...problems, duplicatePack(workspace)]);
  const added = allPacks.value.filter((pack) => !known.has(pack.id));
  const loosening = added.flatMap((pack) => loosensHost(pack, pack === workspace, merged));
  const both = addWorkspace(merged, added, problems);
  // What loosens is told once, in the words that name the host.
  const told = new Set(loosening.map(({ at }) => at));
  const rest = problems.filter(({ code, at }) => code !== "not_overridable" || !told.has(at));
  return rest.length + loosening.length > 0 ? refused([...rest, ...loosening]) : { ok: true, value: both };
}

function refused(problems: readonly Problem[]): Loaded<never> {
  return { ok: false, problems: inOrder(problems) };
}

function problemsOf(loaded: Loaded<unknown>): readonly Problem[] {
  return loaded.ok ? [] : loaded.problems;
}

function duplicatePack({ id, at }: Pack): Problem {
  return {
    code: "duplicate_pack",
    message: `the workspace's pack has the id of the host's: \`${id}\``,
    at,
    hint: "give it an id of its own",
  };
}

function mergeLayer(packs: readonly Pack[], top: Pack, library: Library, problems: Problem[]): Merged {
  const rules = new Map<string, Rule>();
  const exceptions: Exception[] = [];
  const trust = new Map<string, ServerTrust>();
  const routes = new Map<string, ApprovalRoute>();
  for (const pack of packs) {
    addRules(pack, "host", rules, problems);
    for (const override of pack.overrides) applyOverride(override, pack, rules, problems);
    // A child's word on a server replaces its parents'; that is how a host lowers or raises trust.
    for (const { at: _, ...entry } of pack.mcp_trust) trust.set(entry.server, { ...entry, layer: "host" });
    for (const exception of pack.exceptions) {
      exceptions.push(attributed(exception, pack));
      if (!isKnownBesideRules(exception.rule, trust)) checkException(exception, pack, "host", rules, problems);
    }
    for (const { at: _, ...route } of pack.approval_routes) routes.set(route.id, route);
  }
  return {
    mode: modeOf(top, library),
    packs: packs.map(({ id, version }) => ({ id, version, layer: "host" })),
    defaults: complete(spokenDefaults(top, library)),
    rules,
    exceptions,
    mcp_trust: [...trust.values()],
    approval_routes: [...routes.values()],
  };
}

function addWorkspace(host: Merged, packs: readonly Pack[], problems: Problem[]): Merged {
  const rules = new Map(host.rules);
  const exceptions = [...host.exceptions];
  const trust = [...host.mcp_trust];
  let defaults = host.defaults;
  for (const pack of packs) {
    addRules(pack, "workspace", rules, problems);
    for (const override of pack.overrides) applyOverride(override, pack, rules, problems);
    // One to a default or to trust loosens the host, and was told so.
    for (const exception of pack.exceptions) {
      exceptions.push(attributed(exception, pack));
      if (!namesNoRule(exception.rule)) checkException(exception, pack, "workspace", rules, problems);
    }
    for (const { at: _, ...entry } of pack.mcp_trust) trust.push({ ...entry, layer: "workspace" });
    defaults = stricterOf(defaults, complete(new Map(pack.defaults.map((one) => [one.kind, one]))), pack);
  }
  return {
    ...host,
    packs: [...host.packs, ...packs.map(({ id, version }) => ({ id, version, layer: "workspace" as const }))],
    rules,
    exceptions,
    mcp_trust: trust,
    defaults,
  };
}

function addRules(pack: Pack, layer: Layer, rules: Map<string, Rule>, problems: Problem[]): void {
  for (const { at, ...rule } of pack.rules) {
    const twin = rules.get(rule.id);
    if (twin === undefined) rules.set(rule.id, { ...rule, pack: pack.id, layer });
    else
      problems.push({
        code: "duplicate_rule",
        message: `rule \`${rule.id}\` of pack \`${pack.id}\` has the id of a rule of pack \`${twin.pack}\``,
        at,
        hint: "to change an inherited rule, name it in `overrides`",
      });
  }
}

function applyOverride(override: PackOverride, pack: Pack, rules: Map<string, Rule>, problems: Problem[]): void {
  const rule = rules.get(override.rule);
  if (rule === undefined) {
    problems.push(unknownRule(override.rule, override.at, rules));
    return;
  }
  const verdict = override.verdict ?? rule.verdict;
  if (rule.overridable === "never" && isStricter(rule.verdict, verdict)) problems.push(notOverridable(rule, pack, override.at));
  rules.set(rule.id, { ...rule, verdict, severity: override.severity ?? rule.severity, instead: override.instead ?? rule.instead });
}

function attributed({ at: _, ...exception }: PackException, pack: Pack): Exception {
  return { ...exception, pack: pack.id };
}

function checkException(exception: PackException, pack: Pack, layer: Layer, rules: ReadonlyMap<string, Rule>, problems: Problem[]): void {
  const rule = rules.get(exception.rule);
  if (rule === undefined) problems.push(unknownRule(exception.rule, exception.at, rules));
  else if (rule.overridable === "never" || (layer === "workspace" && rule.layer === "host" && rule.overridable !== "workspace"))
    problems.push(notOverridable(rule, pack, exception.at));
}

function unknownRule(id: string, at: string, rules: ReadonlyMap<string, Rule>): Problem {
  const near = suggest(id, [...rules.keys()]);
  return {
    code: "unknown_rule",
    message: `no rule has the id \`${id}\``,
    at,
    ...(near === "" ? {} : { hint: `did you mean \`${near}\`?` }),
  };
}

function notOverridable(rule: Rule, pack: Pack, at: string): Problem {
  return {
    code: "not_overridable",
    message: `rule \`${rule.id}\` is \`overridable: ${rule.overridable}\`, so pack \`${pack.id}\` cannot loosen it`,
    at,
  };
}

type Spoken = ReadonlyMap<EffectKind, { readonly verdict: Verdict | null; readonly unknown: Verdict | null }>;

/** What a pack says or inherits: parents put together by the strictest, the pack's own word instead of theirs. */
function spokenDefaults(pack: Pack, library: Library): Spoken {
  const spoken = new Map<EffectKind, { readonly verdict: Verdict | null; readonly unknown: Verdict | null }>();
  for (const parent of pack.inherits) {
    const found = library.get(parent.id);
    for (const [kind, theirs] of found === undefined ? [] : spokenDefaults(found, library)) {
      const ours = spoken.get(kind);
      spoken.set(kind, { verdict: stricterOrNull(ours?.verdict, theirs.verdict), unknown: stricterOrNull(ours?.unknown, theirs.unknown) });
    }
  }
  for (const own of pack.defaults) {
    const inherited = spoken.get(own.kind);
    spoken.set(own.kind, { verdict: own.verdict ?? inherited?.verdict ?? null, unknown: own.unknown ?? inherited?.unknown ?? null });
  }
  return spoken;
}

function stricterOrNull(left: Verdict | null | undefined, right: Verdict | null): Verdict | null {
  if (left === null || left === undefined) return right;
  return right === null ? left : strictest([left, right]);
}

/** Where nothing is said of the unknown, it is judged at least as strictly as the known. */
function complete(spoken: Spoken): Defaults {
  const of = (kind: EffectKind): KindDefault => {
    const verdict = spoken.get(kind)?.verdict ?? BUILT_IN[kind].verdict;
    if (kind === "opaque") return { verdict, unknown: verdict };
    return { verdict, unknown: spoken.get(kind)?.unknown ?? strictest([BUILT_IN[kind].unknown, verdict]) };
  };
  return Object.fromEntries(EFFECT_KINDS.map((kind) => [kind, of(kind)])) as Record<EffectKind, KindDefault>;
}

// Only what the pack itself says counts here: a built-in default that it does not mention is not its word.
function stricterOf(host: Defaults, theirs: Defaults, pack: Pack): Defaults {
  const said = new Set(pack.defaults.map(({ kind }) => kind));
  const of = (kind: EffectKind): KindDefault => (said.has(kind) ? strictestDefault(host[kind], theirs[kind]) : host[kind]);
  return Object.fromEntries(EFFECT_KINDS.map((kind) => [kind, of(kind)])) as Record<EffectKind, KindDefault>;
}

// INVARIANT: the host's verdict stays known, because the stance of every rule hangs on it. The temptation is to keep the stricter one alone: a rule of
// the host that protects would then be read narrowly, and what it stops would pass by a milder rule of the host.
function strictestDefault(ours: KindDefault, theirs: KindDefault): KindDefault {
  const verdict = strictest([ours.verdict, theirs.verdict]);
  const host = ours.host ?? ours.verdict;
  return { verdict, unknown: strictest([ours.unknown, theirs.unknown]), ...(verdict === host ? {} : { host }) };
}

function modeOf(pack: Pack, library: Library): Mode {
  if (pack.mode !== null) return pack.mode;
  const parents = pack.inherits.flatMap(({ id }) => library.get(id) ?? []).map((parent) => modeOf(parent, library));
  return parents.length > 0 && parents.every((mode) => mode === "audit") ? "audit" : "enforce";
}
