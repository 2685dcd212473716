// The result of a campaign as a document that others can rely on: an in-toto Statement in a DSSE envelope, behind its trust documents. Implements spec/parity.md section 7.
// Pure; time, keys and counts come in. What it claims is recomputed from its own counts when it is opened.

import {
  bad,
  canonicalJson,
  isDigest,
  type JsonObject,
  type JsonValue,
  ok,
  parseJson,
  parseTime,
  type Result,
  sortedByBytes,
} from "../base/index.js";
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
} from "../evidence/index.js";
import { DIMENSIONS, type Tally } from "./tally.js";

export const PARITY_SCHEMA = "cavra.go-parity-report.v1";
export const PARITY_TYPE = "application/vnd.in-toto+json";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
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

/** Rows of all strata but the catalogue's entries, which coverage counts. */
export function strataRows({ strata }: Tally): readonly StratumRow[] {
  return DIMENSIONS.filter((dimension) => dimension !== "entry").flatMap((dimension) => {
    const names = strata[dimension] ?? {};
    return sortedByBytes(Object.keys(names)).map((name) => {
      const [cases = 0, mismatches = 0, unsafe = 0] = names[name] ?? [];
      return { dimension, name, cases, mismatches, unsafe };
    });
  });
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
  const envelope = signEnvelope(PARITY_TYPE, Buffer.from(text.value), [signer]);
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
  if (envelope.value.payloadType !== PARITY_TYPE) return malformed("the last envelope holds something else");
  const report = parseStatement(envelope.value.payload);
  if (!report.ok) return report;
  const trust = newestTrust(lines.slice(0, -1), given);
  if (!trust.ok) return trust;
  const signers = signersOf(envelope.value, report.value.issued_at, trust.value, ["builder"]);
  if (!signers.ok) return signers;
  const wrong = faultIn(report.value, given.nowMs);
  return wrong.ok ? ok({ report: report.value, signers: signers.value }) : wrong;
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

function momentOf(time: string): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}

function parseStatement(payload: Uint8Array): Result<ParityReport> {
  const read = parseJson(payload, { sizeBytes: 4_194_304, depth: 8 });
  if (!read.ok) return malformed(read.problem.message);
  const canonical = canonicalJson(read.value);
  if (!canonical.ok || canonical.value !== Buffer.from(payload).toString("utf8")) return malformed("the statement is not canonical JSON");
  if (!isShaped(read.value, STATEMENT)) return malformed("the statement has another form");
  const { predicate, subject } = read.value as unknown as { readonly predicate: ParityReport; readonly subject: JsonValue };
  const expected = [
    predicate.engines.go.build,
    predicate.engines.typescript.source_digest,
    predicate.catalogue_digest,
    predicate.policy.digest,
  ];
  const named = (subject as readonly { readonly digest: { readonly sha256: string } }[]).map(({ digest }) => `sha256:${digest.sha256}`);
  if (expected.join() !== named.join() || !expected.every((digest) => isDigest(digest)))
    return malformed("the subjects are not the engines, catalogue and policy");
  const times = [predicate.issued_at, predicate.expires_at];
  if (!times.every((time) => parseTime(time).ok) || predicate.expires_at <= predicate.issued_at)
    return malformed("a time has another form");
  return ok(predicate);
}

/** A text of these, a text, a number from 0 (`-1` too where it says so), or objects and lists of them, with closed keys. */
type Shape = string | readonly string[] | readonly [Shape] | { readonly [key: string]: Shape };

const REACHED: Shape = { known: "number", reached: "number" };
const REPORT: Shape = {
  bound_per_billion: "bound",
  cases: "number",
  catalogue_digest: "text",
  coverage: { constructs: REACHED, entries: REACHED, verdict_pairs: REACHED },
  engines: { go: { build: "text", source_digest: "text", version: "text" }, typescript: { source_digest: "text", version: "text" } },
  expires_at: "text",
  given: "number",
  given_digest: "text",
  hostile: "number",
  issued_at: "text",
  kind: "kind",
  lanes: "number",
  mismatches: "number",
  planted: { altered: "number", seen: "number" },
  policy: { digest: "text", id: "text", version: "text" },
  refused: "number",
  registry_digest: "text",
  schema_version: "schema",
  seconds: "number",
  seed: "text",
  self: { cases: "number", mismatches: "number" },
  strata: [{ cases: "number", dimension: "text", mismatches: "number", name: "text", unsafe: "number" }],
  unsafe: "number",
};
const STATEMENT: Shape = {
  _type: "statement",
  predicate: REPORT,
  predicateType: "predicate",
  subject: [{ digest: { sha256: "text" }, name: "text" }],
};

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  kind: ["sealed", "exploring"],
  schema: [PARITY_SCHEMA],
  statement: [STATEMENT_TYPE],
  predicate: [PREDICATE_TYPE],
};

function isShaped(value: JsonValue | undefined, shape: Shape): boolean {
  if (typeof shape === "string") {
    if (shape === "text") return typeof value === "string";
    if (shape === "number" || shape === "bound") return Number.isSafeInteger(value) && (value as number) >= (shape === "bound" ? -1 : 0);
    return typeof value === "string" && TEXTS[shape]?.includes(value) === true;
  }
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((item: JsonValue) => isShaped(item, shape[0] as Shape));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const members = value as JsonObject;
  const keys = Object.keys(shape);
  return (
    Object.keys(members).length === keys.length &&
    keys.every((key) => Object.hasOwn(members, key) && isShaped(members[key], (shape as Readonly<Record<string, Shape>>)[key] ?? "text"))
  );
}

function malformed<T>(message: string): Result<T> {
  return bad("report_malformed", `this is no parity report: ${message}`);
}
