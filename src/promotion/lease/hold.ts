// The latch that keeps Go from answering until a person lifts it. Implements spec/promotion.md section 8.
// INVARIANT: that something stands at the hold's place is enough. What it says is for people; no reader of it can open anything.

import { bad, canonicalJson, type JsonValue, ok, parseJson, type Result, type Shape, shapeFault } from "../../base/index.js";

export const HOLD_SCHEMA = "cavra.go-hold.v1";
export const HOLD_PREFIX = "hol";
export const HOLD_BYTES = 65_536;
export const HOLD_CAUSES = ["operator", "mismatch", "drill"] as const;
export type HoldCause = (typeof HOLD_CAUSES)[number];

export interface Hold {
  readonly schema_version: typeof HOLD_SCHEMA;
  readonly hold_id: string;
  readonly at: string;
  readonly cause: HoldCause;
  readonly reason: string;
  /** Who set it; all "" where no person did. */
  readonly person: { readonly name: string; readonly user: string; readonly host: string };
}

/** Problem: `hold_malformed`. */
export function formatHold(hold: Hold): Result<string> {
  const text = canonicalJson(hold);
  if (!text.ok) return malformed(text.problem.message);
  const read = readHold(`${text.value}\n`);
  return read.ok ? ok(`${text.value}\n`) : read;
}

/** For people. A hold that cannot be read holds all the same. Problem: `hold_malformed`. */
export function readHold(text: string): Result<Hold> {
  const parsed = parseJson(text.trimEnd(), { sizeBytes: HOLD_BYTES, depth: 3 });
  if (!parsed.ok) return malformed(parsed.problem.message);
  const place = shapeFault(parsed.value as JsonValue, HOLD);
  return place === "" ? ok(parsed.value as unknown as Hold) : malformed(`\`${place}\` has another form`);
}

const HOLD: Shape = {
  at: "time",
  cause: { $oneOf: HOLD_CAUSES },
  hold_id: "text",
  person: { host: "text", name: "text", user: "text" },
  reason: "text",
  schema_version: { $oneOf: [HOLD_SCHEMA] },
};

function malformed<T>(message: string): Result<T> {
  return bad("hold_malformed", `this is no hold: ${message}`);
}
