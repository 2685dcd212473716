// Plain text, and values that run nothing although their role would say so. Implements spec/catalogue.md clauses 2.7 and 2.8.
// Twin of go/change/catalogue/ordinary.go.
// Only what is known to the last letter can be ordinary.

import type { Value } from "../values.js";
import { starMatches } from "./star.js";

/** Clause 2.8: one of the values that are written every day (`+G` of less, `set number` of vim). */
export function isOrdinary(value: Value, ordinary: readonly string[]): boolean {
  return (
    value.kind === "text" &&
    isPlainText(value.text) &&
    ordinary.some((one) => (one === "#" ? isNumber(value.text) : starMatches(one, value.text)))
  );
}

function isNumber(known: string): boolean {
  for (const unit of known) if (unit < "0" || unit > "9") return false;
  return true;
}

/** Neither quotes nor anything that a shell or an editor would take for the end of a command. */
export function isPlainText(known: string): boolean {
  for (const unit of known) if (!isPlainUnit(unit)) return false;
  return true;
}

function isPlainUnit(unit: string): boolean {
  return (unit >= "a" && unit <= "z") || (unit >= "A" && unit <= "Z") || (unit >= "0" && unit <= "9") || " -_./:=+,@~%".includes(unit);
}
