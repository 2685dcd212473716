// Moments as text: RFC 3339 in UTC with milliseconds, always 24 bytes, so that text order is time order. Implements spec/record.md section 3.
// Twin of go/base/time.go. Moments come in as arguments; nothing here may read a clock. `new Date(text)` accepts far too much and is not used.

import { bad, ok, type Result } from "./result.js";

/** The last millisecond that has a 24-byte form: 9999-12-31T23:59:59.999Z. */
export const LAST_MOMENT_MS = 253_402_300_799_999;

const DAY_MS = 86_400_000;

/** `2026-11-03T12:34:56.789Z`. A moment outside 1970 to 9999 is moved to the nearer end; a fraction of a millisecond is cut off. */
export function formatTime(momentMs: number): string {
  const ms = clamp(momentMs);
  const rest = ms % DAY_MS;
  const time = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60].map((n) => pad(n, 2)).join(":");
  return `${formatDay(ms)}T${time}.${pad(rest % 1000, 3)}Z`;
}

/** `2026-11-03`, the UTC day of a moment. */
export function formatDay(momentMs: number): string {
  // Days to civil date, counted in eras of 400 years that begin on the first of March.
  const days = Math.floor(clamp(momentMs) / DAY_MS) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return `${pad(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Milliseconds since 1970 of a text in exactly the form of formatTime. */
export function parseTime(text: string): Result<number> {
  const wrong = bad<number>("bad_time", `\`${text.slice(0, 40)}\` is not a time like \`2026-11-03T12:34:56.789Z\``);
  const shape = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.length !== shape.length) return wrong;
  for (let i = 0; i < shape.length; i++) {
    const unit = text.charCodeAt(i);
    const fits = shape[i] === "d" ? unit >= 0x30 && unit <= 0x39 : text[i] === shape[i];
    if (!fits) return wrong;
  }
  const field = (from: number, to: number) => Number(text.slice(from, to));
  const year = field(0, 4);
  const days = daysFromCivil(year, field(5, 7), field(8, 10));
  const ms = days * DAY_MS + field(11, 13) * 3_600_000 + field(14, 16) * 60_000 + field(17, 19) * 1000 + field(20, 23);
  // Whatever does not come back as it went in names no moment: month 13, 30 February, second 60, a year before 1970.
  return formatTime(ms) === text ? ok(ms) : wrong;
}

function daysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function clamp(momentMs: number): number {
  return momentMs > 0 ? Math.min(Math.floor(momentMs), LAST_MOMENT_MS) : 0;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
