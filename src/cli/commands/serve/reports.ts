// The reports that the server hands out: each is what its command prints, made by that command in a process of its own. Implements spec/service.md 6.2.
// A report hashes packages and starts workers; made here, it would hold up every answer of the authority.

import type { ReportName } from "../../../server/index.js";
import type { Terminal } from "../../terminal.js";
import { commandJson } from "./command-json.js";

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

/** Rejects with the command's own code, or `report_unavailable`. Nothing of a request comes in here. */
export function readReport(name: ReportName, terminal: Pick<Terminal, "env" | "cwd">): Promise<object> {
  return commandJson(COMMANDS[name], terminal);
}
