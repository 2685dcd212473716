// What a workspace's pack may not do: loosen the host's. Implements spec/policy.md section 2.7.
// The judge is built so that a workspace cannot loosen; this says so to its author, instead of leaving a rule that silently does nothing.

import { isStricter, type Problem, SEVERITIES, strictest, type Verdict } from "../base/index.js";
import type { EffectKind } from "../change/index.js";
import { namesNoRule } from "./exception-target.js";
import { EFFECT_KINDS, type Rule } from "./model.js";
import { loosens } from "./open-policy.js";
import type { Merged, Pack, PackDefault, PackException, PackOverride, PackTrust } from "./pack.js";
import { tierVerdict } from "./trust.js";

/** `own`: it is the workspace's file itself. Packs that it inherits may be milder than the host in their defaults, which then simply do not count. */
export function loosensHost(pack: Pack, own: boolean, host: Merged): readonly Problem[] {
  return [
    ...(own ? looserWords(pack, host) : []),
    ...pack.overrides.flatMap((override) => looserOverride(override, host)),
    ...pack.exceptions.flatMap((exception) => foreignException(exception, host)),
    ...pack.approval_routes.map(({ at }) =>
      loosening(at, "`approval_routes` say who may approve, and that is the host's to say", "put them into the host's policy"),
    ),
  ];
}

function loosening(at: string, what: string, hint: string): Problem {
  return { code: "loosens_host", message: `a workspace's policy can only tighten the host's: ${what}`, at, hint };
}

function looserWords(pack: Pack, host: Merged): readonly Problem[] {
  const audit = pack.mode === "audit" ? [loosening(pack.mode_at, "`mode: audit` would stop nothing", AUDIT_HINT)] : [];
  const rules = pack.rules
    .filter(({ verdict }) => verdict === "allow")
    .map(({ id, at }) => loosening(at, `rule \`${id}\` allows`, ALLOW_HINT));
  const trust = pack.mcp_trust
    .filter((entry) => raisesTrust(entry, host))
    .map(({ server, at }) => loosening(at, `MCP server \`${server}\` would be trusted more than the host trusts it`, TRUST_HINT));
  return [...audit, ...pack.defaults.flatMap((said) => looserDefault(said, host)), ...rules, ...trust];
}

const AUDIT_HINT = "leave `mode` out; to try the host's policy without stops, `cavra observe on`";
const ALLOW_HINT = "leave it out: what nothing stops passes already; what the host stops, its own policy or `cavra allow` may except";
const TRUST_HINT = "put it into `mcp_trust` of the host's policy";

function looserDefault({ kind, at, ...said }: PackDefault, host: Merged): readonly Problem[] {
  return (["verdict", "unknown"] as const).flatMap((key) => {
    const [ours, theirs] = [said[key], host.defaults[kind][key]];
    if (ours === null || !isStricter(theirs, ours)) return [];
    return [loosening(at, `\`defaults.${kind}.${key}\` is \`${theirs}\` for the host`, `leave it out, or say \`${theirs}\` or stricter`)];
  });
}

function looserOverride({ rule: id, at, verdict, severity }: PackOverride, host: Merged): readonly Problem[] {
  const rule = host.rules.get(id);
  if (rule === undefined) return [];
  const weaker = verdict !== null && isStricter(rule.verdict, verdict);
  const milder = severity !== null && SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(rule.severity);
  const theirs = `\`${rule.verdict}\`, severity \`${rule.severity}\``;
  if (weaker || milder)
    return [loosening(at, `rule \`${rule.id}\` is ${theirs}, for the host`, "say at least that, or leave the override out")];
  const kind = verdict === null ? undefined : turnedKind(rule, verdict, host);
  if (kind === undefined) return [];
  const { unknown } = host.defaults[kind];
  const what = `rule \`${rule.id}\` would speak in the place of \`defaults.${kind}.unknown\`, which is \`${unknown}\` for the host`;
  return [loosening(at, what, `say \`${unknown}\`, or leave the override out`)];
}

/**
 * The first kind for which the override makes a rule that loosens one that protects. Such a rule is read more widely than the host's was, which is
 * well where it is as strict as whatever it replaces.
 */
function turnedKind(rule: Rule, verdict: Verdict, { defaults }: Merged): EffectKind | undefined {
  const kinds = EFFECT_KINDS.filter((kind) => rule.match.some(({ effect }) => effect.includes(kind)));
  return kinds.find(
    (kind) =>
      loosens(rule, kind, { defaults }) && !isStricter(defaults[kind].verdict, verdict) && isStricter(defaults[kind].unknown, verdict),
  );
}

function foreignException({ rule: id, at }: PackException, host: Merged): readonly Problem[] {
  if (namesNoRule(id)) return [loosening(at, `\`${id}\` would be excepted`, EXCEPTION_HINT)];
  const rule = host.rules.get(id);
  if (rule === undefined || rule.overridable === "workspace") return [];
  const hint = rule.overridable === "never" ? "nobody can make an exception to this rule" : EXCEPTION_HINT;
  return [loosening(at, `rule \`${rule.id}\` is \`overridable: ${rule.overridable}\``, hint)];
}

const EXCEPTION_HINT = "put it into `exceptions` of the host's policy, or make it with `cavra allow`";

const CAPABILITIES = ["read", "write", "execute", "network", "unknown"] as const;

function raisesTrust(trust: PackTrust, host: Merged): boolean {
  const theirs = host.mcp_trust.find(({ server }) => server === trust.server);
  const ofHost = (capability: string): Verdict =>
    theirs === undefined
      ? strictest([host.defaults.call.verdict, capability === "unknown" ? host.defaults.call.unknown : "allow"])
      : (theirs.verdict ?? tierVerdict(theirs.tier, capability));
  const strictestOfHost = strictest(CAPABILITIES.map(ofHost));
  return (
    CAPABILITIES.some((capability) => isStricter(ofHost(capability), trust.verdict ?? tierVerdict(trust.tier, capability))) ||
    trust.tools.some(({ verdict }) => isStricter(strictestOfHost, verdict))
  );
}
