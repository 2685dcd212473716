// Wall times of a zone and moments, both ways, through the days on which the clock is changed. Implements spec/notices.md 3.5.
// The rules are those that Node's own database of zones has. No clock is read; a formatter is kept for each zone because making one costs
// more than a thousand uses of it.

import { formatTime, parseTime } from "../../base/index.js";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A day and a time of day as a clock on the wall shows them, both in one number: milliseconds since 1970 as if the zone were UTC. */
export type WallMs = number;

const formatters = new Map<string, Intl.DateTimeFormat | null>();
/** Zones that are remembered; there are some 600. */
const KEPT_ZONES = 1_024;

/** `Europe/Berlin` or `UTC`. Abbreviations are taken for other zones than people mean, and offsets know no summer. */
export function isZone(zone: string): boolean {
  return formatterOf(zone) !== null;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const kept = formatters.get(zone);
  if (kept !== undefined) return kept;
  const made = zone === "UTC" || hasAreaForm(zone) ? madeFormatter(zone) : null;
  if (formatters.size >= KEPT_ZONES) formatters.clear();
  formatters.set(zone, made);
  return made;
}

function hasAreaForm(zone: string): boolean {
  const isLetter = (char: string) => (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");
  return zone.length <= 64 && zone.includes("/") && isLetter(zone.charAt(0)) && !zone.startsWith("Etc/");
}

function madeFormatter(zone: string): Intl.DateTimeFormat | null {
  try {
    const twoDigits = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "gregory", hourCycle: "h23", year: "numeric", ...twoDigits });
  } catch {
    return null;
  }
}

/** What the wall shows at a moment. The zone must be one. */
export function wallOf(zone: string, momentMs: number): WallMs {
  const formatter = formatterOf(zone);
  if (formatter === null || zone === "UTC") return momentMs;
  // `11/03/2026, 12:34:56`
  const shown = formatter.format(momentMs);
  const text = `${shown.slice(6, 10)}-${shown.slice(0, 2)}-${shown.slice(3, 5)}T${shown.slice(12, 20)}.000Z`;
  const wall = parseTime(text);
  return wall.ok ? wall.value + (((momentMs % 1000) + 1000) % 1000) : momentMs;
}

/** Which moment a wall time is; where it comes twice, the first or the last; where it does not come, when the clock jumps over it. */
export function momentOf(zone: string, wall: WallMs, which: "first" | "last"): number {
  // A zone is changed at most once within two days: what holds a day before and a day after are all offsets there can be.
  const before = offsetAt(zone, wall - DAY_MS);
  const after = offsetAt(zone, wall + DAY_MS);
  const moments = [wall - before, wall - after].filter((moment) => wallOf(zone, moment) === wall);
  if (moments.length > 0) return which === "first" ? Math.min(...moments) : Math.max(...moments);
  return jumpBetween(zone, wall - Math.max(before, after), wall - Math.min(before, after));
}

function offsetAt(zone: string, momentMs: number): number {
  return wallOf(zone, momentMs) - momentMs;
}

/** The first millisecond that has the later offset. */
function jumpBetween(zone: string, fromMs: number, toMs: number): number {
  const offset = offsetAt(zone, toMs);
  let [low, high] = [fromMs, toMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The day of a wall time, at 00:00. */
export function dayOf(wall: WallMs): WallMs {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

export function weekdayOf(day: WallMs): Weekday {
  // 1 January 1970 was a Thursday.
  return WEEKDAYS[(((Math.floor(day / DAY_MS) + 4) % 7) + 7) % 7] ?? "sun";
}

/** `YYYY-MM-DD`; null for what is none. */
export function readDay(text: string): WallMs | null {
  const day = text.length === 10 ? parseTime(`${text}T00:00:00.000Z`) : null;
  return day?.ok ? day.value : null;
}

/** `HH:MM` in milliseconds; null for what is none. */
export function readTimeOfDay(text: string): number | null {
  const time = text.length === 5 ? parseTime(`1970-01-01T${text}:00.000Z`) : null;
  return time?.ok ? time.value : null;
}

/** `YYYY-MM-DDTHH:MM`; null for what is none. */
export function readWall(text: string): WallMs | null {
  const wall = text.length === 16 ? parseTime(`${text}:00.000Z`) : null;
  return wall?.ok ? wall.value : null;
}

/** `2026-11-03T12:34`, for people. */
export function showWall(wall: WallMs): string {
  return formatTime(Math.floor(wall / MINUTE_MS) * MINUTE_MS).slice(0, 16);
}
