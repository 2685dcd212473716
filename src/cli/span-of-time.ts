// Lengths and ends of time as people write them: `10m`, `2h`, `7d`, or a moment. Implements spec/cli.md 11.1.

import { bad, formatTime, ok, parseTime, type Result } from "../base/index.js";

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `10m`, `2h` or `7d`. Problem: `bad_time`. */
export function parseLength(text: string): Result<number> {
  const found = /^([1-9][0-9]{0,3})([mhd])$/.exec(text);
  if (found === null) return bad("bad_time", `\`${text}\` is no length of time`, { hint: "write `10m`, `2h` or `7d`" });
  return ok(Number(found[1]) * (UNITS[found[2] ?? ""] ?? 0));
}

/** The moment that `2h` from now, a day or an RFC 3339 time in UTC names, in milliseconds. Problem: `bad_time`. */
export function parseEnd(text: string, nowMs: number): Result<number> {
  const length = parseLength(text);
  if (length.ok) return ok(nowMs + length.value);
  const bare = text.replace(/Z$/, "");
  const form = "1970-01-01T00:00:00.000";
  const whole = [10, 16, 19, 23].includes(bare.length) ? parseTime(`${bare}${form.slice(bare.length)}Z`) : length;
  return whole.ok
    ? whole
    : bad("bad_time", `\`${text}\` is no time`, { hint: "write `2h`, `7d`, or a moment in UTC as `2026-11-30T17:00:00Z`" });
}

/** `2026-11-23T10:00:00Z`: to the second, as policies write ends. */
export function toSecond(momentMs: number): string {
  return `${formatTime(momentMs).slice(0, 19)}Z`;
}

/** `2 hours`, `7 days`, rounded to what people say. */
export function sayLength(ms: number): string {
  const [size, name] = ms >= 2 * 86_400_000 ? [86_400_000, "day"] : ms >= 2 * 3_600_000 ? [3_600_000, "hour"] : [60_000, "minute"];
  const number = Math.round(ms / size);
  return `${number} ${name}${number === 1 ? "" : "s"}`;
}
