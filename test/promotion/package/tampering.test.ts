// Generated tampering with a package, its report and what runs: each deed is refused, with the code that is its own. Proves spec/promotion.md 3.3, 3.5 and 3.6 where nobody chose the case.

import { describe, expect, test } from "vitest";
import { formatTime, sha256 } from "../../../src/base/index.js";
import type { KeySigner } from "../../../src/evidence/index.js";
import {
  binaryPath,
  checkPackage,
  DEPLOYMENT,
  type DeploymentGiven,
  type DeploymentReport,
  deploymentFindings,
  NO_SUBJECT,
  PACKAGE_CHECKS,
  PACKAGE_FILE,
  PLATFORMS,
  type Platform,
  signDocument,
} from "../../../src/promotion/index.js";
import { type Dice, diceOf } from "../../dice.js";
import { BUILDER, CHAIN, FACTS, type Files, folderOf, LEDGER, madePackage, NOW, program, REVOKED, signer, TRUSTED } from "./made.js";

const CASES = 1_500;
const DAY_MS = 86_400_000;
const STRANGER = signer("builder", 9);

/** What lies and runs on a machine, all of it right. */
interface Machine {
  readonly files: Files;
  readonly report: Uint8Array;
  readonly runtime: string;
  readonly platform: Platform;
}

interface Release {
  readonly version: string;
  readonly by?: KeySigner;
  readonly reportBy?: KeySigner;
  readonly packagedMs?: number;
  readonly reportedMs?: number;
  readonly claims?: Partial<DeploymentReport>;
}

function machine(platform: Platform, { version, by, reportBy = BUILDER, packagedMs = NOW, reportedMs = NOW, claims }: Release): Machine {
  const files = madePackage({ facts: { ...FACTS, version }, platforms: PLATFORMS, by: by ?? BUILDER, issuedMs: packagedMs });
  const { package_id } = JSON.parse(Buffer.from(files.get("manifest.json") ?? []).toString());
  const runtime = sha256(program(platform));
  const body: DeploymentReport = {
    schema_version: "cavra.go-deployment-report.v1",
    document_id: "doc_01m83tsp7qfhv9g8mvbpyfm4yb",
    issued_at: formatTime(reportedMs),
    expires_at: formatTime(reportedMs + 90 * DAY_MS),
    subject: { ...NO_SUBJECT, runtime, go: FACTS.source_digest },
    status: "ready",
    package_id,
    package_digest: sha256(files.get(PACKAGE_FILE) ?? ""),
    version,
    channel: "stable",
    platform,
    surface: "workstation",
    files: files.size,
    size_bytes: 1,
    checks: PACKAGE_CHECKS.map((check_id) => ({ check_id, status: "pass", code: "ok" })),
    ...claims,
  };
  const text = signDocument(DEPLOYMENT, body, reportBy, CHAIN);
  if (!text.ok) throw new Error(text.problem.message);
  return { files, report: Buffer.from(text.value), runtime, platform };
}

/** What readiness says, and what the gate says. */
function judged({ files, report, runtime, platform }: Machine): { readonly whole: readonly string[]; readonly gate: readonly string[] } {
  const given: DeploymentGiven = {
    ...{ trust: TRUSTED, nowMs: NOW, clockBehind: false, platform },
    running: { ...NO_SUBJECT, runtime, go: FACTS.source_digest },
  };
  const { checks } = checkPackage(folderOf(files), { ...given, runtime });
  return {
    whole: checks.filter(({ status }) => status === "fail").flatMap(({ code, also }) => [code, ...also]),
    gate: deploymentFindings(report, files.get(PACKAGE_FILE) ?? null, given).map(({ code }) => code),
  };
}

const older = machine("linux-amd64", { version: "1.0.0", packagedMs: NOW - 20 * DAY_MS, reportedMs: NOW - 20 * DAY_MS });
const flipped = (bytes: Uint8Array, at: number, bit: number) => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ (1 << bit);
  return changed;
};
/** Behind the trust documents, of which the verifier has its own. */
const behindTrust = (bytes: Uint8Array) => Buffer.from(bytes).indexOf("\n") + 1;
const anyOf = (dice: Dice, files: Files, except: readonly string[]) =>
  dice.pick([...files.keys()].filter((name) => !except.includes(name)));

type Deed = (dice: Dice, before: Machine) => { readonly after: Machine; readonly whole: string; readonly gate: string };

