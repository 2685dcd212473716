// What every input of the gate comes to on this machine: files are read, opened and held against each other. Implements spec/promotion.md sections 2, 4 and 5.3.
// INVARIANT: nothing here writes, and nothing here throws: whatever goes wrong is a finding of the input that it happened to.

import { join } from "node:path";
import { type ApprovalState, type ApprovalSubject, approvalState } from "../approval/index.js";
import { openTrust, type TrustGiven } from "../evidence/index.js";
import {
  type DocumentHead,
  type DocumentKind,
  EVIDENCE,
  EVIDENCE_REFS,
  type EvidenceKind,
  type Finding,
  found,
  type GateInput,
  type InputFound,
  isPass,
  type LeaseReferences,
  type OpenGiven,
  openDocument,
  PACKAGE_FILE,
  type PromotionEvidence,
  passed,
  REPORT_FILE,
  ROLLBACK_PLAN,
  readDeployment,
  readParity,
  type Subject,
} from "../promotion/index.js";
import { findApproval, ownTrust, readPin, trustChain } from "../store/index.js";
import { isClockBehind } from "./clock-seen.js";
import { askedBy, drillInputs, rehearsalInput } from "./drill-inputs.js";
import { readDocumentFile } from "./files.js";
import { isHeld, readStanding } from "./holds.js";
import type { DocumentPaths } from "./places.js";
import { platformHere } from "./platform.js";
import { trustSetting } from "./trust-setting.js";

export interface InputSources {
  /** As the host says it: it may be no mode of ours. */
  readonly mode: string;
  readonly nowMs: number;
  readonly stateFolder: string;
  readonly configFolder: string;
  readonly paths: DocumentPaths;
  /** What would run here, as the worker's own hello and this program say; null where no worker said hello. */
  readonly running: Subject | null;
  /** Why no worker said hello, where none did. */
  readonly runtimeFault: { readonly code: string; readonly message: string } | null;
  /** Why the first campaign of the policy in force holds Go back; null where it found no mismatch. */
  readonly campaignFault: { readonly code: string; readonly message: string } | null;
}

export interface InputsRead {
  readonly inputs: Readonly<Record<GateInput, InputFound>>;
  /** Null where a document that a lease names could not be opened. */
  readonly references: LeaseReferences | null;
}

/** One opened document, as far as others are held against it. */
export interface Held extends InputFound {
  readonly digest: string;
  readonly signers: readonly string[];
}

export function readInputs(sources: InputSources): InputsRead {
  const { mode, nowMs, stateFolder, configFolder, paths } = sources;
  const { given, documents, parity } = readDocuments(sources);
  const evidence = evidenceInput(paths.evidence, documents, given);
  const drills = drillInputs(stateFolder, paths, given);
  const approval = approvalInput(evidence.body?.approval_id ?? "", documents, sources);
  const inputs: Readonly<Record<GateInput, InputFound>> = {
    mode: simple(modeFindings(mode)),
    trust: simple(trustFindings(configFolder, stateFolder, nowMs)),
    hold: simple(holdFindings(stateFolder)),
    runtime: simple(runtimeFindings(sources)),
    deployment: documents.deployment_report,
    parity: documents.parity_report,
    policy_parity: simple(policyFindings(sources, parity)),
    evidence: evidence.held,
    approval,
    rollback_plan: documents.rollback_plan,
    rehearsal: documents.rehearsal,
    drill_history: drills.history,
    drill_schedule: drills.schedule,
  };
  return { inputs, references: referencesOf(evidence, documents) };
}

/** What promotion evidence and its approval speak of, each opened. */
export type Documents = Readonly<Record<EvidenceKind, Held>>;

export interface DocumentsRead {
  readonly documents: Documents;
  readonly given: OpenGiven;
  /** By which policy and registry the parity report judged; null where it could not be opened. */
  readonly parity: Pick<Subject, "policy" | "registry"> | null;
}

export function readDocuments({ nowMs, stateFolder, configFolder, paths, running }: InputSources): DocumentsRead {
  const trust = trustGiven({ stateFolder, configFolder, nowMs });
  const given: OpenGiven = { trust, nowMs, clockBehind: isClockBehind(stateFolder, nowMs), running };
  const parity = parityInput(paths.parity, given);
  const { body: plan, ...rollback_plan } = documentInput(ROLLBACK_PLAN, paths.plan, given);
  const documents = {
    parity_report: parity.held,
    deployment_report: deploymentInput(paths.package, given),
    rollback_plan,
    rehearsal: rehearsalInput(paths.rehearsal, given, askedBy(plan)),
  };
  return { documents, given, parity: parity.policy };
}

