// `cavra runtime go-rollback-drill-suppression-trends`: what was held back, over time, against the time before. Implements spec/notices.md section 10.

import { ok, type Result } from "../../../base/index.js";
import { BUCKETS, type Counts, suppressionTrends, type Trends, trendWindow, windowBefore } from "../../../promotion/index.js";
import { readNotices, SYSTEM_CLOCK, stateDir, trendSums } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { sayLength } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { parseMoment } from "../../window.js";
import { oneOf } from "./history.js";

export interface TrendsOptions {
  readonly from?: string;
  readonly to?: string;
  readonly bucket?: string;
  readonly json?: boolean;
}

const NO_SUMS = { hours: [], before: [], names: [], mutes: [], breached: 0 };

export function showTrends(terminal: Terminal, options: TrendsOptions): ExitStatus {
  const json = options.json === true;
  const trends = trendsOf(terminal, options);
  if (!trends.ok) return report(terminal, trends.problem, json);
  terminal.print(json ? `${JSON.stringify(trends.value)}\n` : tell(terminal, trends.value));
  return EXIT.done;
}

/** Problems: `unknown_value`, `bad_time`, `too_many_buckets`. */
export function trendsOf({ env }: Pick<Terminal, "env">, options: TrendsOptions): Result<Trends> {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const bucket = oneOf("bucket", options.bucket, BUCKETS);
  if (!bucket.ok) return bucket;
  const from = parseMoment(options.from ?? "30d", nowMs);
  if (!from.ok) return from;
  const to = options.to === undefined ? ok(nowMs) : parseMoment(options.to, nowMs);
  if (!to.ok) return to;
  const window = trendWindow(from.value, to.value, bucket.value ?? "day");
  if (!window.ok) return window;
  const store = readNotices(stateDir(env));
  const sums = store === null ? NO_SUMS : trendSums(store, window.value, windowBefore(window.value), nowMs);
  store?.close();
  return ok(suppressionTrends({ window: window.value, ...sums }));
}

function tell(terminal: Terminal, trends: Trends): string {
  const { colours } = terminal;
  const { totals, before, from, to, bucket } = trends;
  const head = `${from} to ${to}, by ${bucket}: ${totals.planned} planned, ${heldIn(totals)} held back (${percent(totals.ratio)})`;
  const earlier = `before: ${before.planned} planned, ${heldIn(before)} held back (${percent(before.ratio)}), ${signed(trends.change.ratio)}`;
  const names = (["category", "owner", "provider", "schedule", "window"] as const).flatMap((what) => table(what, trends[`by_${what}`]));
  const longest = trends.longest_muted.slice(0, 5).map((mute) => {
    const breached = mute.breached ? colours.red(" and then it was too late") : "";
    return `  ${sayLength(mute.duration_ms).padEnd(12)} ${mute.key} on ${mute.route_id}${breached}`;
  });
  const muted = longest.length === 0 ? [] : ["longest muted", ...longest, `muted and then breached: ${trends.muted_then_breached.count}`];
  return `${[head, colours.dim(earlier), "", ...chart(terminal, trends), "", ...names, ...muted].join("\n").trimEnd()}\n`;
}

function heldIn({ suppressed, deferred, rate_limited }: Counts): number {
  return suppressed + deferred + rate_limited;
}

function percent(ratio: number): string {
  return `${(ratio / 100).toFixed(1)} %`;
}

function signed(change: number): string {
  return `now ${change < 0 ? "" : "+"}${(change / 100).toFixed(1)} points`;
}

const CHART_ROWS = 31;
const CHART_WIDTH = 40;

/** The last buckets, a line each: what was sent, what was held back, the rest. */
function chart({ colours }: Terminal, { series }: Trends): readonly string[] {
  const shown = series.slice(-CHART_ROWS);
  const most = Math.max(1, ...shown.map(({ planned }) => planned));
  const width = (count: number) => Math.ceil((count * CHART_WIDTH) / most);
  const lines = shown.map((one) => {
    const [sent, all] = [width(one.sent), width(one.planned)];
    const held = Math.min(width(one.sent + heldIn(one)), all) - sent;
    const bar = `${colours.green("█".repeat(sent))}${colours.yellow("▒".repeat(held))}${colours.dim("·".repeat(all - sent - held))}`;
    return `${one.from.slice(0, 13)} ${bar}${" ".repeat(CHART_WIDTH - all)} ${String(one.planned).padStart(6)} ${percent(one.ratio).padStart(8)}`;
  });
  const left = series.length - shown.length;
  return ["█ sent   ▒ held back   · the rest", ...(left > 0 ? [colours.dim(`… ${left} buckets before these`)] : []), ...lines];
}

/** The names of which most was held back. */
function table(what: string, counts: Trends["by_owner"]): readonly string[] {
  const shown = [...counts].sort((a, b) => heldIn(b) - heldIn(a)).slice(0, 8);
  const lines = shown.map(
    (one) =>
      `  ${(one.name === "" ? "(none)" : one.name).padEnd(24)} ${String(one.planned).padStart(7)} planned ${String(heldIn(one)).padStart(7)} held back ${percent(one.ratio).padStart(8)}`,
  );
  return lines.length === 0 ? [] : [`by ${what}`, ...lines];
}
