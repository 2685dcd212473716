// Promotion from the command line: the handbook's page as it is written, and what a host that asks for signatures makes of it. Proves spec/cli.md section 16.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { newDraft } from "../../src/promotion/index.js";
import { atTerminal, NO_TERMINAL } from "./at-terminal.js";
import { configFolder } from "./ledger-keys.js";
import { cavra, cavraJson, program, type Scratch, scratch, write } from "./program.js";

const RUNTIME = join(dirname(program()), "bin/cavra-runtime");
const EVIDENCE = {
  schema_version: "cavra.go-backend-promotion-evidence.v1",
  parity_status: "pass",
  deployment_status: "ready",
  approved: true,
  approval_id: "apr_go_backend_promotion",
  evidence_refs: ["go-runtime-parity://ci/run-id", "go-deployment-readiness://release/package-id"],
};
const PLAN = { ...newDraft("ada"), owners: [{ name: "ada", contact: "ada@example.org" }] };
const now = new Date().toISOString();
const REHEARSAL = { schema_version: "cavra.go-backend-rollback-rehearsal.v1", status: "pass", rehearsed_at: now };
const DRILLS = {
  schema_version: "cavra.go-backend-rollback-drill-history.v1",
  drills: [{ drill_id: "drill-1", status: "pass", at: now }],
};

describe.skipIf(!existsSync(RUNTIME))("the handbook's page", () => {
  let place: Scratch;
  let flags: readonly string[];
  beforeAll(async () => {
    place = scratch();
    const at = (name: string, value: object) => write(join(place.root, name), JSON.stringify(value));
    flags = [
      ...["--mode", "promoted", "--runtime-path", RUNTIME],
      ...["--promotion-evidence-path", at("evidence.json", EVIDENCE), "--rollback-plan-path", at("plan.json", PLAN)],
      ...["--rollback-rehearsal-path", at("rehearsal.json", REHEARSAL), "--rollback-drill-history-path", at("drills.json", DRILLS)],
    ];
    await cavra(place, ["runtime", "go-parity", "first", "--runtime-path", RUNTIME]);
  });
  const pilot = (more: readonly string[] = []) =>
    cavraJson(place, ["runtime", "go-pilot-evaluate", "execute_command", "terraform plan", ...flags, ...more]);
  const asserted = (trust = "asserted") =>
    write(join(configFolder(place), "promotion.json"), JSON.stringify({ schema_version: "cavra.promotion-settings.v1", trust }));

  it("opens nothing where documents must be signed, and says of each what it lacks", async () => {
    const { status, value } = await cavraJson(place, ["runtime", "go-promotion-readiness", ...flags]);
    expect([status, value.status, value.select_go]).toEqual([5, "needs_attention", false]);
    const codes = Object.fromEntries(value.checks.map((check: { id: string; code: string }) => [check.id, check.code]));
    expect(codes).toMatchObject({
      mode: "ok",
      hold: "ok",
      runtime: "ok",
      policy_parity: "ok",
      trust: "trust_missing",
      evidence: "document_unsigned",
      rollback_plan: "document_unsigned",
      rehearsal: "document_unsigned",
      parity: "document_missing",
      approval: "approval_missing",
    });
    const { value: told } = await pilot();
    expect(told).toMatchObject({ selected_backend: "typescript", fallback_code: "promotion_gate_missing", effective_decision: "allow" });
    expect(told.go_decision).toBeNull();
  });

  it("lets Go answer one evaluation where this host takes documents at their word, and stays red", async () => {
    asserted();
    const { status, value } = await pilot();
    expect(value).toMatchObject({ backend_mode: "promoted", selected_backend: "go", fallback_used: false, effective_decision: "allow" });
    expect(status).toBe(0);
    const { stdout } = await cavra(place, ["evidence", "show", value.decision.decision_id, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      engine: { backend: "go", promotion: { answered: "confirmed", approval_id: EVIDENCE.approval_id, lease_id: "" } },
    });
    const readiness = await cavraJson(place, ["runtime", "go-promotion-readiness", ...flags]);
    expect([readiness.status, readiness.value.status, readiness.value.select_go]).toEqual([5, "needs_attention", false]);
    const failing = readiness.value.checks.filter((check: { status: string }) => check.status === "fail");
    expect(failing).toMatchObject([{ id: "trust", code: "trust_asserted" }]);
    expect(existsSync(join(place.state, "promotion/leases")), "nobody gives a lease by it").toBe(false);
  });

  it.each<[string, string, string | object | null]>([
    ["--promotion-evidence-path", "no file", null],
    ["--promotion-evidence-path", "`{}`", {}],
    ["--promotion-evidence-path", "parity that did not pass", { ...EVIDENCE, parity_status: "inconclusive" }],
    ["--promotion-evidence-path", "a decision that was not approved", { ...EVIDENCE, approved: false }],
    ["--rollback-plan-path", "a plan that nobody filled in", newDraft("")],
    ["--rollback-rehearsal-path", "a date in the future", { ...REHEARSAL, rehearsed_at: "2999-01-01T00:00:00.000Z" }],
    [
      "--rollback-drill-history-path",
      "a failed drill among passed ones",
      { ...DRILLS, drills: [...DRILLS.drills, { drill_id: "d2", status: "fail", at: now }] },
    ],
    ["--rollback-drill-history-path", "no drill at all", { ...DRILLS, drills: [] }],
  ])("falls back with %s of %s, also there", async (flag, _, value) => {
    asserted();
    const file = value === null ? join(place.root, "nowhere.json") : write(join(place.root, "other.json"), JSON.stringify(value));
    const { value: told } = await pilot([flag, file]);
    expect(told).toMatchObject({ selected_backend: "typescript", fallback_code: "promotion_gate_missing" });
  });

  it("is rolled back in one step, without a terminal, and only a person lifts that", async () => {
    asserted();
    const rolled = await cavraJson(place, ["runtime", "go-rollback", "--reason", "answers look wrong"]);
    expect(rolled).toMatchObject({ status: 0, value: { held: true, stood_before: false, unrecorded: "" } });
    const { hold_id } = rolled.value.hold;
    expect((await pilot()).value).toMatchObject({ selected_backend: "typescript", fallback_code: "promotion_held" });
    const ready = await cavraJson(place, ["runtime", "go-promotion-readiness", ...flags]);
    expect([ready.status, ready.value.status], "rolling back is no incident").toEqual([0, "disabled"]);
    const refused = await cavraJson(place, ["runtime", "go-hold", "lift", hold_id, "--reason", "mended"]);
    expect(refused).toMatchObject({ value: { error: { code: "person_required" } } });
    if (NO_TERMINAL !== "") return;
    const lifted = await atTerminal(place, ["runtime", "go-hold", "lift", hold_id, "--reason", "mended"]);
    expect(lifted.shown).toContain("the hold is lifted");
    expect((await pilot()).value).toMatchObject({ selected_backend: "go" });
    const { value: list } = await cavraJson(place, ["runtime", "go-hold", "list"]);
    expect(list).toMatchObject({ held: false, standing: null, lifted: [{ hold_id, reason: "answers look wrong" }] });
    const journal = readFileSync(join(place.state, "journal", `${now.slice(0, 10)}.journal`), "utf8");
    for (const event of ["held", "lifted"]) expect(journal).toContain(`"event":"${event}"`);
  });
});
