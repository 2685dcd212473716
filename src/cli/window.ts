// A stretch of the past: `--since 7d`, `--since 2026-11-20 --until 2026-11-23`. Implements spec/cli.md 11.1 backwards.

import { formatTime, ok, type Result } from "../base/index.js";
import { parseEnd, parseLength } from "./span-of-time.js";

/** Texts as records have them; `since` is included, `until` is not, and "" is no end. */
export interface Window {
  readonly since: string;
  readonly until: string;
}

/** A length counts back from now. Problem: `bad_time`. */
export function parseWindow(since: string, until: string | undefined, nowMs: number): Result<Window> {
  const from = parseMoment(since, nowMs);
  if (!from.ok) return from;
  if (until === undefined) return ok({ since: formatTime(from.value), until: "" });
  const to = parseMoment(until, nowMs);
  return to.ok ? ok({ since: formatTime(from.value), until: formatTime(to.value) }) : to;
}

/** `7d` back from now, or a moment, in milliseconds. Problem: `bad_time`. */
export function parseMoment(text: string, nowMs: number): Result<number> {
  const length = parseLength(text);
  return length.ok ? ok(nowMs - length.value) : parseEnd(text, nowMs);
}
