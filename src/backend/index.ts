// The door of backend/: which engine is selected, and the worker that is asked beside the authority.

export { ENGINE_DIGEST } from "./engine-digest.js";
export { type GoJudgement, type JudgedAbout, readGoJudgement } from "./go-judgement.js";
export { awayOf, DEADLINE_MS, type Keeper, type KeeperStatus, MOST_OUT, openKeeper } from "./keeper.js";
export {
  type Answered,
  type Asker,
  type BackendMode,
  type Evaluation,
  FALLBACK_CODES,
  type FallbackCode,
  type Fault,
  MODES,
  type Selection,
} from "./model.js";
export { backendReadiness, CHECK_IDS, type Check, type Probe, type Readiness } from "./readiness.js";
export { asksGo, isUnsafe, modeOf, select } from "./select.js";
export { type Hello, LINE_BYTES, PROTOCOL, type Request, readHello, requestLine } from "./wire.js";
export { HELLO_MS, startWorker, type WorkerSource } from "./worker.js";
