// A release package that is whole passes every check; each way in which it is not has its own code. Proves spec/promotion.md 3.3 and 3.4.

import { describe, expect, test } from "vitest";
import { type JsonValue, parseJson, sha256 } from "../../../src/base/index.js";
import {
  checkPackage,
  isWhole,
  MANIFEST_FILE,
  PACKAGE_CHECKS,
  PACKAGE_FILE,
  type PackageCheck,
  type PackageFolder,
  type Platform,
  PROVENANCE_FILE,
  REPORT_FILE,
  SBOM_FILE,
  SUMS_FILE,
} from "../../../src/promotion/index.js";
import { BUILDER, FACTS, type Files, folderOf, LEDGER, type Making, madePackage, NOW, program, REVOKED, signer, TRUSTED } from "./made.js";

const RUNTIME = sha256(program("linux-amd64"));
const BIN = "bin/linux-amd64/cavra-runtime";
const EXE = "bin/windows-amd64/cavra-runtime.exe";

interface Here {
  readonly runtime?: string | null;
  readonly platform?: Platform | null;
  readonly nowMs?: number;
  readonly clockBehind?: boolean;
  readonly pin?: string;
}

function checks(folder: PackageFolder, { runtime = RUNTIME, platform = "linux-amd64", nowMs = NOW, clockBehind = false, pin }: Here = {}) {
  const trust = { ...TRUSTED, nowMs, ...(pin === undefined ? {} : { pin }) };
  return checkPackage(folder, { trust, nowMs, clockBehind, runtime, platform }).checks;
}

/** `CHECK CODE` of each that did not pass; `skipped` ones are left out. */
function wrong(found: readonly PackageCheck[]): readonly string[] {
  return found.filter(({ status }) => status === "fail").map(({ id, code }) => `${id} ${code}`);
}

const text = (files: Files, name: string) => Buffer.from(files.get(name) ?? []).toString();
/** The file as JSON, changed, and written as it was. */
function edited(files: Files, name: string, change: (value: Record<string, JsonValue>) => void): void {
  const read = parseJson(text(files, name).trimEnd());
  if (!read.ok) throw new Error(read.problem.message);
  const value = structuredClone(read.value) as Record<string, JsonValue>;
  change(value);
  files.set(name, Buffer.from(`${JSON.stringify(value)}\n`));
}

