// Opens a release package: its signature, every file by digest, and what the files say of each other and of the runtime. Implements spec/promotion.md 3.3.
// Pure: what lies in the folder comes in. INVARIANT: a check that was not done is `skipped`, never `pass`, and a skipped one makes nothing ready.

import { type JsonValue, type Problem, sha256 } from "../../base/index.js";
import type { OpenGiven } from "../documents/document.js";
import { type Finding, found, ordered, passed } from "../documents/verdict.js";
import {
  type Binaries,
  type BuildFacts,
  formatLine,
  formatSums,
  makeManifest,
  packageId,
  parseManifest,
  parseProvenance,
  parseSums,
} from "./contents.js";
import { BUILD_HINT, openPackage, type PackageOpened, type PackageStatement } from "./envelope.js";
import {
  binaryPath,
  MANIFEST_FILE,
  PACKAGE_FILE,
  type PackagedFile,
  type PackageFolder,
  type Platform,
  PROVENANCE_FILE,
  platformOf,
  REPORT_FILE,
  SBOM_FILE,
  SUMS_FILE,
} from "./layout.js";
import { checkSbom } from "./sbom.js";

export const PACKAGE_CHECKS = ["package", "signature", "files", "sums", "manifest", "provenance", "sbom", "channel", "runtime"] as const;
export type PackageCheckId = (typeof PACKAGE_CHECKS)[number];

export interface PackageCheck {
  readonly id: PackageCheckId;
  readonly status: "pass" | "fail" | "skipped";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Codes of what else was found. */
  readonly also: readonly string[];
}

export interface PackageGiven extends Pick<OpenGiven, "trust" | "nowMs" | "clockBehind"> {
  /** Of the file at the runtime path: its digest, "" where there is none; null where nobody asks. */
  readonly runtime: string | null;
  /** Null where this machine is none that packages are made for. */
  readonly platform: Platform | null;
}

export interface PackageChecked {
  /** Null where the form or the signature does not hold. */
  readonly statement: PackageStatement | null;
  readonly signers: readonly string[];
  /** Of `package.dsse`; "" where there is none. */
  readonly digest: string;
  readonly checks: readonly PackageCheck[];
}

export function checkPackage(folder: PackageFolder, given: PackageGiven): PackageChecked {
  const envelope = folder.files.get(PACKAGE_FILE);
  const opened = openPackage(envelope?.bytes ?? null, given);
  const { statement, signers } = opened;
  const digest = envelope?.digest ?? "";
  if (statement === null) return { statement, signers, digest, checks: unopened(opened) };
  const facts = contentChecks(folder, statement);
  const checks = [
    checkOf("package", opened.form, `it is ${statement.body.package_id}, of ${statement.files.length + 1} files`),
    checkOf("signature", opened.signature, `signed by ${signers.join(", ")} at ${statement.body.issued_at}`),
    checkOf("files", fileFindings(folder, statement), "every file is there as it was signed, and nothing else"),
    ...facts,
    checkOf("channel", channelFindings(statement), "it is of the channel stable"),
    given.runtime === null
      ? skipped("runtime", "not_asked", "no runtime path was given")
      : checkOf("runtime", runtimeFindings(statement, given.runtime, given), "the runtime is the packaged one of this platform"),
  ];
  return { statement, signers, digest, checks };
}

function unopened({ form, signature }: PackageOpened): readonly PackageCheck[] {
  return PACKAGE_CHECKS.map((id) => {
    if (id === "package") return checkOf(id, form, "it is a release package");
    if (id === "signature" && form.length === 0) return checkOf(id, signature, "");
    return skipped(id, "not_reached", "nothing that no signature stands behind is looked at");
  });
}

function checkOf(id: PackageCheckId, findings: readonly Finding[], message: string): PackageCheck {
  const [worst, ...others] = ordered(findings.length === 0 ? [passed(message)] : findings);
  const also = [...new Set(others.map(({ code }) => code))].filter((code) => code !== worst.code);
  return { id, status: worst.verdict === "pass" ? "pass" : "fail", code: worst.code, message: worst.message, hint: worst.hint, also };
}

function skipped(id: PackageCheckId, code: string, message: string): PackageCheck {
  return { id, status: "skipped", code, message, hint: "", also: [] };
}

/** Of everything that lies there and of everything that should. */
function fileFindings({ files, refused }: PackageFolder, { files: signed }: PackageStatement): readonly Finding[] {
  const expected = new Map(signed);
  const entries = refused.map(({ path, code }) => found("malformed", code, REFUSED[code](path), BUILD_HINT));
  const missing = signed.filter(([path]) => !files.has(path) && !refused.some((one) => one.path === path));
  const changed = signed.filter(([path, digest]) => files.has(path) && files.get(path)?.digest !== digest);
  const extra = [...files.keys()].filter((path) => !expected.has(path) && path !== PACKAGE_FILE && path !== REPORT_FILE);
  return [
    ...entries,
    ...missing.map(([path]) => found("missing", "package_file_missing", `\`${path}\` is not there`, BUILD_HINT)),
    ...changed.map(([path]) => found("unbound", "package_file_changed", `\`${path}\` has other bytes than were signed`, BUILD_HINT)),
    ...extra.map((path) => found("malformed", "package_extra_file", `\`${path.slice(0, 100)}\` is no part of the package`, "remove it")),
  ];
}

