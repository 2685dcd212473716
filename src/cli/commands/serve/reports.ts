// The reports that the server hands out: each is what its command prints, made by that command in a process of its own. Implements spec/service.md 6.2.
// A report hashes packages and starts workers; made here, it would hold up every answer of the authority.

import { execFile } from "node:child_process";
import { CavraError, type JsonObject, parseJson } from "../../../base/index.js";
import type { ReportName } from "../../../server/index.js";
import type { Terminal } from "../../terminal.js";
import { ownEnvironment, SELF } from "../authority.js";

const COMMANDS: Readonly<Record<ReportName, readonly string[]>> = {
  // Nobody who reads has both engines compared.
  readiness: ["runtime", "go-pilot-readiness", "--no-campaign"],
  "promotion-readiness": ["runtime", "go-promotion-readiness"],
  "deployment-readiness": ["runtime", "go-deployment-readiness"],
  "rollback-readiness": ["runtime", "go-rollback-readiness"],
  "rollback-rehearsal": ["runtime", "go-rollback-rehearsal"],
  "rollback-drills": ["runtime", "go-rollback-drills"],
  "rollback-drill-schedule": ["runtime", "go-rollback-drill-schedule"],
  "production-readiness": ["deployment", "production-readiness"],
};

const REPORT_MS = 30_000;
const REPORT_BYTES = 16_777_216;

/** Rejects with the command's own code, or `report_unavailable`. Nothing of a request comes in here. */
export async function readReport(name: ReportName, terminal: Pick<Terminal, "env" | "cwd">): Promise<object> {
  const [program = "", ...args] = [...SELF, ...COMMANDS[name], "--json"];
  const read = parseJson((await printedBy(program, args, terminal)).trimEnd(), { sizeBytes: REPORT_BYTES, depth: 64 });
  const value = read.ok ? (read.value as JsonObject | null) : null;
  if (value === null || typeof value !== "object")
    throw new CavraError("report_unavailable", "the report could not be made", { hint: `run \`cavra ${COMMANDS[name].join(" ")}\`` });
  const error = value.error as { readonly code?: unknown; readonly message?: unknown } | undefined;
  if (error !== undefined) throw new CavraError(String(error.code), String(error.message));
  return value;
}

/** What it printed, however it ended. */
function printedBy(program: string, args: readonly string[], { env, cwd }: Pick<Terminal, "env" | "cwd">): Promise<string> {
  const options = { env: ownEnvironment({ env }), cwd, timeout: REPORT_MS, maxBuffer: REPORT_BYTES, killSignal: "SIGKILL" as const };
  return new Promise((resolve) => {
    execFile(program, [...args], { ...options, encoding: "utf8" }, (_error, stdout) => resolve(stdout));
  });
}
