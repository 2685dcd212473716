// What is said where no rule decides. Implements spec/policy.md section 5.5: the sentences are part of the judgement's bytes.
// Twin of go/policy/reasons.go.

import type { Verdict } from "../base/index.js";
import type { Effect, EffectKind } from "../change/index.js";
import type { TrustRuling } from "./trust.js";

export const EMPTY_CHANGE = "it changes nothing";

const SILENT: Readonly<Record<EffectKind, string>> = {
  read: "it reads a file that no rule speaks of",
  write: "it writes a file that no rule speaks of",
  delete: "it deletes a file that no rule speaks of",
  exec: "it runs a program that no rule speaks of",
  git: "it changes git state that no rule speaks of",
  network: "it reaches a host that no rule speaks of",
  operate: "it operates a system that no rule speaks of",
  call: "it calls an MCP tool of a server that nobody has vouched for",
  opaque: "it runs code that cannot be known before it runs",
};

const UNKNOWN: Readonly<Record<EffectKind, string>> = {
  read: "it reads a file, and which one cannot be known before it runs",
  write: "it writes a file, and which one cannot be known before it runs",
  delete: "it deletes files, and which ones cannot be known before it runs",
  exec: "it runs a program that the catalogue does not know",
  git: "it changes git state, and which cannot be known before it runs",
  network: "it reaches a host, and which one cannot be known before it runs",
  operate: "it operates a system, and on what cannot be known before it runs",
  call: "it calls an MCP tool, and which one cannot be known before it runs",
  opaque: "it runs code that cannot be known before it runs",
};

const ENDINGS: Readonly<Record<Verdict, string>> = {
  allow: "the policy lets that pass",
  warn: "the policy lets that pass with a warning",
  require_approval: "the policy asks a person first",
  deny: "the policy refuses that",
};

const EXCEPTED = "an exception lets that pass";

/** `verdict` is null where an exception took the default away. */
export function defaultReason(effect: Effect, unknown: boolean, verdict: Verdict | null): string {
  const what = (unknown ? UNKNOWN : SILENT)[effect.kind];
  const detail = effect.kind === "opaque" ? ` (${effect.reason}${effect.detail === "" ? "" : `, ${effect.detail}`})` : "";
  return `${what}${detail}; ${verdict === null ? EXCEPTED : ENDINGS[verdict]}`;
}

export function trustReason(ruling: TrustRuling): string {
  const where = ruling.lowered ? " in the MCP registry" : "";
  return `the MCP server \`${ruling.server}\` is ${ruling.tier}${where}; for this tool ${ENDINGS[ruling.verdict]}`;
}
