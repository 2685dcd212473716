// The shared database's tables, step by step. Implements spec/service.md 1.4 and spec/evidence.md 10.2.
// INVARIANT: a step that was published is never changed; the next one comes behind it. docs/database.sql is what all of them make.

export interface Migration {
  /** From 1, without a gap. */
  readonly version: number;
  readonly name: string;
  readonly sql: readonly string[];
}

/** A text whose order is that of its bytes, whatever the database's language is. */
const BYTES = `text COLLATE "C" NOT NULL`;

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "ledger",
    sql: [
      `CREATE TABLE cavra.ledger (
        one boolean PRIMARY KEY CHECK (one), ledger_id ${BYTES}, made_at ${BYTES}, size bigint NOT NULL CHECK (size >= 0))`,
      `CREATE TABLE cavra.journal_file (
        file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, server_id ${BYTES}, name ${BYTES}, generation integer NOT NULL,
        position bigint NOT NULL, last_offset bigint NOT NULL, last_item ${BYTES}, UNIQUE (server_id, name, generation))`,
      `CREATE TABLE cavra.record (
        idx bigint PRIMARY KEY CHECK (idx >= 0), record_id ${BYTES} UNIQUE, digest ${BYTES}, json ${BYTES},
        file_id bigint REFERENCES cavra.journal_file, "offset" bigint, length bigint,
        brought_by text COLLATE "C", received_at ${BYTES},
        schema_version ${BYTES}, recorded_at ${BYTES}, decision ${BYTES}, agent ${BYTES}, session ${BYTES}, repository ${BYTES},
        action_type ${BYTES}, rule_id ${BYTES},
        UNIQUE (file_id, "offset"), CHECK ((file_id IS NULL) = (brought_by IS NOT NULL)))`,
      "CREATE INDEX record_session ON cavra.record (session, idx)",
      "CREATE INDEX record_repository ON cavra.record (repository, idx)",
      "CREATE INDEX record_decision ON cavra.record (decision, idx)",
      `CREATE TABLE cavra.tile (level integer NOT NULL, n bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, n))`,
      `CREATE TABLE cavra.damage (
        damage_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, file_id bigint NOT NULL REFERENCES cavra.journal_file,
        "offset" bigint NOT NULL, length bigint NOT NULL, code ${BYTES}, record_id ${BYTES}, seen_at ${BYTES})`,
      `CREATE TABLE cavra.checkpoint (size bigint PRIMARY KEY, root bytea NOT NULL, note ${BYTES}, signed_at ${BYTES})`,
    ],
  },
  {
    version: 2,
    name: "tokens",
    sql: [`CREATE TABLE cavra.token (token_id ${BYTES} PRIMARY KEY, ends_at ${BYTES}, json ${BYTES}, revoked text COLLATE "C")`],
  },
];

export const DATABASE_VERSION = MIGRATIONS.length;
