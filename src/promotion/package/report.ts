// What verifying a package came to on one machine, as a document; and what the gate makes of it without hashing sixty megabytes again. Implements spec/promotion.md 3.4 and 3.5.
// SECURITY: the report's words do not stand alone: the gate opens the package's signature itself, and holds the running binary's digest against it.

import type { Shape } from "../../base/index.js";
import { sha256 } from "../../base/index.js";
import { type DocumentHead, type DocumentKind, momentOf, type OpenGiven, openDocument } from "../documents/document.js";
import { type Finding, found } from "../documents/verdict.js";
import { PACKAGE_CHECKS, type PackageCheckId, runtimeFindings } from "./check.js";
import { openPackage, type PackageStatement } from "./envelope.js";
import { CHANNELS, type Channel, PLATFORMS, type Platform, SURFACES, type Surface } from "./layout.js";

export const DEPLOYMENT_SCHEMA = "cavra.go-deployment-report.v1";

export interface DeploymentReport extends DocumentHead {
  readonly status: "ready" | "needs_attention";
  readonly package_id: string;
  /** Of `package.dsse`, and so of every file in the package. */
  readonly package_digest: string;
  readonly version: string;
  readonly channel: Channel;
  readonly platform: Platform;
  readonly surface: Surface;
  /** How many files were hashed, and how many bytes. */
  readonly files: number;
  readonly size_bytes: number;
  readonly checks: readonly { readonly check_id: PackageCheckId; readonly status: "pass" | "fail" | "skipped"; readonly code: string }[];
}

const SHAPE: { readonly [key: string]: Shape } = {
  channel: { $oneOf: CHANNELS },
  checks: [{ check_id: { $oneOf: PACKAGE_CHECKS }, code: "text", status: { $oneOf: ["pass", "fail", "skipped"] } }],
  files: "count",
  package_digest: "digest",
  package_id: "text",
  platform: { $oneOf: PLATFORMS },
  size_bytes: "count",
  status: { $oneOf: ["ready", "needs_attention"] },
  surface: { $oneOf: SURFACES },
  version: "text",
};

const REMEDY = "run `cavra runtime go-package verify DIR --runtime-path P --report`";

export const DEPLOYMENT: DocumentKind<DeploymentReport> = {
  schema: DEPLOYMENT_SCHEMA,
  name: "deployment report",
  role: "builder",
  days: 90,
  bound: ["runtime", "go"],
  shape: SHAPE,
  remedy: REMEDY,
  fault: ({ checks, files, size_bytes, status }) => {
    if (checks.map(({ check_id }) => check_id).join() !== PACKAGE_CHECKS.join()) return "its checks are not those that there are";
    if (files === 0 || size_bytes === 0) return "nothing was looked at";
    const isReady = checks.every((check) => check.status === "pass");
    return isReady === (status === "ready") ? "" : "its status is not that of its checks";
  },
  outcome: ({ checks }) => {
    const [first] = checks.filter((check) => check.status !== "pass");
    if (first === undefined) return [];
    return [found("fail", "deployment_not_ready", `its check \`${first.check_id}\` says \`${first.code.slice(0, 40)}\``, REMEDY)];
  },
};

export interface DeploymentGiven extends OpenGiven {
  /** Of this machine; null where packages are made for no such one. */
  readonly platform: Platform | null;
}

export interface DeploymentRead {
  readonly report: DeploymentReport | null;
  readonly signers: readonly string[];
  /** Of the report's file; "" for none. */
  readonly digest: string;
  readonly findings: readonly Finding[];
}

/** The report and the package's envelope, each null where there is none, held against each other and against what would run. No finding: it passes. */
export function readDeployment(report: Uint8Array | null, envelope: Uint8Array | null, given: DeploymentGiven): DeploymentRead {
  const read = openDocument(DEPLOYMENT, report, given);
  const { statement, form, signature } = openPackage(envelope, given);
  const body = read.opened?.body ?? null;
  const together =
    body === null || statement === null ? [] : [...agreement(body, statement, sha256(envelope ?? "")), ...here(body, statement, given)];
  return {
    report: body,
    signers: read.opened?.signers ?? [],
    digest: read.digest,
    findings: [...read.findings, ...form, ...signature, ...together],
  };
}

/** Only what is wrong: the gate's input `deployment`. */
export function deploymentFindings(report: Uint8Array | null, envelope: Uint8Array | null, given: DeploymentGiven): readonly Finding[] {
  return readDeployment(report, envelope, given).findings;
}

function agreement(report: DeploymentReport, { body }: PackageStatement, packageDigest: string): readonly Finding[] {
  if (report.package_digest !== packageDigest)
    return [found("unbound", "deployment_other_package", `the report is of another package than ${body.package_id}`, REMEDY)];
  const isSame =
    report.package_id === body.package_id &&
    report.version === body.version &&
    report.channel === body.channel &&
    report.subject.go === body.source_digest;
  if (!isSame)
    return [found("malformed", "deployment_differs", "the report says of the package what the package does not say of itself", REMEDY)];
  if (momentOf(report.issued_at) >= momentOf(body.issued_at)) return [];
  return [found("malformed", "deployment_backdated", `the report of ${report.issued_at} is older than what it reports on`, REMEDY)];
}

function here(report: DeploymentReport, statement: PackageStatement, { platform, running }: DeploymentGiven): readonly Finding[] {
  const other =
    report.platform === platform
      ? []
      : [
          found(
            "unbound",
            "deployment_other_platform",
            `the report is of ${report.platform}, and this is ${platform ?? "another machine"}`,
            REMEDY,
          ),
        ];
  return running === null ? other : [...other, ...runtimeFindings(statement, running.runtime, { platform })];
}
