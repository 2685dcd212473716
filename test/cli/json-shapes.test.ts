// Every `--json` answer has the shape that spec/cli.md section 9 names. Proves that section on the built program.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { makeKeys } from "./ledger-keys.js";
import { cavra, type Scratch, scratch, write } from "./program.js";

const FOLDER = join(import.meta.dirname, "../../spec/schema");
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
for (const name of readdirSync(FOLDER)) ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, name), "utf8")));

const CLI = "https://cavra.dev/schema/cli.schema.json#/$defs/";
const REGISTRY = JSON.stringify({
  schema_version: "cavra.mcp-registry.v1",
  servers: [{ name: "old", transport: "stdio", tier: "limited", state: "revoked", owner: "o", tools: [] }],
});
const BAD_POLICY = "schema_version: cavra.policy.v1\nid: x\nversion: 1.0.0\nruls: []\n";

/** Command → schema; `lines` when it prints a value a line. */
const ROWS: readonly (readonly [string, string, "value" | "lines"])[] = [
  ["version", `${CLI}version`, "value"],
  ["init", `${CLI}init`, "value"],
  ["status", `${CLI}status`, "value"],
  ["evaluate execute_command ls", "https://cavra.dev/schema/decision.schema.json", "value"],
  ["evaluate read_file .env", "https://cavra.dev/schema/decision.schema.json", "value"],
  ["evaluate fly_away ls", `${CLI}error`, "value"],
  ["explain execute_command ls", `${CLI}explain`, "value"],
  ["why", `${CLI}why`, "value"],
  ["why dec_nothing", `${CLI}error`, "value"],
  ["policy list", `${CLI}policy_list`, "value"],
  ["policy describe", `${CLI}policy_describe`, "value"],
  ["policy validate", `${CLI}policy_validate`, "value"],
  ["policy validate bad.yaml", `${CLI}policy_validate`, "value"],
  ["policy test cavra-strict", `${CLI}policy_test`, "value"],
  ["policy diff cavra-ai-agent-baseline cavra-strict", `${CLI}policy_diff`, "value"],
  ["policy diff cavra-ai-agent-baseline cavra-strict --since 1d", `${CLI}policy_diff`, "value"],
  ["policy simulate cavra-strict", `${CLI}policy_simulate`, "value"],
  ["policy verify", `${CLI}policy_verify`, "value"],
  ["policy sign --reason x", `${CLI}error`, "value"],
  ["policy simulate cavra-strict --since soon", `${CLI}error`, "value"],
  ["mcp list", `${CLI}mcp_list`, "value"],
  ["mcp check", `${CLI}error`, "value"],
  ["mcp check bad.yaml", `${CLI}mcp_check`, "value"],
  ["mcp check registry.json", `${CLI}mcp_check`, "value"],
  ["explain mcp_tool_call old/x --registry registry.json", `${CLI}explain`, "value"],
  ["evaluate mcp_tool_call old/x --registry registry.json", "https://cavra.dev/schema/decision.schema.json", "value"],
  ["evidence list", `${CLI}stored_record`, "lines"],
  ["evidence show dec_", `${CLI}error`, "value"],
  ["evidence search cat", `${CLI}stored_record`, "lines"],
  ["evidence verify", `${CLI}evidence_verify`, "value"],
  ["evidence checkpoint", `${CLI}evidence_checkpoint`, "value"],
  ["evidence checkpoint --since 1", `${CLI}evidence_checkpoint`, "value"],
  ["evidence bundle --output all.bundle", `${CLI}evidence_bundle`, "value"],
  ["evidence verify all.bundle", `${CLI}evidence_verify_file`, "value"],
  ["evidence verify bad.yaml", `${CLI}error`, "value"],
  ["evidence push --to nowhere", `${CLI}error`, "value"],
  ["evidence export tiles", `${CLI}evidence_export`, "value"],
  ["evidence witness --init example.org/eve", `${CLI}witness`, "value"],
  ["evidence witness --show", `${CLI}witness`, "value"],
  ["keys show", `${CLI}keys`, "value"],
  ["trust show --chain", `${CLI}trust_chain`, "value"],
  ["token list", `${CLI}token_list`, "value"],
  ["token create --name x --role owner", `${CLI}error`, "value"],
  ["token revoke tok_x --reason r", `${CLI}error`, "value"],
  ["log", `${CLI}log_line`, "lines"],
  ["observe", `${CLI}observe`, "value"],
  ["observe off", `${CLI}observe`, "value"],
  ["observe on --reason r", `${CLI}error`, "value"],
  ["observe report", `${CLI}observe_report`, "value"],
  ["allow --list", `${CLI}allow`, "value"],
  ["allow --until 2h --reason r", `${CLI}error`, "value"],
  ["pause --for 10m --reason r", `${CLI}error`, "value"],
  ["resume", `${CLI}resume`, "value"],
  ["approval list", `${CLI}approval_list`, "value"],
  ["approval create --document a=bad.yaml --reason r", `${CLI}approval`, "value"],
  ["approval show apr_", `${CLI}approval`, "value"],
  ["approval list --state pending", `${CLI}approval_list`, "value"],
  ["approval list --state gone", `${CLI}error`, "value"],
  ["approval approve apr_", `${CLI}error`, "value"],
  ["approval expire apr_ --reason r", `${CLI}approval`, "value"],
  ["runtime go-pilot-readiness", `${CLI}go_pilot_readiness`, "value"],
  ["runtime go-pilot-readiness --mode shadow --runtime-path nowhere", `${CLI}go_pilot_readiness`, "value"],
  ["runtime go-pilot-readiness --mode promoted", `${CLI}go_pilot_readiness`, "value"],
  ["runtime go-pilot-readiness --mode turbo", `${CLI}error`, "value"],
  ["runtime go-pilot-evaluate execute_command ls", `${CLI}go_pilot_evaluate`, "value"],
  ["runtime go-pilot-evaluate execute_command ls --mode enforce --runtime-path nowhere", `${CLI}go_pilot_evaluate`, "value"],
  ["ops backup copy", `${CLI}ops_backup`, "value"],
  ["ops backup copy", `${CLI}error`, "value"],
  ["ops export all.jsonl", `${CLI}ops_export`, "value"],
  ["ops export all.jsonl --format xml", `${CLI}error`, "value"],
  ["ops restore bad.yaml", `${CLI}error`, "value"],
  ["deployment production-readiness", `${CLI}production_readiness`, "value"],
  ["deployment production-readiness --mode turbo", `${CLI}production_readiness`, "value"],
  ["runtime go-deployment-readiness", `${CLI}go_deployment_readiness`, "value"],
  ["runtime go-deployment-readiness --package-dir . --runtime-path nowhere", `${CLI}go_deployment_readiness`, "value"],
  ["runtime go-package verify .", `${CLI}go_package_verify`, "value"],
  ["runtime go-package verify . --report", `${CLI}error`, "value"],
  ["runtime go-package build --output out", `${CLI}error`, "value"],
  ["runtime go-rollback-plan init plan.json", `${CLI}go_rollback_plan`, "value"],
  ["runtime go-rollback-plan check plan.json", `${CLI}go_rollback_plan`, "value"],
  ["runtime go-rollback-plan sign plan.json --output plan.dsse", `${CLI}go_rollback_plan`, "value"],
  ["runtime go-rollback-plan init plan.json", `${CLI}error`, "value"],
  ["runtime go-rollback-readiness", `${CLI}go_rollback_readiness`, "value"],
  ["runtime go-rollback-readiness --rollback-plan-path plan.json --runtime-path nowhere", `${CLI}go_rollback_readiness`, "value"],
  ["runtime go-evaluate", `${CLI}error`, "value"],
  ["runtime go-rollback-rehearsal", `${CLI}go_rollback_rehearsal`, "value"],
  ["runtime go-rollback-rehearsal --rollback-rehearsal-path bad.yaml", `${CLI}go_rollback_rehearsal`, "value"],
  ["runtime go-rollback-rehearsal run", `${CLI}error`, "value"],
  ["runtime go-rollback-rehearsal verify bad.yaml", `${CLI}error`, "value"],
  ["runtime go-rollback-drills", `${CLI}go_rollback_drills`, "value"],
  ["runtime go-rollback-drills --rollback-drill-history-path bad.yaml", `${CLI}go_rollback_drills`, "value"],
  ["runtime go-rollback-drills list", `${CLI}go_rollback_drills_list`, "value"],
  ["runtime go-rollback-drills verify bad.yaml", `${CLI}error`, "value"],
  ["runtime go-rollback-drills run --fault sigkill", `${CLI}error`, "value"],
  ["runtime go-rollback-drills resolve drl_ --reason r", `${CLI}error`, "value"],
  ["runtime go-promotion-readiness", `${CLI}go_promotion_readiness`, "value"],
  ["runtime go-promotion-readiness --mode promoted --promotion-evidence-path bad.yaml", `${CLI}go_promotion_readiness`, "value"],
  ["runtime go-promote", `${CLI}error`, "value"],
  ["runtime go-promote --output out", `${CLI}go_promote`, "value"],
  ["runtime go-hold", `${CLI}go_hold_list`, "value"],
  ["runtime go-rollback", `${CLI}error`, "value"],
  ["runtime go-rollback --reason drill", `${CLI}go_rollback`, "value"],
  ["runtime go-hold list", `${CLI}go_hold_list`, "value"],
  ["runtime go-hold lift hol_x --reason r", `${CLI}error`, "value"],
  ["runtime audit-kit --at 1m --output kit", `${CLI}audit_kit`, "value"],
  ["runtime audit-kit verify kit", `${CLI}audit_kit_verify`, "value"],
  ["runtime audit-kit verify bad.yaml", `${CLI}error`, "value"],
  ["runtime audit-kit --at soon --output other", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-notification-plan", `${CLI}go_rollback_drill_plan`, "value"],
  ["runtime go-rollback-drill-schedule", `${CLI}go_rollback_drill_schedule`, "value"],
  ["runtime go-rollback-drill-schedule init", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-schedule init --owner alice --interval-days 7", `${CLI}go_rollback_drill_schedule_init`, "value"],
  ["runtime go-rollback-drill-schedule init --owner alice", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-schedule", `${CLI}go_rollback_drill_schedule`, "value"],
  ["runtime go-rollback-drill-schedule --rollback-drill-schedule-path bad.yaml", `${CLI}go_rollback_drill_schedule`, "value"],
  ["runtime go-rollback-drill-notification-plan", `${CLI}go_rollback_drill_plan`, "value"],
  ["runtime go-rollback-drill-routes init --owner alice --escalation-owner bob", `${CLI}go_rollback_drill_routes_init`, "value"],
  ["runtime go-rollback-drill-notification-plan --routes-path bad.yaml", `${CLI}go_rollback_drill_plan`, "value"],
  ["runtime go-rollback-drill-notification-ack pln_ critical", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-notification-plan deliver", `${CLI}go_rollback_drill_plan`, "value"],
  ["runtime go-rollback-drill-notification-plan deliver --wait soon", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-notification-ack pln_ critical", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-escalation-plan", `${CLI}go_rollback_drill_plan`, "value"],
  ["runtime go-rollback-drill-escalation-plan deliver", `${CLI}go_rollback_drill_plan`, "value"],
  ["runtime go-rollback-drill-routes", `${CLI}go_rollback_drill_routes`, "value"],
  ["runtime go-rollback-drill-routes --category digest --from 7d", `${CLI}go_rollback_drill_routes`, "value"],
  ["runtime go-rollback-drill-routes --action gone", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-routes --cursor x", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-routes --limit 1001", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-routes explain-route --category due_soon --at 1h", `${CLI}go_rollback_drill_explain`, "value"],
  ["runtime go-rollback-drill-routes explain-route", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-routes explain-route pln_-1", `${CLI}error`, "value"],
  ["runtime go-rollback-drill-suppression-trends", `${CLI}go_rollback_drill_suppression_trends`, "value"],
  ["runtime go-rollback-drill-suppression-trends --from 90d --bucket hour", `${CLI}go_rollback_drill_suppression_trends`, "value"],
  ["runtime go-rollback-drill-suppression-trends --from 200d --bucket hour", `${CLI}error`, "value"],
  ["agent install claude-code", `${CLI}agent_install`, "value"],
  ["agent doctor claude-code", `${CLI}agent_doctor`, "value"],
  ["status", `${CLI}status`, "value"],
  ["agent uninstall claude-code", `${CLI}agent_install`, "value"],
  ["down", `${CLI}authority_down`, "value"],
  ["up", `${CLI}authority_up`, "value"],
  ["up", `${CLI}authority_up`, "value"],
  ["status", `${CLI}status`, "value"],
  ["down", `${CLI}authority_down`, "value"],
  ["serve --port x", `${CLI}error`, "value"],
  ["agent install cursor", `${CLI}error`, "value"],
];

describe("with --json", () => {
  let place: Scratch;
  beforeAll(async () => {
    place = scratch();
    write(join(place.repository, "bad.yaml"), BAD_POLICY);
    write(join(place.repository, "registry.json"), REGISTRY);
    for (const target of ["ls", "cat .env"]) await cavra(place, ["evaluate", "execute_command", target]);
    makeKeys(place);
  });

  it.each(ROWS)("`%s` prints %s", async (line, schema, form) => {
    const { stdout } = await cavra(place, [...line.split(" "), "--json"]);
    const values = (form === "value" ? [stdout] : stdout.trimEnd().split("\n")).map((text) => JSON.parse(text));
    const validate = ajv.getSchema(schema);
    if (validate === undefined) throw new Error(`no schema ${schema}`);
    for (const value of values) expect(validate(value) || validate.errors).toBe(true);
  });
});
