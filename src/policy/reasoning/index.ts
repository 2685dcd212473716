// The door of reasoning about whole policies: which rules can never match or never matter, and which of two rules matches more.

export { type KindView, MAX_PIECES, type RuleView, viewOf } from "./rule-view.js";
export { areAllCompared, isIdle, MAX_RULE_PAIRS, matchesAll, type RuleStanding, standings } from "./standing.js";
