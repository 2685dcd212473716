// `cavra runtime go-rollback-drill-notification-ack`: a person says that they saw the notices of one route of one plan. Implements spec/notices.md 6.1 to 6.3.
// SECURITY: who it is comes from a key or from the terminal, and never from an argument.

import { bad, formatTime, ok, type Result } from "../../../base/index.js";
import type { KeySigner } from "../../../evidence/index.js";
import {
  ACK_SCHEMA,
  type Acknowledgement,
  acknowledgementText,
  allRoutes,
  countAcknowledgement,
  ownerOnRoute,
  type Resolved,
  type Routing,
  saidAcknowledgement,
  signAcknowledgement,
} from "../../../promotion/index.js";
import {
  acknowledgementsOf,
  findPlan,
  type KeptPlanHead,
  keepAcknowledgement,
  type NoticeStore,
  openNotices,
  readNotices,
  SYSTEM_CLOCK,
  stateDir,
  type ToldAck,
  wasSentOn,
} from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { personHere, requirePerson } from "../../person.js";
import { report, type Terminal } from "../../terminal.js";
import { currentTrust, type SignerOptions, signerOfRole } from "../keys/access.js";
import { ackCounter, type NoticeOptions, readInputs } from "./inputs.js";

export interface AckOptions extends NoticeOptions, SignerOptions {
  readonly note?: string;
}

export function acknowledge(terminal: Terminal, planId: string, routeId: string, options: AckOptions): ExitStatus {
  const json = options.json === true;
  const state = stateDir(terminal.env);
  const looking = readNotices(state);
  if (looking === null) return report(terminal, NO_NOTICES, json);
  looking.close();
  const store = openNotices(state);
  try {
    const kept = acknowledgeIn(terminal, store, planId, routeId, options);
    if (!kept.ok) return report(terminal, kept.problem, json);
    const told = acknowledgementsOf(store, kept.value.planNo, ackCounter(terminal, SYSTEM_CLOCK.nowMs()));
    const { person = "", owner = "" } = told.at(-1) ?? {};
    terminal.print(
      json
        ? `${JSON.stringify({ plan_id: kept.value.planId, acknowledgements: told })}\n`
        : `${person} acknowledged ${routeId} of ${kept.value.planId} for ${owner}\n`,
    );
    return EXIT.done;
  } finally {
    store.close();
  }
}

const NO_NOTICES = {
  code: "ack_plan_unknown",
  message: "no plan was ever kept here",
  hint: "`cavra runtime go-rollback-drill-notification-plan deliver` makes one",
};

/**
 * Keeps what a person signed elsewhere, if it counts. Problems: `envelope_malformed`, `ack_malformed`, `ack_plan_unknown` (also of another schedule),
 * `ack_route_unknown`, `ack_other_person`, `ack_twice`, those of countAcknowledgement, `trust_missing` and what keeps the trust document from counting.
 */
export function acknowledgeSigned(terminal: Terminal, scheduleId: string, envelope: string): Result<AcknowledgedPlan> {
  const said = saidAcknowledgement(envelope);
  if (!said.ok) return said;
  const state = stateDir(terminal.env);
  const looking = readNotices(state);
  if (looking === null) return { ok: false, problem: NO_NOTICES };
  looking.close();
  const trust = currentTrust(terminal);
  if (!trust.ok) return trust;
  const store = openNotices(state);
  try {
    const { plan_id, route_id, person, owner } = said.value;
    const plan = findPlan(store, plan_id);
    if (!plan.ok) return plan;
    if (plan.value.planId !== plan_id || plan.value.schedule !== scheduleId)
      return bad("ack_plan_unknown", `no plan \`${plan_id}\` of the schedule \`${scheduleId}\` was kept here`);
    const route = routeOf(terminal, store, plan.value, route_id, {});
    if (!route.ok) return route;
    const known = ownerOnRoute(route.value.route, route.value.routing, "key", person);
    if (!known.ok) return known;
    if (known.value !== owner) return bad("ack_other_person", `\`${person}\` is \`${known.value}\` on that route, not \`${owner}\``);
    const nowMs = SYSTEM_CLOCK.nowMs();
    const subject = { planId: plan_id, planDigest: plan.value.digest, plannedAt: plan.value.at, routeId: route_id };
    const counted = countAcknowledgement({ kind: "key", text: envelope }, subject, trust.value, nowMs);
    if (!counted.ok) return counted;
    const kept = keepAcknowledgement(store, plan.value, counted.value, { kind: "key", text: envelope }, nowMs);
    if (!kept.ok) return kept;
    return ok({ plan_id, acknowledgements: acknowledgementsOf(store, plan.value.planNo, ackCounter(terminal, nowMs)) });
  } finally {
    store.close();
  }
}

