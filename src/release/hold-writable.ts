// Can a hold be set here, when one is needed? Implements spec/drills.md 2.5. It is tried, with another file in the same folder: a full disk is not seen by looking at permissions.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Finding, found } from "../promotion/index.js";
import { type Clock, replaceDurably } from "../store/index.js";
import { promotionPlaces } from "./places.js";

/** Only what is wrong. Never throws. */
export function holdWritable(stateFolder: string, clock: Clock): readonly Finding[] {
  const probe = join(promotionPlaces(stateFolder).folder, `probe-${process.pid}`);
  try {
    replaceDurably(probe, "a hold could be written\n", clock);
    rmSync(probe, { force: true });
    return [];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return [
      found("fail", "hold_unwritable", `a hold cannot be written here: ${why}`, "make room, or let this account write to the state folder"),
    ];
  }
}
