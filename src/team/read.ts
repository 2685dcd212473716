// Decisions from the shared ledger: in its order, by filter, by word, by id. Implements spec/service.md 3.10 and 7.5, and spec/evidence.md 8.7.

import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from "kysely";
import { bad, ok, type Result } from "../base/index.js";
import { type DecisionRecord, RECORD_SCHEMA } from "../evidence/index.js";
import { EVERY_WORKSPACE, workspaceLike } from "../identity/index.js";
import type { DecisionsAsked, LeafText, LeavesAsked, LedgerRecord, RecordFilter } from "../store/index.js";
import { asWritten } from "./columns.js";
import { type Connected, guarded } from "./database.js";
import type { Tables } from "./tables.js";

const SHOWN = ["idx", "digest", "json"] as const;

/** Decisions with an index below `before`, the last first. */
export async function pageOfShared(
  { database }: Connected,
  { filter, words, limit, before }: DecisionsAsked & { readonly before: number },
): Promise<readonly LedgerRecord[]> {
  const query = database.selectFrom("record").select(SHOWN).where("idx", "<", before).where(conditions(filter, words));
  return (await guarded(() => query.orderBy("idx", "desc").limit(limit).execute())).map(shown);
}

/** Decisions with an index above `after` and below `size`, in their order. */
export async function behindInShared(
  { database }: Connected,
  { filter, words, limit, after }: DecisionsAsked & { readonly after: number },
  size: number,
): Promise<readonly LedgerRecord[]> {
  const query = database.selectFrom("record").select(SHOWN).where("idx", ">", after).where("idx", "<", size);
  const found = await guarded(() => query.where(conditions(filter, words)).orderBy("idx").limit(limit).execute());
  return found.map(shown);
}

/** Problem: `record_not_found`. */
export async function findInShared({ database }: Connected, id: string): Promise<Result<LedgerRecord>> {
  const query = database.selectFrom("record").select(SHOWN).where("record_id", "=", id).where("schema_version", "=", RECORD_SCHEMA);
  const row = await guarded(() => query.executeTakeFirst());
  return row === undefined ? notFound(id) : ok(shown(row));
}

/** A record of any schema. Problem: `record_not_found`. */
export async function leafInShared(
  { database }: Connected,
  id: string,
): Promise<Result<{ readonly index: number; readonly text: string }>> {
  const row = await guarded(() => database.selectFrom("record").select(SHOWN).where("record_id", "=", id).executeTakeFirst());
  return row === undefined ? notFound(id) : ok({ index: row.idx, text: row.json });
}

/** Ascending, of the first `size` records, at most `limit`. Problem: `record_not_found`. */
export async function leavesInShared(
  { database }: Connected,
  { ids, filter, size, limit }: LeavesAsked,
): Promise<Result<readonly LeafText[]>> {
  const { since: _since, until: _until, ...others } = filter;
  // Changes of the guard go along where only a time is asked for: a week without its pauses would tell another story.
  const kinds = Object.keys(others).length === 0 ? null : RECORD_SCHEMA;
  const query = database.selectFrom("record").select(["idx", "record_id", "json"]);
  const chosen =
    ids === null
      ? query
          .where(conditions(filter, [], kinds))
          .where("idx", "<", size)
          .limit(limit)
      : query.where("record_id", "in", ids);
  const rows = await guarded(() => chosen.orderBy("idx").execute());
  const missing = ids?.find((id) => !rows.some(({ record_id }) => record_id === id));
  if (missing !== undefined) return notFound(missing);
  return ok(
    rows
      .filter(({ idx }) => idx < size)
      .slice(0, limit)
      .map(({ idx, json }) => ({ index: idx, text: json })),
  );
}

function notFound<T>(id: string): Result<T> {
  return bad("record_not_found", `no record \`${id}\``);
}

function shown({ idx, digest, json }: { readonly idx: number; readonly digest: string; readonly json: string }): LedgerRecord {
  // Held against its schema version by the query; it was canonical when it was taken.
  return { index: idx, digest, record: JSON.parse(json) as DecisionRecord };
}

const COLUMNS = ["decision", "agent", "session", "repository", "action_type", "rule_id"] as const;

/** `schema` null: records of every kind. */
function conditions(filter: RecordFilter, words: readonly string[], schema: string | null = RECORD_SCHEMA) {
  return ({ and, or, eb }: ExpressionBuilder<Tables, "record">) => {
    const all: ExpressionWrapper<Tables, "record", SqlBool>[] = schema === null ? [] : [eb("schema_version", "=", schema)];
    if (filter.since !== undefined) all.push(eb("recorded_at", ">=", asWritten(filter.since)));
    if (filter.until !== undefined) all.push(eb("recorded_at", "<", asWritten(filter.until)));
    for (const column of COLUMNS) {
      const wanted = filter[column];
      if (wanted !== undefined) all.push(eb(column, "=", asWritten(wanted)));
    }
    const { workspaces } = filter;
    if (workspaces !== undefined && !workspaces.includes(EVERY_WORKSPACE))
      all.push(or(workspaces.map((workspace) => eb("repository", "like", workspaceLike(asWritten(workspace))))));
    // Of a text in the order of its bytes only ASCII letters have another case.
    for (const word of words) all.push(eb(sql<number>`strpos(lower(json), lower(${asWritten(word)} COLLATE "C"))`, ">", 0));
    return and(all);
  };
}
