// The shared ledger's heads: signed by whichever server has the ledger's key, under the ledger's lock. Implements spec/evidence.md 10.4.
// INVARIANT: what is signed is committed first, and continues what this server signed last: a database that was put back is never signed again.

import { bad, CavraError, formatTime, ok, type Problem, type Result } from "../base/index.js";
import type { LedgerCheckpoint, TrustDocument } from "../evidence/index.js";
import { treeRoot } from "../evidence/index.js";
import { type Clock, firstCounted, HEADS_TRIED, headSigner, noteToKeep, type Places, readPin, rememberSeen } from "../store/index.js";
import { type Connected, guarded, inTransaction, lockLedger, type Within } from "./database.js";
import { withTiles } from "./tiles.js";

export interface HeadPlace {
  readonly connected: Connected;
  readonly places: Places;
  readonly origin: string;
  readonly clock: Clock;
}

/** Signs whenever the ledger has grown since the last time: a ledger that stands still is asked for its size, and not locked. */
export function newSigning(place: HeadPlace): () => Promise<void> {
  const { database } = place.connected;
  let signed = -1;
  return async () => {
    const { size } = await guarded(() => database.selectFrom("ledger").select("size").executeTakeFirstOrThrow());
    if (size !== signed && (await signShared(place)) === null) signed = size;
  };
}

/** Signs the head of all that is in the ledger, where this server has the key; else says why it does not. Problems: those of headSigner, `ledger_rolled_back`, `checkpoint_mismatch`. */
async function signShared({ connected, places, origin, clock }: HeadPlace): Promise<Problem | null> {
  const { trust, signer, unsigned } = headSigner(places, origin, clock);
  if (trust === null || signer === null) return unsigned;
  const seen = readPin(places.configFolder)?.checkpoints_seen.get(origin);
  const signed = await inTransaction(connected, async (within): Promise<Result<{ readonly size: number; readonly root: Uint8Array }>> => {
    const { size } = await lockLedger(within);
    if (seen !== undefined && seen.size > size)
      return bad("ledger_rolled_back", `a head of ${seen.size} records was signed here, and the database has ${size}`);
    if (seen !== undefined && Buffer.from(await rootAt(within, seen.size)).toString("base64") !== seen.root)
      return bad("checkpoint_mismatch", `the first ${seen.size} records are no longer those that a head was signed for here`);
    const root = await rootAt(within, size);
    const known = await newestHead(within);
    const note = noteToKeep(known, { origin, size, root }, signer);
    if (note !== null) {
      const row = { size, root: Buffer.from(root), note, signed_at: formatTime(clock.nowMs()) };
      await within
        .insertInto("checkpoint")
        .values(row)
        .onConflict((conflict) => conflict.column("size").doUpdateSet(({ ref }) => ({ note: ref("excluded.note") })))
        .execute();
    }
    return ok({ size, root });
  });
  if (!signed.ok) return signed.problem;
  const { size, root } = signed.value;
  const checkpoint = { origin, size, root: Buffer.from(root).toString("base64") };
  rememberSeen(places.configFolder, { version: trust.version, checkpoint }, clock);
  return null;
}

async function newestHead(within: Within) {
  const row = await within.selectFrom("checkpoint").selectAll().orderBy("size", "desc").limit(1).executeTakeFirst();
  return row === undefined ? undefined : { size: row.size, note: row.note, signedAt: row.signed_at };
}

async function rootAt(within: Within, size: number): Promise<Uint8Array> {
  const root = await withTiles(within, (readTile) => treeRoot(size, readTile));
  if (root.ok) return root.value;
  throw new CavraError("ledger_damaged", root.problem.message, { hint: "restore the database from a backup" });
}

/** The newest head that the trust document vouches for. Problems: `checkpoint_missing` and what keeps a head from counting. */
export async function countedShared({ database }: Connected, trust: TrustDocument): Promise<Result<LedgerCheckpoint>> {
  const rows = await guarded(() => database.selectFrom("checkpoint").select("note").orderBy("size", "desc").limit(HEADS_TRIED).execute());
  return firstCounted(
    rows.map(({ note }) => note),
    trust,
  );
}
