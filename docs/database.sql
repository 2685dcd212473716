-- The shared database as migrations make it: spec/evidence.md 10.2. Compared by a test; never run.


CREATE SCHEMA cavra;

CREATE TABLE cavra.checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL COLLATE pg_catalog."C",
    signed_at text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE cavra.damage (
    damage_id bigint NOT NULL,
    file_id bigint NOT NULL,
    "offset" bigint NOT NULL,
    length bigint NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    record_id text NOT NULL COLLATE pg_catalog."C",
    seen_at text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE cavra.damage ALTER COLUMN damage_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME cavra.damage_damage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE cavra.journal_file (
    file_id bigint NOT NULL,
    server_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    generation integer NOT NULL,
    "position" bigint NOT NULL,
    last_offset bigint NOT NULL,
    last_item text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE cavra.journal_file ALTER COLUMN file_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME cavra.journal_file_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE cavra.ledger (
    one boolean NOT NULL,
    ledger_id text NOT NULL COLLATE pg_catalog."C",
    made_at text NOT NULL COLLATE pg_catalog."C",
    size bigint NOT NULL,
    CONSTRAINT ledger_one_check CHECK (one),
    CONSTRAINT ledger_size_check CHECK ((size >= 0))
);

CREATE TABLE cavra.migration (
    version integer NOT NULL,
    name text NOT NULL,
    applied_at text NOT NULL
);

CREATE TABLE cavra.record (
    idx bigint NOT NULL,
    record_id text NOT NULL COLLATE pg_catalog."C",
    digest text NOT NULL COLLATE pg_catalog."C",
    json text NOT NULL COLLATE pg_catalog."C",
    file_id bigint,
    "offset" bigint,
    length bigint,
    brought_by text COLLATE pg_catalog."C",
    received_at text NOT NULL COLLATE pg_catalog."C",
    schema_version text NOT NULL COLLATE pg_catalog."C",
    recorded_at text NOT NULL COLLATE pg_catalog."C",
    decision text NOT NULL COLLATE pg_catalog."C",
    agent text NOT NULL COLLATE pg_catalog."C",
    session text NOT NULL COLLATE pg_catalog."C",
    repository text NOT NULL COLLATE pg_catalog."C",
    action_type text NOT NULL COLLATE pg_catalog."C",
    rule_id text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT record_check CHECK (((file_id IS NULL) = (brought_by IS NOT NULL))),
    CONSTRAINT record_idx_check CHECK ((idx >= 0))
);

CREATE TABLE cavra.tile (
    level integer NOT NULL,
    n bigint NOT NULL,
    hashes bytea NOT NULL
);

CREATE TABLE cavra.token (
    token_id text NOT NULL COLLATE pg_catalog."C",
    ends_at text NOT NULL COLLATE pg_catalog."C",
    json text NOT NULL COLLATE pg_catalog."C",
    revoked text COLLATE pg_catalog."C"
);

ALTER TABLE ONLY cavra.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (size);

ALTER TABLE ONLY cavra.damage
    ADD CONSTRAINT damage_pkey PRIMARY KEY (damage_id);

ALTER TABLE ONLY cavra.journal_file
    ADD CONSTRAINT journal_file_pkey PRIMARY KEY (file_id);

ALTER TABLE ONLY cavra.journal_file
    ADD CONSTRAINT journal_file_server_id_name_generation_key UNIQUE (server_id, name, generation);

ALTER TABLE ONLY cavra.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (one);

ALTER TABLE ONLY cavra.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (version);

ALTER TABLE ONLY cavra.record
    ADD CONSTRAINT record_file_id_offset_key UNIQUE (file_id, "offset");

ALTER TABLE ONLY cavra.record
    ADD CONSTRAINT record_pkey PRIMARY KEY (idx);

ALTER TABLE ONLY cavra.record
    ADD CONSTRAINT record_record_id_key UNIQUE (record_id);

ALTER TABLE ONLY cavra.tile
    ADD CONSTRAINT tile_pkey PRIMARY KEY (level, n);

ALTER TABLE ONLY cavra.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (token_id);

CREATE INDEX record_decision ON cavra.record USING btree (decision, idx);

CREATE INDEX record_repository ON cavra.record USING btree (repository, idx);

CREATE INDEX record_session ON cavra.record USING btree (session, idx);

ALTER TABLE ONLY cavra.damage
    ADD CONSTRAINT damage_file_id_fkey FOREIGN KEY (file_id) REFERENCES cavra.journal_file(file_id);

ALTER TABLE ONLY cavra.record
    ADD CONSTRAINT record_file_id_fkey FOREIGN KEY (file_id) REFERENCES cavra.journal_file(file_id);

