// What stands in a secret's place, and how it is known again. Implements spec/redaction.md section 7.2.
// Twin of go/evidence/secrets/marker.go.

import { isDigit } from "./characters.js";

const MARKER_START = "[redacted:";
const MARKER_DIGITS = 16;

/** Where the marker that begins at `start` ends; `start` when none does. What was redacted once stays as it is; nothing but a kind and digits fits in. */
export function markerEnd(text: string, start: number): number {
  if (!text.startsWith(MARKER_START, start)) return start;
  let at = start + MARKER_START.length;
  const kind = at;
  while (at - kind < MARKER_KIND && isMarkerKind(text.charCodeAt(at))) at++;
  if (at === kind || text.charAt(at) !== ":") return start;
  const digits = at + 1;
  at = digits;
  while (at - digits < MARKER_DIGITS && isHex(text.charCodeAt(at))) at++;
  return at - digits === MARKER_DIGITS && text.charAt(at) === "]" ? at + 1 : start;
}

const MARKER_KIND = 32;

function isMarkerKind(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || unit === 0x5f;
}

function isHex(unit: number): boolean {
  return isDigit(unit) || (unit >= 0x61 && unit <= 0x66);
}
