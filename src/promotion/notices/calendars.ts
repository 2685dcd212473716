// When an owner works: a zone, hours of the week, days away. Implements spec/notices.md 3.6.
// INVARIANT: a calendar that cannot be read defers nothing, and is told.

import { bad, type JsonValue, ok, type Result } from "../../base/index.js";
import { blame, listAt, objectAt, type Reading } from "../fields.js";
import { HELD_MS } from "./model.js";
import { type Hours, hoursAt, stretchAround, stretchOn } from "./weekly.js";
import { dayOf, isZone, readDay, type WallMs, wallOf } from "./zone.js";

const DAY_MS = 86_400_000;

export interface OwnerCalendar {
  readonly zone: string;
  readonly working: readonly Hours[];
  readonly away: readonly Days[];
}

/** Days on the wall, both included. */
interface Days {
  readonly from: WallMs;
  readonly to: WallMs;
}

/** Problem: `calendar_unreadable`. */
export function readCalendar(value: JsonValue, owner: string): Result<OwnerCalendar> {
  const reading: Reading = { fault: "" };
  const read = objectAt(reading, value, "it", { required: ["zone", "working"], optional: ["away"] });
  const zone = typeof read.zone === "string" ? read.zone : "";
  if (!isZone(zone)) blame(reading, "zone is none (zone_unknown)");
  const working = listAt(reading, read.working, "working", { least: 1, most: 32 }, (item, at) => hoursAt(reading, item, at));
  const away =
    read.away === undefined ? [] : listAt(reading, read.away, "away", { least: 0, most: 256 }, (item, at) => daysAt(reading, item, at));
  if (reading.fault === "") return ok({ zone, working, away });
  return bad("calendar_unreadable", `the calendar of \`${owner}\` defers nothing: ${reading.fault}`, {
    hint: "mend it in the file of the routes",
  });
}

function daysAt(reading: Reading, value: JsonValue, at: string): Days {
  const days = objectAt(reading, value, at, { required: ["from", "to"] });
  const [from, to] = [days.from, days.to].map((text) => (typeof text === "string" ? readDay(text) : null));
  if (from === null || from === undefined || to === null || to === undefined || to < from) {
    blame(reading, `${at} has no days \`from\` and \`to\` like \`2026-12-24\`, in this order`);
    return { from: 0, to: 0 };
  }
  return { from, to };
}

export type Presence =
  | { readonly kind: "working" }
  /** Null: not within 14 days. */
  | { readonly kind: "not_working"; readonly cause: "outside_hours" | "away"; readonly untilMs: number | null };

/** Does the owner work at this moment, and if not, when next? */
export function presenceAt(calendar: OwnerCalendar, momentMs: number): Presence {
  const isWorking = calendar.working.some((hours) => {
    const stretch = stretchAround(calendar.zone, hours, momentMs);
    return stretch !== null && !isAway(calendar, stretch.day);
  });
  if (isWorking) return { kind: "working" };
  const today = dayOf(wallOf(calendar.zone, momentMs));
  return {
    kind: "not_working",
    cause: isAway(calendar, today) ? "away" : "outside_hours",
    untilMs: nextBeginning(calendar, today, momentMs),
  };
}

function nextBeginning({ zone, working, away }: OwnerCalendar, today: WallMs, momentMs: number): number | null {
  // One day more than may be waited: the last of them ends on the next one's wall.
  for (let day = today; day <= today + HELD_MS + DAY_MS; day += DAY_MS) {
    if (isAway({ away }, day)) continue;
    const begins = working.flatMap((hours) => {
      const stretch = stretchOn(zone, hours, day);
      return stretch !== null && stretch.fromMs > momentMs ? [stretch.fromMs] : [];
    });
    if (begins.length > 0) {
      const first = Math.min(...begins);
      return first - momentMs <= HELD_MS ? first : null;
    }
  }
  return null;
}

function isAway({ away }: Pick<OwnerCalendar, "away">, day: WallMs): boolean {
  return away.some(({ from, to }) => from <= day && day <= to);
}
