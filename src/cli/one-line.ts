// Text from elsewhere, made safe to show to a person. Implements spec/cli.md 1.5.

/** A text that a hostile action may have written, safe to show: one line, no control characters, cut. */
export function oneLine(text: string, most: number): string {
  const shown = [...text].map((char) => (char === "\n" ? "⏎" : isControl(char) ? "�" : char));
  return shown.length > most ? `${shown.slice(0, most - 1).join("")}…` : shown.join("");
}

// SECURITY: also the C1 controls and the bidirectional marks, which rewrite what a terminal shows.
function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}
