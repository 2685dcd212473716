// The gate lets Go be selected in exactly one case. Proves spec/promotion.md sections 1 and 5.
//
// All combinations are 5 modes × 11 verdicts ^ 12 inputs: too many to run, and fewer are enough, for this reason. The gate reads an input in two ways only:
// through isPass, which asks of each finding whether its verdict is `pass`, and through its end. So an input is one of two things to it, open or not, and
// whatever makes all verdicts alike for one input makes them alike for all. Run are therefore: every verdict of every input alone in every mode, with and
// without a pass beside it (which shows that no verdict but `pass` opens, wherever it stands); every set of inputs that are not open, in every mode (which
// shows that none outweighs another: 2 ^ 13 × 5); and every pair of verdicts of every pair of inputs (which shows that two faults never cancel).

import { describe, expect, it } from "vitest";
import { formatTime } from "../../src/base/index.js";
import {
  type Finding,
  found,
  GATE_INPUTS,
  type GateInput,
  INPUT_VERDICTS,
  type InputFound,
  type InputVerdict,
  passed,
  runGate,
} from "../../src/promotion/index.js";
import { DAY, NOW } from "./trust-of-test.js";

const MODES = ["disabled", "shadow", "enforce", "promoted", "turbo"] as const;
const CLOSED = INPUT_VERDICTS.filter((verdict): verdict is Exclude<InputVerdict, "pass"> => verdict !== "pass");

const open: InputFound = { findings: [passed("yes")], issued_at: "", ends_at: "" };
const closed = (...verdicts: readonly Exclude<InputVerdict, "pass">[]): InputFound => ({
  ...open,
  findings: verdicts.map((verdict) => found(verdict, `code_${verdict}`, "no")),
});

function gate(mode: string, others: Partial<Record<GateInput, InputFound>>, nowMs = NOW) {
  const all = Object.fromEntries(GATE_INPUTS.map((id) => [id, others[id] ?? open])) as Record<GateInput, InputFound>;
  return runGate({ mode, nowMs, configured: true, inputs: all });
}

describe("the gate", () => {
  it("selects Go when the mode is promoted and every input passes", () => {
    expect(gate("promoted", {})).toMatchObject({ select_go: true, status: "ready", backend_mode: "promoted" });
  });

  it("selects Go in no other mode", () => {
    for (const mode of MODES.slice(0, 3)) expect(gate(mode, {}).select_go, mode).toBe(false);
    for (const mode of ["turbo", "", "PROMOTED", "promoted ", "__proto__"]) expect(gate(mode, {}).select_go, mode).toBe(false);
  });

  it.each(GATE_INPUTS)("is closed by every verdict of `%s` but pass, alone or beside a pass, in every mode", (id) => {
    for (const mode of MODES) {
      for (const verdict of CLOSED) {
        const one = found(verdict, "c", "m");
        for (const findings of [[one], [one, passed("yes")], [passed("yes"), one]] as readonly (readonly Finding[])[]) {
          const { select_go, checks } = gate(mode, { [id]: { ...open, findings } });
          expect(select_go, `${mode} ${verdict}`).toBe(false);
          expect(checks.find((check) => check.id === id)).toMatchObject({ status: "fail", verdict });
        }
      }
      expect(gate(mode, { [id]: { ...open, findings: [] } }).select_go, "nobody looked").toBe(false);
    }
  });

  it("is open for no set of closed inputs but the empty one, in no mode but promoted", () => {
    let opened = 0;
    let told = 0;
    for (let set = 0; set < 2 ** GATE_INPUTS.length; set++) {
      const others: Partial<Record<GateInput, InputFound>> = {};
      GATE_INPUTS.forEach((id, i) => {
        // The verdict changes with set and input, so that all of them take part.
        if ((set >> i) & 1) others[id] = closed(CLOSED[(set + i) % CLOSED.length] ?? "fail");
      });
      for (const mode of MODES) {
        const { select_go, checks } = gate(mode, others);
        if (select_go) opened++;
        if (select_go !== (set === 0 && mode === "promoted")) throw new Error(`${mode} ${set.toString(2)}`);
        told += checks.filter(({ status }) => status === "fail").length;
      }
    }
    expect(opened).toBe(1);
    expect(told, "every closed input is told").toBe(MODES.length * GATE_INPUTS.length * 2 ** (GATE_INPUTS.length - 1));
  });

  it("is closed by every pair of verdicts of every pair of inputs", () => {
    for (const [i, one] of GATE_INPUTS.entries())
      for (const other of GATE_INPUTS.slice(i + 1))
        for (const left of CLOSED)
          for (const right of CLOSED)
            if (gate("promoted", { [one]: closed(left), [other]: closed(right) }).select_go)
              throw new Error(`${one} ${left}, ${other} ${right}`);
  });

  it("tells of several findings the first in the order of the spec, and the others beside it", () => {
    const { checks } = gate("promoted", { parity: closed("fail", "stale", "unsigned") });
    expect(checks.find(({ id }) => id === "parity")).toMatchObject({
      verdict: "unsigned",
      code: "code_unsigned",
      also: ["code_stale", "code_fail"],
    });
  });

  it("closes at the very millisecond at which an input ends, though it passed when it was read", () => {
    const ends_at = formatTime(NOW + 1_000);
    const at = (nowMs: number) => gate("promoted", { approval: { ...open, issued_at: formatTime(NOW - DAY), ends_at } }, nowMs);
    expect(at(NOW + 999).select_go).toBe(true);
    expect(at(NOW + 1_000).select_go).toBe(false);
  });

  it("is due soon in the last fifth of an input's time", () => {
    const issued_at = formatTime(NOW - 8 * DAY);
    const at = (ends: number) => gate("promoted", { parity: { ...open, issued_at, ends_at: formatTime(NOW + ends) } }).status;
    expect(at(2 * DAY)).toBe("due_soon");
    expect(at(2 * DAY + 60_000)).toBe("ready");
  });
});

describe("the status", () => {
  const status = (mode: string, configured: boolean, others: Partial<Record<GateInput, InputFound>> = {}) => {
    const inputs = Object.fromEntries(GATE_INPUTS.map((id) => [id, others[id] ?? closed("missing")])) as Record<GateInput, InputFound>;
    return runGate({ mode, nowMs: NOW, configured, inputs }).status;
  };
  it.each([
    ["disabled", false, "not_requested"],
    ["disabled", true, "disabled"],
    ["shadow", false, "not_configured"],
    ["enforce", false, "not_configured"],
    ["shadow", true, "not_requested"],
    ["enforce", true, "not_requested"],
    ["promoted", false, "needs_attention"],
    ["promoted", true, "needs_attention"],
    ["turbo", true, "needs_attention"],
  ] as const)("of the mode %s, documents configured %s, is %s", (mode, configured, expected) => {
    expect(status(mode, configured, { hold: open })).toBe(expected);
  });

  it.each(MODES)("is `disabled` in the mode %s while a hold stands: rolling back is no incident", (mode) => {
    expect(status(mode, true, { hold: closed("fail") })).toBe("disabled");
  });
});
