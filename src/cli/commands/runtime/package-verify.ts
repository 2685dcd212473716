// `cavra runtime go-package verify DIR`: is all of it there as it was signed, and is the runtime the packaged one. Offline. Implements spec/promotion.md 3.3 and 3.4.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bad, formatTime, ok, type Result } from "../../../base/index.js";
import {
  DAY_MS,
  DEPLOYMENT,
  type DeploymentReport,
  DOCUMENT_PREFIX,
  isWhole,
  NO_SUBJECT,
  REPORT_FILE,
  SURFACES,
  type Surface,
  signDocument,
} from "../../../promotion/index.js";
import { newId, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { currentTrust, type SignerOptions, signerOfRole } from "../keys/access.js";
import { aboutPackage, checkLine, type PackageHere, packageHere } from "./package-here.js";

export interface VerifyPackageOptions extends SignerOptions {
  readonly runtimePath?: string;
  readonly surface?: string;
  readonly pin?: string;
  /** True takes the place where the gate looks: in the package's folder. */
  readonly report?: string | true;
  readonly json?: boolean;
}

export function verifyPackage(terminal: Terminal, dir: string, options: VerifyPackageOptions): ExitStatus {
  const json = options.json === true;
  try {
    const surface = surfaceOf(options.surface);
    if (!surface.ok) return report(terminal, surface.problem, json);
    const folder = resolve(terminal.cwd, dir);
    const given = options.runtimePath ?? terminal.env.CAVRA_GO_RUNTIME_PATH ?? "";
    const runtimePath = given === "" ? null : resolve(terminal.cwd, given);
    const here = packageHere(terminal, { folder, runtimePath, pin: options.pin ?? "" });
    const file =
      options.report === undefined
        ? null
        : typeof options.report === "string"
          ? resolve(terminal.cwd, options.report)
          : join(folder, REPORT_FILE);
    const written = file === null ? ok("") : writeDeployment(terminal, here, surface.value, file, options);
    if (!written.ok) return report(terminal, written.problem, json);
    return tell(terminal, here, file ?? "", json);
  } catch (thrown) {
    return report(terminal, problemOf(thrown), json);
  }
}

/** Problem: `unknown_surface`. */
export function surfaceOf(given: string | undefined): Result<Surface> {
  const surface = SURFACES.find((one) => one === (given ?? "workstation"));
  if (surface === undefined) return bad("unknown_surface", `\`${given}\` is no surface`, { hint: `one of ${SURFACES.join(", ")}` });
  return ok(surface);
}

/** Problems: `package_missing`, `runtime_missing`, `platform_unknown` where there is nothing that a report could be about; those of keys and trust. */
function writeDeployment(
  terminal: Terminal,
  here: PackageHere,
  surface: Surface,
  file: string,
  options: VerifyPackageOptions,
): Result<string> {
  const body = reportOf(here, surface);
  if (!body.ok) return body;
  const trust = currentTrust(terminal);
  if (!trust.ok) return trust;
  const signer = signerOfRole(terminal, trust.value, "builder", options);
  if (!signer.ok) return signer;
  const text = signDocument(DEPLOYMENT, body.value, signer.value, trustChain(stateDir(terminal.env)));
  if (!text.ok) return text;
  writeFileSync(file, text.value);
  return ok(file);
}

function reportOf({ checked, contents, platform, runtime }: PackageHere, surface: Surface): Result<DeploymentReport> {
  const { statement, digest, checks } = checked;
  if (statement === null)
    return bad("package_unsigned", "no report is written of a package that no signature stands behind", {
      hint: "without `--report` it says what is wrong",
    });
  if (runtime === null || runtime === "")
    return bad("runtime_missing", "a report is about a runtime too, and there is none", {
      hint: "name it with `--runtime-path` or CAVRA_GO_RUNTIME_PATH",
    });
  if (platform === null) return bad("platform_unknown", "no package is made for this machine");
  const { id, momentMs } = newId(DOCUMENT_PREFIX, SYSTEM_CLOCK);
  const { package_id, version, channel, source_digest } = statement.body;
  const files = [...contents.files.values()];
  return ok({
    schema_version: "cavra.go-deployment-report.v1",
    document_id: id,
    issued_at: formatTime(momentMs),
    expires_at: formatTime(momentMs + DEPLOYMENT.days * DAY_MS),
    subject: { ...NO_SUBJECT, runtime, go: source_digest },
    status: isWhole(checks) ? "ready" : "needs_attention",
    package_id,
    package_digest: digest,
    version,
    channel,
    platform,
    surface,
    files: files.length,
    size_bytes: files.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    checks: checks.map(({ id: check_id, status, code }) => ({ check_id, status, code })),
  });
}

function tell(terminal: Terminal, { checked, platform, runtime }: PackageHere, file: string, json: boolean): ExitStatus {
  // A candidate is whole too; only promotion asks for more.
  const verified =
    checked.statement !== null &&
    checked.checks.every(({ id, status }) => status === "pass" || id === "channel" || (id === "runtime" && status === "skipped"));
  if (json) {
    const value = {
      verified,
      package: aboutPackage(checked),
      platform: platform ?? "",
      runtime: runtime ?? "",
      report: file,
      checks: checked.checks,
    };
    terminal.print(`${JSON.stringify(value)}\n`);
  } else {
    const { colours } = terminal;
    const head = verified ? colours.green("verified") : colours.red("not verified");
    terminal.print(
      `${head} ${aboutPackage(checked)?.package_id ?? ""}\n${checked.checks.map((check) => checkLine(check, colours)).join("")}`,
    );
    if (file !== "") terminal.print(`wrote the report to ${file}\n`);
  }
  return verified ? EXIT.done : EXIT.deny;
}
