// Go's judgement, read as one that would leave under a live lease. Implements spec/promotion.md 7.1. Pure.
// SECURITY: the worker's word is believed about the verdict alone. The temptation is to take its effects too; they are TypeScript's, or nothing leaves.

import {
  bad,
  canonicalRecord,
  type JsonObject,
  type JsonValue,
  ok,
  parseJson,
  type Result,
  SEVERITIES,
  type Shape,
  shapeFault,
  VERDICTS,
  type Verdict,
} from "../base/index.js";
import type { Change } from "../change/index.js";

/** A judgement as Go wrote it. Its effects are those of the change that it was held against, so that nobody has to believe its word. */
export interface GoJudgement {
  readonly verdict: Verdict;
  readonly text: string;
  readonly value: JsonObject;
}

/** What Go's judgement must be about. */
export interface JudgedAbout {
  /** What TypeScript derived while it looked up the facts. */
  readonly change: Change;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string; readonly mode: string };
}

/**
 * Reads the bytes of a judgement, as one that would leave. Problems: `garbage` (another form), `disagreement` (other effects than TypeScript derived, or
 * another policy).
 */
export function readGoJudgement(text: string, { change, policy }: JudgedAbout): Result<GoJudgement> {
  const read = parseJson(text);
  if (!read.ok) return garbage(read.problem.message);
  const canonical = canonicalRecord(read.value);
  if (!canonical.ok || canonical.value !== text) return garbage("it is not in canonical form");
  if (typeof read.value !== "object" || read.value === null || Array.isArray(read.value)) return garbage("it is no object");
  const value = read.value as JsonObject;
  const place = shapeFault(withoutEffects(value), JUDGEMENT);
  if (place !== "" || !Array.isArray(value.effects)) return garbage(`\`${place || "effects"}\` has another form`);
  if (!isSame(value.effects as JsonValue, change.effects)) return bad("disagreement", "Go's effects are not those that TypeScript derived");
  if (!isSame(value.policy ?? null, policy)) return bad("disagreement", "Go judged by another policy");
  return ok({ verdict: value.verdict as Verdict, text, value });
}

function isSame(left: JsonValue, right: object): boolean {
  const [one, other] = [canonicalRecord(left), canonicalRecord(right)];
  return one.ok && other.ok && one.value === other.value;
}

function withoutEffects({ effects: _, ...rest }: JsonObject): JsonObject {
  return rest;
}

const RULE: Shape = { id: "text", severity: { $oneOf: SEVERITIES }, verdict: { $oneOf: VERDICTS } };
const JUDGEMENT: Shape = {
  instead: { $orNull: { command: "text", text: "text" } },
  policy: { digest: "digest", id: "text", mode: "text", version: "text" },
  reason: "text",
  "registry_digest?": "digest?",
  rule_id: "text",
  rulings: [
    {
      effect: "count",
      exceptions: [{ reason: "text", rule: "text", until: "text" }],
      "registry?": RULE,
      rules: [RULE],
      source: "text",
      verdict: { $oneOf: VERDICTS },
    },
  ],
  severity: { $oneOf: SEVERITIES },
  verdict: { $oneOf: VERDICTS },
};

function garbage<T>(message: string): Result<T> {
  return bad("garbage", `this is no judgement: ${message}`);
}
