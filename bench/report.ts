// How every program in bench/ tells what it found: one JSON line for scripts/bench.mjs, or text for a person who runs it alone.

import { cpus } from "node:os";

/** One goal of DESIGN.md section 9 and what was measured for it. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly goal: number;
  /** `most`: measured may be at most the goal; `least`: it must be at least that. */
  readonly bound: "most" | "least";
  readonly unit: string;
}

export interface Report {
  readonly name: string;
  readonly goals: readonly Goal[];
  /** What stands behind the figures, a line each. */
  readonly details: readonly string[];
}

export function holds({ measured, goal, bound }: Goal): boolean {
  return bound === "most" ? measured <= goal : measured >= goal;
}

export function report(found: Report): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ ...found, goals: found.goals.map((goal) => ({ ...goal, holds: holds(goal) })) }));
    return;
  }
  console.log(`${found.name}, on ${cpus().length} x ${cpus()[0]?.model ?? "?"}, node ${process.version}`);
  for (const line of found.details) console.log(`  ${line}`);
  for (const goal of found.goals) {
    const side = goal.bound === "most" ? "at most" : "at least";
    console.log(`  ${holds(goal) ? "✓" : "✗"} ${goal.what}: ${goal.measured} ${goal.unit} (goal: ${side} ${goal.goal})`);
  }
}

export function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

export function median(values: readonly number[]): number {
  return at(ascending(values), 0.5);
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
