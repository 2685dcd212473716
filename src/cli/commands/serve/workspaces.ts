// What a caller may see of what is kept: the one place where workspaces become a condition of every question. Implements spec/service.md 4.8.
// INVARIANT: whatever answers a caller about records asks this ledger and no other. What is of another workspace is told as what is not there.

import { bad } from "../../../base/index.js";
import type { DecisionRecord } from "../../../evidence/index.js";
import { EVERY_WORKSPACE, workspaceTest } from "../../../identity/index.js";
import type { Caller } from "../../../server/index.js";
import type { RecordFilter, ServedLedger } from "../../../store/index.js";

/** May this caller know of it? What is of no workspace, such as a change of the guard, is for those who are for every one. */
export function isSeen(record: object, { workspaces }: Pick<Caller, "workspaces">): boolean {
  if (workspaces.includes(EVERY_WORKSPACE)) return true;
  const repository = (record as Partial<Pick<DecisionRecord, "who">>).who?.repository;
  return repository !== undefined && workspaceTest(workspaces)(repository);
}

/** The ledger as the caller sees it. Heads, tiles and proofs of the tree say nothing of a record but its hash, and stay as they are. */
export function ledgerOf(ledger: ServedLedger, caller: Pick<Caller, "workspaces">): ServedLedger {
  if (caller.workspaces.includes(EVERY_WORKSPACE)) return ledger;
  const scoped = <T extends { readonly filter: RecordFilter }>(asked: T): T => ({
    ...asked,
    filter: { ...asked.filter, workspaces: caller.workspaces },
  });
  const find: ServedLedger["find"] = async (id) => {
    const found = await ledger.find(id);
    return found.ok && !isSeen(found.value.record, caller) ? notThere(id) : found;
  };
  const leaves: ServedLedger["leaves"] = async (asked) => {
    const found = await ledger.leaves(scoped(asked));
    const foreign = found.ok ? found.value.map(({ text }) => JSON.parse(text)).find((record) => !isSeen(record, caller)) : undefined;
    return foreign === undefined ? found : notThere(String(foreign.record_id));
  };
  const proof: ServedLedger["proof"] = async (id) => {
    const found = await find(id);
    return found.ok ? ledger.proof(id) : found;
  };
  return {
    ...ledger,
    page: (asked) => ledger.page(scoped(asked)),
    following: (asked) => ledger.following(scoped(asked)),
    find,
    leaves,
    proof,
  };
}

/** In the same words as of a record that never was. */
export function notThere<T>(id: string) {
  return bad<T>("record_not_found", `no record \`${id}\``);
}
