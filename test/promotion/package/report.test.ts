// The deployment report, and what the gate makes of it and the package's signature, without opening a binary. Proves spec/promotion.md 3.5 and 3.6.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { formatTime, sha256 } from "../../../src/base/index.js";
import {
  checkPackage,
  DEPLOYMENT,
  type DeploymentGiven,
  type DeploymentReport,
  deploymentFindings,
  NO_SUBJECT,
  PACKAGE_CHECKS,
  PACKAGE_FILE,
  readDeployment,
  signDocument,
} from "../../../src/promotion/index.js";
import { BUILDER, CHAIN, FACTS, folderOf, LEDGER, madePackage, NOW, program, REVOKED, signer, TRUSTED } from "./made.js";

const FILES = madePackage();
const ENVELOPE = FILES.get(PACKAGE_FILE) ?? new Uint8Array();
const RUNTIME = sha256(program("linux-amd64"));
const DAY_MS = 86_400_000;
const RUNNING = {
  ...NO_SUBJECT,
  runtime: RUNTIME,
  go: FACTS.source_digest,
  typescript: sha256("ts"),
  catalogue: sha256("c"),
  policy: sha256("p"),
};
const GIVEN: DeploymentGiven = { trust: TRUSTED, nowMs: NOW, clockBehind: false, running: RUNNING, platform: "linux-amd64" };

const REPORT: DeploymentReport = {
  schema_version: "cavra.go-deployment-report.v1",
  document_id: "doc_01m83tsp7qfhv9g8mvbpyfm4yb",
  issued_at: formatTime(NOW),
  expires_at: formatTime(NOW + 90 * DAY_MS),
  subject: { ...NO_SUBJECT, runtime: RUNTIME, go: FACTS.source_digest },
  status: "ready",
  package_id: JSON.parse(Buffer.from(FILES.get("manifest.json") ?? []).toString()).package_id,
  package_digest: sha256(ENVELOPE),
  version: FACTS.version,
  channel: "stable",
  platform: "linux-amd64",
  surface: "workstation",
  files: 7,
  size_bytes: 4_000,
  checks: PACKAGE_CHECKS.map((check_id) => ({ check_id, status: "pass", code: "ok" })),
};

function signed(report: DeploymentReport, by = BUILDER): Uint8Array {
  const text = signDocument(DEPLOYMENT, report, by, CHAIN);
  if (!text.ok) throw new Error(`${text.problem.code}: ${text.problem.message}`);
  return Buffer.from(text.value);
}

function codes(report: Uint8Array | null, envelope: Uint8Array | null = ENVELOPE, given: Partial<DeploymentGiven> = {}): readonly string[] {
  return deploymentFindings(report, envelope, { ...GIVEN, ...given }).map(({ verdict, code }) => `${verdict} ${code}`);
}

const failed = PACKAGE_CHECKS.map(
  (check_id) => ({ check_id, status: check_id === "sbom" ? "fail" : "pass", code: "sbom_differs" }) as const,
);
const other = madePackage({ facts: { ...FACTS, version: "1.2.4" } }).get(PACKAGE_FILE) ?? new Uint8Array();

