// The door of approval/: what a person is asked, what they answer, what it is bound to, and what became of it. Pure; the files are the store's.

export {
  APPROVAL_ANSWER_SCHEMA,
  APPROVAL_HOLDS_MS,
  type ApprovalAnswer,
  type CountedAnswer,
  countAnswer,
  signAnswer,
} from "./answer.js";
export { type Bound, bindingKey, bindingOf, boundText, type ExecutedFile, markOf } from "./binding.js";
export {
  ACTION_WAIT_MS,
  type ActionSubject,
  APPROVAL_PREFIX,
  type ApprovalRequest,
  type ApprovalSubject,
  type Asker,
  type BoundDocument,
  type BuiltRequest,
  buildRequest,
  type DocumentsSubject,
  type RequestInput,
  readRequest,
} from "./request.js";
export { ANY_APPROVER, type Route, routesFor, routesForDocuments } from "./routes.js";
export { type ApprovalFiles, type ApprovalState, type ApprovalStateName, approvalState, type StateGiven } from "./state.js";
