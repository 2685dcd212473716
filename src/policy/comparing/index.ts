// The door of comparing: what differs between two policies, and which way it goes.

export { comparePolicies, type PolicyDiff } from "./compare.js";
export type { ChangeKind, Difference, Direction, PolicyChange } from "./model.js";
