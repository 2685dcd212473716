// What lists ask for, taken out of a record when it is kept. Implements spec/evidence.md 10.2. Pure.
// As JSON writes it between its quotes: a text of PostgreSQL holds no zero byte, and an agent may say one.

import type { JournalRecord } from "../evidence/index.js";
import type { RecordTable } from "./tables.js";

export type Columns = Pick<
  RecordTable,
  "schema_version" | "recorded_at" | "decision" | "agent" | "session" | "repository" | "action_type" | "rule_id"
>;

export function columnsOf(record: JournalRecord): Columns {
  const at = (...path: readonly string[]): string => {
    let value: unknown = record;
    for (const key of path) value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as never)[key] : null;
    return typeof value === "string" ? asWritten(value) : "";
  };
  return {
    schema_version: at("schema_version"),
    recorded_at: at("recorded_at"),
    decision: at("decision"),
    agent: at("who", "agent"),
    session: at("who", "session"),
    repository: at("who", "repository"),
    action_type: at("action", "action_type"),
    rule_id: at("judgement", "rule_id"),
  };
}

/** A text as it stands in JSON, without its quotes. */
export function asWritten(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
