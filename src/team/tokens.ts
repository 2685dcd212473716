// API tokens in the shared database, so that every server of it knows them, and a revoked one counts nowhere. Implements spec/service.md 4.3 with a database.
// INVARIANT: a row is made once; what is added to it later is that it was revoked, and that only once.

import { CavraError, formatTime, type JsonObject } from "../base/index.js";
import { isScope, type KeptToken, MAX_TOKENS, type RevokedToken, TOKEN_KEPT_MS } from "../identity/index.js";
import type { Clock, TokenStore } from "../store/index.js";
import { type Connected, connect, guarded, inTransaction, lockLedger } from "./database.js";
import { migrate } from "./migrate.js";
import type { TokenTable } from "./tables.js";

export interface TeamTokens extends TokenStore {
  readonly close: () => Promise<void>;
}

/** Brings the database to this version first. Throws `database_unavailable`, `database_too_new`; so does every question. */
export async function openTeamTokens(url: string, clock: Clock): Promise<TeamTokens> {
  const connected = connect(url);
  try {
    await migrate(connected, clock);
  } catch (error) {
    await connected.close();
    throw error;
  }
  const { database, close } = connected;
  const all = () => database.selectFrom("token").selectAll();
  return {
    ever: rememberedEver(
      async () => (await guarded(() => database.selectFrom("token").select("token_id").limit(1).execute())).length > 0,
      clock,
    ),
    find: async (tokenId) => {
      const row = await guarded(() => all().where("token_id", "=", tokenId).executeTakeFirst());
      return row === undefined ? null : keptIn(row);
    },
    list: async () => (await guarded(() => all().orderBy("token_id").execute())).map(keptIn),
    add: (token) => keep(connected, token, clock),
    revoke: async (tokenId, revoked) => {
      const changed = await inTransaction(connected, (within) =>
        within
          .updateTable("token")
          .set({ revoked: JSON.stringify(revoked) })
          .where("token_id", "=", tokenId)
          .where("revoked", "is", null)
          .returning("token_id")
          .execute(),
      );
      return changed.length > 0;
    },
    close,
  };
}

/** So long a server that knows nobody may not have heard of the first token. */
const EVER_LOOK_MS = 1_000;

/**
 * It is asked for each request. Once true it stays; while it is not, what was seen last holds for a moment, and for as long as the database is away:
 * who decides without its database must not need it to know that it knows nobody.
 */
function rememberedEver(look: () => Promise<boolean>, clock: Clock): () => Promise<boolean> {
  let last: boolean | null = null;
  let lookedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (last === true || (last !== null && clock.nowMs() - lookedMs < EVER_LOOK_MS)) return last;
    lookedMs = clock.nowMs();
    try {
      last = await look();
    } catch (error) {
      if (last === null) throw error;
    }
    return last;
  };
}

/** Under the lock of the ledger's row: two who each had room for one more must not make one too many together. */
function keep(connected: Connected, { token_id, ends_at, revoked: _none, ...rest }: KeptToken, clock: Clock): Promise<void> {
  return inTransaction(connected, async (within) => {
    await lockLedger(within);
    const old = formatTime(Math.max(0, clock.nowMs() - TOKEN_KEPT_MS));
    await within.deleteFrom("token").where("ends_at", "<", old).execute();
    const { count } = await within
      .selectFrom("token")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    if (count >= MAX_TOKENS)
      throw new CavraError("tokens_full", `${MAX_TOKENS} tokens are kept already`, {
        hint: "90 days after its end one goes; make them longer",
      });
    await within
      .insertInto("token")
      .values({ token_id, ends_at, json: JSON.stringify(rest), revoked: null })
      .execute();
  });
}

function keptIn({ token_id, ends_at, json, revoked }: TokenTable): KeptToken {
  // Written by `keep`.
  const rest = JSON.parse(json) as Omit<KeptToken, "token_id" | "ends_at" | "revoked">;
  return { token_id, ends_at, ...rest, scopes: rest.scopes.filter(isScope), revoked: revokedIn(revoked) };
}

function revokedIn(text: string | null): RevokedToken | null {
  if (text === null) return null;
  const { revoked_at, reason, record_id } = JSON.parse(text) as JsonObject;
  return { revoked_at: String(revoked_at), reason: String(reason), record_id: String(record_id) };
}
