// Who has to agree to what a judgement asks about. Implements spec/approval.md section 3.

import { compareBytes, compileTextGlob, matchTextGlob, type Severity } from "../base/index.js";
import type { ApprovalRoute, Judgement } from "../policy/index.js";

/** Which persons, and how many of them. */
export interface Route {
  readonly id: string;
  /** Globs of names. */
  readonly approvers: readonly string[];
  readonly count: number;
}

/** Where the policy says nothing. */
export const ANY_APPROVER: Route = { id: "any_approver", approvers: ["*"], count: 1 };

/** The routes that speak for this judgement, by id; never none. */
export function routesFor(judgement: Judgement, routes: readonly ApprovalRoute[]): readonly Route[] {
  return routesOfAll(askedOf(judgement), routes);
}

/** The routes that speak for the documents of a promotion, which are asked about as a rule of this name and severity would ask. */
export function routesForDocuments(purpose: string, routes: readonly ApprovalRoute[]): readonly Route[] {
  return routesOfAll([{ id: purpose, severity: "critical" }], routes);
}

function routesOfAll(asked: readonly Asked[], routes: readonly ApprovalRoute[]): readonly Route[] {
  const speaking = routes.filter((route) => asked.some((one) => speaksFor(route, one)));
  if (speaking.length === 0) return [ANY_APPROVER];
  return speaking
    .map(({ id, approvers, count }) => ({ id, approvers: [...new Set(approvers)].sort(compareBytes), count }))
    .sort((a, b) => compareBytes(a.id, b.id));
}

interface Asked {
  readonly id: string;
  readonly severity: Severity;
}

/** What decided, and every rule that asks besides: a route for one of them must not be passed by because another decided. */
function askedOf({ rule_id, severity, rulings }: Judgement): readonly Asked[] {
  const rules = rulings.flatMap(({ rules }) => rules).filter(({ verdict }) => verdict === "require_approval");
  return [{ id: rule_id, severity }, ...rules];
}

function speaksFor({ rules, severities }: ApprovalRoute, { id, severity }: Asked): boolean {
  return (rules.length === 0 || matchesOne(rules, id)) && (severities.length === 0 || severities.includes(severity));
}

/** Is this person one of them? A glob that is none is taken for a name. */
export function matchesOne(globs: readonly string[], name: string): boolean {
  return globs.some((text) => {
    const glob = compileTextGlob(text, false);
    return glob.ok ? matchTextGlob(glob.value, name) : text === name;
  });
}
