// What the events of a history say of each drill: how it went, and whether somebody answered for it. Implements spec/drills.md 4.5 to 4.7. Pure.

import { momentOf } from "../documents/document.js";
import { type Finding, found } from "../documents/verdict.js";
import type { FaultName } from "../plan/faults.js";
import type { HistoryEvent } from "./history.js";
import type { Measured } from "./tally.js";
import { drillVerdict } from "./verdict.js";

/** A drill runs for so long at most; what began and was not measured by then was broken off. */
export const DRILL_MS = 1_800_000;

export interface KnownDrill {
  readonly drill_id: string;
  readonly fault: FaultName;
  readonly mode: string;
  readonly begun_at: string;
  readonly ended_at: string;
  /** `running` only of the last drill, for DRILL_MS. */
  readonly verdict: "pass" | "fail" | "inconclusive" | "running";
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly measured: Measured | null;
  /** Place of its last event. */
  readonly sequence: number;
  readonly expires_at: string;
  readonly subject: HistoryEvent["body"]["subject"];
  /** Who answered for it, and why; null where nobody did. */
  readonly resolution: { readonly by: string; readonly at: string; readonly reason: string } | null;
}

/** Every drill that began, in the order of their beginnings. */
export function drillsIn(events: readonly HistoryEvent[], nowMs: number): readonly KnownDrill[] {
  const last = events.filter(({ kind }) => kind !== "resolution").at(-1);
  const ids = [...new Set(events.filter(({ kind }) => kind !== "resolution").map(({ body }) => body.drill_id))];
  return ids.flatMap((id) => {
    const own = events.filter(({ body }) => body.drill_id === id);
    const event = own.filter(({ kind }) => kind !== "resolution").at(-1);
    const resolved = own.find((one) => one.kind === "resolution");
    if (event === undefined || event.kind === "resolution") return [];
    const resolution =
      resolved?.kind === "resolution"
        ? { by: resolved.signers.join(", "), at: resolved.body.issued_at, reason: resolved.body.reason }
        : null;
    return [{ ...knownDrill(event, own[0]?.body.issued_at ?? "", event === last, nowMs), resolution }];
  });
}

type DrillEvent = Exclude<HistoryEvent, { readonly kind: "resolution" }>;

function knownDrill(event: DrillEvent, begunAt: string, isLast: boolean, nowMs: number): Omit<KnownDrill, "resolution"> {
  const { body } = event;
  const head = {
    drill_id: body.drill_id,
    fault: body.experiment.fault,
    mode: body.experiment.mode,
    begun_at: begunAt,
    sequence: body.sequence,
    expires_at: body.expires_at,
    subject: body.subject,
  };
  if (event.kind === "begun") {
    const runs = isLast && nowMs < momentOf(body.issued_at) + DRILL_MS;
    const why = runs ? { codes: [], messages: [] } : { codes: ["never_ended"], messages: ["it began, and nothing was measured"] };
    return { ...head, ended_at: "", verdict: runs ? "running" : "inconclusive", ...why, measured: null };
  }
  const { verdict, findings, measured } = drillVerdict(event.body.experiment, event.body.observations);
  const wrong = findings.filter((one) => one.verdict !== "pass");
  return {
    ...head,
    ended_at: body.issued_at,
    verdict,
    codes: wrong.map(({ code }) => code),
    messages: wrong.map(({ message }) => message),
    measured,
  };
}

/** So many inconclusive drills of one fault within DRILL_DAYS need a person's word: trying again until one passes is no rehearsal. */
export const OFTEN_INCONCLUSIVE = 3;

const RESOLVE = "`cavra runtime go-rollback-drills resolve DRILL_ID --reason R`, and drill the same fault again";

/** What stands open, whatever passed besides. */
export function openDrills(drills: readonly KnownDrill[], nowMs: number, days: number): readonly Finding[] {
  return drills.flatMap((drill, at) => {
    if (drill.verdict === "pass" || drill.verdict === "running") return [];
    const passedLater = drills.slice(at + 1).some(({ fault, verdict }) => fault === drill.fault && verdict === "pass");
    const name = `drill ${drill.drill_id} of \`${drill.fault}\``;
    if (drill.verdict === "fail") {
      if (drill.resolution === null)
        return [found("fail", "drill_failed", `${name} failed (${drill.codes.join(", ")}), and nobody answered for it`, RESOLVE)];
      return passedLater ? [] : [found("fail", "drill_not_repeated", `${name} failed, and has not passed since`, RESOLVE)];
    }
    if (!passedLater)
      return [found("inconclusive", "drill_inconclusive", `${name} showed nothing (${drill.codes.join(", ")})`, "drill it again")];
    const alike = drills.filter(
      (one) =>
        one.fault === drill.fault && one.verdict === "inconclusive" && one.resolution === null && isWithin(one.begun_at, nowMs, days),
    );
    if (alike.length < OFTEN_INCONCLUSIVE || alike[0] !== drill) return [];
    return [
      found(
        "inconclusive",
        "drill_often_inconclusive",
        `${alike.length} drills of \`${drill.fault}\` showed nothing before one passed`,
        RESOLVE,
      ),
    ];
  });
}

function isWithin(time: string, nowMs: number, days: number): boolean {
  return momentOf(time) > nowMs - days * 86_400_000;
}
