// The door of word evaluation: from the words of the syntax tree to values. Implements spec/change.md section 5.

export { type Budget, isSpent, LIMITS, newBudget, spend, spendText, utf8Length } from "./budget.js";
export type { Variable, WordContext } from "./context.js";
export {
  evaluateBody,
  evaluateDeclared,
  evaluateExpression,
  evaluateGlob,
  evaluateText,
  evaluateWord,
  evaluateWords,
} from "./expand.js";
export { escapeGlob, globPrefix, hasActive, matchesGlob, unescapeGlob } from "./glob.js";
export { concatValues, joinValues, knownPrefix, mayBeMany, oneOf, sameValue } from "./pieces.js";
export { plainWords } from "./plain.js";
