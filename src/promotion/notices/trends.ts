// What was held back over a time: buckets without gaps, sums by name, the longest mutes, and the time before. Implements spec/notices.md section 10.
// Linear in buckets and sums. The sums come in; nothing here counts single notices.

import { bad, compareBytes, formatTime, ok, type Result } from "../../base/index.js";
import { type Category, HELD_BACK, OUTCOMES, type Outcome } from "./model.js";

export const TRENDS_SCHEMA = "cavra.go-backend-rollback-drill-suppression-trends.v1";
export const BUCKETS = ["hour", "day", "week"] as const;
export type Bucket = (typeof BUCKETS)[number];
export const MOST_BUCKETS = 2_500;
export const BUCKET_MS: Readonly<Record<Bucket, number>> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
/** The first Monday after the beginning of 1970. */
const MONDAY_MS = 345_600_000;
export const NAMED_MUTES = 10;

/** Whole buckets: from included, to not. */
export interface TrendWindow {
  readonly bucket: Bucket;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Moved outwards to whole buckets. Problems: `bad_time` (it ends before it begins), `too_many_buckets`. */
export function trendWindow(fromMs: number, toMs: number, bucket: Bucket): Result<TrendWindow> {
  if (toMs <= fromMs) return bad("bad_time", "the window ends before it begins");
  const size = BUCKET_MS[bucket];
  const window = { bucket, fromMs: bucketOf(fromMs, bucket), toMs: bucketOf(toMs + size - 1, bucket) };
  const count = (window.toMs - window.fromMs) / size;
  if (count <= MOST_BUCKETS) return ok(window);
  return bad("too_many_buckets", `${count} buckets of one ${bucket} are more than ${MOST_BUCKETS}`, {
    hint: "take a shorter time, or longer buckets",
  });
}

/** The beginning of the bucket in which a moment lies. */
export function bucketOf(momentMs: number, bucket: Bucket): number {
  const offset = bucket === "week" ? MONDAY_MS : 0;
  return Math.floor((momentMs - offset) / BUCKET_MS[bucket]) * BUCKET_MS[bucket] + offset;
}

/** The window of the same length that ends where this one begins. */
export function windowBefore({ bucket, fromMs, toMs }: TrendWindow): TrendWindow {
  return { bucket, fromMs: fromMs - (toMs - fromMs), toMs: fromMs };
}

/** So many notices of one outcome in one hour. */
export interface HourSum {
  readonly hourMs: number;
  readonly outcome: Outcome;
  readonly count: number;
}

export const TREND_NAMES = ["category", "owner", "provider", "schedule", "window"] as const;
export type TrendName = (typeof TREND_NAMES)[number];

/** So many notices of one outcome with one name over the whole window. */
export interface NameSum {
  readonly what: TrendName;
  readonly name: string;
  readonly outcome: Outcome;
  readonly count: number;
}

/** A time in which a thread was held back. */
export interface Mute {
  readonly route: string;
  readonly key: string;
  readonly schedule: string;
  readonly category: Category;
  readonly fromMs: number;
  readonly toMs: number;
  readonly wasBreached: boolean;
}

export type Counts = Readonly<Record<Outcome | "planned", number>> & { readonly ratio: number };

export interface TrendsGiven {
  readonly window: TrendWindow;
  readonly hours: readonly HourSum[];
  readonly names: readonly NameSum[];
  /** Of those that meet the window at least the ten longest, and the ten longest of the breached. */
  readonly mutes: readonly Mute[];
  /** How many that meet the window were breached. */
  readonly breached: number;
  /** Of the window before. */
  readonly before: readonly HourSum[];
}

export interface Trends {
  readonly schema_version: typeof TRENDS_SCHEMA;
  readonly bucket: Bucket;
  readonly from: string;
  readonly to: string;
  readonly totals: Counts;
  readonly before: Counts & { readonly from: string; readonly to: string };
  readonly change: Counts;
  readonly series: readonly (Counts & { readonly from: string })[];
  readonly by_category: readonly NamedCounts[];
  readonly by_owner: readonly NamedCounts[];
  readonly by_provider: readonly NamedCounts[];
  readonly by_schedule: readonly NamedCounts[];
  readonly by_window: readonly NamedCounts[];
  readonly longest_muted: readonly ToldMute[];
  readonly muted_then_breached: { readonly count: number; readonly mutes: readonly ToldMute[] };
}

type NamedCounts = Counts & { readonly name: string };

interface ToldMute {
  readonly route_id: string;
  readonly key: string;
  readonly schedule_id: string;
  readonly category: Category;
  readonly from: string;
  readonly to: string;
  readonly duration_ms: number;
  readonly breached: boolean;
}

export function suppressionTrends({ window, hours, names, mutes, breached, before }: TrendsGiven): Trends {
  const totals = counted(hours);
  const earlier = windowBefore(window);
  const beforeTotals = counted(before);
  const longest = [...mutes].sort(byLength);
  return {
    schema_version: TRENDS_SCHEMA,
    bucket: window.bucket,
    from: formatTime(window.fromMs),
    to: formatTime(window.toMs),
    totals,
    before: { from: formatTime(earlier.fromMs), to: formatTime(earlier.toMs), ...beforeTotals },
    change: difference(totals, beforeTotals),
    series: seriesOf(window, hours),
    by_category: byName(names, "category"),
    by_owner: byName(names, "owner"),
    by_provider: byName(names, "provider"),
    by_schedule: byName(names, "schedule"),
    by_window: byName(names, "window"),
    longest_muted: longest.slice(0, NAMED_MUTES).map(told),
    muted_then_breached: {
      count: breached,
      mutes: longest
        .filter(({ wasBreached }) => wasBreached)
        .slice(0, NAMED_MUTES)
        .map(told),
    },
  };
}

type Sums = Record<Outcome, number>;

function noSums(): Sums {
  return { sent: 0, suppressed: 0, deferred: 0, deduplicated: 0, rate_limited: 0, failed: 0 };
}

function countsOf(sums: Sums): Counts {
  const planned = OUTCOMES.reduce((sum, outcome) => sum + sums[outcome], 0);
  const held = HELD_BACK.reduce((sum, outcome) => sum + sums[outcome], 0);
  return { ...sums, planned, ratio: planned === 0 ? 0 : Math.floor((held * 10_000) / planned) };
}

function counted(rows: readonly { readonly outcome: Outcome; readonly count: number }[]): Counts {
  const sums = noSums();
  for (const { outcome, count } of rows) sums[outcome] += count;
  return countsOf(sums);
}

function difference(now: Counts, before: Counts): Counts {
  const keys = [...OUTCOMES, "planned", "ratio"] as const;
  return Object.fromEntries(keys.map((key) => [key, now[key] - before[key]])) as unknown as Counts;
}

function seriesOf({ bucket, fromMs, toMs }: TrendWindow, hours: readonly HourSum[]): Trends["series"] {
  const size = BUCKET_MS[bucket];
  const sums = Array.from({ length: (toMs - fromMs) / size }, noSums);
  for (const { hourMs, outcome, count } of hours) {
    const sum = sums[Math.floor((hourMs - fromMs) / size)];
    if (sum !== undefined) sum[outcome] += count;
  }
  return sums.map((sum, i) => ({ from: formatTime(fromMs + i * size), ...countsOf(sum) }));
}

function byName(names: readonly NameSum[], what: TrendName): readonly NamedCounts[] {
  const sums = new Map<string, Sums>();
  for (const one of names) {
    if (one.what !== what) continue;
    const sum = sums.get(one.name) ?? noSums();
    sum[one.outcome] += one.count;
    sums.set(one.name, sum);
  }
  return [...sums].sort(([a], [b]) => compareBytes(a, b)).map(([name, sum]) => ({ name, ...countsOf(sum) }));
}

function byLength(a: Mute, b: Mute): number {
  return b.toMs - b.fromMs - (a.toMs - a.fromMs) || compareBytes(a.route, b.route) || compareBytes(a.key, b.key) || a.fromMs - b.fromMs;
}

function told({ route, key, schedule, category, fromMs, toMs, wasBreached }: Mute): ToldMute {
  return {
    route_id: route,
    key,
    schedule_id: schedule,
    category,
    from: formatTime(fromMs),
    to: formatTime(toMs),
    duration_ms: toMs - fromMs,
    breached: wasBreached,
  };
}
