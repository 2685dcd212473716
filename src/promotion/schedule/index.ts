// The door of the drill schedule: an input of the gate. It knows nothing of notices.

export { type Demotion, type DrillFacts, type FailedDrill, type Mismatch, NO_FACTS } from "./drill-facts.js";
export { factsOfDrills } from "./facts-of-drills.js";
export {
  SCHEDULE_CODES,
  SCHEDULE_REPORT_SCHEMA,
  SCHEDULE_SKEW_MS,
  type ScheduleCheck,
  type ScheduleCode,
  type ScheduleReport,
  type ScheduleStatus,
  scheduleReport,
} from "./report.js";
export {
  type DrillSchedule,
  type DueTimes,
  dueTimes,
  MOST_INTERVAL_DAYS,
  readSchedule,
  SCHEDULE_BYTES,
  SCHEDULE_OWNERS,
  SCHEDULE_SCHEMA,
} from "./schedule.js";