describe("a release package", () => {
  test("that is whole passes every check", () => {
    const found = checks(folderOf(madePackage()));
    expect(found.map(({ id, status }) => [id, status])).toEqual(PACKAGE_CHECKS.map((id) => [id, "pass"]));
    expect(isWhole(found)).toBe(true);
  });

  test("whose runtime nobody names is not whole: what was not looked at has not passed", () => {
    const found = checks(folderOf(madePackage()), { runtime: null });
    expect([wrong(found), isWhole(found)]).toEqual([[], false]);
  });

  test("may have its report beside it", () => {
    expect(wrong(checks(folderOf(madePackage().set(REPORT_FILE, Buffer.from("x")))))).toEqual([]);
  });

  const after: readonly (readonly [string, (files: Files) => void, readonly string[]])[] = [
    ["a flipped bit in a binary", (files) => files.set(BIN, Buffer.from("b program for linux-amd64")), ["files package_file_changed"]],
    ["a binary deleted", (files) => files.delete(EXE), ["files package_file_missing"]],
    [
      "two binaries swapped",
      (files) => files.set(BIN, program("windows-amd64")).set(EXE, program("linux-amd64")),
      ["files package_file_changed"],
    ],
    ["a file that nobody signed", (files) => files.set("bin/linux-amd64/LICENSE", Buffer.from("x")), ["files package_extra_file"]],
    ["another envelope beside it", (files) => files.set("old.dsse", Buffer.from("x")), ["files package_extra_file"]],
    [
      "the sums of other bytes",
      (files) => files.set(SUMS_FILE, Buffer.from(text(files, SUMS_FILE).replace(/^./, "z"))),
      ["files package_file_changed", "sums sums_malformed"],
    ],
    ["no manifest", (files) => files.delete(MANIFEST_FILE), ["files package_file_missing", "manifest manifest_malformed"]],
    ["no provenance", (files) => files.delete(PROVENANCE_FILE), ["files package_file_missing", "provenance provenance_malformed"]],
    ["no list of parts", (files) => files.delete(SBOM_FILE), ["files package_file_missing", "sbom sbom_malformed"]],
    ["no signature", (files) => files.delete(PACKAGE_FILE), ["package package_missing"]],
    ["an empty signature", (files) => files.set(PACKAGE_FILE, Buffer.from("")), ["package package_malformed"]],
    [
      "a signature without its last line end",
      (files) => files.set(PACKAGE_FILE, Buffer.from(text(files, PACKAGE_FILE).trimEnd())),
      ["package package_malformed"],
    ],
    [
      "the signature of another package",
      (files) => files.set(PACKAGE_FILE, madePackage({ facts: { ...FACTS, version: "1.2.4" } }).get(PACKAGE_FILE) ?? Buffer.from("")),
      ["files package_file_changed", "manifest manifest_differs", "provenance provenance_differs"],
    ],
    [
      "a signature with another signature's bytes",
      (files) =>
        files.set(
          PACKAGE_FILE,
          Buffer.from(
            text(files, PACKAGE_FILE).replace(/"sig":"[^"]*"(?=[^\n]*\n$)/, () => `"sig":"${Buffer.alloc(64, 7).toString("base64")}"`),
          ),
        ),
      ["signature signature_invalid"],
    ],
  ];
  test.each(after)("with %s, afterwards, is refused", (_, change, expected) => {
    const files = madePackage();
    change(files);
    expect(wrong(checks(folderOf(files)))).toEqual(expected);
  });

  /** A builder signs something that does not hold together: the signature is no excuse. */
  const signed: readonly (readonly [string, Making, readonly string[]])[] = [
    ["a candidate", { facts: { ...FACTS, channel: "candidate" } }, ["channel channel_candidate"]],
    ["sources of no commit", { facts: { ...FACTS, commit: "" } }, []],
    ["one platform only", { platforms: ["linux-amd64"] }, []],
    [
      "sums by another order",
      { before: (files) => files.set(SUMS_FILE, Buffer.from(`${text(files, SUMS_FILE).trimEnd().split("\n").reverse().join("\n")}\n`)) },
      ["sums sums_malformed"],
    ],
    [
      "sums of other bytes",
      { before: (files) => files.set(SUMS_FILE, Buffer.from(`${"0".repeat(64)}${text(files, SUMS_FILE).slice(64)}`)) },
      ["sums sums_differ"],
    ],
    [
      "sums of one binary less",
      { before: (files) => files.set(SUMS_FILE, Buffer.from(`${text(files, SUMS_FILE).split("\n")[0]}\n`)) },
      ["sums sums_differ"],
    ],
    [
      "a binary that no sum names",
      { before: (files) => files.set("bin/linux-arm64/cavra-runtime", Buffer.from("x")) },
      ["sums sums_differ", "manifest manifest_differs", "provenance provenance_differs"],
    ],
    [
      "a manifest with a key more",
      { before: (files) => edited(files, MANIFEST_FILE, (value) => (value.zone = "x")) },
      ["manifest manifest_malformed"],
    ],
    [
      "a manifest of another version",
      { before: (files) => edited(files, MANIFEST_FILE, (value) => (value.version = "9.9.9")) },
      ["manifest manifest_differs"],
    ],
    [
      "a manifest that deploys less",
      { before: (files) => edited(files, MANIFEST_FILE, (value) => (value.deployments = (value.deployments as JsonValue[]).slice(1))) },
      ["manifest manifest_differs"],
    ],
    [
      "a manifest that deploys nothing",
      { before: (files) => edited(files, MANIFEST_FILE, (value) => (value.deployments = [])) },
      ["manifest manifest_malformed"],
    ],
    [
      "a manifest with another digest",
      {
        before: (files) =>
          edited(files, MANIFEST_FILE, (value) => (((value.deployments as Record<string, JsonValue>[])[0] ?? {}).sha256 = sha256("x"))),
      },
      ["manifest manifest_differs"],
    ],
    [
      "a manifest whose lines end otherwise",
      { before: (files) => files.set(MANIFEST_FILE, Buffer.from(`${text(files, MANIFEST_FILE).trimEnd()}\r\n`)) },
      ["manifest manifest_malformed"],
    ],
    [
      "a provenance about fewer binaries",
      {
        before: (files) => files.set(PROVENANCE_FILE, madePackage({ platforms: ["linux-amd64"] }).get(PROVENANCE_FILE) ?? Buffer.from("")),
      },
      ["provenance provenance_differs"],
    ],
    [
      "a provenance of other sources",
      {
        before: (files) =>
          files.set(
            PROVENANCE_FILE,
            madePackage({ facts: { ...FACTS, source_digest: sha256("x") } }).get(PROVENANCE_FILE) ?? Buffer.from(""),
          ),
      },
      ["provenance provenance_differs"],
    ],
    [
      "a provenance with a key more",
      { before: (files) => edited(files, PROVENANCE_FILE, (value) => (value.note = "x")) },
      ["provenance provenance_malformed"],
    ],
    [
      "a list of parts of another kind",
      { before: (files) => edited(files, SBOM_FILE, (value) => (value.specVersion = "1.7")) },
      ["sbom sbom_malformed"],
    ],
    [
      "a list of parts of another toolchain",
      { before: (files) => edited(files, SBOM_FILE, (value) => (value.components = [{ name: "std", version: "go1.25.0" }])) },
      ["sbom sbom_differs"],
    ],
    [
      "a list of parts without the binaries",
      {
        before: (files) =>
          edited(
            files,
            SBOM_FILE,
            (value) => (value.metadata = { component: { name: "cavra-runtime", version: "1.2.3", components: [] } }),
          ),
      },
      ["sbom sbom_differs"],
    ],
    ["the ledger's key", { by: LEDGER }, ["signature wrong_role"]],
    ["a key that nobody knows", { by: signer("builder", 9) }, ["signature unknown_signer"]],
    ["a key that was called back", { by: REVOKED }, ["signature key_revoked"]],
    ["a key that was called back, dated before that", { by: REVOKED, issuedMs: NOW - 10 * 86_400_000 }, ["signature key_revoked"]],
    ["a date 300,000 ms ahead", { issuedMs: NOW + 300_000 }, []],
    ["a date 300,001 ms ahead", { issuedMs: NOW + 300_001 }, ["signature package_future"]],
  ];
  test.each(signed)("signed with %s", (_, making, expected) => {
    expect(wrong(checks(folderOf(madePackage(making))))).toEqual(expected);
  });

  const here: readonly (readonly [string, Here, readonly string[]])[] = [
    ["the runtime of another build", { runtime: sha256("another") }, ["runtime runtime_not_packaged"]],
    ["the packaged one of another platform", { runtime: sha256(program("windows-amd64")) }, ["runtime runtime_wrong_platform"]],
    ["a file of the package that is no binary", { runtime: sha256(madePackage().get(SUMS_FILE) ?? "") }, ["runtime runtime_not_packaged"]],
    ["a machine that it has no binary for", { platform: "linux-arm64" }, ["runtime platform_not_packaged"]],
    ["a machine that none is made for", { platform: null }, ["runtime platform_unknown"]],
    ["no runtime at all", { runtime: "" }, ["runtime runtime_missing"]],
    ["a clock behind", { clockBehind: true }, ["signature clock_behind"]],
    ["another root", { pin: BUILDER.keyId }, ["signature unknown_signer"]],
    ["no root", { pin: "" }, ["signature unknown_signer"]],
  ];
  test.each(here)("held against %s", (_, given, expected) => {
    expect(wrong(checks(folderOf(madePackage()), given))).toEqual(expected);
  });

  test.each(["package_special_file", "package_too_large", "package_too_many"] as const)("with an entry that is %s is refused", (code) => {
    const files = madePackage();
    files.delete(BIN);
    const folder = { ...folderOf(files), refused: [{ path: BIN, code }] };
    const [found] = checks(folder).filter(({ id }) => id === "files");
    expect([found?.code, found?.also]).toEqual([code, []]);
  });

  test("with any byte of any small file changed is never whole", () => {
    const files = madePackage();
    let tried = 0;
    for (const [name, bytes] of files) {
      // Of the trust documents in the envelope the own chain has a copy: a change there is none of the package.
      const from = name === PACKAGE_FILE ? Buffer.from(bytes).toString().indexOf("\n") + 1 : 0;
      for (let at = from; at < bytes.length; at += 13) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        const found = checks(folderOf(new Map(files).set(name, changed)));
        expect(isWhole(found), `${name} at ${at}`).toBe(false);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(300);
  });
});
