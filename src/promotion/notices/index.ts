// The door of notices: who is told, through what, what becomes of each notice, and what was held back. Pure.
// INVARIANT: the gate and every other readiness never come in here; test/promotion/suppression-never-changes-readiness.test.ts holds that.

export {
  ACK_NOTE_BYTES,
  ACK_SCHEMA,
  ACK_SKEW_MS,
  ACK_TYPE,
  type Acknowledgement,
  type AckSubject,
  acknowledgementText,
  countAcknowledgement,
  ownerOnRoute,
  saidAcknowledgement,
  signAcknowledgement,
  whoMayAcknowledge,
} from "./acknowledgement.js";
export { type OwnerCalendar, type Presence, presenceAt, readCalendar } from "./calendars.js";
export { conditionsOf, MOST_CONDITIONS } from "./conditions.js";
export { CRITICAL_REPEAT_MINUTES, type Decision, decide, isCounted, openMoment, type Step } from "./decide.js";
export { type Notice, type NoticeInput, noticeJson, noticeLine, noticeOf, slackJson } from "./message.js";
export {
  type AlertLevel,
  CATEGORIES,
  type Category,
  type Cause,
  type Condition,
  DELIVERY_MS,
  type Decided,
  EMPTY_MEMORY,
  type EndedOccurrence,
  FAILED_CAUSES,
  type FailedCause,
  HELD_BACK,
  HELD_CAUSES,
  HELD_MS,
  LEVELS,
  type Memory,
  NEVER_HELD,
  NO_MEMORY,
  type OpenThread,
  OUTCOMES,
  type Outcome,
  type PlannedNotice,
  type ThreadMemory,
} from "./model.js";
export { PLAN_NOTICES, type PlanGiven, type Planned, planEscalations, planNotices, routingFor } from "./plan.js";
export {
  type PlanAbout,
  type PlanDocument,
  type PlanEntry,
  type PlanKind,
  planDigest,
  planDocument,
} from "./plan-document.js";
export { type Owner, type Provider, ROUTES_BYTES, ROUTES_SCHEMA, type Route, type Routing, readRouting } from "./routes.js";
export { type Asked, allRoutes, builtInRouting, LEVEL_OF, type Resolved, UNROUTED, type Way, wayOf } from "./tree.js";
export {
  BUCKET_MS,
  BUCKETS,
  type Bucket,
  bucketOf,
  type Counts,
  type HourSum,
  type Mute,
  type NameSum,
  suppressionTrends,
  TREND_NAMES,
  TRENDS_SCHEMA,
  type TrendName,
  type Trends,
  type TrendWindow,
  trendWindow,
  windowBefore,
} from "./trends.js";
export { type MaintenanceWindow, type Occurrence, occurrencesAt, readWindow } from "./windows.js";
