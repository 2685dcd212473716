// `cavra runtime audit-kit verify FILE`: a kit that somebody gave us, from the one key that this account has pinned. Implements spec/promotion.md 10.7.
// It needs no ledger and no state folder.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ok, type Problem } from "../../../base/index.js";
import { type AuditCause, type AuditDocument, parseKit, type VerifiedKit, verifyKit } from "../../../promotion/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";
import { chainFrom, laterThan, originOf, pinOf, remember, seenCheckpoint, withoutKey } from "../evidence/verify-file.js";

export interface AuditVerifyOptions {
  readonly rootKey?: string;
  readonly seen?: string;
  readonly trust?: string;
  readonly json?: boolean;
}

export function auditVerify(terminal: Terminal, file: string, options: AuditVerifyOptions): ExitStatus {
  const bytes = readFileSync(resolve(terminal.cwd, file));
  const pin = pinOf(terminal, options);
  const refused = (problem: Problem): ExitStatus => {
    report(terminal, { ...problem, at: problem.at ?? file }, options.json === true);
    return EXIT.deny;
  };
  const parsed = parseKit(bytes);
  const bundle = parsed.ok ? parsed.value.bundle : Buffer.alloc(0);
  const seen = parsed.ok ? seenCheckpoint(terminal, originOf(bundle), pin, options) : ok(null);
  if (!seen.ok) return refused(seen.problem);
  const kit = verifyKit(bytes, {
    pin: pin.rootKey,
    nowMs: SYSTEM_CLOCK.nowMs(),
    seenTrustVersion: pin.known?.trust_version_seen ?? 0,
    ...(seen.value === null ? {} : { seen: seen.value }),
    laterTrust: laterThan(bundle, chainFrom(terminal, options)),
  });
  if (!kit.ok) return refused(withoutKey(kit.problem, pin, false));
  remember(terminal, pin.known, kit.value.bundle);
  terminal.print(
    options.json === true ? `${JSON.stringify({ holds: true, file, ...asJson(kit.value) })}\n` : told(kit.value, file, terminal),
  );
  return EXIT.done;
}

function asJson({ answer, bundle, documents, sealed_by }: VerifiedKit) {
  const { origin, size, root, signers, witnesses } = bundle.checkpoint;
  return {
    answer,
    origin,
    checkpoint: { size, root: Buffer.from(root).toString("base64"), signed_by: signers, cosigned_by: witnesses.map(({ name }) => name) },
    sealed_by,
    trust_version: bundle.trust.version,
    records: { count: bundle.records.length, first: bundle.records[0]?.index ?? 0, last: bundle.records.at(-1)?.index ?? 0 },
    documents,
  };
}

function told(kit: VerifiedKit, file: string, terminal: Terminal): string {
  const { dim, green } = terminal.colours;
  const { checkpoint, trust, records } = kit.bundle;
  const cosigned = checkpoint.witnesses.length === 0 ? "no witness" : checkpoint.witnesses.map(({ name }) => name).join(", ");
  return [
    `${green("✓ holds")}  ${file}: ${count(records.length, "record")} from index ${records[0]?.index} to ${records.at(-1)?.index}\n`,
    `  ${dim("ledger")}  ${checkpoint.origin}, ${count(checkpoint.size, "record")}, root ${Buffer.from(checkpoint.root).toString("base64")}\n`,
    `  ${dim("signed")}  by ${checkpoint.signers.join(", ")}; cosigned by ${cosigned}; sealed by ${kit.sealed_by}\n`,
    `  ${dim("trust")}   version ${trust.version} of ${trust.trust_id}\n`,
    toldAnswer(kit, terminal),
  ].join("");
}

/** The answer for people: yes or no, why, what happened around that time, and what it rested on. */
export function toldAnswer({ answer, events, documents }: VerifiedKit, { colours }: Pick<Terminal, "colours">): string {
  const { bold, dim, yellow } = colours;
  const head = `Go was ${answer.selected ? "" : "not "}selected at ${answer.at}`;
  const because = answer.because.map(({ code, message, record_id }: AuditCause) =>
    oneLine(`  ${message} (${code})${record_id === "" ? "" : `  ${record_id}`}`, 300),
  );
  const near = events.slice(-EVENTS_SHOWN).map((event) => {
    const lease = event.lease === null ? "" : ` ${event.lease.lease_id}`;
    return dim(`    ${event.recorded_at}  ${event.event}${event.code === "" ? "" : ` ${event.code}`}${lease}`);
  });
  const whole = answer.complete ? "" : `  ${yellow("not complete")}: what is missing could say otherwise\n`;
  return `${bold(head)} ${dim(`(${answer.state})`)}\n${because.map((line) => `${line}\n`).join("")}${whole}${near.map((line) => `${line}\n`).join("")}${documents.map(documentLine).join("")}`;
}

const EVENTS_SHOWN = 12;

function documentLine({ kind, name, found, signed_by, code, issued_at }: AuditDocument): string {
  if (!found) return `  ${kind.padEnd(18)} ${name}  not found\n`;
  const by = signed_by === "" ? "" : `  signed by ${oneLine(signed_by, 100)}, ${issued_at}${code === "" ? "" : ` (${code} since)`}`;
  return `  ${kind.padEnd(18)} ${name}${by}\n`;
}