function trustGiven({ stateFolder, configFolder, nowMs }: Pick<InputSources, "stateFolder" | "configFolder" | "nowMs">): TrustGiven {
  try {
    const pin = readPin(configFolder);
    const given = { pin: pin?.root_key_id ?? "", ownChain: trustChain(stateFolder), seenVersion: pin?.trust_version_seen ?? 0, nowMs };
    return { ...given, own: openTrust(given.ownChain, given) };
  } catch {
    return { pin: "", ownChain: [], seenVersion: 0, nowMs };
  }
}

function simple(findings: readonly Finding[]): InputFound {
  return { findings, issued_at: "", ends_at: "" };
}

function modeFindings(mode: string): readonly Finding[] {
  if (mode === "promoted") return [passed("the mode is promoted")];
  return [
    found("fail", "mode_not_promoted", `the mode is \`${mode.slice(0, 40)}\``, "`--mode promoted`, or CAVRA_GO_BACKEND_MODE=promoted"),
  ];
}

function trustFindings(configFolder: string, stateFolder: string, nowMs: number): readonly Finding[] {
  const setting = trustSetting(configFolder);
  if (!setting.ok) return [found("malformed", setting.problem.code, setting.problem.message)];
  if (setting.value === "asserted")
    return [found("fail", "trust_asserted", "this host takes documents at their word: good for a laboratory, and gives no lease")];
  try {
    const trust = ownTrust(stateFolder, configFolder, nowMs);
    if (trust.ok) return [passed(`documents are held against trust document ${trust.value.version}`)];
    return [
      found(trust.problem.code === "trust_missing" ? "missing" : "unsigned", trust.problem.code, trust.problem.message, trust.problem.hint),
    ];
  } catch (cause) {
    return [found("malformed", "trust_unreadable", messageOf(cause))];
  }
}

function holdFindings(stateFolder: string): readonly Finding[] {
  if (!isHeld(stateFolder)) return [passed("no hold stands")];
  const hold = readStanding(stateFolder);
  const why = hold?.ok === true ? `${hold.value.cause}: ${hold.value.reason}` : "and cannot be read";
  return [found("fail", "promotion_held", `a hold stands, ${why}`, "`cavra runtime go-hold list`; a person lifts it")];
}

function runtimeFindings({ running, runtimeFault }: InputSources): readonly Finding[] {
  if (running !== null) return [passed(`the worker runs, and is the binary ${running.runtime.slice(0, 19)}`)];
  const { code, message } = runtimeFault ?? { code: "worker_unavailable", message: "no worker was started" };
  return [
    found(code === "runtime_missing" ? "missing" : "fail", code, message, "`cavra runtime go-pilot-readiness --mode shadow` says more"),
  ];
}

/** A sealed report of this very policy and registry speaks for them; of another one the policy's own first campaign must. */
function policyFindings(
  { running, campaignFault }: InputSources,
  reported: Pick<Subject, "policy" | "registry"> | null,
): readonly Finding[] {
  if (running === null) return [found("inconclusive", "not_looked_at", "no worker says by which policy it judges")];
  if (reported?.policy === running.policy && reported.registry === running.registry)
    return [passed("the parity report is of the policy in force")];
  if (campaignFault === null) return [passed("the policy's first campaign found no mismatch")];
  const verdict = campaignFault.code === "campaign_mismatch" ? "fail" : "missing";
  return [found(verdict, campaignFault.code, campaignFault.message, "run `cavra runtime go-parity first`")];
}

interface ParityInput {
  readonly held: Held;
  readonly policy: Pick<Subject, "policy" | "registry"> | null;
}

function parityInput(path: string, given: OpenGiven): ParityInput {
  const { report, findings, digest, signers } = readParity(readDocumentFile(path), given);
  const policy = report === null ? null : { policy: report.policy.digest, registry: report.registry_digest };
  const all = findings.length > 0 || report === null ? findings : [passed(`${report.cases} cases of ${report.policy.id}, and no mismatch`)];
  return { held: { findings: all, issued_at: report?.issued_at ?? "", ends_at: report?.expires_at ?? "", digest, signers }, policy };
}

/** A document of one kind in one file. */
export function documentInput<Body extends DocumentHead>(
  kind: DocumentKind<Body>,
  path: string,
  given: OpenGiven,
): Held & { readonly body: Body | null } {
  const { opened, findings, digest } = openDocument(kind, readDocumentFile(path), given);
  const body = opened?.body ?? null;
  const all = findings.length > 0 || body === null ? findings : [passed(`the ${kind.name} holds until ${body.expires_at}`)];
  return {
    findings: all,
    issued_at: body?.issued_at ?? "",
    ends_at: body?.expires_at ?? "",
    digest,
    signers: opened?.signers ?? [],
    body: isPass(all) ? body : null,
  };
}

