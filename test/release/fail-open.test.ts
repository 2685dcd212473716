// The ways in which other gates fail open, each by its name, and that ours does not. Where a whole subject has tests of its own, this file has the one case that the
// failure is known by.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FALLBACK_CODES, MODES } from "../../src/backend/index.js";
import { formatTime } from "../../src/base/index.js";
import {
  GATE_INPUTS,
  type InputFound,
  type KnownDrill,
  NO_SUBJECT,
  OFTEN_INCONCLUSIVE,
  openDrills,
  passed,
  runGate,
  type Subject,
} from "../../src/promotion/index.js";
import {
  documentPaths,
  GATE_MS,
  gateHere,
  isHeld,
  newLeases,
  promotionPlaces,
  readInputs,
  setHold,
  trustSetting,
} from "../../src/release/index.js";
import { SYSTEM_CLOCK } from "../../src/store/index.js";
import { DAY, LEASER, NOW } from "../promotion/trust-of-test.js";

const DRILL: KnownDrill = {
  drill_id: "drl_1",
  fault: "sigkill",
  mode: "promoted",
  begun_at: formatTime(NOW - DAY),
  ended_at: "",
  verdict: "inconclusive",
  codes: ["never_ended"],
  messages: [],
  measured: null,
  sequence: 1,
  expires_at: formatTime(NOW + DAY),
  subject: NO_SUBJECT,
  resolution: null,
};
const RUNNING: Subject = { ...NO_SUBJECT, runtime: `sha256:${"0".repeat(64)}` };
const HOLD = { cause: "operator", reason: "back", person: { name: "ada", user: "ada", host: "mill" } } as const;

