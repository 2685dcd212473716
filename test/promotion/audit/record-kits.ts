// A kit of a vector of spec/vectors/audit-answer, so that the script, which reads kits alone, is held to them too.

import { canonicalJson, formatTime, makeId } from "../../../src/base/index.js";
import { auditEvents, namedEvidence, type PlacedRecord } from "../../../src/promotion/index.js";
import { must } from "../../evidence/bundle/sample-ledger.js";
import { AT_MS, sampleKit } from "./sample-kit.js";

export interface AnswerVector {
  readonly id: string;
  readonly input: { readonly at: string; readonly records: readonly PlacedRecord[] };
  readonly expect: { readonly code: string };
}

export interface RecordKit {
  readonly name: string;
  readonly kit: Buffer;
  /** "" for one that holds. */
  readonly code: string;
}

export function recordKit({ id, input, expect: { code } }: AnswerVector): RecordKit {
  return { name: id, kit: kitOf(input), code };
}

/** In the ledger stands something else at each index that the vector leaves out. */
function kitOf({ at, records }: AnswerVector["input"]): Buffer {
  const size = (records.at(-1)?.index ?? 0) + 1;
  const texts = Array.from({ length: size }, (_, index) => {
    const placed = records.find((one) => one.index === index);
    return must(canonicalJson(placed?.record ?? elsewhere(index)));
  });
  const events = auditEvents(records);
  const named = events.ok ? namedEvidence({ at, events: events.value }) : [];
  const documents = named.map((name) => ({ kind: "promotion_evidence", name, content: null }) as const);
  return sampleKit({ steps: [], records: texts, indices: records.map(({ index }) => index), documents, at }).bytes;
}

function elsewhere(index: number): object {
  const ms = AT_MS - 600_000 + index;
  return {
    record_id: makeId("dec", ms, new Uint8Array(10).fill(index)),
    recorded_at: formatTime(ms),
    schema_version: "cavra.other.v1",
  };
}
