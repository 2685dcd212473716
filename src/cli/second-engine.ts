// What a running authority's backend mode means, in words. Implements spec/backend.md 1.1 for people: the name of a mode alone reads as the authority's own.

import { oneLine } from "./one-line.js";

export function saySecondEngine(mode: string): string {
  if (mode === "shadow" || mode === "enforce") return `the second engine is asked in ${mode} mode`;
  if (mode === "promoted") return "the second engine answers under a lease";
  return mode === "disabled" ? "the second engine is not asked" : `the second engine is not asked (mode ${oneLine(mode, 40)})`;
}