export interface AcknowledgedPlan {
  readonly plan_id: string;
  readonly acknowledgements: readonly ToldAck[];
}

/** Who answers: a key of theirs, or the account at the terminal. */
interface Verified {
  readonly kind: "key" | "terminal";
  readonly name: string;
  readonly signer: KeySigner | null;
}

/** All that can be refused is refused before anybody is asked. */
function acknowledgeIn(terminal: Terminal, store: NoticeStore, planId: string, routeId: string, options: AckOptions): Result<KeptPlanHead> {
  const plan = findPlan(store, planId);
  if (!plan.ok) return plan;
  const found = routeOf(terminal, store, plan.value, routeId, options);
  if (!found.ok) return found;
  const { route, routing } = found.value;
  const verified = verify(terminal, options);
  if (!verified.ok) return verified;
  const owner = ownerOnRoute(route, routing, verified.value.kind, verified.value.name);
  if (!owner.ok) return owner;
  const person = requirePerson(terminal, { telling: telling(plan.value, route, verified.value, owner.value), word: "acknowledge" });
  if (!person.ok) return person;
  const nowMs = SYSTEM_CLOCK.nowMs();
  const ack = { plan: plan.value, routeId, owner: owner.value, note: options.note ?? "", nowMs };
  const made = madeAck(ack, verified.value, terminal);
  if (!made.ok) return made;
  const kept = keepAcknowledgement(store, plan.value, made.value.ack, made.value, nowMs);
  return kept.ok ? plan : kept;
}

interface SentRoute {
  readonly route: Resolved;
  readonly routing: Routing;
}

/** A route on which something of the plan was sent. Problem: `ack_route_unknown`. */
function routeOf(terminal: Terminal, store: NoticeStore, plan: KeptPlanHead, routeId: string, options: NoticeOptions): Result<SentRoute> {
  const { routing } = readInputs(terminal, options);
  const route = allRoutes(routing.root).get(routeId);
  if (route !== undefined && wasSentOn(store, plan.planNo, routeId)) return ok({ route, routing });
  return bad("ack_route_unknown", `${plan.planId} sent nothing on a route \`${routeId}\``, {
    hint: "`cavra runtime go-rollback-drill-routes --plan ID` shows its routes",
  });
}

/** Without a trust document, or without a key of one's own in the folder, the terminal vouches. Problem: `person_required`. */
function verify(terminal: Terminal, options: AckOptions): Result<Verified> {
  const person = personHere(terminal);
  if (!person.ok) return person;
  const trust = currentTrust(terminal);
  const signer = trust.ok ? signerOfRole(terminal, trust.value, "approver", options) : trust;
  if (!trust.ok || !signer.ok) {
    // Who names a folder means its key.
    if (options.keyFolder !== undefined && !signer.ok) return signer;
    return ok({ kind: "terminal", name: person.value.user, signer: null });
  }
  const name = trust.value.keys.find(({ key_id }) => key_id === signer.value.keyId)?.name ?? "";
  return ok({ kind: "key", name, signer: signer.value });
}

function telling({ planId, at }: KeptPlanHead, { id, settings }: Resolved, { kind, name }: Verified, owner: string): string {
  const by = kind === "key" ? `the key of ${name}` : `the account ${name}`;
  return `the notices of ${at} on the route ${id} (plan ${planId}, owner ${settings.owner})\n${owner} has seen them, says ${by}\n`;
}

interface Made {
  readonly ack: Acknowledgement;
  readonly kind: "key" | "terminal";
  readonly text: string;
}

interface AckGiven {
  readonly plan: KeptPlanHead;
  readonly routeId: string;
  readonly owner: string;
  readonly note: string;
  readonly nowMs: number;
}

/** Signed where there is a key, and counted as it will be: what would not count is never kept. */
function madeAck({ plan, routeId, owner, note, nowMs }: AckGiven, { kind, name, signer }: Verified, terminal: Terminal): Result<Made> {
  const ack: Acknowledgement = {
    schema_version: ACK_SCHEMA,
    plan_id: plan.planId,
    plan_digest: plan.digest,
    route_id: routeId,
    owner,
    person: name,
    note,
    issued_at: formatTime(nowMs),
  };
  const text = signer === null ? acknowledgementText(ack) : signAcknowledgement(ack, signer);
  if (!text.ok) return text;
  const trust = currentTrust(terminal);
  const subject = { planId: plan.planId, planDigest: plan.digest, plannedAt: plan.at, routeId };
  const counted = countAcknowledgement({ kind, text: text.value }, subject, trust.ok ? trust.value : null, nowMs);
  return counted.ok ? ok({ ack, kind, text: text.value }) : counted;
}