interface EvidenceInput {
  readonly held: Held;
  readonly body: PromotionEvidence | null;
}

function evidenceInput(path: string, documents: Documents, given: OpenGiven): EvidenceInput {
  const { body, ...held } = documentInput(EVIDENCE, path, given);
  if (body === null) return { held, body };
  const others = EVIDENCE_REFS.filter(([kind], i) => documents[kind].digest !== body.evidence_digests[i]);
  if (others.length === 0) return { held, body };
  const findings = others.map(([kind]) =>
    found("unbound", `unbound_${kind}`, `the ${kind.replace("_", " ")} is another than the evidence names`, EVIDENCE.remedy),
  );
  return { held: { ...held, findings }, body: null };
}

/** Persons said yes to exactly these files, others than asked or made them, and it has not ended. */
export function approvalInput(
  approvalId: string,
  documents: Documents,
  { stateFolder, configFolder, nowMs }: Pick<InputSources, "stateFolder" | "configFolder" | "nowMs">,
): InputFound {
  if (approvalId === "") return simple([found("missing", "approval_missing", "no promotion evidence names an approval", APPROVE)]);
  try {
    const stored = findApproval(stateFolder, approvalId);
    if (stored === null || stored.approvalId !== approvalId)
      return simple([found("missing", "approval_not_found", `there is no approval \`${approvalId.slice(0, 60)}\` here`, APPROVE)]);
    if (!stored.ok) return simple([found("malformed", stored.problem.code, stored.problem.message, APPROVE)]);
    const other = otherThanApproved(stored.files.asked.request.subject, documents);
    if (other !== "") return simple([found("unbound", "unbound_approval", `the approval is of ${other}`, APPROVE)]);
    const trust = ownTrust(stateFolder, configFolder, nowMs);
    const ownNames = EVIDENCE_REFS.flatMap(([kind]) => documents[kind].signers);
    const state = approvalState(stored.files, { trust: trust.ok ? trust.value : null, nowMs, ownNames });
    return approvalFound(state, stored.files.asked.request.created_at);
  } catch (cause) {
    return simple([found("malformed", "approval_unreadable", messageOf(cause), APPROVE)]);
  }
}

const APPROVE = "`cavra runtime go-promote` asks for one and says how it is given";

/** What the approval is of instead of these documents; "" where it is of these. */
function otherThanApproved(subject: ApprovalSubject, documents: Documents): string {
  if (subject.kind !== "documents" || subject.purpose !== "go_promotion") return "something else than a promotion";
  const approved = new Map(subject.documents.map(({ kind, digest }) => [kind, digest]));
  const other = EVIDENCE_REFS.find(([kind]) => approved.get(kind) !== documents[kind].digest);
  if (other !== undefined) return `another ${other[0].replace("_", " ")}`;
  return approved.size === EVIDENCE_REFS.length ? "" : "more documents than these";
}

function approvalFound({ state, ends_at, code, counted, refused }: ApprovalState, createdAt: string): InputFound {
  if (code !== "") return simple([found("clock_suspect", code, "the clock is before the approval was asked for")]);
  if (state === "approved") {
    const names = [...new Set(counted.map(({ answer }) => answer.name))].join(", ");
    return { findings: [passed(`approved by ${names} until ${ends_at}`)], issued_at: createdAt, ends_at };
  }
  const why = refused.map(({ problem }) => problem.code).join(", ");
  return simple([found("unapproved", `approval_${state}`, `the approval is ${state}${why === "" ? "" : ` (${why})`}`, APPROVE)]);
}

function referencesOf({ held, body }: EvidenceInput, documents: Documents): LeaseReferences | null {
  if (body === null) return null;
  return {
    evidence_digest: held.digest,
    approval_id: body.approval_id,
    parity_digest: documents.parity_report.digest,
    deployment_digest: documents.deployment_report.digest,
  };
}

/** The report beside a package and the package's own envelope; the package's files were opened when the report was made. */
function deploymentInput(folder: string, given: OpenGiven): Held {
  const file = (name: string) => (folder === "" ? null : readDocumentFile(join(folder, name)));
  const { report, findings, digest, signers } = readDeployment(file(REPORT_FILE), file(PACKAGE_FILE), {
    ...given,
    platform: platformHere(),
  });
  const all =
    findings.length > 0 || report === null ? findings : [passed(`package ${report.version}, ${report.channel}, of this platform`)];
  return { findings: all, issued_at: report?.issued_at ?? "", ends_at: report?.expires_at ?? "", digest, signers };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
