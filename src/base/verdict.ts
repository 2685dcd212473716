// The four verdicts and their order. Implements spec/policy.md section 1. Twin of go/base/verdict.go.
// The strictest verdict always wins, over rules and over effects; nothing anywhere may depend on the order of its inputs.

export const VERDICTS = ["allow", "warn", "require_approval", "deny"] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SEVERITIES = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The strictest of the verdicts; `allow` for none. */
export function strictest(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((worst, verdict) => (isStricter(verdict, worst) ? verdict : worst), "allow");
}

export function isStricter(left: Verdict, right: Verdict): boolean {
  return VERDICTS.indexOf(left) > VERDICTS.indexOf(right);
}

/** True for the verdicts that keep the action from running now. */
export function stops(verdict: Verdict): boolean {
  return verdict === "deny" || verdict === "require_approval";
}
