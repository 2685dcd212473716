// Which records go into a file for others. Implements the choosing of spec/cli.md 13.2 over the embedded ledger.

import { ok, type Result } from "../../base/index.js";
import type { RecordFilter } from "../journal-search.js";
import type { LeafText, LeavesAsked } from "../served-ledger.js";
import type { Ledger } from "./open.js";
import { findLeaf, indicesBetween, leavesUnder, listLedger } from "./read.js";

/** Ascending, of the first `size` records, at most `limit`. Problems: `record_not_found`, `record_ambiguous`. */
export function chosenLeaves(ledger: Ledger, { ids, filter, size, limit }: LeavesAsked): Result<readonly LeafText[]> {
  const chosen = ids === null ? ok(indicesOf(ledger, filter, limit)) : indicesOfIds(ledger, ids);
  if (!chosen.ok) return chosen;
  const indices = chosen.value === null ? null : chosen.value.filter((index) => index < size);
  return ok(indices?.length === 0 ? [] : leavesUnder(ledger, indices, size, limit));
}

function indicesOfIds(ledger: Ledger, ids: readonly string[]): Result<readonly number[]> {
  const found = ids.map((id) => findLeaf(ledger, id));
  const missing = found.find((one) => !one.ok);
  if (missing !== undefined && !missing.ok) return missing;
  return ok(ascending(found.flatMap((one) => (one.ok ? [one.value.index] : []))));
}

/** Null for every record. Changes of the guard go along where only a time is asked for: a week without its pauses would tell another story. */
function indicesOf(ledger: Ledger, filter: RecordFilter, limit: number): readonly number[] | null {
  if (Object.keys(filter).length === 0) return null;
  const { since: _since, until: _until, ...others } = filter;
  if (Object.keys(others).length === 0) return indicesBetween(ledger, filter, limit);
  return ascending(listLedger(ledger, filter, [], limit).map(({ index }) => index));
}

function ascending(indices: readonly number[]): readonly number[] {
  return [...new Set(indices)].sort((a, b) => a - b);
}
