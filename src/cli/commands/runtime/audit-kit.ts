// `cavra runtime audit-kit`: takes from the ledger what answers for a time, puts the documents beside it, and seals both. Implements spec/promotion.md 10.1 to 10.6.
// INVARIANT: what is written was verified first, as whoever gets it will: a kit that its own maker could not verify is never given away.

import { resolve } from "node:path";
import { bad, canonicalJson, formatTime, ok, type Result } from "../../../base/index.js";
import { formatBundle, multiProof } from "../../../evidence/index.js";
import {
  auditAnswer,
  auditEvents,
  formatKit,
  missingOf,
  namedEvidence,
  type PlacedRecord,
  type VerifiedKit,
  verifyKit,
} from "../../../promotion/index.js";
import {
  configDir,
  type LedgerSession,
  leavesUnder,
  readPin,
  SYSTEM_CLOCK,
  signedHead,
  stateDir,
  tileReader,
  trustChain,
} from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { parseEnd, parseLength } from "../../span-of-time.js";
import { report, type Terminal } from "../../terminal.js";
import { sealer } from "../evidence/bundles.js";
import { writeNew } from "../evidence/proofs.js";
import { withRecords } from "../evidence/session.js";
import { gatherDocuments } from "./audit-documents.js";
import { indicesFor } from "./audit-range.js";
import { toldAnswer } from "./audit-verify.js";
import { pathsOf } from "./promotion-gate.js";
import type { RuntimeOptions } from "./settings.js";

export interface AuditKitOptions extends RuntimeOptions {
  readonly at?: string;
  readonly output?: string;
  readonly documents?: readonly string[];
  readonly json?: boolean;
}

export function auditKit(terminal: Terminal, options: AuditKitOptions): ExitStatus {
  const json = options.json === true;
  const asked = askedFor(options);
  if (!asked.ok) return report(terminal, asked.problem, json);
  const made = withRecords(terminal, (session) => makeKit(terminal, session, asked.value.at, options));
  if (!made.ok) return report(terminal, made.problem, json);
  const { kit, bytes } = made.value;
  writeNew(resolve(terminal.cwd, asked.value.output), bytes);
  const { answer, bundle, documents } = kit;
  if (json)
    terminal.print(
      `${JSON.stringify({ file: asked.value.output, bytes: bytes.length, answer, size: bundle.checkpoint.size, records: bundle.records.length, documents })}\n`,
    );
  else {
    terminal.print(toldAnswer(kit, terminal));
    terminal.print(`wrote ${asked.value.output} (${bytes.length} bytes)\n${forTheAuditor(asked.value.output, kit)}`);
  }
  return EXIT.done;
}

function forTheAuditor(file: string, { bundle }: VerifiedKit): string {
  const [root] = bundle.trust.keys.filter(({ role, state }) => role === "root" && state === "active");
  return `  whoever gets it: \`cavra runtime audit-kit verify ${file} --root-key ${root?.key_id ?? "KEY_ID"}\`, or docs/audit-without-cavra.sh\n  tell them the key's id yourself, by another way than the file: a kit vouches for its own keys only\n`;
}

/** Problems: `time_missing`, `output_missing`, `bad_time`, `audit_time_future`. */
function askedFor({ at, output }: AuditKitOptions): Result<{ readonly at: string; readonly output: string }> {
  if (at === undefined) return bad("time_missing", "no time is asked about", { hint: "add `--at 2026-11-23T10:00:00Z`, or `--at 2h`" });
  if (output === undefined) return bad("output_missing", "no file is named", { hint: "add `--output FILE`" });
  const nowMs = SYSTEM_CLOCK.nowMs();
  const length = parseLength(at);
  const moment = length.ok ? ok(nowMs - length.value) : parseEnd(at, nowMs);
  if (!moment.ok) return moment;
  if (moment.value > nowMs) return bad("audit_time_future", `\`${at}\` has not come`);
  return ok({ at: formatTime(moment.value), output });
}

interface Made {
  readonly kit: VerifiedKit;
  readonly bytes: Buffer;
}

function makeKit(terminal: Terminal, session: LedgerSession, at: string, options: AuditKitOptions): Result<Made> {
  const head = signedHead(session);
  if (!head.ok) return head;
  const signer = sealer(terminal, session.trust);
  if (!signer.ok) return signer;
  const indices = indicesFor(session.ledger, at, head.value.size);
  const records = leavesUnder(session.ledger, indices, head.value.size, indices.length);
  const proof = multiProof(indices, head.value.size, tileReader(session.ledger.database));
  if (!proof.ok) return proof;
  const trust = trustChain(stateDir(terminal.env));
  const parts = { origin: session.ledger.origin, trust, checkpoint: head.value.note, records, proof: proof.value, revealed: [] };
  const bundle = formatBundle(parts, signer.value);
  if (!bundle.ok) return bundle;
  const events = auditEvents(records.map(placed));
  if (!events.ok) return events;
  const documents = gatherDocuments(namedEvidence({ at, events: events.value }), {
    paths: pathsOf(options, terminal),
    folders: (options.documents ?? []).map((folder) => resolve(terminal.cwd, folder)),
    stateFolder: stateDir(terminal.env),
  });
  const answer = canonicalJson(auditAnswer({ at, records: records.map(placed), events: events.value, missing: missingOf(documents) }));
  if (!answer.ok) return answer;
  const kit = formatKit({ at, answer: answer.value, documents, bundle: bundle.value }, signer.value);
  return kit.ok ? verifiedFirst(terminal, kit.value) : kit;
}

function verifiedFirst(terminal: Terminal, bytes: Buffer): Result<Made> {
  const pin = readPin(configDir(terminal.env));
  const kit = verifyKit(bytes, { pin: pin?.root_key_id ?? "", nowMs: SYSTEM_CLOCK.nowMs(), seenTrustVersion: 0 });
  return kit.ok ? ok({ kit: kit.value, bytes }) : kit;
}

function placed({ index, text }: { readonly index: number; readonly text: string }): PlacedRecord {
  return { index, record: JSON.parse(text) as PlacedRecord["record"] };
}
