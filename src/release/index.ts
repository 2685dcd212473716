// The door of release/: the gate on this machine, holds, and what promotion keeps in the state folder.

export { isClockBehind, rememberClock } from "./clock-seen.js";
export { addDrillEvent, type DrillFile, type NextLink, readDrillFile } from "./drill-history.js";
export { askedBy, drillInputs, rehearsalInput } from "./drill-inputs.js";
export { readDocumentFile } from "./files.js";
export { GATE_MS, type GateResult, gateHere } from "./gate-here.js";
export { holdWritable } from "./hold-writable.js";
export { endLeases, type HoldGiven, type HoldSet, isHeld, liftHold, pastHolds, readStanding, setHold, UNREADABLE } from "./holds.js";
export {
  approvalInput,
  type Documents,
  documentInput,
  type Held,
  type InputSources,
  type InputsRead,
  readDocuments,
  readInputs,
} from "./inputs.js";
export { GATE_AGAIN_MS, type Leases, type LeasesOptions, leaseFile, newLeases, type Told } from "./leases.js";
export { programDigest, readPackageFolder } from "./package-folder.js";
export {
  DOCUMENT_VARIABLES,
  type DocumentPaths,
  documentPaths,
  isConfigured,
  PARITY_BESIDE,
  type PromotionPlaces,
  promotionPlaces,
} from "./places.js";
export { platformHere } from "./platform.js";
export { runningBy } from "./running.js";
export { TRUST_FILE, type TrustSetting, trustSetting } from "./trust-setting.js";
