// What may be on record around a time, and what follows from it: one row for each way in which a state comes about. Proves spec/promotion.md 10.4 and 10.5.

import type { AuditAnswer } from "../../../src/promotion/index.js";
import { type KitGiven, NOTHING_FOUND, OTHER_POLICY, REGISTRY, type Step } from "./sample-kit.js";

export interface Scenario extends KitGiven {
  readonly name: string;
  readonly state: AuditAnswer["state"];
  /** Codes, in their order; `document_missing` is left out. */
  readonly because: readonly string[];
  readonly complete?: false;
}

/** Long before, and long enough after, so that a range is complete. */
const BEFORE: readonly Step[] = [
  [-400, "decision"],
  [-300, "started"],
  [-299, "gate", { code: "open" }],
  [-200, "decision"],
];
const AFTER: readonly Step[] = [
  [6, "decision"],
  [7, "decision"],
];

const around = (...steps: readonly Step[]): readonly Step[] => [...BEFORE, ...steps, ...AFTER];

const LEASED: Step = [-20, "leased"];

export const SCENARIOS: readonly Scenario[] = [
  row("a lease covers it", around(LEASED), "leased", ["lease_covers"]),
  row(
    "a lease was renewed, and the first one would cover it too",
    around([-40, "leased", { lease: "a" }], [-10, "leased", { lease: "b" }]),
    "leased",
    ["lease_covers"],
  ),
  row(
    "a renewed lease ended, and the first one would still last",
    around([-40, "leased", { lease: "a" }], [-10, "leased", { lease: "b" }], [-5, "ended", { lease: "b", code: "gate_closed" }]),
    "waiting",
    ["lease_ended"],
  ),
  row(
    "leases of two policies cover it",
    around([-30, "leased", { lease: "a" }], [-20, "leased", { lease: "b", policy: OTHER_POLICY }]),
    "leased",
    ["lease_covers", "lease_covers"],
  ),
  row(
    "the lease of one of two policies ended",
    around(
      [-30, "leased", { lease: "a" }],
      [-20, "leased", { lease: "b", policy: OTHER_POLICY }],
      [-3, "ended", { lease: "a", code: "gate_closed" }],
    ),
    "leased",
    ["lease_covers"],
  ),
  row(
    "leases of one policy, without a registry and with one, cover it",
    around([-30, "leased", { lease: "a" }], [-20, "leased", { lease: "b", registry: REGISTRY }]),
    "leased",
    ["lease_covers", "lease_covers"],
  ),
  row(
    "a lease under a registry ended, and that of its policy without one lasts",
    around(
      [-30, "leased", { lease: "a" }],
      [-20, "leased", { lease: "b", registry: REGISTRY }],
      [-3, "ended", { lease: "b", registry: REGISTRY, code: "gate_closed" }],
    ),
    "leased",
    ["lease_covers"],
  ),
  row("a lease begins in that very moment", around([0.2, "leased", { early: 0.2 }]), "leased", ["lease_covers"]),
  row("a lease ended in that very moment", around([-30, "leased", { lasts: 30 }]), "waiting", ["lease_over"]),
  row("a lease lasts a millisecond longer", around([-30, "leased", { lasts: 30.001 }]), "leased", ["lease_covers"]),
  row("a lease begins a millisecond later", around([0.2, "leased", { early: 0.199 }]), "waiting", ["gate_open"]),
  row("the lease ended a millisecond later", around(LEASED, [0.001, "ended", { code: "stopped" }], [0.002, "stopped"]), "leased", [
    "lease_covers",
  ]),
  row("the lease ended in that moment", around(LEASED, [0, "ended", { code: "gate_closed" }]), "waiting", ["lease_ended"]),
  row(
    "a person rolled back before",
    around(LEASED, [-5, "held", { code: "operator" }], [-4.5, "ended", { code: "promotion_held" }]),
    "held",
    ["hold_stands"],
  ),
  row(
    "a hold was set in that moment, and the lease's end is recorded after it",
    around(LEASED, [0, "held", { code: "operator" }], [0.4, "ended", { code: "promotion_held" }]),
    "held",
    ["hold_stands"],
  ),
  row("a person rolled back a millisecond later", around(LEASED, [0.001, "held", { code: "operator" }]), "leased", ["lease_covers"]),
  row(
    "a hold was lifted, and the lease of before would still last",
    around(LEASED, [-5, "held", { code: "operator" }], [-2, "lifted"]),
    "waiting",
    ["lease_over"],
  ),
  row(
    "a hold was lifted, and the gate passed again",
    around(LEASED, [-9, "held", { code: "operator" }], [-5, "lifted"], [-2, "leased", { lease: "b" }]),
    "leased",
    ["lease_covers"],
  ),
  row(
    "a lease was on record after the hold, because the gate took long",
    around([-5, "held", { code: "operator" }], [-4.9, "leased"], [-4, "ended", { code: "promotion_held" }]),
    "held",
    ["hold_stands"],
  ),
  row("a hold could not be recorded, and the lease's end says so", around(LEASED, [-5, "ended", { code: "promotion_held" }]), "held", [
    "hold_unrecorded",
  ]),
  row(
    "the gate passed after a hold that is not on record",
    around(LEASED, [-8, "ended", { code: "promotion_held" }], [-2, "gate", { code: "open" }]),
    "waiting",
    ["gate_open"],
  ),
  row("a mismatch was found before", around(LEASED, [-5, "ended", { code: "demoted" }], [-5, "demoted", { code: "mismatch" }]), "held", [
    "hold_stands",
  ]),
  row(
    "a mismatch was found by a sample afterwards",
    around(LEASED, [2, "ended", { code: "demoted" }], [2, "demoted", { code: "mismatch" }]),
    "leased",
    ["lease_covers", "demoted_afterwards"],
  ),
  row("the gate was closed, and nothing else is known", [[-300, "started"], [-20, "gate", { code: "closed" }], ...AFTER], "waiting", [
    "gate_closed",
  ]),
  row(
    "the gate closed, and the lease with it",
    around(LEASED, [-3, "gate", { code: "closed" }], [-3, "ended", { code: "gate_closed" }]),
    "waiting",
    ["lease_ended"],
  ),
  row("the gate closed for one policy while another has a lease", around(LEASED, [-3, "gate", { code: "closed" }]), "leased", [
    "lease_covers",
  ]),
  row("an authority began, and has asked no gate yet", [[-300, "decision"], [-1, "started"], ...AFTER], "waiting", ["no_gate"]),
  row("an authority began while a hold stood", [[-500, "held", { code: "operator" }], [-100, "started"], ...AFTER], "held", [
    "hold_stands",
  ]),
  row("the authority ended", around(LEASED, [-3, "ended", { code: "stopped" }], [-3, "stopped"]), "off", ["authority_stopped"]),
  row("the authority ended under a hold", around([-9, "held", { code: "operator" }], [-3, "stopped"]), "off", [
    "authority_stopped",
    "hold_stands",
  ]),
  row("another authority began where the first was killed", around(LEASED, [-3, "started"]), "waiting", ["no_gate"]),
  row(
    "another authority began, and has a lease",
    around(LEASED, [-9, "started"], [-8, "gate", { code: "open" }], [-8, "leased", { lease: "b" }]),
    "leased",
    ["lease_covers"],
  ),
  row(
    "another authority began while the first one was ending",
    around(LEASED, [-9, "ended", { code: "stopped" }], [-8.998, "started"], [-8.999, "stopped"], [-7, "leased", { lease: "b" }]),
    "leased",
    ["lease_covers"],
  ),
  row(
    "the authority was killed, and its lease was over",
    [[-300, "started"], [-299, "gate", { code: "open" }], [-100, "leased"], ...AFTER],
    "waiting",
    ["lease_over"],
  ),
  row("nothing of promotion is on record", [[-100, "decision"], [-1, "decision"], ...AFTER], "off", ["no_authority"]),
  row("promotion began later", [[-100, "decision"], [1, "started"], ...AFTER], "off", ["no_authority"]),
  row("only a hold is on record", [[-100, "held", { code: "operator" }], ...AFTER], "off", ["no_authority", "hold_stands"]),
  row("an authority rehearsed", [[-100, "started", { code: "rehearsal" }], [-99, "gate", { code: "open" }], LEASED, ...AFTER], "leased", [
    "lease_covers",
    "rehearsal",
  ]),
  row(
    "the file's order is not the order of times, within what is allowed",
    around(LEASED, [-2, "decision"], [-6, "held", { code: "operator" }], [-1, "decision"]),
    "held",
    ["hold_stands"],
  ),
  row("nothing later is on record yet", [...BEFORE, LEASED, [4.999, "decision"]], "leased", ["lease_covers", "range_ends_early"], false),
  row("the last record is just late enough", [...BEFORE, LEASED, [5, "decision"]], "leased", ["lease_covers"]),
  row(
    "the clock was set back",
    around([-20, "leased"], [3_600, "decision"], [-10, "decision"]),
    "leased",
    ["lease_covers", "range_out_of_order"],
    false,
  ),
  row(
    "the kit begins with a settled state, old enough",
    [[-400, "decision"], [-65, "gate", { code: "open" }], LEASED, ...AFTER],
    "leased",
    ["lease_covers"],
    true,
    [1, 2, 3, 4],
  ),
  row(
    "the kit begins a millisecond too late",
    [[-400, "decision"], [-64.999, "gate", { code: "open" }], LEASED, ...AFTER],
    "leased",
    ["lease_covers", "range_begins_late"],
    false,
    [1, 2, 3, 4],
  ),
  row(
    "the kit begins with nothing that says what held",
    [[-400, "started"], [-300, "decision"], [-200, "decision"], ...AFTER],
    "off",
    ["no_authority", "range_unsettled"],
    false,
    [1, 2, 3, 4],
  ),
  row(
    "the kit does not say whether a hold stood",
    [[-400, "held"], [-300, "started"], ...AFTER],
    "waiting",
    ["no_gate", "range_unsettled"],
    false,
    [1, 2, 3],
  ),
  row(
    "a record between was left out",
    around(LEASED, [-3, "ended", { code: "gate_closed" }]),
    "leased",
    ["lease_covers", "range_gaps"],
    false,
    [0, 1, 2, 3, 4, 6, 7],
  ),
];

function row(
  name: string,
  steps: readonly Step[],
  state: AuditAnswer["state"],
  because: readonly string[],
  complete = true,
  indices?: readonly number[],
): Scenario {
  const named = steps.some(([seconds, event], i) => event === "leased" && seconds <= 0.2 && (indices?.includes(i) ?? true));
  const counts = named && !name.includes("begins a millisecond later");
  return {
    name,
    steps,
    state,
    because,
    ...(complete ? {} : { complete: false as const }),
    ...(indices === undefined ? {} : { indices }),
    documents: counts ? NOTHING_FOUND : [],
  };
}