describe("a deployment report", () => {
  test("that is whole, of this package and of what would run passes", () => {
    expect(codes(signed(REPORT))).toEqual([]);
    const { digest, signers } = readDeployment(signed(REPORT), ENVELOPE, GIVEN);
    expect([digest, signers]).toEqual([sha256(signed(REPORT)), ["bea"]]);
  });

  test("has the form that the schema says", () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../spec/schema/go-deployment-report.schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(REPORT), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...REPORT, more: 1 })).toBe(false);
  });

  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["that is not there", codes(null), ["missing document_missing"]],
    ["of a package that is not there", codes(signed(REPORT), null), ["missing package_missing"]],
    ["of another package", codes(signed(REPORT), other), ["unbound deployment_other_package"]],
    ["of other sources", codes(signed(REPORT), ENVELOPE, { running: { ...RUNNING, go: sha256("x") } }), ["unbound unbound_go"]],
    [
      "of another runtime than runs",
      codes(signed(REPORT), ENVELOPE, { running: { ...RUNNING, runtime: sha256("x") } }),
      ["unbound unbound_runtime", "unbound runtime_not_packaged"],
    ],
    [
      "of a runtime that is in no package",
      codes(signed({ ...REPORT, subject: { ...REPORT.subject, runtime: sha256("x") } }), ENVELOPE, {
        running: { ...RUNNING, runtime: sha256("x") },
      }),
      ["unbound runtime_not_packaged"],
    ],
    [
      "of another platform",
      codes(signed(REPORT), ENVELOPE, { platform: "windows-amd64" }),
      ["unbound deployment_other_platform", "unbound runtime_wrong_platform"],
    ],
    [
      "on a machine that no package is for",
      codes(signed(REPORT), ENVELOPE, { platform: null }),
      ["unbound deployment_other_platform", "fail platform_unknown"],
    ],
    ["that failed", codes(signed({ ...REPORT, status: "needs_attention", checks: failed })), ["fail deployment_not_ready"]],
    ["after 90 days", codes(signed(REPORT), ENVELOPE, { nowMs: NOW + 90 * DAY_MS }), ["stale document_stale"]],
    ["a millisecond before", codes(signed(REPORT), ENVELOPE, { nowMs: NOW + 90 * DAY_MS - 1 }), []],
    ["of the future", codes(signed({ ...REPORT, issued_at: formatTime(NOW + 300_001) })), ["clock_suspect document_future"]],
    [
      "older than the package",
      codes(signed({ ...REPORT, issued_at: formatTime(NOW - 1), expires_at: formatTime(NOW + DAY_MS) })),
      ["malformed deployment_backdated"],
    ],
    ["that gives the package another version", codes(signed({ ...REPORT, version: "9.9.9" })), ["malformed deployment_differs"]],
    ["that calls it stable", codes(signed({ ...REPORT, channel: "candidate" })), ["malformed deployment_differs"]],
    ["signed by the ledger", codes(signed(REPORT, LEDGER)), ["unsigned wrong_role"]],
    ["signed by a stranger", codes(signed(REPORT, signer("builder", 9))), ["unsigned unknown_signer"]],
    ["signed by a key that was called back", codes(signed(REPORT, REVOKED)), ["revoked key_revoked"]],
    [
      "while the clock is behind",
      codes(signed(REPORT), ENVELOPE, { clockBehind: true }),
      ["clock_suspect clock_behind", "clock_suspect clock_behind"],
    ],
    [
      "whose package somebody else signed",
      codes(signed(REPORT), madePackage({ by: signer("builder", 9) }).get(PACKAGE_FILE) ?? null),
      ["unsigned unknown_signer"],
    ],
    ["written by hand", codes(Buffer.from(`${JSON.stringify(REPORT)}\n`)), ["unsigned document_unsigned"]],
    ["that is torn", codes(signed(REPORT).subarray(0, 700)), ["malformed document_malformed"]],
  ];
  test.each(cases)("%s", (_, found, expected) => expect(found).toEqual(expected));

  const refused: readonly (readonly [string, Partial<DeploymentReport>])[] = [
    ["counts nothing", { files: 0 }],
    ["read no byte", { size_bytes: 0 }],
    ["leaves out a check", { checks: REPORT.checks.slice(1) }],
    ["has a check twice", { checks: [...REPORT.checks, ...REPORT.checks.slice(0, 1)] }],
    ["calls itself ready though a check failed", { checks: failed }],
    ["calls itself ready though a check was skipped", { checks: REPORT.checks.map((one) => ({ ...one, status: "skipped" as const })) }],
    ["lasts 91 days", { expires_at: formatTime(NOW + 91 * DAY_MS) }],
    ["is bound to no runtime", { subject: { ...REPORT.subject, runtime: "" } }],
    ["is bound to a policy", { subject: { ...REPORT.subject, policy: sha256("p") } }],
  ];
  test.each(refused)("that %s cannot be signed", (_, change) => {
    const text = signDocument(DEPLOYMENT, { ...REPORT, ...change }, BUILDER, CHAIN);
    expect(text.ok ? "ok" : text.problem.code).toBe("document_malformed");
  });

  test("speaks of checks that were done on these very files", () => {
    const { checks, digest } = checkPackage(folderOf(FILES), { ...GIVEN, runtime: RUNTIME });
    expect([checks.map(({ id }) => id), digest]).toEqual([REPORT.checks.map(({ check_id }) => check_id), REPORT.package_digest]);
  });

  test("with any byte changed never passes", () => {
    const whole = signed(REPORT);
    const from = Buffer.from(whole).toString().indexOf("\n") + 1;
    for (let at = from; at < whole.length; at += 11) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(codes(changed), `at ${at}`).not.toEqual([]);
    }
  });
});
