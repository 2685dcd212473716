// The experiment of a drill as the commands make it: what is asked, by how many, and for how long. Implements spec/drills.md 1.1 and 3.2.

import type { Experiment, FaultName, Objectives } from "../promotion/index.js";
import { injectorOf } from "./injectors.js";

/** Without a plan: TypeScript answers within 20 ms, and nothing asks Go any more within a second. */
export const OBJECTIVES: Objectives = { first_answer_p99_ms: 20, full_demotion_ms: 1_000 };

export interface ExperimentGiven {
  readonly fault: FaultName;
  readonly objectives: Objectives;
  /** One is watched for its whole time; more are short. */
  readonly rounds: number;
  readonly callers: number;
}

/** What stops, what reads, and what is stopped because it writes: of each Go may answer something else alone. */
const LINES = ["cat .env.#", "ls #", "touch db/#"] as const;

/** Throws CavraError `fault_not_possible`. */
export function newExperiment({ fault, objectives, rounds, callers }: ExperimentGiven): Experiment {
  const isOne = rounds === 1;
  return {
    fault,
    stand_in: injectorOf(fault).standIn,
    mode: "promoted",
    lines: LINES,
    callers,
    pause_us: isOne ? 10_000 : 5_000,
    deadline_ms: 250,
    before_ms: 500,
    watch_ms: isOne ? 1_000 : 5_000,
    rounds,
    objectives,
  };
}
