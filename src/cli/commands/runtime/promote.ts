// `cavra runtime go-promote`: checks what a promotion rests on, asks persons for their approval, and signs the evidence when they gave it. Implements spec/promotion.md 4.2.
// INVARIANT: it writes evidence only where the gate would pass what the evidence speaks of; nothing is taken from a flag but where files lie.

import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type BoundDocument, type BuiltRequest, markOf } from "../../../approval/index.js";
import { requestApproval } from "../../../authority/index.js";
import { bad, formatTime, type JsonObject, ok, type Result } from "../../../base/index.js";
import {
  DAY_MS,
  DOCUMENT_PREFIX,
  EVIDENCE,
  EVIDENCE_REFS,
  EVIDENCE_SCHEMA,
  type EvidenceKind,
  isPass,
  NO_SUBJECT,
  ordered,
  type PromotionEvidence,
  type Subject,
  signDocument,
} from "../../../promotion/index.js";
import { approvalInput, type Documents, type InputSources, PARITY_BESIDE, readDocuments, readInputs } from "../../../release/index.js";
import { listApprovals, newId, openJournal, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { whoRunsThis } from "../../person.js";
import { report, type Terminal } from "../../terminal.js";
import { documentRoutes } from "../approval/document-routes.js";
import { builder } from "./parity-report.js";
import { type GateOptions, gateSources } from "./promotion-gate.js";

export interface PromoteOptions extends GateOptions {
  /** Folder for the evidence, and for the parity report beside it. */
  readonly output?: string;
  /** Why it is asked for: the approvers read it. */
  readonly reason?: string;
}

export const EVIDENCE_FILE = "promotion-evidence.dsse";
/** What the gate must find besides the approval before anybody is asked for one. */
const NEEDED = ["trust", "runtime", "deployment", "parity", "policy_parity", "rollback_plan", "rehearsal", "drill_history"] as const;

export async function goPromote(terminal: Terminal, options: PromoteOptions): Promise<ExitStatus> {
  const json = options.json === true;
  if (options.output === undefined)
    return report(terminal, { code: "output_missing", message: "no folder is named", hint: "add `--output FOLDER`" }, json);
  const here = await gateSources(terminal, { ...options, mode: "promoted" });
  if (!here.ok) return report(terminal, here.problem, json);
  const { sources } = here.value;
  const { inputs } = readInputs(sources);
  const failing = NEEDED.flatMap((id) => (isPass(inputs[id].findings) ? [] : [{ id, ...ordered(inputs[id].findings)[0] }]));
  if (failing.length > 0) return tellFailing(terminal, failing, json);
  const { documents } = readDocuments(sources);
  const standing = standingApproval(terminal, documents, sources);
  if (standing === null) return askNow(terminal, documents, options);
  if (!standing.isApproved) return tellWaiting(terminal, standing, json);
  const made = makeEvidence(terminal, sources, documents, standing.approvalId);
  if (!made.ok) return report(terminal, made.problem, json);
  const folder = resolve(terminal.cwd, options.output);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, EVIDENCE_FILE);
  writeFileSync(file, made.value.text);
  const beside = join(folder, PARITY_BESIDE);
  if (!existsSync(beside) || resolve(beside) !== resolve(sources.paths.parity)) copyFileSync(sources.paths.parity, beside);
  const { expires_at, approval_id } = made.value.evidence;
  terminal.print(
    json
      ? `${JSON.stringify({ state: "written", file, approval_id, expires_at })}\n`
      : `${terminal.colours.green("✓")} ${file} holds until ${expires_at}\n  \`CAVRA_GO_PROMOTION_EVIDENCE=${file} cavra runtime go-promotion-readiness --mode promoted\` is the gate\n`,
  );
  return EXIT.done;
}

