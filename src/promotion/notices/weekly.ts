// A stretch of the day on some days of the week, as calendars and windows have it. Implements spec/notices.md 3.6 and 3.7.

import type { JsonValue } from "../../base/index.js";
import { blame, listAt, objectAt, type Reading, wordAt } from "../fields.js";
import { dayOf, momentOf, readTimeOfDay, type WallMs, WEEKDAYS, type Weekday, wallOf, weekdayOf } from "./zone.js";

const DAY_MS = 86_400_000;

export interface Hours {
  readonly days: readonly Weekday[];
  /** Milliseconds after 00:00. */
  readonly from: number;
  /** As above; not after `from` is on the next day. */
  readonly to: number;
}

/** A beginning that is included and an end that is not, both moments. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** The day on which it begins, on the wall. */
  readonly day: WallMs;
}

export const HOURS_KEYS = ["days", "from", "to"] as const;

export function hoursAt(reading: Reading, value: JsonValue | undefined, at: string, more: readonly string[] = []): Hours {
  const hours = objectAt(reading, value, at, { required: [...HOURS_KEYS, ...more] });
  const days = listAt(reading, hours.days, `${at}.days`, { least: 1, most: 7 }, (item, place) => wordAt(reading, item, place, WEEKDAYS));
  return { days, from: timeAt(reading, hours.from, `${at}.from`), to: timeAt(reading, hours.to, `${at}.to`) };
}

function timeAt(reading: Reading, value: JsonValue | undefined, at: string): number {
  const time = typeof value === "string" ? readTimeOfDay(value) : null;
  if (time === null) blame(reading, `${at} is no time of day like \`09:00\``);
  return time ?? 0;
}

/** The stretch that begins on this day; null where none does. Through a change of the clock it is an hour shorter or longer. */
export function stretchOn(zone: string, { days, from, to }: Hours, day: WallMs): Stretch | null {
  if (!days.includes(weekdayOf(day))) return null;
  const fromMs = momentOf(zone, day + from, "first");
  const toMs = momentOf(zone, day + to + (to <= from ? DAY_MS : 0), "last");
  // An hour that the clock jumps over.
  return toMs > fromMs ? { fromMs, toMs, day } : null;
}

/** The stretch in which a moment lies; of two the one that began on the later day. It began today, or yesterday and goes on. */
export function stretchAround(zone: string, hours: Hours, momentMs: number): Stretch | null {
  const today = dayOf(wallOf(zone, momentMs));
  for (const day of [today, today - DAY_MS]) {
    const stretch = stretchOn(zone, hours, day);
    if (stretch !== null && stretch.fromMs <= momentMs && momentMs < stretch.toMs) return stretch;
  }
  return null;
}
