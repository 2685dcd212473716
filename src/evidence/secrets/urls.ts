// Passwords in URLs and connection strings. Implements spec/redaction.md section 6.1. Twin of go/evidence/secrets/urls.go.

import { BLANK, isDigit, isIn, widthOf } from "./characters.js";
import type { Finding } from "./tokens.js";
import { isLongMix, isReference, REJECTED_BYTES } from "./values.js";

/** `scheme://user:SECRET@host`, `scheme://SECRET@host`. `at` is the colon. */
export function urlSecretAt(text: string, at: number): Finding | null {
  if (!text.startsWith("://", at)) return null;
  const start = at + 3;
  const userEnds = userEnd(text, start);
  if (userEnds < 0) return null;
  const colon = text.slice(start, userEnds).indexOf(":");
  const from = colon < 0 ? start : start + colon + 1;
  const content = text.slice(from, userEnds);
  if (content === "" || isReference(content)) return null;
  // Without a password the user may be the token: long, and with digits and letters.
  if (colon < 0 && !isLongMix(content)) return null;
  return { kind: "url_password", start: from, end: userEnds };
}

// The last `@` of the authority. An unencoded `/`, `?` or `#` in a password hides it there: then the last `@` of the word, unless what stands
// behind the first colon is a port.
function userEnd(text: string, start: number): number {
  let authority = -1;
  let any = -1;
  let colon = -1;
  let inAuthority = true;
  let bytes = 0;
  for (let at = start; at < text.length && bytes < REJECTED_BYTES && !endsWord(text, at); at++) {
    bytes += widthOf(text.charCodeAt(at));
    const char = text.charAt(at);
    if (char === "/" || char === "?" || char === "#") inAuthority = false;
    if (char === ":" && colon < 0 && inAuthority) colon = at;
    if (char !== "@") continue;
    any = at;
    if (inAuthority) authority = at;
  }
  if (authority >= 0) return authority;
  return colon >= 0 && any >= 0 && !isPort(text, colon + 1) ? any : -1;
}

// The next URL ends this one: nothing is looked at twice.
function endsWord(text: string, at: number): boolean {
  return isIn(text, at, BLANK) || text.startsWith("://", at) || "\"'`<>".includes(text.charAt(at));
}

function isPort(text: string, from: number): boolean {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at > from && (text.charAt(at) === "/" || text.charAt(at) === "?" || text.charAt(at) === "#");
}
