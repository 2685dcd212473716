// What an exception may name beside rules: a default, or the trust in a server. Implements spec/policy.md sections 2.6 and 5.3. No twin: Go judges what is compiled.

import { EFFECT_KINDS } from "./model.js";

const TRUST_PREFIX = "mcp_trust.";

/** Does an exception to this id name a default or trust? No rule may have such an id. */
export function namesNoRule(id: string): boolean {
  return id.startsWith(TRUST_PREFIX) || isDefaultId(id);
}

/** A default, or trust of which the host has an entry with that text. */
export function isKnownBesideRules(id: string, trust: { readonly has: (server: string) => boolean }): boolean {
  return id.startsWith(TRUST_PREFIX) ? trust.has(id.slice(TRUST_PREFIX.length)) : isDefaultId(id);
}

/** Of what is opaque nothing more is unknown. */
function isDefaultId(id: string): boolean {
  return EFFECT_KINDS.some((kind) => id === `default.${kind}` || (kind !== "opaque" && id === `default.${kind}.unknown`));
}
