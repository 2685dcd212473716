// Compares what bash hands to `rm` with what the change of the same line tells as deleted. What is admitted as unknown is no difference.

import { posix } from "node:path";
import { effectsOf } from "../test/change/setting.js";

const HOME = "/nonexistent";

export interface Deletions {
  /** Every path that is told exactly. */
  readonly told: readonly string[];
  /** Whether there may be more. */
  readonly isUnsure: boolean;
}

export function deletionsTold(line: string): Deletions {
  const effects = effectsOf(line, { home: HOME, environment: { HOME } });
  const deleted = effects.flatMap((effect) => (effect.kind === "delete" ? [effect] : []));
  const exact = deleted.filter(({ extent, target }) => extent === "exact" && target.startsWith("/"));
  return {
    told: exact.map(({ target }) => target),
    isUnsure: effects.some(({ kind }) => kind === "opaque") || exact.length < deleted.length,
  };
}

/** The paths of the operands; null where one of them would be read as a path of another system. */
export function pathsOf(operands: readonly string[]): readonly string[] | null {
  // Backslashes and drive letters make paths of another system for us, and are letters to this kernel: spec/change.md section 4 takes the careful reading.
  if (operands.some((operand) => operand.includes("\\") || /^[A-Za-z]:/.test(operand))) return null;
  return operands.filter((operand) => operand !== "").map((operand) => posix.resolve("/srv/app", operand));
}

/** The call of a program as bash recorded it, without what is recorded beside its words. */
export function wordsOfCall(call: string): readonly string[] {
  return call.split("\x1f").slice(0, -3);
}
