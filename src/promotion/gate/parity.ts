// What the gate makes of a parity report. Implements spec/promotion.md 2.3 for reports of spec/parity.md section 7.

import { sha256 } from "../../base/index.js";
import type { OpenGiven } from "../documents/document.js";
import { openReport, type ParityReport, reportSubject } from "../documents/parity-report.js";
import { unboundIn } from "../documents/subject.js";
import { type Finding, found } from "../documents/verdict.js";

/** Fewer generated cases prove too little about anything. */
export const LEAST_PARITY_CASES = 100_000;

export interface ParityRead {
  readonly report: ParityReport | null;
  readonly signers: readonly string[];
  readonly findings: readonly Finding[];
  readonly digest: string;
}

const REMEDY = "run `cavra runtime go-parity run --sealed --report FILE`";

/** The engines and the catalogue are held here; whether the policy was compared is an input of its own. */
export function readParity(bytes: Uint8Array | null, given: OpenGiven): ParityRead {
  if (bytes === null) return refused("", found("missing", "document_missing", "there is no parity report", REMEDY));
  const opened = openReport(Buffer.from(bytes).toString("utf8"), given.trust);
  const digest = sha256(bytes);
  if (!opened.ok) return refused(digest, faultOf(opened.problem.code, opened.problem.message));
  const { report, signers } = opened.value;
  const findings = [
    ...(given.clockBehind ? [found("clock_suspect", "clock_behind", "the clock is behind what this machine has seen")] : []),
    ...(given.running === null
      ? []
      : unboundIn(reportSubject(report), given.running, ["runtime", "typescript", "go", "catalogue"], REMEDY)),
    ...outcomeOf(report),
  ];
  return { report, signers: signers.map(({ name }) => name), findings, digest };
}

function outcomeOf({ mismatches, kind, cases }: ParityReport): readonly Finding[] {
  if (mismatches > 0) return [found("fail", "parity_mismatch", `${mismatches} of ${cases} cases differed`, REMEDY)];
  if (kind !== "sealed") return [found("inconclusive", "parity_exploring", "the campaign was an exploring one", REMEDY)];
  if (cases >= LEAST_PARITY_CASES) return [];
  return [found("inconclusive", "parity_too_small", `${cases} cases are too few: ${LEAST_PARITY_CASES} are needed`, REMEDY)];
}

const BENT = new Set(["report_malformed"]);

function faultOf(code: string, message: string): Finding {
  if (BENT.has(code)) return found("malformed", code, message, REMEDY);
  if (code === "key_revoked") return found("revoked", code, message, REMEDY);
  if (code === "report_future") return found("clock_suspect", code, message, REMEDY);
  if (code === "report_expired") return found("stale", code, message, REMEDY);
  if (code === "report_counts" || code === "report_blind") return found("inconclusive", code, message, REMEDY);
  return found("unsigned", code, message, REMEDY);
}

function refused(digest: string, finding: Finding): ParityRead {
  return { report: null, signers: [], findings: [finding], digest };
}
