// What the commands under `cavra runtime` are told: each flag and its variable, the flag first. Implements spec/backend.md 1.2 and 5.3, and spec/cli.md section 14.

import { resolve } from "node:path";
import type { Command } from "commander";
import { type BackendMode, DEADLINE_MS, modeOf } from "../../../backend/index.js";
import { bad, ok, type Result } from "../../../base/index.js";
import { LEASE_MS } from "../../../promotion/index.js";
import type { Terminal } from "../../terminal.js";

export interface RuntimeOptions {
  readonly mode?: string;
  readonly runtimePath?: string;
  readonly policyPath?: string;
  readonly registryPath?: string;
  readonly packageDir?: string;
  readonly promotionEvidencePath?: string;
  readonly rollbackPlanPath?: string;
  readonly rollbackRehearsalPath?: string;
  readonly rollbackDrillHistoryPath?: string;
  readonly rollbackDrillSchedulePath?: string;
  readonly parityReportPath?: string;
  readonly deadlineMs?: string;
  readonly json?: boolean;
}

export interface RuntimeSettings {
  readonly mode: BackendMode;
  /** "" where none is set. */
  readonly runtimePath: string;
  /** A compiled policy named by the operator; "" takes the one in force. */
  readonly policyPath: string;
  /** A registry of MCP servers for it; "" takes the one in force. */
  readonly registryPath: string;
  readonly deadlineMs: number;
  /** How long a lease of the running authority lasts. */
  readonly leaseMs: number;
}

/** The flags of every command that speaks of the second engine. */
export function withRuntime(command: Command): Command {
  return command
    .option("--mode <mode>", "disabled, shadow, enforce or promoted (CAVRA_GO_BACKEND_MODE)")
    .option("--runtime-path <file>", "the cavra-runtime binary (CAVRA_GO_RUNTIME_PATH)")
    .option("--policy-path <file>", "compiled policy for it (CAVRA_GO_RUNTIME_POLICY; default: the one in force)")
    .option("--registry-path <file>", "MCP registry for it (CAVRA_GO_RUNTIME_REGISTRY; default: the one in force)")
    .option("--deadline-ms <n>", "how long its answer may take (CAVRA_GO_BACKEND_DEADLINE_MS; default 250)");
}

/** Problems: `unknown_mode`, `bad_deadline`, `bad_lease`. */
export function readSettings(options: RuntimeOptions, { env, cwd }: Pick<Terminal, "env" | "cwd">): Result<RuntimeSettings> {
  const mode = modeOf(options.mode ?? env.CAVRA_GO_BACKEND_MODE ?? "");
  if (!mode.ok) return mode;
  const deadlineMs = readMs(options.deadlineMs ?? env.CAVRA_GO_BACKEND_DEADLINE_MS ?? "", DEADLINE_MS);
  if (deadlineMs === null) return bad("bad_deadline", "a deadline is a whole number of milliseconds from 1 to 60000");
  const leaseMs = readMs(env.CAVRA_GO_LEASE_MS ?? "", LEASE_MS);
  if (leaseMs === null || leaseMs < LEAST_LEASE_MS)
    return bad("bad_lease", `a lease lasts from ${LEAST_LEASE_MS} to ${LEASE_MS} milliseconds`, { hint: "mend CAVRA_GO_LEASE_MS" });
  const path = (flag: string | undefined, variable: string) => {
    const given = flag ?? env[variable] ?? "";
    return given === "" ? "" : resolve(cwd, given);
  };
  return ok({
    mode: mode.value,
    runtimePath: path(options.runtimePath, "CAVRA_GO_RUNTIME_PATH"),
    policyPath: path(options.policyPath, "CAVRA_GO_RUNTIME_POLICY"),
    registryPath: path(options.registryPath, "CAVRA_GO_RUNTIME_REGISTRY"),
    deadlineMs,
    leaseMs,
  });
}

function readMs(text: string, unsaid: number): number | null {
  if (text === "") return unsaid;
  if (!/^[1-9][0-9]{0,4}$/.test(text)) return null;
  const value = Number(text);
  return value <= LONGEST_MS ? value : null;
}

/** Of a deadline, and of a lease. */
const LONGEST_MS = 60_000;
/** A shorter one would end between two looks at it. */
const LEAST_LEASE_MS = 2_000;
