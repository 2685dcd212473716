// What the commands of promotion share: where the documents are, what would run here, and the gate over both. Implements spec/promotion.md 5.3 and spec/cli.md section 16.

import type { Command } from "commander";
import { heldBack, workspaceAround } from "../../../authority/index.js";
import { type Fault, type Hello, startWorker } from "../../../backend/index.js";
import { ok, type Result } from "../../../base/index.js";
import { type DocumentPaths, documentPaths, type GateResult, gateHere, type InputSources, runningBy } from "../../../release/index.js";
import { configDir, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { type EvaluateOptions, openFor } from "../evaluate.js";
import { type RuntimeOptions, type RuntimeSettings, readSettings } from "./settings.js";
import { workerSource } from "./worker-source.js";

export type GateOptions = RuntimeOptions & EvaluateOptions;

/** The flags that name documents; each has a variable (SEED.md). */
export function withDocuments(command: Command): Command {
  return command
    .option("--package-dir <folder>", "release package (CAVRA_GO_RUNTIME_PACKAGE_DIR)")
    .option("--promotion-evidence-path <file>", "promotion evidence (CAVRA_GO_PROMOTION_EVIDENCE)")
    .option("--parity-report-path <file>", "parity report (CAVRA_GO_PARITY_REPORT; default: beside the evidence)")
    .option("--rollback-plan-path <file>", "rollback plan (CAVRA_GO_ROLLBACK_PLAN)")
    .option("--rollback-rehearsal-path <file>", "rehearsal (CAVRA_GO_ROLLBACK_REHEARSAL_EVIDENCE)")
    .option("--rollback-drill-history-path <file>", "drill history (CAVRA_GO_ROLLBACK_DRILL_HISTORY)")
    .option("--rollback-drill-schedule-path <file>", "drill schedule (CAVRA_GO_ROLLBACK_DRILL_SCHEDULE)");
}

/** Flags first, then variables. */
export function pathsOf(options: RuntimeOptions, { env, cwd }: Pick<Terminal, "env" | "cwd">): DocumentPaths {
  const named = {
    package: options.packageDir,
    evidence: options.promotionEvidencePath,
    parity: options.parityReportPath,
    plan: options.rollbackPlanPath,
    rehearsal: options.rollbackRehearsalPath,
    drills: options.rollbackDrillHistoryPath,
    schedule: options.rollbackDrillSchedulePath,
  };
  const flags = Object.fromEntries(Object.entries(named).filter(([, path]) => path !== undefined));
  return documentPaths(env, flags, cwd);
}

export interface GateHere {
  readonly settings: RuntimeSettings;
  readonly sources: InputSources;
}

/** Starts the worker as the keeper would, so that the gate speaks of what would run; nothing is asked of it. Problems: those of readSettings. */
export async function gateSources(terminal: Terminal, options: GateOptions): Promise<Result<GateHere>> {
  const settings = readSettings(options, terminal);
  if (!settings.ok) return settings;
  const { hello, fault } = await whatRuns(terminal, options, settings.value);
  const sources = sourcesFor(terminal, options, hello);
  return ok({ settings: settings.value, sources: { ...sources, mode: settings.value.mode, runtimeFault: fault } });
}

/** What a worker's hello and the files that a call names come to. */
export function sourcesFor(terminal: Terminal, options: RuntimeOptions, hello: Hello | null): InputSources {
  const stateFolder = stateDir(terminal.env);
  return {
    mode: "",
    nowMs: SYSTEM_CLOCK.nowMs(),
    stateFolder,
    configFolder: configDir(terminal.env),
    paths: pathsOf(options, terminal),
    running: hello === null ? null : runningBy(hello),
    runtimeFault: null,
    campaignFault: hello === null ? UNSTARTED : heldBack(stateFolder, hello),
  };
}

const UNSTARTED: Fault = { code: "worker_unavailable", message: "no worker was started" };

export function gateOf(sources: InputSources): GateResult {
  const begun = performance.now();
  return gateHere(sources, () => performance.now() - begun);
}

interface Runs {
  readonly hello: Hello | null;
  readonly fault: Fault | null;
}

/** A worker that is started to be looked at is given so long: nobody's answer waits for it. */
const GREETING_MS = 10_000;

async function whatRuns(terminal: Terminal, options: GateOptions, settings: RuntimeSettings): Promise<Runs> {
  if (settings.runtimePath === "") return { hello: null, fault: { code: "runtime_missing", message: "no `cavra-runtime` is named" } };
  const authority = openFor(terminal, workspaceAround(terminal.cwd, terminal.env.HOME ?? ""), options);
  const started = await startWorker(workerSource(authority, settings, options, terminal), GREETING_MS);
  if (!started.ok) return { hello: null, fault: started.fault };
  await started.worker.stop();
  return { hello: started.worker.hello, fault: null };
}
