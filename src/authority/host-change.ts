// Puts a change of the guard itself on record, durable, before it takes effect. Implements spec/record.md section 11.
// INVARIANT: no record, no loosening. The caller changes the host only after this has returned.

import { CavraError } from "../base/index.js";
import { buildHostChange, HOST_CHANGE_PREFIX, type HostChange, type HostChangeInput } from "../evidence/index.js";
import { type Clock, newId, openJournal, stateDir } from "../store/index.js";
import { VERSION } from "./shipped.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The identifier of a change and its moment, known before the record so that what is changed can name it. */
export function newHostChange(clock: Clock): { readonly id: string; readonly momentMs: number } {
  return newId(HOST_CHANGE_PREFIX, clock);
}

/** Throws CavraError: `evidence_unavailable`, what the state folder's checks say, or the code of what has no canonical form. */
export function recordHostChange(change: Omit<HostChangeInput, "engine">, env: Environment): HostChange {
  const built = buildHostChange({ ...change, engine: { backend: "typescript", version: VERSION } });
  if (!built.ok) throw new CavraError(built.problem.code, built.problem.message, { hint: built.problem.hint ?? "" });
  const journal = openJournal(stateDir(env));
  journal.append(built.value);
  journal.close();
  return built.value.record;
}
