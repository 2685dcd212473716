// The answer about a time follows from what is on record, state by state, and from nothing else. Proves spec/promotion.md 10.4 to 10.6.

import { describe, expect, it } from "vitest";
import { verifyKit } from "../../../src/promotion/index.js";
import { CHECK, sampleKit } from "./sample-kit.js";
import { SCENARIOS } from "./scenarios.js";

describe("the answer of a kit", () => {
  it.each(SCENARIOS)("where $name", (scenario) => {
    const { bytes } = sampleKit(scenario);
    const kit = verifyKit(bytes, CHECK);
    if (!kit.ok) throw new Error(`${kit.problem.code}: ${kit.problem.message}`);
    const { selected, state, complete, because } = kit.value.answer;
    expect(because.map(({ code }) => code).filter((code) => code !== "document_missing")).toEqual(scenario.because);
    expect({ selected, state, complete }).toEqual({
      selected: scenario.state === "leased",
      state: scenario.state,
      complete: scenario.complete ?? true,
    });
  });
});
