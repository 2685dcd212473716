// The right of an authority that only rehearses: a key made for this run, and a scratch state folder. Implements spec/promotion.md 6.4.
// SECURITY: it opens no gate, so it must never run where real hooks ask: it begins only in a state folder that was made for it and has no trust document.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { CavraError, parseJson, parseTime, sha256, shapeFault } from "../base/index.js";
import type { KeySigner } from "../evidence/index.js";
import { GATE_INPUTS, PROMOTION_READINESS, type Subject } from "../promotion/index.js";
import { type GateResult, promotionPlaces } from "../release/index.js";
import { newKey, readNoFollow, trustChain } from "../store/index.js";

export const REHEARSAL_SCHEMA = "cavra.rehearsal-run.v1";
/** In `promotion/` of the scratch state folder: `{schema_version, run_id, evidence_expires_at}`. */
export const REHEARSAL_FILE = "rehearsal.json";

export interface Rehearsal {
  readonly signer: KeySigner;
  /** Open until the time that stands in the run's file, which is read each time: evidence may end in the middle of a rehearsal. */
  readonly gate: (running: Subject, nowMs: number) => GateResult;
}

interface Run {
  readonly run_id: string;
  readonly evidence_expires_at: string;
}

/** Throws CavraError `rehearsal_refused`: the state folder is none that was made for a rehearsal. */
export function openRehearsal(stateFolder: string, env: Readonly<Record<string, string | undefined>>): Rehearsal {
  const refused = (message: string) =>
    new CavraError("rehearsal_refused", message, { hint: "`cavra runtime go-rollback-rehearsal run` makes what it needs" });
  if (!env.CAVRA_STATE_DIR || !env.CAVRA_CONFIG_DIR) throw refused("a rehearsal names its own state and configuration folder");
  if (trustChain(stateFolder).length > 0 || existsSync(join(stateFolder, "keys")))
    throw refused("this state folder has keys: it is no scratch one");
  if (readRun(stateFolder) === null) throw refused("this state folder was not made for a rehearsal");
  const made = newKey("lease");
  return {
    signer: { keyId: made.keyId, signer: made.signer },
    gate: (_, nowMs) => {
      const run = readRun(stateFolder);
      const end = run === null ? null : parseTime(run.evidence_expires_at);
      return gateOf(run, end?.ok === true && nowMs < end.value, nowMs);
    },
  };
}

function gateOf(run: Run | null, isOpen: boolean, nowMs: number): GateResult {
  const digest = sha256(run?.run_id ?? "");
  const checks = GATE_INPUTS.map((id) => ({
    id,
    status: isOpen ? ("pass" as const) : ("fail" as const),
    verdict: isOpen ? ("pass" as const) : ("stale" as const),
    code: isOpen ? "rehearsal" : "document_stale",
    message: isOpen ? "not looked at: this is a rehearsal" : "the run's evidence has ended",
    hint: "",
    also: [],
    ends_at: "",
  }));
  const at = new Date(nowMs).toISOString();
  return {
    readiness: {
      schema_version: PROMOTION_READINESS,
      status: isOpen ? "ready" : "needs_attention",
      backend_mode: "promoted",
      select_go: isOpen,
      at,
      checks,
    },
    references: isOpen
      ? { evidence_digest: digest, approval_id: run?.run_id ?? "", parity_digest: digest, deployment_digest: digest }
      : null,
    asserted: null,
    endsAt: isOpen ? (run?.evidence_expires_at ?? "") : "",
  };
}

function readRun(stateFolder: string): Run | null {
  try {
    const file = readNoFollow(join(promotionPlaces(stateFolder).folder, REHEARSAL_FILE));
    const read = file === null ? null : parseJson(file.text.trimEnd());
    if (read?.ok !== true) return null;
    const shape = { schema_version: { $oneOf: [REHEARSAL_SCHEMA] }, run_id: "text", evidence_expires_at: "time" } as const;
    return shapeFault(read.value, shape) === "" ? (read.value as unknown as Run) : null;
  } catch {
    return null;
  }
}
