// What one input of the gate came to. Implements spec/promotion.md section 1.
// There is one verdict type for everything that the gate reads, so that nothing can be "almost passed" in a way of its own.

/** In the order of spec/promotion.md 1.1: of several the first is told. */
export const INPUT_VERDICTS = [
  "missing",
  "malformed",
  "unsigned",
  "revoked",
  "clock_suspect",
  "stale",
  "unbound",
  "unapproved",
  "fail",
  "inconclusive",
  "pass",
] as const;
export type InputVerdict = (typeof INPUT_VERDICTS)[number];

/** One thing that was found about an input; `code` for machines, `hint` the next command. */
export interface Finding {
  readonly verdict: InputVerdict;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export function found(verdict: Exclude<InputVerdict, "pass">, code: string, message: string, hint = ""): Finding {
  return { verdict, code, message, hint };
}

export function passed(message: string): Finding {
  return { verdict: "pass", code: "ok", message, hint: "" };
}

/** The findings by the order of their verdicts; equal ones stay in their order. None at all is `inconclusive`: nobody looked. */
export function ordered(findings: readonly Finding[]): readonly [Finding, ...Finding[]] {
  const [first, ...rest] = INPUT_VERDICTS.flatMap((verdict) => findings.filter((one) => one.verdict === verdict));
  return first === undefined ? [found("inconclusive", "not_looked_at", "nothing was looked at")] : [first, ...rest];
}

/** True where there is a finding and all of them are `pass`. */
export function isPass(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every(({ verdict }) => verdict === "pass");
}
