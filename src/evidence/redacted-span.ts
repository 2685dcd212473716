// From places in the action as it came to places in the action as it is kept. Implements spec/redaction.md section 9.
// Twin of go/evidence/redacted_span.go.

import type { Span } from "../base/index.js";
import type { Redaction } from "./model.js";
import { markerOf } from "./redact.js";

/** Effects carry spans of the original text. This is where such a span lies in the redacted string at `path`; it takes markers whole. */
export function redactedSpan(span: Span, path: string, redactions: readonly Redaction[]): Span {
  let start = span.start;
  let end = span.end;
  let shift = 0;
  for (const redaction of redactions) {
    if (redaction.path !== path) continue;
    const marker = Buffer.byteLength(markerOf(redaction));
    const from = redaction.span.start + shift;
    shift += marker - (redaction.span.end - redaction.span.start);
    start = moved(span.start, redaction.span, from, shift, start);
    end =
      span.end > redaction.span.start && span.end < redaction.span.end
        ? from + marker
        : span.end >= redaction.span.end
          ? span.end + shift
          : end;
  }
  return { start, end };
}

// Redactions come in source order, so the last one at or before the place decides.
function moved(place: number, redacted: Span, from: number, shift: number, before: number): number {
  if (place >= redacted.end) return place + shift;
  return place > redacted.start ? from : before;
}
