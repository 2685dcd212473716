// The result of a campaign as a document that others can rely on: an in-toto Statement in a DSSE envelope, behind its trust documents. Implements spec/parity.md section 7.
// Pure; time, keys and counts come in. What it claims is recomputed from its own counts when it is opened.

import {
  bad,
  canonicalJson,
  type JsonObject,
  type JsonValue,
  ok,
  parseJson,
  type Result,
  type Shape,
  shapeFault,
} from "../../base/index.js";
import {
  type KeySigner,
  newestTrust,
  parseEnvelope,
  signEnvelope,
  signersOf,
  TRUST_SKEW_MS,
  TRUST_VERSIONS,
  type TrustGiven,
  type TrustKey,
} from "../../evidence/index.js";
import { DOCUMENT_TYPE, momentOf, STATEMENT_TYPE } from "./document.js";
import type { Subject } from "./subject.js";

export const PARITY_SCHEMA = "cavra.go-parity-report.v1";
export const PREDICATE_TYPE = "https://cavra.dev/go-parity-report/v1";
/** A report counts for so long. */
export const PARITY_DAYS = 30;

export interface StratumRow {
  readonly dimension: string;
  readonly name: string;
  readonly cases: number;
  readonly mismatches: number;
  readonly unsafe: number;
}

export interface Reached {
  readonly known: number;
  readonly reached: number;
}

export interface ParityReport {
  readonly schema_version: typeof PARITY_SCHEMA;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly kind: "sealed" | "exploring";
  readonly engines: {
    readonly typescript: { readonly version: string; readonly source_digest: string };
    readonly go: { readonly version: string; readonly source_digest: string; readonly build: string };
  };
  readonly catalogue_digest: string;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  /** "" where none was judged by. */
  readonly registry_digest: string;
  readonly seed: string;
  readonly given_digest: string;
  readonly given: number;
  readonly cases: number;
  readonly hostile: number;
  readonly refused: number;
  readonly mismatches: number;
  readonly unsafe: number;
  /** 3/N at 95 %, over this generator alone; in mismatches a thousand million cases, rounded up. -1 where there were mismatches. */
  readonly bound_per_billion: number;
  readonly planted: { readonly altered: number; readonly seen: number };
  readonly self: { readonly cases: number; readonly mismatches: number };
  readonly coverage: { readonly constructs: Reached; readonly entries: Reached; readonly verdict_pairs: Reached };
  readonly strata: readonly StratumRow[];
  readonly seconds: number;
  readonly lanes: number;
}

export function boundPerBillion(cases: number, mismatches: number): number {
  return mismatches > 0 || cases === 0 ? -1 : Math.ceil(3_000_000_000 / cases);
}

/** Envelopes of trust documents, oldest first, then the report's, one a line. Problem: `report_malformed`. */
export function signReport(report: ParityReport, signer: KeySigner, chain: readonly string[]): Result<string> {
  const statement = {
    _type: STATEMENT_TYPE,
    predicate: report,
    predicateType: PREDICATE_TYPE,
    subject: [
      subjectOf("cavra-runtime", report.engines.go.build),
      subjectOf("cavra-typescript-sources", report.engines.typescript.source_digest),
      subjectOf("catalogue", report.catalogue_digest),
      subjectOf(`policy ${report.policy.id}`, report.policy.digest),
    ],
  };
  const text = canonicalJson(statement);
  if (!text.ok) return malformed(text.problem.message);
  const read = parseStatement(Buffer.from(text.value));
  if (!read.ok) return read;
  const envelope = signEnvelope(DOCUMENT_TYPE, Buffer.from(text.value), [signer]);
  return envelope.ok ? ok(`${[...chain, envelope.value].join("\n")}\n`) : malformed(envelope.problem.message);
}

function subjectOf(name: string, digest: string): JsonObject {
  return { digest: { sha256: digest.slice("sha256:".length) }, name };
}

export interface OpenedReport {
  readonly report: ParityReport;
  readonly signers: readonly TrustKey[];
}

/**
 * Is this report signed by a builder, whole, and in time? Problems, in the order of the checks: `report_malformed`, those of openTrust and keyFor,
 * `signature_invalid`, `report_counts`, `report_blind`, `report_future`, `report_expired`.
 */
export function openReport(text: string, given: TrustGiven): Result<OpenedReport> {
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const last = lines.at(-1);
  if (last === undefined || lines.length > TRUST_VERSIONS + 1) return malformed("it is no list of envelopes");
  const envelope = parseEnvelope(last);
  if (!envelope.ok) return malformed(envelope.problem.message);
  if (envelope.value.payloadType !== DOCUMENT_TYPE) return malformed("the last envelope holds something else");
  const report = parseStatement(envelope.value.payload);
  if (!report.ok) return report;
  const trust = newestTrust(lines.slice(0, -1), given);
  if (!trust.ok) return trust;
  const signers = signersOf(envelope.value, report.value.issued_at, trust.value, ["builder"]);
  if (!signers.ok) return signers;
  const wrong = faultIn(report.value, given.nowMs);
  return wrong.ok ? ok({ report: report.value, signers: signers.value }) : wrong;
}

