// The shared ledger behind the questions of a server. Implements spec/service.md 1.4 with a database, and spec/evidence.md section 10.
// Each server drains its own journal into it; what the database cannot take now stays in the journal and is taken later.

import { bad, CavraError, ok, type Problem, type Result } from "../base/index.js";
import { consistencyProof, formatProofFile, inclusionProof, multiProof } from "../evidence/index.js";
import {
  type Clock,
  databaseIdentityAt,
  headSigner,
  journalLag,
  ledgerOrigin,
  type Places,
  recordUnsigned,
  type ServedLedger,
} from "../store/index.js";
import { type Connected, connect, guarded } from "./database.js";
import { newTeamDrainer } from "./drain.js";
import { countedShared, type HeadPlace, newSigning } from "./heads.js";
import { migrate } from "./migrate.js";
import { behindInShared, findInShared, leafInShared, leavesInShared, pageOfShared } from "./read.js";
import { takePushed } from "./take.js";
import { tileAt, tilesAbove, withTiles } from "./tiles.js";

/** How often a server drains and signs without being asked: what others brought is signed too, and what failed is tried again. */
export const LOOK_MS = 2_000;

/** Brings the database to this version first. Throws `database_unavailable`, `database_too_new`, `ledger_replaced`, `ledger_damaged`. */
export async function openTeamLedger(url: string, places: Places, clock: Clock): Promise<ServedLedger> {
  const connected = connect(url);
  try {
    await migrate(connected, clock);
    const { ledger_id } = await guarded(() => connected.database.selectFrom("ledger").select("ledger_id").executeTakeFirstOrThrow());
    const { serverId } = databaseIdentityAt(places.stateFolder, ledger_id, clock);
    return teamLedger(connected, places, { serverId, origin: ledgerOrigin(ledger_id), clock });
  } catch (error) {
    await connected.close();
    throw error;
  }
}

interface About {
  readonly serverId: string;
  readonly origin: string;
  readonly clock: Clock;
}

function teamLedger(connected: Connected, places: Places, { serverId, origin, clock }: About): ServedLedger {
  const drainer = newTeamDrainer({ connected, stateFolder: places.stateFolder, serverId, clock });
  const place: HeadPlace = { connected, places, origin, clock };
  const signing = newSigning(place);
  const drained = oneAfterAnother(async () => {
    await drainer.drain();
    await signing();
  });
  // What breaks here is told to whoever asks next, and by `/readyz`.
  const looking = setInterval(() => void drained().catch(() => {}), LOOK_MS);
  looking.unref();
  const sizeNow = async () => (await guarded(() => connected.database.selectFrom("ledger").select("size").executeTakeFirstOrThrow())).size;
  return {
    drain: async () => {
      await drained();
      return { origin, size: await sizeNow() };
    },
    page: async (asked) => {
      await drained();
      return pageOfShared(connected, asked);
    },
    following: async (asked) => {
      await drained();
      const size = await sizeNow();
      return { items: await behindInShared(connected, asked, size), size };
    },
    find: async (id) => {
      await drained();
      return findInShared(connected, id);
    },
    proof: async (id) => {
      await drained();
      return proofOf(place, id);
    },
    head: async () => {
      await drained();
      return headOf(place);
    },
    tile: (level, n) => guarded(() => tileAt(connected.database, level, n)),
    consistency: async (from, to) => {
      const size = await sizeNow();
      if (to > size) return bad("index_beyond_tree", `there is no tree of ${to} records in a ledger of ${size}`);
      return guarded(() => withTiles(connected.database, (readTile) => consistencyProof(from, to, readTile)));
    },
    leaves: async (asked) => {
      await drained();
      return leavesInShared(connected, asked);
    },
    multiProof: (indices, size) =>
      guarded(() => withTiles(connected.database, (readTile) => multiProof(indices, size, readTile), tilesAbove(indices, size))),
    take: (pushed, broughtBy) => takePushed(connected, pushed, broughtBy, clock),
    lag: async () => journalLag(places.stateFolder, drainer.positions(), clock.nowMs()),
    check: (withinMs) => answersWithin(sizeNow(), withinMs),
    close: async () => {
      clearInterval(looking);
      await Promise.all([drained.idle(), connected.close()]);
    },
  };
}

interface Repeated {
  /** Settles when a run is over that began after the call. */
  (): Promise<void>;
  readonly idle: () => Promise<void>;
}

/** However many ask, one run is under way and one waits at most. */
function oneAfterAnother(run: () => Promise<void>): Repeated {
  let current: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    next = null;
    current = run().finally(() => {
      current = null;
    });
    return current;
  };
  const call = (): Promise<void> => {
    if (current === null) return begin();
    next ??= current.then(begin, begin);
    return next;
  };
  const idle = async () => {
    while (current !== null || next !== null) await (next ?? current)?.catch(() => {});
  };
  return Object.assign(call, { idle });
}

async function headOf({ connected, places, origin, clock }: HeadPlace) {
  const { trust, unsigned } = headSigner(places, origin, clock);
  if (trust === null || trust.origin !== origin) return { ok: false as const, problem: unsigned ?? NO_TRUST };
  return countedShared(connected, trust);
}

const NO_TRUST: Problem = { code: "trust_missing", message: "there are no keys here" };

async function proofOf(place: HeadPlace, id: string): Promise<Result<string>> {
  const found = await leafInShared(place.connected, id);
  if (!found.ok) return found;
  const head = await headOf(place);
  if (!head.ok) return head;
  const { index, text } = found.value;
  const { size, note } = head.value;
  if (index >= size) return recordUnsigned(index);
  const hashes = await guarded(() =>
    withTiles(place.connected.database, (readTile) => inclusionProof(index, size, readTile), tilesAbove([index], size)),
  );
  return hashes.ok ? ok(formatProofFile({ index, text, proof: hashes.value, checkpoint: note })) : hashes;
}

async function answersWithin(answer: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new CavraError("database_unavailable", `the database does not answer within ${withinMs} ms`)),
      withinMs,
    );
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {});
  }
}
