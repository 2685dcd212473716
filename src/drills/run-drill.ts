// One drill from its first call to its last: steady, fault, watched, undone, steady again. Implements spec/drills.md 1.4.
// INVARIANT: it writes down what it saw and never how it went; whatever breaks it off is written down too.

import { join } from "node:path";
import { CavraError, formatTime } from "../base/index.js";
import { type Experiment, LEASE_MS, type Observations } from "../promotion/index.js";
import { CLOCK_FILE, injectorOf } from "./injectors.js";
import { machineText } from "./machine.js";
import { manyRounds, oneRound, type RoundSetting } from "./rounds.js";
import { newRuntimePath, type RuntimePath } from "./runtime-path.js";
import { newScratchRoot, openScratch, type Scratch } from "./scratch.js";
import { type Campaigns, compared, newStage } from "./stage.js";
import { newSeen, written } from "./written-down.js";

export interface DrillGiven {
  readonly experiment: Experiment;
  /** `cavra.cjs`, the release candidate, and the program that damages answers. */
  readonly program: string;
  readonly real: string;
  readonly standIn: string;
  /** What is loaded ahead of the authorities. */
  readonly ahead: string;
  readonly campaigns: Campaigns;
  readonly onProgress: (done: number, all: number) => void;
  /** True once somebody wants it to end. */
  readonly isOver: () => boolean;
}

/** Several rounds have a policy and a worker each, more than an authority keeps at a time: none has anything from the one before. */
const SHOPS = 6;

/** Never rejects. */
export async function runDrill(given: DrillGiven): Promise<Observations> {
  const { experiment, program } = given;
  const begunAt = formatTime(Date.now());
  const seen = newSeen();
  let brokenOff = "";
  let scratch: Scratch | null = null;
  try {
    const root = newScratchRoot();
    const runtime = installed(given, root);
    const injector = injectorOf(experiment.fault);
    scratch = await openScratch(root, { program, beside: besideOf(experiment, runtime, root), ahead: given.ahead });
    const stage = newStage(scratch, Math.min(experiment.rounds, SHOPS));
    await compared(stage, given.campaigns);
    const setting: RoundSetting = { ...given, stage, runtime, injector, seen };
    await (experiment.rounds > 1 ? manyRounds(setting) : oneRound(setting));
    if (seen.rounds.length < experiment.rounds) throw new CavraError("broken_off", "somebody ended it");
  } catch (thrown) {
    brokenOff = thrown instanceof Error ? thrown.message.slice(0, 500) : String(thrown);
  }
  const observed = scratch === null ? null : await written(seen, scratch, experiment.mode);
  await scratch?.close();
  const whole = observed ?? (await written(newSeen(), null, experiment.mode));
  return { ...whole, begun_at: begunAt, ended_at: formatTime(Date.now()), broken_off: brokenOff, machine: machineText() };
}

function installed({ experiment, real, standIn }: DrillGiven, root: string): RuntimePath {
  const runtime = newRuntimePath(root, real, standIn);
  const { way, only } = injectorOf(experiment.fault);
  if (way === "") runtime.installReal();
  else runtime.installStandIn(way, only);
  return runtime;
}

function besideOf({ mode, deadline_ms, fault }: Experiment, { path }: RuntimePath, root: string): Readonly<Record<string, string>> {
  return {
    CAVRA_GO_BACKEND_MODE: mode,
    CAVRA_GO_BACKEND_DEADLINE_MS: String(deadline_ms),
    CAVRA_GO_RUNTIME_PATH: path,
    CAVRA_GO_LEASE_MS: String(fault === "expired_evidence" ? SHORT_LEASE_MS : LEASE_MS),
    CAVRA_DRILL_CLOCK: fault === "clock_jump" ? join(root, CLOCK_FILE) : "",
  };
}

/** Short, so that the end of what it stands on is seen within a drill. */
const SHORT_LEASE_MS = 4_000;
