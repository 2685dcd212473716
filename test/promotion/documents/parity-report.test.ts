// A report of a campaign: signed by a builder, adding up, seeing, in time; and each way in which it is not.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { formatTime, privateKeyOfSeed, sha256, signerOf } from "../../../src/base/index.js";
import { type KeySigner, keyIdOf, type Role, signTrust, type TrustDocument } from "../../../src/evidence/index.js";
import { openReport, type ParityReport, signReport } from "../../../src/promotion/index.js";
import { activeKey } from "../../../src/store/index.js";

const NOW = Date.UTC(2026, 0, 10);
const signer = (role: Role, byte: number): KeySigner => {
  const made = signerOf(privateKeyOfSeed(new Uint8Array(32).fill(byte)));
  if (made === null) throw new Error("a seed gives a key");
  return { keyId: keyIdOf(role, made.publicKey), signer: made };
};
const [ROOT, BUILDER, LEDGER] = [signer("root", 1), signer("builder", 2), signer("ledger", 3)];
const since = formatTime(NOW - 86_400_000);
const TRUST: TrustDocument = {
  schema_version: "cavra.trust.v1",
  trust_id: "tru_01m83tsp7qfhv9g8mvbpyfm4yb",
  version: 1,
  issued_at: since,
  expires_at: "",
  origin: "cavra.ledger/ldg_01m83tsp7qfhv9g8mvbpyfm4yb",
  witnesses_required: 0,
  keys: [
    activeKey("root", ROOT.signer.publicKey, "root", since),
    activeKey("builder", BUILDER.signer.publicKey, "builder", since),
    activeKey("ledger", LEDGER.signer.publicKey, "ledger", since),
  ],
};
const trust = signTrust(TRUST, [ROOT]);
const CHAIN = trust.ok ? [trust.value] : [];
const GIVEN = { pin: ROOT.keyId, ownChain: [], seenVersion: 0, nowMs: NOW };

const row = (dimension: string, name: string) => ({ dimension, name, cases: 3_000_000, mismatches: 0, unsafe: 0 });
const REPORT: ParityReport = {
  schema_version: "cavra.go-parity-report.v1",
  issued_at: formatTime(NOW),
  expires_at: formatTime(NOW + 30 * 86_400_000),
  kind: "sealed",
  engines: {
    typescript: { version: "0.1.0", source_digest: sha256("ts") },
    go: { version: "0.1.0", source_digest: sha256("go"), build: sha256("binary") },
  },
  catalogue_digest: sha256("catalogue"),
  policy: { id: "p", version: "1", digest: sha256("policy") },
  registry_digest: "",
  seed: "0123456789abcdef",
  given_digest: sha256("given"),
  given: 10,
  cases: 3_000_000,
  hostile: 1_000_001,
  refused: 0,
  mismatches: 0,
  unsafe: 0,
  bound_per_billion: 1_000,
  planted: { altered: 9, seen: 9 },
  self: { cases: 10, mismatches: 0 },
  coverage: { constructs: { known: 1, reached: 1 }, entries: { known: 2, reached: 2 }, verdict_pairs: { known: 10, reached: 3 } },
  strata: [
    row("action", "execute_command"),
    row("effect", "read"),
    row("family", "program"),
    row("size", "to 0016"),
    row("rulings", "one"),
    row("severity", "low"),
    row("verdict", "deny"),
  ],
  seconds: 100,
  lanes: 2,
};

function opened(report: ParityReport, by = BUILDER, given: Partial<typeof GIVEN> = {}): string {
  const text = signReport(report, by, CHAIN);
  if (!text.ok) return text.problem.code;
  const found = openReport(text.value, { ...GIVEN, ...given });
  return found.ok ? "ok" : found.problem.code;
}

describe("a parity report", () => {
  test("that is whole, signed and in time is opened again as it was", () => {
    const text = signReport(REPORT, BUILDER, CHAIN);
    const found = text.ok ? openReport(text.value, GIVEN) : text;
    expect(found.ok && found.value.report).toEqual(REPORT);
  });

  test("has the form that the schema says", () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "../../../spec/schema/go-parity-report.schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(REPORT), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...REPORT, more: 1 })).toBe(false);
  });

  const cases: readonly (readonly [string, string])[] = [
    [opened(REPORT, LEDGER), "wrong_role"],
    [opened(REPORT, signer("builder", 9)), "unknown_signer"],
    [opened(REPORT, BUILDER, { pin: BUILDER.keyId }), "unknown_signer"],
    [opened({ ...REPORT, cases: 2_999_999 }), "report_counts"],
    [opened({ ...REPORT, bound_per_billion: 999 }), "report_counts"],
    [opened({ ...REPORT, hostile: 3_000_001 }), "report_counts"],
    [opened({ ...REPORT, strata: REPORT.strata.slice(1) }), "report_counts"],
    [opened({ ...REPORT, planted: { altered: 9, seen: 8 } }), "report_blind"],
    [opened({ ...REPORT, planted: { altered: 0, seen: 0 } }), "report_blind"],
    [opened({ ...REPORT, self: { cases: 10, mismatches: 1 } }), "report_blind"],
    [opened({ ...REPORT, issued_at: formatTime(NOW + 300_001) }), "report_future"],
    [opened({ ...REPORT, issued_at: formatTime(NOW + 300_000) }), "ok"],
    [opened(REPORT, BUILDER, { nowMs: NOW + 30 * 86_400_000 }), "report_expired"],
    [opened(REPORT, BUILDER, { nowMs: NOW + 30 * 86_400_000 - 1 }), "ok"],
    [opened({ ...REPORT, catalogue_digest: "x" }), "report_malformed"],
    [opened({ ...REPORT, cases: -1 }), "report_malformed"],
  ];
  for (const [at, [found, code]] of cases.entries()) test(`${at}: ${code}`, () => expect(found).toBe(code));

  test("whose bytes were changed does not verify", () => {
    const text = signReport(REPORT, BUILDER, CHAIN);
    const changed = text.ok ? text.value.replace(/"sig":"../, (found) => `${found.slice(0, -2)}AA`).trimEnd() : "";
    const lines = changed.split("\n");
    const last = (text.ok ? text.value.trimEnd().split("\n") : []).slice(0, -1);
    const file = `${[...last, (lines.at(-1) ?? "").replace(/"sig":"(..)/, '"sig":"AA')].join("\n")}\n`;
    const found = openReport(file, GIVEN);
    expect(found.ok ? "ok" : found.problem.code).toBe("signature_invalid");
  });
});
