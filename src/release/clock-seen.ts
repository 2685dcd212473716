// The latest time that this machine has seen, so that a clock that was set back opens nothing. Implements spec/promotion.md 1.4.

import { formatTime, parseTime } from "../base/index.js";
import { TRUST_SKEW_MS } from "../evidence/index.js";
import { type Clock, readNoFollow, replaceDurably } from "../store/index.js";
import { promotionPlaces } from "./places.js";

/** Is the clock behind what was seen by more than its skew? What stands there and cannot be read is a clock that nobody can trust. */
export function isClockBehind(stateFolder: string, nowMs: number): boolean {
  try {
    const file = readNoFollow(promotionPlaces(stateFolder).clock);
    if (file === null) return false;
    const seen = parseTime(file.text.trimEnd());
    return !seen.ok || nowMs < seen.value - TRUST_SKEW_MS;
  } catch {
    return true;
  }
}

/** Remembers a time that is later than what was seen. Throws what the store throws. */
export function rememberClock(stateFolder: string, clock: Clock): void {
  const { clock: path } = promotionPlaces(stateFolder);
  const nowMs = clock.nowMs();
  const file = readNoFollow(path);
  const seen = file === null ? null : parseTime(file.text.trimEnd());
  if (seen !== null && (!seen.ok || seen.value >= nowMs)) return;
  replaceDurably(path, `${formatTime(nowMs)}\n`, clock);
}
