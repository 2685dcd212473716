// The tables of the notices. Implements spec/notices.md section 8. INVARIANT: of plans, notices, attempts, results, requests, outcomes and
// acknowledgements rows are added and never changed or removed, which the database itself refuses. What is changed are sums of them (recount.ts).

import { CavraError } from "../../base/index.js";
import type { Database } from "../ledger/database.js";

/** "CAVN", so that `file` and others know whose it is. */
const APPLICATION_ID = 0x4341564e;

/** What was written once. Names are kept once too: `place` for where a notice went, `shape` for what became of it. */
const FACTS = `
CREATE TABLE plan (
  plan_no INTEGER PRIMARY KEY, plan_id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, kind TEXT NOT NULL, schedule TEXT NOT NULL,
  digest TEXT NOT NULL, notices INTEGER NOT NULL) STRICT;
CREATE TABLE place (
  place_no INTEGER PRIMARY KEY, schedule TEXT NOT NULL, category TEXT NOT NULL, level TEXT NOT NULL, route TEXT NOT NULL, owner TEXT NOT NULL,
  provider TEXT NOT NULL, ack_minutes INTEGER NOT NULL, UNIQUE (schedule, category, level, route, owner, provider, ack_minutes)) STRICT;
CREATE TABLE shape (
  shape_no INTEGER PRIMARY KEY, place_no INTEGER NOT NULL, outcome TEXT NOT NULL, cause TEXT NOT NULL, author TEXT NOT NULL, window TEXT NOT NULL,
  UNIQUE (place_no, outcome, cause, author, window)) STRICT;
CREATE TABLE summary (summary_no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE notice (
  notice_no INTEGER PRIMARY KEY, plan_no INTEGER NOT NULL, n INTEGER NOT NULL, thread_no INTEGER NOT NULL, place_no INTEGER NOT NULL,
  summary_no INTEGER NOT NULL, UNIQUE (plan_no, n)) STRICT;
CREATE TABLE request (notice_no INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE attempt (notice_no INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (notice_no, n)) STRICT, WITHOUT ROWID;
CREATE TABLE result (
  notice_no INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL, told TEXT NOT NULL,
  PRIMARY KEY (notice_no, n)) STRICT, WITHOUT ROWID;
CREATE TABLE occurrence (
  occurrence_no INTEGER PRIMARY KEY, window TEXT NOT NULL, ends_at TEXT NOT NULL, route TEXT NOT NULL, schedule TEXT NOT NULL,
  UNIQUE (window, ends_at, route)) STRICT;
CREATE TABLE outcome (
  seq INTEGER PRIMARY KEY, notice_no INTEGER NOT NULL UNIQUE, thread_no INTEGER NOT NULL, shape_no INTEGER NOT NULL, at INTEGER NOT NULL,
  until_at INTEGER, occurrence_no INTEGER) STRICT;
CREATE TABLE acknowledgement (
  ack_no INTEGER PRIMARY KEY, plan_no INTEGER NOT NULL, route TEXT NOT NULL, owner TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
  at INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE (plan_no, route, person)) STRICT;
CREATE INDEX notice_thread ON notice (thread_no, plan_no);
CREATE INDEX outcome_shape ON outcome (shape_no, seq);
CREATE INDEX outcome_at ON outcome (at);
CREATE INDEX outcome_occurrence ON outcome (occurrence_no) WHERE occurrence_no IS NOT NULL;
CREATE INDEX occurrence_end ON occurrence (ends_at);
`;

/** What follows from the above. */
const SUMS = `
CREATE TABLE thread (
  thread_no INTEGER PRIMARY KEY, key TEXT NOT NULL, route TEXT NOT NULL, schedule TEXT NOT NULL, category TEXT NOT NULL, level TEXT NOT NULL,
  sent_at INTEGER, held_since INTEGER, waiting INTEGER NOT NULL DEFAULT 0, mute_no INTEGER,
  open_notice INTEGER, open_plan INTEGER, open_at INTEGER, open_failed INTEGER NOT NULL DEFAULT 0, ack_no INTEGER,
  UNIQUE (key, route)) STRICT;
CREATE INDEX thread_open ON thread (open_at) WHERE open_at IS NOT NULL;
CREATE INDEX thread_ack ON thread (ack_no) WHERE ack_no IS NOT NULL;
CREATE TABLE waiting (notice_no INTEGER PRIMARY KEY, next_at INTEGER NOT NULL) STRICT;
CREATE INDEX waiting_next ON waiting (next_at);
CREATE TABLE counted (route TEXT NOT NULL, at INTEGER NOT NULL, notice_no INTEGER NOT NULL, PRIMARY KEY (route, at, notice_no)) STRICT, WITHOUT ROWID;
CREATE TABLE hour_sum (hour INTEGER NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (hour, outcome)) STRICT, WITHOUT ROWID;
CREATE TABLE name_hour (
  at INTEGER NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (at, what, name, outcome)) STRICT, WITHOUT ROWID;
CREATE TABLE name_day (
  at INTEGER NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (at, what, name, outcome)) STRICT, WITHOUT ROWID;
CREATE TABLE mute (
  mute_no INTEGER PRIMARY KEY, thread_no INTEGER NOT NULL, schedule TEXT NOT NULL, category TEXT NOT NULL, from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0, breached INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX mute_to ON mute (to_at, from_at, breached);
CREATE INDEX mute_open ON mute (schedule) WHERE ended = 0;
`;

const KEPT = ["plan", "place", "shape", "summary", "notice", "request", "attempt", "result", "occurrence", "outcome", "acknowledgement"];

const REFUSALS = KEPT.flatMap((table) =>
  ["UPDATE", "DELETE"].map(
    (verb) =>
      `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, 'notices are only added'); END;`,
  ),
).join("\n");

/** What each format added to the one before it; a format is how many of these are done. A newer one goes to the end, and none is ever changed. */
const MIGRATIONS: readonly (readonly string[])[] = [[FACTS, SUMS, REFUSALS]];
export const NOTICES_FORMAT = MIGRATIONS.length;

export function isCurrent(database: Database): boolean {
  return pragma(database, "application_id") === APPLICATION_ID && pragma(database, "user_version") === NOTICES_FORMAT;
}

/**
 * Brings the tables to this version's format, from nothing too; only `mayMake` does. Throws `notices_format_unknown` for what somebody else or a newer
 * version made, and for an older format that may not be changed.
 */
export function ensureNoticesSchema(database: Database, mayMake: boolean): void {
  const [application, format] = [pragma(database, "application_id"), pragma(database, "user_version")];
  if (isCurrent(database)) return;
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.count;
  const isOurs = application === APPLICATION_ID || (application === 0 && format === 0 && tables === 0);
  if (!mayMake || !isOurs || format > NOTICES_FORMAT)
    throw new CavraError("notices_format_unknown", `the notices have format ${format}, this version knows ${NOTICES_FORMAT}`, {
      hint:
        format < NOTICES_FORMAT
          ? "`cavra runtime go-rollback-drill-notification-plan deliver` brings them to it"
          : "use a newer version of CAVRA",
    });
  for (const step of MIGRATIONS.slice(format)) for (const sql of step) database.exec(sql);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${NOTICES_FORMAT}`);
}

function pragma(database: Database, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
