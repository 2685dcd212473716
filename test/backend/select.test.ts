// Which engine is selected, for every mode and every outcome. Proves spec/backend.md sections 1 and 6.

import { describe, expect, it } from "vitest";
import { FALLBACK_CODES, modeOf, select } from "../../src/backend/index.js";

const OURS = '{"rule_id":"a","verdict":"require_approval"}';
const ours = { judgement: OURS, verdict: "require_approval" } as const;

describe("the mode", () => {
  it.each([
    ["", "disabled"],
    ["disabled", "disabled"],
    ["shadow", "shadow"],
    ["enforce", "enforce"],
    ["promoted", "promoted"],
  ])("`%s` is %s", (name, mode) => expect(modeOf(name)).toEqual({ ok: true, value: mode }));

  it.each(["Shadow", "shadow ", "enforced", "__proto__", "on"])("`%s` is no mode", (name) =>
    expect(modeOf(name)).toMatchObject({ ok: false, problem: { code: "unknown_mode" } }),
  );
});

describe("the selection", () => {
  it("asks nobody where the mode is disabled, and calls that no fallback", () =>
    expect(select("disabled", ours, null)).toMatchObject({ selected_backend: "typescript", fallback_used: false, parity_match: null }));

  it("selects Go in enforce where the bytes are equal, and TypeScript in shadow", () => {
    const same = { ok: true, judgement: OURS } as const;
    expect(select("enforce", ours, same)).toMatchObject({ selected_backend: "go", fallback_used: false, parity_match: true });
    expect(select("shadow", ours, same)).toMatchObject({ selected_backend: "typescript", fallback_used: false, parity_match: true });
  });

  it.each([
    ["a weaker verdict", '{"rule_id":"a","verdict":"warn"}', true],
    ["a stricter verdict", '{"rule_id":"a","verdict":"deny"}', false],
    ["the same verdict by another rule", '{"rule_id":"b","verdict":"require_approval"}', false],
    ["the same members in another order", '{"verdict":"require_approval","rule_id":"a"}', false],
    ["a verdict of its own", '{"verdict":"maybe"}', true],
    ["no object", "[]", true],
    ["nothing", "", true],
    ["two verdicts", '{"verdict":"deny","verdict":"allow"}', true],
  ])("falls back on %s", (_, judgement, unsafe) => {
    for (const mode of ["shadow", "enforce"]) {
      const selection = select(mode, ours, { ok: true, judgement });
      expect(selection).toMatchObject({
        selected_backend: "typescript",
        fallback_used: true,
        fallback_code: "disagreement",
        parity_match: false,
        unsafe,
      });
    }
  });

  it.each(FALLBACK_CODES)("falls back with `%s` where that is what became of the request", (code) => {
    const selection = select("enforce", ours, { ok: false, code, message: "why" });
    expect(selection).toMatchObject({
      selected_backend: "typescript",
      fallback_used: true,
      fallback_code: code,
      fallback_reason: "why",
      parity_match: null,
    });
  });

  it("never lets Go answer in promoted mode, whatever it says", () => {
    for (const answered of [null, { ok: true, judgement: OURS } as const])
      expect(select("promoted", ours, answered)).toMatchObject({ selected_backend: "typescript", fallback_code: "promotion_gate_missing" });
  });

  it("falls back where the mode has no name of ours", () =>
    expect(select("turbo", ours, { ok: true, judgement: OURS })).toMatchObject({
      selected_backend: "typescript",
      fallback_code: "unknown_mode",
    }));
});
