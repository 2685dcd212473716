// What a workspace's pack may not do: loosen the host's. Implements spec/policy.md section 2.7. Twin of go/tighten.go.
// The judge is built so that a workspace cannot loosen; this says so to its author, instead of leaving a rule that silently does nothing.

import { isStricter, type Problem, SEVERITIES, strictest, type Verdict } from "../base/index.js";
import type { Merged, Pack, PackTrust } from "./pack.js";
import { tierVerdict } from "./trust.js";

/** `own`: it is the workspace's file itself. Packs that it inherits may be milder than the host in their defaults, which then simply do not count. */
export function loosensHost(pack: Pack, own: boolean, host: Merged): readonly Problem[] {
  const loosening: { readonly at: string; readonly what: string }[] = [];
  if (pack.mode === "audit" && own) loosening.push({ at: pack.mode_at, what: "`mode: audit` would stop nothing" });
  for (const said of own ? pack.defaults : []) {
    const theirs = host.defaults[said.kind];
    if (said.verdict !== null && isStricter(theirs.verdict, said.verdict))
      loosening.push({ at: said.at, what: `\`defaults.${said.kind}.verdict\` is \`${theirs.verdict}\` for the host` });
    if (said.unknown !== null && isStricter(theirs.unknown, said.unknown))
      loosening.push({ at: said.at, what: `\`defaults.${said.kind}.unknown\` is \`${theirs.unknown}\` for the host` });
  }
  for (const rule of own ? pack.rules : [])
    if (rule.verdict === "allow") loosening.push({ at: rule.at, what: `rule \`${rule.id}\` allows` });
  for (const override of pack.overrides) {
    const rule = host.rules.get(override.rule);
    if (rule === undefined) continue;
    const weaker = override.verdict !== null && isStricter(rule.verdict, override.verdict);
    const milder = override.severity !== null && SEVERITIES.indexOf(override.severity) < SEVERITIES.indexOf(rule.severity);
    if (weaker || milder)
      loosening.push({ at: override.at, what: `rule \`${rule.id}\` is \`${rule.verdict}\`, severity \`${rule.severity}\`, for the host` });
  }
  for (const exception of pack.exceptions) {
    const rule = host.rules.get(exception.rule);
    if (rule !== undefined && rule.overridable !== "workspace")
      loosening.push({ at: exception.at, what: `rule \`${rule.id}\` is \`overridable: ${rule.overridable}\`` });
  }
  for (const trust of own ? pack.mcp_trust : [])
    if (raisesTrust(trust, host))
      loosening.push({ at: trust.at, what: `MCP server \`${trust.server}\` would be trusted more than the host trusts it` });
  for (const route of pack.approval_routes)
    loosening.push({ at: route.at, what: "`approval_routes` say who may approve, and that is the host's to say" });
  return loosening.map(({ at, what }) => ({
    code: "loosens_host",
    message: `a workspace's policy can only tighten the host's: ${what}`,
    at,
    hint: "put it into the host's policy instead",
  }));
}

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
