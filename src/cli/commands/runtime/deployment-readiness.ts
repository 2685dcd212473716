// `cavra runtime go-deployment-readiness`: may this package be deployed here? Everything is opened, hashed and held against each other. Implements spec/promotion.md 3.6.

import { resolve } from "node:path";
import { ok, type Result } from "../../../base/index.js";
import { isWhole, type PackageCheck } from "../../../promotion/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { aboutPackage, checkLine, type PackageAbout, packageHere } from "./package-here.js";
import { surfaceOf } from "./package-verify.js";

export interface DeploymentOptions {
  readonly packageDir?: string;
  readonly runtimePath?: string;
  readonly surface?: string;
  readonly json?: boolean;
}

export interface DeploymentReadiness {
  readonly schema_version: "cavra.go-deployment-readiness.v1";
  readonly status: "ready" | "not_configured" | "needs_attention";
  readonly package: PackageAbout | null;
  /** "" on a machine that packages are not made for. */
  readonly platform: string;
  readonly surface: string;
  /** Digest of the file at the runtime path; "" where there is none. */
  readonly runtime: string;
  readonly checks: readonly PackageCheck[];
}

export function deploymentReadiness(terminal: Terminal, options: DeploymentOptions): ExitStatus {
  try {
    const found = deploymentReport(terminal, options);
    if (!found.ok) return report(terminal, found.problem, options.json === true);
    terminal.print(options.json ? `${JSON.stringify(found.value)}\n` : render(found.value, terminal));
    return found.value.status === "needs_attention" ? EXIT.attention : EXIT.done;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), options.json === true);
  }
}

/** Problem: `unknown_surface`. Throws what cannot be read. */
export function deploymentReport(terminal: Terminal, options: DeploymentOptions): Result<DeploymentReadiness> {
  const surface = surfaceOf(options.surface);
  if (!surface.ok) return surface;
  const dir = options.packageDir ?? terminal.env.CAVRA_GO_RUNTIME_PACKAGE_DIR ?? "";
  const runtimePath = options.runtimePath ?? terminal.env.CAVRA_GO_RUNTIME_PATH ?? "";
  return ok(dir === "" ? notConfigured(surface.value) : opened(terminal, resolve(terminal.cwd, dir), runtimePath, surface.value));
}

const SCHEMA = "cavra.go-deployment-readiness.v1";

function notConfigured(surface: string): DeploymentReadiness {
  return { schema_version: SCHEMA, status: "not_configured", package: null, platform: "", surface, runtime: "", checks: [] };
}

function opened(terminal: Terminal, folder: string, runtimePath: string, surface: "ci-runner" | "workstation"): DeploymentReadiness {
  const path = runtimePath === "" ? "" : resolve(terminal.cwd, runtimePath);
  const { checked, platform, runtime } = packageHere(terminal, { folder, runtimePath: path, pin: "" });
  return {
    schema_version: SCHEMA,
    status: isWhole(checked.checks) ? "ready" : "needs_attention",
    package: aboutPackage(checked),
    platform: platform ?? "",
    surface,
    runtime: runtime ?? "",
    checks: checked.checks,
  };
}

function render({ status, package: about, checks }: DeploymentReadiness, { colours }: Terminal): string {
  if (status === "not_configured")
    return `${colours.dim(status)}\n  no release package is named: \`--package-dir\` or CAVRA_GO_RUNTIME_PACKAGE_DIR\n`;
  const colour = status === "ready" ? colours.green : colours.yellow;
  return `${colour(status)} ${about?.package_id ?? ""}\n${checks.map((check) => checkLine(check, colours)).join("")}`;
}