interface Failing {
  readonly id: string;
  readonly verdict: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

function tellFailing(terminal: Terminal, failing: readonly Failing[], json: boolean): ExitStatus {
  if (json) {
    terminal.print(`${JSON.stringify({ state: "not_ready", checks: failing.map((one) => ({ ...one })) })}\n`);
    return EXIT.attention;
  }
  const { red } = terminal.colours;
  const lines = failing.map(
    ({ id, verdict, code, message, hint }) =>
      `  ${red("✗")} ${id.padEnd(14)} ${oneLine(message, 300)} (${verdict}: ${code})\n${hint === "" ? "" : `      ${oneLine(hint, 300)}\n`}`,
  );
  terminal.print(`nothing was written: not all that a promotion rests on passes\n${lines.join("")}`);
  return EXIT.attention;
}

interface Standing {
  readonly approvalId: string;
  readonly isApproved: boolean;
  readonly told: string;
}

/** The approval of exactly these documents: an approved one before one that waits. Null where neither is. */
function standingApproval(terminal: Terminal, documents: Documents, sources: InputSources): Standing | null {
  const mark = markOf({ kind: "documents", purpose: "go_promotion", documents: boundOf(documents) });
  const known = listApprovals(stateDir(terminal.env), mark).map(({ approvalId }) => {
    const [worst] = ordered(approvalInput(approvalId, documents, sources).findings);
    return { approvalId, isApproved: worst.verdict === "pass", told: worst.message, code: worst.code };
  });
  return known.find(({ isApproved }) => isApproved) ?? known.findLast(({ code }) => code === "approval_pending") ?? null;
}

function boundOf(documents: Documents): readonly BoundDocument[] {
  return EVIDENCE_REFS.map(([kind]) => ({ kind, digest: documents[kind].digest }));
}

function askNow(terminal: Terminal, documents: Documents, options: PromoteOptions): ExitStatus {
  const json = options.json === true;
  const { user, host } = whoRunsThis(terminal);
  const asked: Result<BuiltRequest> = requestApproval(
    {
      asker: { kind: "person", name: user, user, host },
      reason: options.reason ?? "",
      waitMs: null,
      subject: { kind: "documents", purpose: "go_promotion", documents: boundOf(documents) },
      routes: documentRoutes(terminal.env),
    },
    { env: terminal.env, journal: openJournal(stateDir(terminal.env)) },
  );
  if (!asked.ok) return report(terminal, asked.problem, json);
  const { approval_id } = asked.value.request;
  return tellWaiting(terminal, { approvalId: approval_id, isApproved: false, told: "it was asked for just now" }, json);
}

function tellWaiting(terminal: Terminal, { approvalId, told }: Standing, json: boolean): ExitStatus {
  const shown: JsonObject = { state: "waiting", approval_id: approvalId };
  terminal.print(
    json
      ? `${JSON.stringify(shown)}\n`
      : `all that the promotion rests on passes; it waits for a person: ${told}\n  somebody who made none of these documents runs \`cavra approval approve ${approvalId}\`; then run this again\n`,
  );
  return EXIT.attention;
}

interface Made {
  readonly evidence: PromotionEvidence;
  readonly text: string;
}

/** Throws CavraError: those of the builder's key. Problem: `document_malformed`. */
function makeEvidence(terminal: Terminal, { nowMs, running }: InputSources, documents: Documents, approvalId: string): Result<Made> {
  if (running === null) return bad("runtime_missing", "no worker runs that the evidence could be about");
  const ends = [formatTime(nowMs + EVIDENCE.days * DAY_MS), ...EVIDENCE_REFS.map(([kind]) => documents[kind].ends_at)].filter(
    (end) => end !== "",
  );
  const evidence: PromotionEvidence = {
    schema_version: EVIDENCE_SCHEMA,
    document_id: newId(DOCUMENT_PREFIX, SYSTEM_CLOCK).id,
    issued_at: formatTime(nowMs),
    expires_at: ends.sort()[0] ?? "",
    subject: boundTo(running),
    parity_status: "pass",
    deployment_status: "ready",
    approved: true,
    approval_id: approvalId,
    evidence_refs: EVIDENCE_REFS.map(
      ([kind, scheme]) => `${scheme}://${stateName(kind)}/${documents[kind].digest.slice("sha256:".length)}`,
    ),
    evidence_digests: EVIDENCE_REFS.map(([kind]) => documents[kind].digest),
  };
  const text = signDocument(EVIDENCE, evidence, builder(terminal), trustChain(stateDir(terminal.env)));
  return text.ok ? ok({ evidence, text: text.value }) : text;
}

function boundTo(running: Subject): Subject {
  return { ...NO_SUBJECT, ...Object.fromEntries(EVIDENCE.bound.map((key) => [key, running[key]])) };
}

/** The second part of a reference: what was run to make the document. */
const STATE_NAMES: Readonly<Record<EvidenceKind, string>> = {
  deployment_report: "release",
  parity_report: "campaign",
  rehearsal: "run",
  rollback_plan: "plan",
};

function stateName(kind: EvidenceKind): string {
  return STATE_NAMES[kind];
}
