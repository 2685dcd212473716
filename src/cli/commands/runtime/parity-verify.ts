// `cavra runtime go-parity verify FILE`: is a report signed by a builder, whole, in time, and about these engines. Offline. Implements spec/parity.md section 8.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";
import { type OpenedReport, openReport, type ParityReport } from "../../../promotion/index.js";
import { readPin, SYSTEM_CLOCK, trustChain } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";
import { placesOf } from "../keys/access.js";

export interface VerifyParityOptions {
  readonly pin?: string;
  readonly runtimePath?: string;
  readonly policyDigest?: string;
  readonly json?: boolean;
}

export function verifyParity(terminal: Terminal, file: string, options: VerifyParityOptions): ExitStatus {
  const opened = openedFile(terminal, file, options);
  const held = opened.ok ? isAbout(opened.value.report, terminal, options) : opened;
  if (!opened.ok || !held.ok) {
    report(terminal, held.ok ? { code: "internal_error", message: "" } : held.problem, options.json === true);
    return EXIT.deny;
  }
  const { report: found, signers } = opened.value;
  const key_ids = signers.map(({ key_id }) => key_id);
  terminal.print(options.json ? `${JSON.stringify({ verified: true, key_ids, report: found })}\n` : told(found, key_ids));
  return EXIT.done;
}

function openedFile(terminal: Terminal, file: string, { pin }: VerifyParityOptions): Result<OpenedReport> {
  const { stateFolder, configFolder } = placesOf(terminal);
  const known = readPin(configFolder);
  const root = pin ?? known?.root_key_id ?? "";
  // Another root's documents are in the file alone; what this account has seen says nothing about them.
  const own = known?.root_key_id === root;
  return openReport(readFileSync(resolve(terminal.cwd, file), "utf8"), {
    pin: root,
    ownChain: own ? trustChain(stateFolder) : [],
    seenVersion: own ? known.trust_version_seen : 0,
    nowMs: SYSTEM_CLOCK.nowMs(),
  });
}

/** Problems: `report_other_runtime`, `report_other_policy`, `report_mismatches`, `report_not_sealed`. */
function isAbout({ engines, policy, mismatches, kind }: ParityReport, terminal: Terminal, options: VerifyParityOptions): Result<null> {
  if (options.runtimePath !== undefined) {
    const build = `sha256:${createHash("sha256")
      .update(readFileSync(resolve(terminal.cwd, options.runtimePath)))
      .digest("hex")}`;
    if (build !== engines.go.build)
      return bad("report_other_runtime", `the report is about another runtime than \`${options.runtimePath}\``);
  }
  if (options.policyDigest !== undefined && options.policyDigest !== policy.digest)
    return bad("report_other_policy", `the report is about the policy \`${policy.digest}\``);
  if (mismatches > 0) return bad("report_mismatches", `the engines differed in ${mismatches} cases`);
  return kind === "sealed" ? ok(null) : bad("report_not_sealed", "the campaign was an exploring one");
}

function told(found: ParityReport, keyIds: readonly string[]): string {
  const { engines, policy, cases, hostile, bound_per_billion, coverage, issued_at, expires_at } = found;
  return [
    `${cases} cases, ${hostile} of them hostile, no mismatch: fewer than ${bound_per_billion} in a thousand million over this generator (95 %)`,
    `  policy      ${policy.id}@${policy.version} ${policy.digest}`,
    `  typescript  ${engines.typescript.version} ${engines.typescript.source_digest}`,
    `  go          ${engines.go.version} ${engines.go.build}`,
    `  reached     ${coverage.constructs.reached}/${coverage.constructs.known} constructs, ${coverage.entries.reached}/${coverage.entries.known} catalogue entries, ${coverage.verdict_pairs.reached}/${coverage.verdict_pairs.known} verdict pairs`,
    `  signed      ${issued_at} by ${keyIds.join(", ")}, until ${expires_at}`,
    "",
  ].join("\n");
}
