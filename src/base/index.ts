// The ground floor: what every other folder may use, and what uses nothing.

export { compareBytes, sortedByBytes } from "./order.js";
export { bad, CavraError, ok, type Problem, type Result } from "./result.js";
export type { Span } from "./span.js";
export { isStricter, SEVERITIES, type Severity, stops, strictest, VERDICTS, type Verdict } from "./verdict.js";