/** Each deed, and the code that readiness and the gate have for it; "" where it is none of their business, `*` where the code is one of many. */
const DEEDS: Readonly<Record<string, Deed>> = {
  "a bit of a file": (dice, before) => {
    const name = anyOf(dice, before.files, [PACKAGE_FILE]);
    const bytes = before.files.get(name) ?? new Uint8Array();
    const files = new Map(before.files).set(name, flipped(bytes, dice.below(bytes.length), dice.below(8)));
    return { after: { ...before, files }, whole: "package_file_changed", gate: "" };
  },
  "a bit of the signature's file": (dice, before) => {
    const bytes = before.files.get(PACKAGE_FILE) ?? new Uint8Array();
    const from = behindTrust(bytes);
    const files = new Map(before.files).set(PACKAGE_FILE, flipped(bytes, from + dice.below(bytes.length - from), dice.below(8)));
    return { after: { ...before, files }, whole: "*", gate: "*" };
  },
  "a bit of the report": (dice, before) => {
    const from = behindTrust(before.report);
    const report = flipped(before.report, from + dice.below(before.report.length - from), dice.below(8));
    return { after: { ...before, report }, whole: "", gate: "*" };
  },
  "a cut of the report": (dice, before) => ({
    after: { ...before, report: before.report.subarray(0, dice.below(before.report.length)) },
    whole: "",
    gate: "*",
  }),
  "a file deleted": (dice, before) => {
    const files = new Map(before.files);
    files.delete(anyOf(dice, files, [PACKAGE_FILE]));
    return { after: { ...before, files }, whole: "package_file_missing", gate: "" };
  },
  "two files swapped": (dice, before) => {
    const [one, other] = [anyOf(dice, before.files, [PACKAGE_FILE]), anyOf(dice, before.files, [PACKAGE_FILE])];
    const files = new Map(before.files);
    if (one === other) files.delete(one);
    else files.set(one, before.files.get(other) ?? Buffer.alloc(0)).set(other, before.files.get(one) ?? Buffer.alloc(0));
    return { after: { ...before, files }, whole: one === other ? "package_file_missing" : "package_file_changed", gate: "" };
  },
  "a file more": (dice, before) => {
    const name = dice.pick(["x", "bin/x", `${binaryPath("linux-amd64")}~`, "package.dsse.old", "Manifest.json", "bin/linux-amd64/x.so"]);
    return { after: { ...before, files: new Map(before.files).set(name, Buffer.from("x")) }, whole: "package_extra_file", gate: "" };
  },
  "an older package with its own report": (_, before) => ({
    after: { ...older, runtime: sha256("a newer build"), platform: before.platform },
    whole: "runtime_not_packaged",
    gate: "runtime_not_packaged",
  }),
  "an older report": (_, before) => ({ after: { ...before, report: older.report }, whole: "", gate: "deployment_other_package" }),
  "an older signature": (_, before) => ({
    after: { ...before, files: new Map(before.files).set(PACKAGE_FILE, older.files.get(PACKAGE_FILE) ?? Buffer.alloc(0)) },
    whole: "package_file_changed",
    gate: "deployment_other_package",
  }),
  "a report dated back": (dice, before) => ({
    after: machine(before.platform, { version: "1.2.3", reportedMs: NOW - 1 - dice.below(80 * DAY_MS) }),
    whole: "",
    gate: "deployment_backdated",
  }),
  "a report dated ahead": (dice, before) => ({
    after: machine(before.platform, { version: "1.2.3", reportedMs: NOW + 300_001 + dice.below(DAY_MS) }),
    whole: "",
    gate: "document_future",
  }),
  "a package dated ahead": (dice, before) => ({
    after: machine(before.platform, { version: "1.2.3", packagedMs: NOW + 300_001 + dice.below(DAY_MS) }),
    whole: "package_future",
    gate: "package_future",
  }),
  "a report that ended": (dice, before) => {
    const reportedMs = NOW - (90 + dice.below(300)) * DAY_MS;
    return { after: machine(before.platform, { version: "1.2.3", packagedMs: reportedMs, reportedMs }), whole: "", gate: "document_stale" };
  },
  "a package signed by another": (dice, before) => {
    const [by, code] = dice.pick([
      [STRANGER, "unknown_signer"] as const,
      [LEDGER, "wrong_role"] as const,
      [REVOKED, "key_revoked"] as const,
    ]);
    return { after: machine(before.platform, { version: "1.2.3", by }), whole: code, gate: code };
  },
  "a report signed by another": (dice, before) => {
    const [reportBy, code] = dice.pick([
      [STRANGER, "unknown_signer"] as const,
      [LEDGER, "wrong_role"] as const,
      [REVOKED, "key_revoked"] as const,
    ]);
    return { after: machine(before.platform, { version: "1.2.3", reportBy }), whole: "", gate: code };
  },
  "a report that claims": (dice, before) => {
    const claims = dice.pick<Partial<DeploymentReport>>([{ version: "9.9.9" }, { package_id: "another" }, { channel: "candidate" }]);
    return { after: machine(before.platform, { version: "1.2.3", claims }), whole: "", gate: "deployment_differs" };
  },
  "a binary of another platform": (dice, before) => {
    const other = dice.pick(PLATFORMS.filter((platform) => platform !== before.platform));
    return { after: { ...before, runtime: sha256(program(other)) }, whole: "runtime_wrong_platform", gate: "runtime_wrong_platform" };
  },
  "a binary of another build": (dice, before) => ({
    after: { ...before, runtime: sha256(`build ${dice.fraction()}`) },
    whole: "runtime_not_packaged",
    gate: "unbound_runtime",
  }),
  "another machine": (dice, before) => ({
    after: { ...before, platform: dice.pick(PLATFORMS.filter((platform) => platform !== before.platform)) },
    whole: "runtime_wrong_platform",
    gate: "deployment_other_platform",
  }),
};

describe("tampering with a release", () => {
  const whole = Object.fromEntries(PLATFORMS.map((platform) => [platform, machine(platform, { version: "1.2.3" })])) as Record<
    Platform,
    Machine
  >;

  test("begins with machines on which all is right", () => {
    for (const one of Object.values(whole)) expect(judged(one)).toEqual({ whole: [], gate: [] });
  });

  test.each(Object.keys(DEEDS))("%s is refused with its own code, every time", (name) => {
    const dice = diceOf(name.length * 7_919);
    const deed = DEEDS[name] as Deed;
    for (let i = 0; i < CASES / Object.keys(DEEDS).length; i++) {
      const expected = deed(dice, whole[dice.pick(PLATFORMS)]);
      const found = judged(expected.after);
      for (const side of ["whole", "gate"] as const) {
        if (expected[side] === "") expect(found[side], `${side} ${i}`).toEqual([]);
        else if (expected[side] === "*") expect(found[side], `${side} ${i}`).not.toEqual([]);
        else expect(found[side], `${side} ${i}`).toContain(expected[side]);
      }
    }
  });
});
