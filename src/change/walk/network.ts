// Host and URL of a network deed's destination. Implements spec/change.md section 3.5. Twin of go/change/walk/network.go.
// It takes apart as few forms as it can: scheme, user, host, port. A host that is not wholly known is unknown.

import { UNKNOWN } from "../model.js";
import type { Value } from "../values.js";
import { knownPrefix } from "../words/index.js";

export interface Destination {
  readonly host: string;
  /** The URL as written, "" when the destination is a host only, `unknown` when only its beginning is known. */
  readonly url: string;
}

export function destinationOf(value: Value): Destination {
  const known = knownPrefix(value);
  const whole = value.kind === "text";
  const isUrl = known.includes("://") || known.includes("/");
  const host = hostOf(known, whole);
  if (!whole) return { host: host ?? UNKNOWN, url: UNKNOWN };
  return { host: host ?? UNKNOWN, url: isUrl ? known : "" };
}

/** The host in a URL, `host:port`, `user@host:path`; null when it is not there, or might go on. */
function hostOf(text: string, whole: boolean): string | null {
  const scheme = text.indexOf("://");
  const rest = scheme >= 0 ? text.slice(scheme + 3) : text;
  const end = endOf(rest, ["/", "?", "#", "\\"]);
  if (end === rest.length && !whole) return null;
  const authority = rest.slice(0, end);
  const user = authority.lastIndexOf("@");
  const place = user < 0 ? authority : authority.slice(user + 1);
  const host = place.startsWith("[") ? place.slice(1, endOf(place, ["]"])) : place.slice(0, endOf(place, [":"]));
  const plain = host.endsWith(".") ? host.slice(0, -1) : host;
  return plain === "" ? null : lowerAscii(plain);
}

function endOf(text: string, stops: readonly string[]): number {
  for (let i = 0; i < text.length; i++) if (stops.includes(text[i] ?? "")) return i;
  return text.length;
}

function lowerAscii(text: string): string {
  let lower = "";
  for (const unit of text) lower += unit >= "A" && unit <= "Z" ? unit.toLowerCase() : unit;
  return lower;
}
