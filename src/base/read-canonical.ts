// Reads JSON that must be canonical already: signed documents and envelopes. No Go twin: only one side reads them.
// JSON.parse is right here and nowhere else, because what it read is written again and must give the very same text: of two equal keys one would be gone, Infinity
// would be `null`, and a blank would be missing.

import { isAscii } from "node:buffer";
import { canonicalJson, type JsonValue } from "./canonical-json.js";
import { JSON_LIMITS, type JsonLimits, parseJson } from "./parse-json.js";
import { bad, type Result } from "./result.js";

/** The value of bytes or a text in canonical form (RFC 8785). Problems: those of parseJson, and `json_not_canonical`. */
export function readCanonical(input: string | Uint8Array, limits: JsonLimits = JSON_LIMITS): Result<JsonValue> {
  const text = typeof input === "string" ? input : Buffer.from(input.buffer, input.byteOffset, input.length).toString("utf8");
  const quick = text.length <= limits.sizeBytes && isPlain(input) ? quickly(text, limits) : undefined;
  if (quick !== undefined) return { ok: true, value: quick };
  const read = parseJson(input, limits);
  if (!read.ok) return read;
  const written = canonicalJson(read.value);
  return written.ok && written.value === text ? read : bad("json_not_canonical", "the JSON text is not in canonical form");
}

function isPlain(input: string | Uint8Array): boolean {
  return typeof input === "string" ? Buffer.byteLength(input) === input.length : isAscii(input);
}

/** Of ASCII text alone, in which no surrogate stands and none is written by escapes: there the language writes as RFC 8785 does. */
function quickly(text: string, { depth }: JsonLimits): JsonValue | undefined {
  if (/\\u[dD]/.test(text)) return undefined;
  try {
    const value: JsonValue = JSON.parse(text);
    return isOrdered(value, depth) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOrdered(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) if (typeof item === "object" && !isOrdered(item, depth - 1)) return false;
    return true;
  }
  const members = value as Readonly<Record<string, JsonValue>>;
  let before: string | null = null;
  for (const key of Object.keys(members)) {
    if (before !== null && !(before < key)) return false;
    before = key;
    const item = members[key];
    if (typeof item === "object" && item !== null && !isOrdered(item, depth - 1)) return false;
  }
  return true;
}
