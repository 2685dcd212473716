// Maintenance windows: times in which ordinary notices are suppressed, each with an author and an end. Implements spec/notices.md 3.7.
// INVARIANT: a window that cannot be read suppresses nothing, and is told.

import { bad, formatTime, type JsonValue, ok, type Result } from "../../base/index.js";
import { blame, listAt, nameAt, objectAt, type Reading, textAt, wordAt } from "../fields.js";
import { CATEGORIES, type Category, HELD_MS } from "./model.js";
import { HOURS_KEYS, type Hours, hoursAt, stretchAround } from "./weekly.js";
import { isZone, momentOf, readDay, readWall, type WallMs } from "./zone.js";

const DAY_MS = 86_400_000;
/** From the first to the last day of a weekly window. */
export const WEEKLY_DAYS = 366;

export interface MaintenanceWindow {
  readonly id: string;
  readonly author: string;
  readonly reason: string;
  readonly zone: string;
  readonly when: Once | Weekly;
  /** Empty for all. */
  readonly routes: readonly string[];
  readonly categories: readonly Category[];
}

interface Once {
  readonly kind: "once";
  readonly fromMs: number;
  readonly toMs: number;
}

interface Weekly {
  readonly kind: "weekly";
  readonly hours: Hours;
  /** Days on the wall, both included. */
  readonly starts: WallMs;
  readonly ends: WallMs;
}

/** A single time of a window. */
export interface Occurrence {
  readonly window: string;
  readonly author: string;
  readonly reason: string;
  readonly endsAt: string;
  readonly routes: readonly string[];
  readonly categories: readonly Category[];
}

/** Problem: `window_unreadable`. */
export function readWindow(value: JsonValue, name: string): Result<MaintenanceWindow> {
  const reading: Reading = { fault: "" };
  const read = objectAt(reading, value, name, {
    required: ["id", "author", "reason", "zone"],
    optional: ["once", "weekly", "routes", "categories"],
  });
  const id = nameAt(reading, read.id, `${name}.id`);
  const zone = typeof read.zone === "string" ? read.zone : "";
  if (!isZone(zone)) blame(reading, `${name}.zone is none (zone_unknown)`);
  const author = nameAt(reading, read.author, `${name}.author`);
  const reason = textAt(reading, read.reason, `${name}.reason`);
  const some = { least: 1, most: 32 };
  const routes =
    read.routes === undefined ? [] : listAt(reading, read.routes, `${name}.routes`, some, (item, at) => nameAt(reading, item, at));
  const categories =
    read.categories === undefined
      ? []
      : listAt(reading, read.categories, `${name}.categories`, some, (item, at) => wordAt(reading, item, at, CATEGORIES));
  if ((read.once === undefined) === (read.weekly === undefined)) blame(reading, `${name} has not exactly one of once and weekly`);
  // A zone that is none would make moments of nothing.
  if (reading.fault !== "") return unreadable(id || name, reading.fault);
  const when =
    read.once === undefined ? weeklyAt(reading, read.weekly, `${name}.weekly`) : onceAt(reading, read.once, `${name}.once`, zone);
  return reading.fault === "" ? ok({ id, author, reason, zone, when, routes, categories }) : unreadable(id, reading.fault);
}

function unreadable(id: string, fault: string): Result<MaintenanceWindow> {
  return bad("window_unreadable", `the window \`${id}\` suppresses nothing: ${fault}`, { hint: "mend it in the file of the routes" });
}

function onceAt(reading: Reading, value: JsonValue | undefined, at: string, zone: string): Once {
  const once = objectAt(reading, value, at, { required: ["from", "to"] });
  const [from, to] = [once.from, once.to].map((text) => (typeof text === "string" ? readWall(text) : null));
  if (from === null || from === undefined || to === null || to === undefined) {
    blame(reading, `${at} has no times like \`2026-12-01T22:00\``);
    return { kind: "once", fromMs: 0, toMs: 0 };
  }
  const once2 = { kind: "once", fromMs: momentOf(zone, from, "first"), toMs: momentOf(zone, to, "last") } as const;
  if (once2.toMs <= once2.fromMs) blame(reading, `${at} ends before it begins`);
  if (once2.toMs - once2.fromMs > HELD_MS) blame(reading, `${at} is longer than 14 days`);
  return once2;
}

function weeklyAt(reading: Reading, value: JsonValue | undefined, at: string): Weekly {
  const hours = hoursAt(reading, value, at, ["starts", "ends"]);
  const { starts, ends } = objectAt(reading, value, at, { required: [...HOURS_KEYS, "starts", "ends"] });
  const [first, last] = [starts, ends].map((text) => (typeof text === "string" ? readDay(text) : null));
  if (first === null || first === undefined || last === null || last === undefined || last < first)
    blame(reading, `${at} has no days \`starts\` and \`ends\` like \`2026-12-01\`, in this order`);
  else if ((last - first) / DAY_MS + 1 > WEEKLY_DAYS) blame(reading, `${at} is for more than ${WEEKLY_DAYS} days`);
  return { kind: "weekly", hours, starts: first ?? 0, ends: last ?? 0 };
}

/** The occurrences that cover a moment: the one that ends last first, then by id. */
export function occurrencesAt(windows: readonly MaintenanceWindow[], momentMs: number): readonly Occurrence[] {
  const found = windows.flatMap((window) => {
    const endMs = endOfOccurrence(window, momentMs);
    if (endMs === null) return [];
    const { id, author, reason, routes, categories } = window;
    return [{ endMs, occurrence: { window: id, author, reason, endsAt: formatTime(endMs), routes, categories } }];
  });
  found.sort((a, b) => b.endMs - a.endMs || (a.occurrence.window < b.occurrence.window ? -1 : 1));
  return found.map(({ occurrence }) => occurrence);
}

/** Null where it does not cover the moment. */
export function endOfOccurrence({ zone, when }: MaintenanceWindow, momentMs: number): number | null {
  switch (when.kind) {
    case "once":
      return when.fromMs <= momentMs && momentMs < when.toMs ? when.toMs : null;
    case "weekly": {
      const stretch = stretchAround(zone, when.hours, momentMs);
      return stretch !== null && when.starts <= stretch.day && stretch.day <= when.ends ? stretch.toMs : null;
    }
  }
}

/** Is the window for this route and category? */
export function isMeant({ routes, categories }: Pick<Occurrence, "routes" | "categories">, route: string, category: Category): boolean {
  return (routes.length === 0 || routes.includes(route)) && (categories.length === 0 || categories.includes(category));
}
