// Drills and rehearsals: what is done, what was seen, how it went, and what stands open. Pure; who runs them is src/drills.

export { DRILL_MS, drillsIn, type KnownDrill, OFTEN_INCONCLUSIVE, openDrills } from "./drills.js";
export {
  DRILL_BEGUN,
  DRILL_DAYS,
  DRILL_MEASURED,
  DRILL_PREFIX,
  DRILL_RESOLUTION,
  type DrillBegun,
  type DrillMeasured,
  type DrillResolution,
} from "./events.js";
export { DRILL_FAULTS, type FaultKind } from "./faults.js";
export {
  type DrillInput,
  drillHistoryFindings,
  type HistoryInput,
  type HistoryWanted,
  type RehearsalWanted,
  rehearsalFindings,
} from "./findings.js";
export { formatHead, type HistoryEvent, type HistoryHead, type HistoryRead, headOf, nextLink, readHead, readHistory } from "./history.js";
export {
  CALL_COLUMNS,
  type CallRow,
  DRILL_CALLERS,
  DRILL_CALLS,
  DRILL_MODES,
  DRILL_OUTPUT,
  DRILL_ROUNDS,
  type DrillAction,
  type Experiment,
  type Histogram,
  type Objectives,
  type Observations,
  type Round,
  type Steady,
} from "./observed.js";
export { drillPicture } from "./picture.js";
export { REHEARSAL, REHEARSAL_DAYS, REHEARSAL_SCHEMA, type Rehearsal, type RehearsedDrill, rehearsalOutcome } from "./rehearsal.js";
export type { Measured } from "./tally.js";
export { type DrillVerdict, drillVerdict } from "./verdict.js";
