// The bytes that a document speaks of, and whether they are those that would run. Implements spec/promotion.md 2.3.

import { type Finding, found } from "./verdict.js";

export const SUBJECT_KEYS = ["runtime", "typescript", "go", "catalogue", "policy", "registry"] as const;
export type SubjectKey = (typeof SUBJECT_KEYS)[number];

/** Digests of the binary, the sources of both engines, catalogue, policy and registry of MCP servers; "" where nothing is said. */
export type Subject = Readonly<Record<SubjectKey, string>>;

export const NO_SUBJECT: Subject = { runtime: "", typescript: "", go: "", catalogue: "", policy: "", registry: "" };

/** Of a kind bound to these keys: which of the subject's digests is missing or too many; "" for none. `registry` may be "" always: there may be none. */
export function subjectFault(subject: Subject, bound: readonly SubjectKey[]): string {
  return SUBJECT_KEYS.find((key) => (bound.includes(key) ? subject[key] === "" && key !== "registry" : subject[key] !== "")) ?? "";
}

/** The first of the bound digests that is another than that of what would run; none where all are equal. */
export function unboundIn(subject: Subject, running: Subject, bound: readonly SubjectKey[], hint: string): readonly Finding[] {
  const other = bound.find((key) => subject[key] !== running[key]);
  if (other === undefined) return [];
  return [
    found(
      "unbound",
      `unbound_${other}`,
      `it speaks of the ${NAMES[other]} ${shown(subject[other])}; here ${shown(running[other])} would run`,
      hint,
    ),
  ];
}

const NAMES: Readonly<Record<SubjectKey, string>> = {
  runtime: "runtime",
  typescript: "TypeScript engine",
  go: "Go engine",
  catalogue: "catalogue",
  policy: "policy",
  registry: "MCP registry",
};

function shown(digest: string): string {
  return digest === "" ? "none" : digest.slice(0, 19);
}
