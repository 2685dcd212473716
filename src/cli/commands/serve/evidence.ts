// Evidence for the server's routes: what `cavra evidence` writes, over the ledger that the server has. Implements spec/service.md 7.5 and section 11.

import { bad, CavraError, formatBase64, ok, type Problem, type Result } from "../../../base/index.js";
import { formatBundle, HASH_BYTES, TILE_WIDTH } from "../../../evidence/index.js";
import type { BundleChoice, Consistency, EvidencePort, TilePlace } from "../../../server/index.js";
import { configDir, ownTrust, type ServedLedger, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { filterFrom } from "../../record-filter.js";
import type { Terminal } from "../../terminal.js";
import { sealer } from "../evidence/bundles.js";

type Env = Terminal["env"];

export function evidenceOver(ledger: ServedLedger, env: Env): EvidencePort {
  return {
    proof: async (id) => orThrown(await ledger.proof(id)),
    checkpoint: async () => (await headOf(ledger)).note,
    tile: (place) => tileAt(ledger, place),
    consistency: (from, to) => consistencyOf(ledger, from, to),
    trust: async () => {
      const chain = trustChain(stateDir(env));
      if (chain.length === 0) throw new CavraError("trust_missing", "there are no keys here");
      return `${chain.join("\n")}\n`;
    },
    bundle: async (chosen, mostRecords) => orThrown(await bundleOf(ledger, env, chosen, mostRecords)),
  };
}

/** What is wrong with what was asked for; all else that keeps evidence from being made is of the world. */
const OF_THE_CALLER: ReadonlySet<string> = new Set([
  "bad_time",
  "bundle_empty",
  "bundle_too_large",
  "index_beyond_tree",
  "record_not_found",
  "record_unsigned",
]);

function orThrown<T>(made: Result<T>): Result<T> {
  return made.ok || OF_THE_CALLER.has(made.problem.code) ? made : thrown(made.problem);
}

function thrown({ code, message }: Problem): never {
  throw new CavraError(code, message);
}

async function headOf(ledger: ServedLedger) {
  const head = await ledger.head();
  return head.ok ? head.value : thrown(head.problem);
}

/** Of a tile that grows any width that it has had is there. */
async function tileAt(ledger: ServedLedger, { level, n, width }: TilePlace): Promise<Result<Uint8Array>> {
  const head = await ledger.head();
  const whole = head.ok ? Math.floor(head.value.size / TILE_WIDTH ** level) : 0;
  if (whole < n * TILE_WIDTH + width) return bad("tile_not_found", "there is no such tile under the newest head");
  const hashes = await ledger.tile(level, n);
  if (hashes === undefined || hashes.length < width * HASH_BYTES)
    throw new CavraError("tile_missing", `tile ${n} of level ${level} is missing`);
  return ok(hashes.subarray(0, width * HASH_BYTES));
}

async function consistencyOf(ledger: ServedLedger, from: number, asked: number | null): Promise<Result<Consistency>> {
  const newest = (await headOf(ledger)).size;
  const to = asked ?? newest;
  if (to > newest) return bad("index_beyond_tree", `the newest head has ${newest} records`);
  const proof = orThrown(await ledger.consistency(from, to));
  return proof.ok ? ok({ from, to, proof: proof.value.map(formatBase64) }) : proof;
}

async function bundleOf(
  ledger: ServedLedger,
  env: Env,
  { ids, action_type, ...filters }: BundleChoice,
  mostRecords: number,
): Promise<Result<string>> {
  const filter = filterFrom(action_type === undefined ? filters : { ...filters, actionType: action_type });
  if (!filter.ok) return filter;
  const { note, size, origin } = await headOf(ledger);
  const trust = ownTrust(stateDir(env), configDir(env), SYSTEM_CLOCK.nowMs());
  if (!trust.ok) return trust;
  const signer = sealer({ env }, trust.value);
  if (!signer.ok) return signer;
  const found = await ledger.leaves({ ids: ids ?? null, filter: filter.value, size, limit: mostRecords + 1 });
  if (!found.ok) return found;
  const records = found.value;
  if (records.length === 0) return bad("bundle_empty", "no record fits that is under a signed head");
  if (records.length > mostRecords) return bad("bundle_too_large", `a bundle has at most ${mostRecords} records here`);
  const proof = await ledger.multiProof(
    records.map(({ index }) => index),
    size,
  );
  if (!proof.ok) return proof;
  const parts = { origin, trust: trustChain(stateDir(env)), checkpoint: note, records, proof: proof.value, revealed: [] };
  return formatBundle(parts, signer.value);
}