/** The digests that a report speaks of, as those of any document. */
export function reportSubject({ engines, catalogue_digest, policy, registry_digest }: ParityReport): Subject {
  return {
    runtime: engines.go.build,
    typescript: engines.typescript.source_digest,
    go: engines.go.source_digest,
    catalogue: catalogue_digest,
    policy: policy.digest,
    registry: registry_digest,
  };
}

function faultIn(report: ParityReport, nowMs: number): Result<null> {
  const { strata, cases, mismatches, unsafe, hostile, refused, planted, self } = report;
  for (const dimension of WHOLE) {
    const rows = strata.filter((row) => row.dimension === dimension);
    const sums = [sum(rows, "cases"), sum(rows, "mismatches"), sum(rows, "unsafe")];
    if (sums[0] !== cases || sums[1] !== mismatches || sums[2] !== unsafe)
      return bad("report_counts", `the strata of \`${dimension}\` do not add up`);
  }
  if (unsafe > mismatches || mismatches > cases || hostile > cases || refused > cases || report.given > cases)
    return bad("report_counts", "a part is larger than the whole");
  if (report.bound_per_billion !== boundPerBillion(cases, mismatches)) return bad("report_counts", "the bound is not that of the counts");
  if (planted.altered === 0 || planted.seen !== planted.altered || self.cases === 0 || self.mismatches > 0)
    return bad("report_blind", "the comparison did not see all that was planted, or saw what is not there");
  if (momentOf(report.issued_at) > nowMs + TRUST_SKEW_MS) return bad("report_future", `the report is dated ${report.issued_at}`);
  return momentOf(report.expires_at) <= nowMs
    ? bad("report_expired", `the report ended at ${report.expires_at}`, { hint: "run a campaign again" })
    : ok(null);
}

/** Of these every case is in exactly one stratum. */
const WHOLE = ["action", "effect", "family", "rulings", "severity", "size", "verdict"] as const;

function sum(rows: readonly StratumRow[], key: "cases" | "mismatches" | "unsafe"): number {
  return rows.reduce((all, row) => all + row[key], 0);
}

function parseStatement(payload: Uint8Array): Result<ParityReport> {
  const read = parseJson(payload, { sizeBytes: 4_194_304, depth: 8 });
  if (!read.ok) return malformed(read.problem.message);
  const canonical = canonicalJson(read.value);
  if (!canonical.ok || canonical.value !== Buffer.from(payload).toString("utf8")) return malformed("the statement is not canonical JSON");
  const place = shapeFault(read.value, STATEMENT);
  if (place !== "") return malformed(`\`${place}\` of the statement has another form`);
  const { predicate, subject } = read.value as unknown as { readonly predicate: ParityReport; readonly subject: JsonValue };
  const expected = [
    predicate.engines.go.build,
    predicate.engines.typescript.source_digest,
    predicate.catalogue_digest,
    predicate.policy.digest,
  ];
  const named = (subject as readonly { readonly digest: { readonly sha256: string } }[]).map(({ digest }) => `sha256:${digest.sha256}`);
  if (expected.join() !== named.join()) return malformed("the subjects are not the engines, catalogue and policy");
  return predicate.expires_at <= predicate.issued_at ? malformed("it ends before it was issued") : ok(predicate);
}

const REACHED: Shape = { known: "count", reached: "count" };
const REPORT: Shape = {
  bound_per_billion: "number",
  cases: "count",
  catalogue_digest: "digest",
  coverage: { constructs: REACHED, entries: REACHED, verdict_pairs: REACHED },
  engines: { go: { build: "digest", source_digest: "digest", version: "text" }, typescript: { source_digest: "digest", version: "text" } },
  expires_at: "time",
  given: "count",
  given_digest: "text",
  hostile: "count",
  issued_at: "time",
  kind: { $oneOf: ["sealed", "exploring"] },
  lanes: "count",
  mismatches: "count",
  planted: { altered: "count", seen: "count" },
  policy: { digest: "digest", id: "text", version: "text" },
  refused: "count",
  registry_digest: "digest?",
  schema_version: { $oneOf: [PARITY_SCHEMA] },
  seconds: "count",
  seed: "text",
  self: { cases: "count", mismatches: "count" },
  strata: [{ cases: "count", dimension: "text", mismatches: "count", name: "text", unsafe: "count" }],
  unsafe: "count",
};
const STATEMENT: Shape = {
  _type: { $oneOf: [STATEMENT_TYPE] },
  predicate: REPORT,
  predicateType: { $oneOf: [PREDICATE_TYPE] },
  subject: [{ digest: { sha256: "text" }, name: "text" }],
};

function malformed<T>(message: string): Result<T> {
  return bad("report_malformed", `this is no parity report: ${message}`);
}