describe("what other gates do", () => {
  let root: string;
  let state: string;
  let config: string;
  beforeEach(() => {
    root = mkdtempSync(join(realpathSync(tmpdir()), "cavra-open-"));
    [state, config] = [join(root, "state"), join(root, "config")];
    for (const one of [state, config]) mkdirSync(one, { mode: 0o700 });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const sources = (mode: string) => ({
    mode,
    nowMs: NOW,
    stateFolder: state,
    configFolder: config,
    paths: documentPaths({}),
    running: RUNNING,
    runtimeFault: null,
    campaignFault: null,
  });

  it("an experiment that was terminated before its first measurement counts as a success", () => {
    expect(openDrills([DRILL], NOW, 7)).toMatchObject([{ verdict: "inconclusive", code: "drill_inconclusive" }]);
  });

  it("an inconclusive experiment is retried until one promotes", () => {
    const tries = Array.from({ length: OFTEN_INCONCLUSIVE }, (_, i) => ({ ...DRILL, drill_id: `drl_${i}`, sequence: i }));
    const atLast: KnownDrill = { ...DRILL, drill_id: "drl_9", verdict: "pass", codes: [], sequence: 9, ended_at: formatTime(NOW) };
    expect(openDrills([...tries, atLast], NOW, 7)).toMatchObject([{ code: "drill_often_inconclusive" }]);
    const answered = tries.map((drill) => ({ ...drill, resolution: { by: "ada", at: formatTime(NOW), reason: "the disk was slow" } }));
    expect(openDrills([...answered, atLast], NOW, 7), "a person's word, and a pass after it").toEqual([]);
  });

  it("a time-out promotes", () => {
    const { readiness, references } = gateHere(sources("promoted"), () => GATE_MS + 1);
    expect(references).toBeNull();
    const codes = readiness.checks.flatMap(({ code, also }) => [code, ...also]);
    expect([readiness.select_go, codes.includes("gate_timeout")]).toEqual([false, true]);
    const open: InputFound = { findings: [passed("yes")], issued_at: "", ends_at: "" };
    const { inputs } = readInputs(sources("promoted"));
    const allPass = Object.fromEntries(GATE_INPUTS.map((id) => [id, open])) as typeof inputs;
    const slow = {
      ...allPass,
      trust: { ...open, findings: [passed("yes"), { verdict: "inconclusive", code: "gate_timeout", message: "", hint: "" } as const] },
    };
    expect(runGate({ mode: "promoted", nowMs: NOW, configured: true, inputs: slow }).select_go, "with all else passed").toBe(false);
  });

  it("a manual approval skips another check", () => {
    const open: InputFound = { findings: [passed("yes")], issued_at: "", ends_at: "" };
    for (const id of GATE_INPUTS.filter((one) => one !== "approval")) {
      const inputs = Object.fromEntries(GATE_INPUTS.map((one) => [one, one === id ? { ...open, findings: [] } : open])) as Record<
        (typeof GATE_INPUTS)[number],
        InputFound
      >;
      expect(runGate({ mode: "promoted", nowMs: NOW, configured: true, inputs }).select_go, id).toBe(false);
    }
  });

  it.each(MODES)(
    "a rollout that is stuck in the middle cannot be rolled back: here in the mode %s, with every file of promotion broken",
    (mode) => {
      const places = promotionPlaces(state);
      mkdirSync(places.leases, { recursive: true, mode: 0o700 });
      for (const path of [places.clock, places.drills, join(places.leases, "half")]) writeFileSync(path, "{");
      writeFileSync(join(config, "promotion.json"), "{");
      expect(setHold(state, HOLD, SYSTEM_CLOCK)).toMatchObject({ problem: null });
      expect([isHeld(state), existsSync(places.leases)]).toEqual([true, false]);
      expect(gateHere(sources(mode), () => 0).readiness).toMatchObject({ select_go: false, status: "disabled" });
    },
  );

  it("an automatic promotion undoes a manual rollback", () => {
    let open = 0;
    const [sixty, references] = [
      60_000,
      { evidence_digest: RUNNING.runtime, approval_id: "a", parity_digest: RUNNING.runtime, deployment_digest: RUNNING.runtime },
    ];
    const authority = () => {
      let steady = 0;
      const leases = newLeases({
        stateFolder: state,
        holder: { pid: 1, boot: "b", process_start: "s" },
        purpose: "production",
        leaseMs: sixty,
        clock: SYSTEM_CLOCK,
        steadyMs: () => steady,
        signer: () => LEASER,
        gate: () => {
          open++;
          const { readiness } = gateHere(sources("promoted"), () => 0);
          return { readiness: { ...readiness, select_go: true }, references, asserted: null, endsAt: "" };
        },
        tell: () => {},
      });
      return {
        leases,
        pass: (ms: number) => {
          steady += ms;
        },
      };
    };
    const whole: Subject = {
      runtime: RUNNING.runtime,
      typescript: RUNNING.runtime,
      go: RUNNING.runtime,
      catalogue: RUNNING.runtime,
      policy: RUNNING.runtime,
      registry: "",
    };
    const first = authority();
    first.leases.look(whole);
    expect([first.leases.live(whole).ok, open]).toEqual([true, 1]);
    setHold(state, HOLD, SYSTEM_CLOCK);
    // The same process goes on for hours, and then another one starts: with a gate that would open each time it is asked.
    for (const one of [first, authority()])
      for (let i = 0; i < 500; i++) {
        one.pass(30_000);
        one.leases.look(whole);
        expect(one.leases.live(whole)).toMatchObject({ ok: false, problem: { code: "promotion_held" } });
      }
    expect([open, readdirSync(promotionPlaces(state).folder).includes("leases")]).toEqual([1, false]);
  });

  it("a switch lets the verifier take what nobody signed", () => {
    expect(trustSetting(config)).toEqual({ ok: true, value: "signed" });
    for (const text of ["", "{", '{"trust":"asserted"}', '{"schema_version":"cavra.promotion-settings.v1","trust":"off"}', '"asserted"']) {
      writeFileSync(join(config, "promotion.json"), text);
      expect(trustSetting(config), text).toMatchObject({ ok: false });
    }
    // No flag and no variable: nothing of the program but the one file reads the setting, and nothing writes it.
    const names = readdirSync(join(import.meta.dirname, "../../src"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const reading = names.filter((name) => readFileSync(join(import.meta.dirname, "../../src", name), "utf8").includes("promotion.json"));
    expect(reading).toEqual(["release/trust-setting.ts"]);
    expect(
      names.filter((name) =>
        /CAVRA_\w*(TRUST|UNSIGNED|INSECURE|SKIP)/.test(readFileSync(join(import.meta.dirname, "../../src", name), "utf8")),
      ),
    ).toEqual([]);
  });

  it("a mode that is misspelt means something", () => {
    for (const mode of ["Promoted", "promote", "promoted\n", "enforce,promoted"])
      expect(gateHere(sources(mode), () => 0).readiness.select_go).toBe(false);
    expect(FALLBACK_CODES[0]).toBe("unknown_mode");
  });
});