const REFUSED: Readonly<Record<PackageFolder["refused"][number]["code"], (path: string) => string>> = {
  package_special_file: (path) => `\`${path.slice(0, 100)}\` is a link or no ordinary file`,
  package_too_large: (path) => `\`${path.slice(0, 100)}\` is larger than a file of a package may be`,
  package_too_many: (path) => `there is more below \`${path.slice(0, 100)}\` than a package has`,
};

/** Sums, manifest, provenance and list of parts: each read, and held against the files and against each other. */
function contentChecks({ files }: PackageFolder, { body, files: signed }: PackageStatement): readonly PackageCheck[] {
  const binaries: Binaries = signed.filter(([path]) => platformOf(path) !== null);
  const text = (name: string) => textOf(files.get(name));
  const sums = parseSums(text(SUMS_FILE));
  const differs =
    sums.ok && formatSums(sums.value) !== formatSums(binaries)
      ? [found("unbound", "sums_differ", "they are of other binaries", BUILD_HINT)]
      : [];
  const provenance = parseProvenance(text(PROVENANCE_FILE), binaries);
  const built = provenance.ok ? factFindings("provenance_differs", provenance.value, body) : [];
  const sbom = provenance.ok ? checkSbom(text(SBOM_FILE), provenance.value, binaries) : null;
  return [
    checkOf("sums", sums.ok ? differs : [faulty(sums.problem)], `they are those of the ${binaries.length} binaries`),
    checkOf("manifest", manifestFindings(text(MANIFEST_FILE), body, binaries), `it deploys ${binaries.length} binaries`),
    checkOf("provenance", provenance.ok ? built : [faulty(provenance.problem)], buildMessage(provenance.ok ? provenance.value : null)),
    sbom === null
      ? skipped("sbom", "not_reached", "it is held against the provenance")
      : checkOf("sbom", sbom.ok ? [] : [faulty(sbom.problem)], "it lists the binaries, their module and its toolchain"),
  ];
}

function textOf(file: PackagedFile | undefined): string {
  return Buffer.from(file?.bytes ?? []).toString("utf8");
}

function faulty({ code, message }: Problem): Finding {
  return found(code.endsWith("_differs") ? "unbound" : "malformed", code, message, BUILD_HINT);
}

function buildMessage(facts: BuildFacts | null): string {
  if (facts === null) return "";
  return `built by ${facts.toolchain} from ${facts.commit === "" ? "sources of no commit" : `commit ${facts.commit.slice(0, 12)}`}`;
}

function factFindings(
  code: string,
  facts: Pick<BuildFacts, "version" | "source_digest" | "channel">,
  body: PackageStatement["body"],
): readonly Finding[] {
  const keys = ["version", "source_digest", "channel"] as const;
  const other = keys.find((key) => facts[key] !== body[key]);
  return other === undefined ? [] : [found("unbound", code, `its \`${other}\` is another than was signed`, BUILD_HINT)];
}

function manifestFindings(text: string, body: PackageStatement["body"], binaries: Binaries): readonly Finding[] {
  const manifest = parseManifest(text);
  if (!manifest.ok) return [faulty(manifest.problem)];
  const { package_id } = manifest.value;
  const differs = (message: string) => [found("unbound", "manifest_differs", message, BUILD_HINT)];
  if (package_id !== body.package_id || package_id !== packageId(body, binaries))
    return differs("its `package_id` is not that of these binaries");
  const facts = factFindings("manifest_differs", manifest.value, body);
  if (facts.length > 0) return facts;
  const expected = formatLine(makeManifest(body, binaries) as unknown as JsonValue);
  return expected.ok && expected.value === text ? [] : differs("its deployments are not those of the binaries that lie here");
}

function channelFindings({ body }: PackageStatement): readonly Finding[] {
  if (body.channel === "stable") return [];
  return [
    found(
      "fail",
      "channel_candidate",
      "a candidate is for trying it out, and is not promoted",
      "`cavra runtime go-package build --channel stable`",
    ),
  ];
}

/** Is what would run the binary of this machine in the package, byte for byte? */
export function runtimeFindings(
  { files }: PackageStatement,
  runtime: string,
  { platform }: Pick<PackageGiven, "platform">,
): readonly Finding[] {
  if (runtime === "")
    return [
      found(
        "missing",
        "runtime_missing",
        "there is no runtime to hold against the package",
        "name it with `--runtime-path` or CAVRA_GO_RUNTIME_PATH",
      ),
    ];
  if (platform === null) return [found("fail", "platform_unknown", "no package is made for this machine")];
  const hint = `take \`${binaryPath(platform)}\` of the package`;
  const packaged = files.find(([path]) => path === binaryPath(platform));
  if (packaged === undefined) return [found("unbound", "platform_not_packaged", `the package has no binary for ${platform}`, BUILD_HINT)];
  if (packaged[1] === runtime) return [];
  const other = files.find(([path, digest]) => digest === runtime && platformOf(path) !== null);
  return other === undefined
    ? [found("unbound", "runtime_not_packaged", `the runtime ${runtime.slice(0, 19)} is not the packaged one`, hint)]
    : [found("unbound", "runtime_wrong_platform", `the runtime is the packaged one of ${platformOf(other[0])}`, hint)];
}

/** True where nothing failed and nothing was left out. */
export function isWhole(checks: readonly PackageCheck[]): boolean {
  return checks.length === PACKAGE_CHECKS.length && checks.every(({ status }) => status === "pass");
}

/** For tests and for who has the bytes already. */
export function packagedFile(bytes: Uint8Array): PackagedFile {
  return { digest: sha256(bytes), size_bytes: bytes.length, bytes };
}
