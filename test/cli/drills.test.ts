// Drills and rehearsals on the built program, with the real second engine: kills under load, a rollback, and a person who answers for a drill that failed.
// Proves spec/drills.md sections 1, 3 and 5 end to end. docs/drills tells of the long run of the same program.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { atTerminal, NO_TERMINAL } from "./at-terminal.js";
import { drilled, PATIENT, withDrillKeys } from "./drill-keys.js";
import { cavra, cavraJson, program, type Scratch } from "./program.js";

const runtime = () => join(dirname(program()), "bin/cavra-runtime");
const NO_RUNTIME = process.platform === "linux" ? "" : "drills are done on Linux only";
describe("a rehearsal", { timeout: 600_000 }, () => {
  let place: Scratch;
  beforeAll(() => {
    place = withDrillKeys().place;
  });

  it.skipIf(NO_RUNTIME !== "")(
    "of kills under load leaves no answer wrong, lost or twice, and says so in a document that verifies",
    async ({ skip }) => {
      if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
      const output = join(place.root, "kills.dsse");
      const words = ["runtime", "go-rollback-rehearsal", "run", "--kills", "3", "--output", output, ...PATIENT];
      const { status, value } = await cavraJson(place, words);
      expect(value.drills[0], JSON.stringify(value)).toMatchObject({
        fault: "sigkill",
        verdict: "pass",
        codes: [],
        measured: { rounds: 3, wrong: 0, lost: 0, misrecorded: 0 },
      });
      expect([status, value.stopped, value.codes]).toEqual([0, false, []]);
      expect(value.drills[0].measured.in_flight).toBeGreaterThanOrEqual(3);
      expect(readFileSync(`${output}.sigkill.svg`, "utf8")).toMatch(/^<svg [\s\S]*sigkill[\s\S]*<\/svg>\n$/);
      const verified = await cavraJson(place, ["runtime", "go-rollback-rehearsal", "verify", output, "--runtime-path", runtime()]);
      expect(verified).toMatchObject({ status: 0, value: { verified: true, signers: ["drills"], drills: [{ verdict: "pass" }] } });
      const report = await cavraJson(place, ["runtime", "go-rollback-rehearsal", "--rollback-rehearsal-path", output]);
      expect(report).toMatchObject({ status: 0, value: { status: "ready", checks: [{ id: "rehearsal", code: "ok" }] } });
    },
  );

  it.skipIf(NO_RUNTIME !== "")("of the operator's rollback stands in the history, with a picture, and makes it ready", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const before = await cavraJson(place, ["runtime", "go-rollback-drills", "list"]);
    const ran = await cavraJson(place, ["runtime", "go-rollback-drills", "run", "--fault", "operator_rollback", ...PATIENT]);
    expect(ran, JSON.stringify(ran)).toMatchObject({ status: 0, value: { drills: [{ fault: "operator_rollback", verdict: "pass" }] } });
    const { value: listed } = await cavraJson(place, ["runtime", "go-rollback-drills", "list"]);
    expect(listed.drills).toHaveLength(before.value.drills.length + 1);
    expect(listed.drills.at(-1)).toMatchObject({ verdict: "pass", mode: "promoted", resolution: null });
    expect(readdirSync(join(place.state, "promotion/drills"))).toContain(`${listed.drills.at(-1).drill_id}.svg`);
    expect(await cavraJson(place, ["runtime", "go-rollback-drills", "verify"])).toMatchObject({
      status: 0,
      value: { torn: 0, signers: ["drills"] },
    });
    expect(await cavraJson(place, ["runtime", "go-rollback-drills"])).toMatchObject({ status: 0, value: { status: "ready" } });
  });

  it.skipIf(NO_RUNTIME !== "")("leaves nothing of what it started behind, not even a worker that nobody can reach", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    await cavraJson(place, ["runtime", "go-rollback-drills", "run", "--fault", "vanished_socket", ...PATIENT]);
    const left = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && commandOf(name).includes(`${place.root}/`));
    expect(left).toEqual([]);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

describe("a drill that failed", { timeout: 120_000 }, () => {
  it.skipIf(NO_TERMINAL !== "")("closes the report until a person answers for it and the same fault passes", async () => {
    const { place, driller } = withDrillKeys();
    const failed = drilled(place, driller, "an-answer-that-is-wrong");
    drilled(place, driller, "a-kill-that-went-well");
    const report = () => cavraJson(place, ["runtime", "go-rollback-drills"]);
    // The drills that were made up are of another runtime too.
    expect(await report()).toMatchObject({ status: 5, value: { status: "needs_attention", checks: [{ also: ["drill_failed"] }] } });
    const resolve = ["runtime", "go-rollback-drills", "resolve", failed, "--reason", "a wrong expectation, mended"];
    expect((await cavra(place, resolve)).stderr).toContain("(person_required)");
    expect(await cavra(place, ["runtime", "go-rollback-drills", "resolve", failed])).toMatchObject({ status: 2 });
    const { status, shown } = await atTerminal(place, resolve);
    expect(status, shown).toBe(0);
    const { value } = await cavraJson(place, ["runtime", "go-rollback-drills", "list"]);
    expect(value.drills[0]).toMatchObject({
      verdict: "fail",
      codes: ["answer_wrong"],
      resolution: { by: "ada", reason: "a wrong expectation, mended" },
    });
    expect((await cavra(place, resolve)).stderr).toContain("(drill_not_open)");
    expect(await report()).toMatchObject({ status: 5, value: { checks: [{ code: "unbound_runtime", also: [] }] } });
  });
});
