// `cavra evidence checkpoint | witness`: the signed head, what a witness is asked, and what it answers. Implements spec/cli.md section 13 and spec/evidence.md 4.6.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";
import {
  consistencyProof,
  formatWitnessRequest,
  parseCheckpoint,
  parseDecimal,
  parseNote,
  type TrustDocument,
} from "../../../evidence/index.js";
import { addCosignatures, type LedgerSession, newestCheckpoint, type StoredCheckpoint, tileReader } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";
import { withRecords } from "./session.js";

export interface CheckpointOptions {
  readonly since?: string;
  readonly add?: string;
  readonly size?: string;
  readonly json?: boolean;
}

/** The newest head as it is signed; with `--since` a witness's request; with `--add` a witness's answer is kept. */
export function checkpoint(terminal: Terminal, options: CheckpointOptions): ExitStatus {
  const json = options.json === true;
  const told = withRecords(terminal, (session) => {
    const head = chosenHead(session, options.size);
    if (!head.ok) return head;
    if (options.add !== undefined)
      return kept(session, options.size === undefined ? null : head.value.size, readFileSync(resolve(terminal.cwd, options.add), "utf8"));
    return options.since === undefined ? ok({ head: head.value, request: "" }) : request(session, head.value, options.since);
  });
  if (!told.ok) return report(terminal, told.problem, json);
  const { head, request: asked } = told.value;
  if (json) terminal.print(`${JSON.stringify({ size: head.size, signed_at: head.signedAt, note: head.note, request: asked })}\n`);
  else terminal.print(asked === "" ? head.note : asked);
  return EXIT.done;
}

interface Told {
  readonly head: StoredCheckpoint;
  /** "" where none was asked for. */
  readonly request: string;
}

function chosenHead(session: LedgerSession, size: string | undefined): Result<StoredCheckpoint> {
  const wanted = size === undefined ? undefined : parseDecimal(size);
  if (wanted === null) return bad("bad_number", `\`${size}\` is no number of records`);
  const head = newestCheckpoint(session.ledger, wanted);
  if (head !== undefined && (wanted === undefined || head.size === wanted)) return ok(head);
  if (wanted !== undefined)
    return bad("checkpoint_missing", `there is no checkpoint of ${wanted} records`, { hint: "run `cavra evidence checkpoint`" });
  return {
    ok: false,
    problem: session.unsigned ?? { code: "checkpoint_missing", message: "nothing has been signed yet", hint: "run `cavra keys show`" },
  };
}

/** That the head continues what the witness saw last. Problems: `bad_number`, `index_beyond_tree`. */
function request(session: LedgerSession, head: StoredCheckpoint, since: string): Result<Told> {
  const old = parseDecimal(since);
  if (old === null)
    return bad("bad_number", `\`${since}\` is no number of records`, { hint: "the witness says how many it saw last; 0 for none" });
  const proof = consistencyProof(old, head.size, tileReader(session.ledger.database));
  return proof.ok ? ok({ head, request: formatWitnessRequest({ old, proof: proof.value, checkpoint: head.note }) }) : proof;
}

/** The witness's lines, or a whole note with them, which says for which head they are. */
function kept(session: LedgerSession, size: number | null, text: string): Result<Told> {
  const trust: TrustDocument | null = session.trust;
  if (trust === null) return { ok: false, problem: session.unsigned ?? { code: "trust_missing", message: "there are no keys here" } };
  const note = parseNote(text);
  const named = note.ok ? parseCheckpoint(note.value.text) : null;
  const lines = note.ok ? text.slice(text.lastIndexOf("\n\n") + 2) : text;
  const added = addCosignatures(session.ledger, named?.ok ? named.value.size : size, lines, trust);
  return added.ok ? ok({ head: added.value, request: "" }) : added;
}
