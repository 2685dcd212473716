// spec/vectors/drill-verdict: what a drill did and saw, and how it went. Proves spec/drills.md 1.5 and 1.6.

import { expect } from "vitest";
import { drillVerdict, type Experiment, type Observations } from "../../src/promotion/index.js";
import { runArea } from "./area.js";

interface Vector {
  readonly input: { readonly experiment: Experiment; readonly observations: Observations };
  readonly expect: { readonly verdict: string; readonly codes: readonly string[]; readonly measured: object };
}

runArea<Vector>("drill-verdict", "drills.md", ({ input, expect: expected }) => {
  const { verdict, findings, measured } = drillVerdict(input.experiment, input.observations);
  const codes = findings.filter((one) => one.verdict !== "pass").map(({ code }) => code);
  expect({ verdict, codes, measured }).toEqual(expected);
});
