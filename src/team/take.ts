// Takes in what other machines push. Implements spec/service.md 11.3.
// At least once: whoever got no answer pushes again, and what is there is known by its id.

import type { Clock, PushedRecord, Taken } from "../store/index.js";
import { appendRecords } from "./append.js";
import { type Connected, inTransaction, lockLedger } from "./database.js";

/** Records in one transaction: others append in between. */
const TRANSACTION_RECORDS = 1_000;

/** Durable when it settles; what was taken before it broke stays taken. */
export async function takePushed(connected: Connected, pushed: readonly PushedRecord[], broughtBy: string, clock: Clock): Promise<Taken> {
  let [taken, known] = [0, 0];
  const differing: string[] = [];
  for (let from = 0; from < pushed.length; from += TRANSACTION_RECORDS) {
    const some = pushed.slice(from, from + TRANSACTION_RECORDS);
    const appended = await inTransaction(connected, async (within) => {
      const { size } = await lockLedger(within);
      const records = some.map(({ digest, text, record }) => ({ digest, text, record, place: null, broughtBy }));
      return appendRecords(within, size, records, clock.nowMs());
    });
    for (const [at, what] of appended.entries()) {
      if (what === "taken") taken += 1;
      else if (what === "known") known += 1;
      else differing.push(some[at]?.record.record_id ?? "");
    }
  }
  return { taken, known, differing };
}
