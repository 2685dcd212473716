// What a drill history comes to for schedule and notices: when the last drill passed, and which faults stand open. Implements spec/notices.md 2.2.
// What passes and what stands open is drills.md's to say (4.5 and 4.6); here it is only put in the form of DrillFacts.

import type { KnownDrill } from "../drills/index.js";
import type { DrillFacts, FailedDrill } from "./drill-facts.js";

/** Drills in the order of their beginnings. Only those in the mode that they are for count as passed. */
export function factsOfDrills(drills: readonly KnownDrill[]): Pick<DrillFacts, "last_passed_at" | "failed"> {
  const passed = drills.filter(({ verdict, mode }) => verdict === "pass" && mode === "promoted").map(({ ended_at }) => ended_at);
  const failed = new Map<string, FailedDrill>();
  drills.forEach((drill, i) => {
    if (standsOpen(drill, drills.slice(i + 1))) failed.set(drill.fault, { fault: drill.fault, at: drill.ended_at || drill.begun_at });
  });
  return { last_passed_at: passed.reduce((latest, at) => (at > latest ? at : latest), ""), failed: [...failed.values()] };
}

function standsOpen({ fault, verdict, resolution }: KnownDrill, later: readonly KnownDrill[]): boolean {
  const passedLater = later.some((one) => one.fault === fault && one.verdict === "pass");
  switch (verdict) {
    case "pass":
    case "running":
      return false;
    case "fail":
      return resolution === null || !passedLater;
    case "inconclusive":
      return !passedLater;
  }
}
