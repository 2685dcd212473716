// The handbook's bare documents, taken at their word: for laboratories, where this host's setting says so. Implements spec/promotion.md 4.3 and section 12.
// INVARIANT: what is read here never gives a lease, and `trust` stays failed in every report; only `go-pilot-evaluate` may select Go by it, one evaluation at a time.

import { type JsonObject, type JsonValue, parseJson, type Shape, sha256, shapeFault } from "../base/index.js";
import { TRUST_SKEW_MS } from "../evidence/index.js";
import {
  DAY_MS,
  draftProblems,
  EVIDENCE_SCHEMA,
  type Finding,
  found,
  type GateInput,
  type InputFound,
  isPass,
  type LeaseReferences,
  momentOf,
  PLAN_SCHEMA,
  passed,
  REHEARSAL_SCHEMA,
} from "../promotion/index.js";
import { readDocumentFile } from "./files.js";
import type { InputSources, InputsRead } from "./inputs.js";

/** The handbook's view of a drill history. */
export const HISTORY_SCHEMA = "cavra.go-backend-rollback-drill-history.v1";
const REHEARSAL_DAYS = 30;
const DRILL_DAYS = 7;

interface Bare {
  readonly value: JsonObject | null;
  readonly findings: readonly Finding[];
  readonly digest: string;
}

const EVIDENCE: Shape = {
  approval_id: "text",
  approved: "flag",
  deployment_status: "text",
  evidence_refs: ["text"],
  parity_status: "text",
  schema_version: { $oneOf: [EVIDENCE_SCHEMA] },
};
const REHEARSED: Shape = { rehearsed_at: "time", schema_version: { $oneOf: [REHEARSAL_SCHEMA] }, status: { $oneOf: ["pass", "fail"] } };
const DRILLED: Shape = {
  drills: [{ at: "time", drill_id: "text", status: { $oneOf: ["pass", "fail"] } }],
  schema_version: { $oneOf: [HISTORY_SCHEMA] },
};

/** Beside `known`, which does not hang on documents: the inputs as the bare documents say them. */
export function assertedInputs({ paths, nowMs }: InputSources, known: InputsRead["inputs"]): InputsRead {
  const evidence = readBare(paths.evidence, "promotion evidence", EVIDENCE);
  const plan = planInput(paths.plan);
  const says = (key: string) => evidence.value?.[key];
  const told = (isWell: boolean, verdict: "fail" | "unapproved", code: string, what: string): InputFound =>
    simple(
      evidence.value === null
        ? evidence.findings
        : [isWell ? passed(`the evidence says that ${what}`) : found(verdict, code, `the evidence does not say that ${what}`)],
    );
  const inputs: Record<GateInput, InputFound> = {
    ...known,
    evidence: simple(evidence.value === null ? evidence.findings : [passed("it has the handbook's form")]),
    parity: told(says("parity_status") === "pass", "fail", "parity_not_passed", "parity passed"),
    deployment: told(says("deployment_status") === "ready", "fail", "deployment_not_ready", "deployment is ready"),
    approval: told(says("approved") === true && says("approval_id") !== "", "unapproved", "not_approved", "it was approved"),
    rollback_plan: plan,
    rehearsal: rehearsedInput(readBare(paths.rehearsal, "rehearsal", REHEARSED), nowMs),
    drill_history: drilledInput(readBare(paths.drills, "drill history", DRILLED), nowMs),
    drill_schedule: simple([passed("not asked for: this host takes documents at their word")]),
  };
  return { inputs, references: isPass(inputs.evidence.findings) ? referencesOf(evidence) : null };
}

function simple(findings: readonly Finding[]): InputFound {
  return { findings, issued_at: "", ends_at: "" };
}

function readBare(path: string, name: string, shape: Shape): Bare {
  const bytes = readDocumentFile(path);
  if (bytes === null) return { value: null, findings: [found("missing", "document_missing", `there is no ${name}`)], digest: "" };
  const read = parseJson(bytes, { sizeBytes: 1_048_576, depth: 8 });
  const place = read.ok ? shapeFault(read.value, shape) : read.problem.message;
  if (!read.ok || place !== "")
    return { value: null, findings: [found("malformed", "document_malformed", `this is no ${name}: ${place}`)], digest: sha256(bytes) };
  return { value: read.value as JsonObject, findings: [], digest: sha256(bytes) };
}

/** The draft that `go-rollback-plan check` takes, unsigned. */
function planInput(path: string): InputFound {
  const bytes = readDocumentFile(path);
  if (bytes === null) return simple([found("missing", "document_missing", "there is no rollback plan")]);
  const read = parseJson(bytes, { sizeBytes: 1_048_576, depth: 8 });
  const [first] = read.ok ? draftProblems(read.value) : [read.problem];
  if (first === undefined) return simple([passed(`it has the form of ${PLAN_SCHEMA}`)]);
  return simple([found("malformed", "document_malformed", `this is no rollback plan: ${first.at ?? ""} ${first.message}`)]);
}

function rehearsedInput({ value, findings }: Bare, nowMs: number): InputFound {
  if (value === null) return simple(findings);
  if (value.status !== "pass") return simple([found("fail", "rehearsal_failed", "the rehearsal did not pass")]);
  return simple([inTime("rehearsal", String(value.rehearsed_at), REHEARSAL_DAYS, nowMs)]);
}

function drilledInput({ value, findings }: Bare, nowMs: number): InputFound {
  if (value === null) return simple(findings);
  const drills = (value.drills as readonly JsonValue[]).map((drill) => drill as JsonObject);
  const failed = drills.filter(({ status }) => status === "fail");
  if (failed.length > 0) return simple([found("fail", "drill_failed", `${failed.length} drills failed`)]);
  const newest = drills
    .map(({ at }) => String(at))
    .sort()
    .at(-1);
  if (newest === undefined) return simple([found("inconclusive", "nothing_drilled", "no drill is in it")]);
  return simple([inTime("newest drill", newest, DRILL_DAYS, nowMs)]);
}

function inTime(name: string, at: string, days: number, nowMs: number): Finding {
  const moment = momentOf(at);
  if (moment > nowMs + TRUST_SKEW_MS) return found("clock_suspect", "document_future", `the ${name} is dated ${at}`);
  if (moment + days * DAY_MS <= nowMs) return found("stale", "document_stale", `the ${name} is of ${at}, more than ${days} days ago`);
  return passed(`the ${name} is of ${at}`);
}

/** Nothing was measured that could be named by digest: the references stand for themselves. */
function referencesOf({ value, digest }: Bare): LeaseReferences {
  const refs = (value?.evidence_refs ?? []) as readonly string[];
  const by = (scheme: string) => sha256(refs.find((ref) => ref.startsWith(scheme)) ?? "");
  return {
    evidence_digest: digest,
    approval_id: String(value?.approval_id ?? ""),
    parity_digest: by("go-runtime-parity://"),
    deployment_digest: by("go-deployment-readiness://"),
  };
}
