// A person answers what an agent asked for, at a real terminal. Proves spec/cli.md section 15 on the built program.

import { beforeAll, describe, expect, it } from "vitest";
import { foundTrust, keysFolder, newKey, openLedger, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { atTerminal, CONFIRM, NO_TERMINAL, type Step } from "./at-terminal.js";
import { configFolder } from "./ledger-keys.js";
import { cavra, cavraJson, type Scratch, scratch, write } from "./program.js";

const POLICY = `schema_version: cavra.policy.v1
id: host
version: 1.0.0
rules:
  - { id: infra.apply, verdict: require_approval, severity: high, reason: it changes infrastructure, match: { effect: exec, program: terraform } }
  - { id: never.rm, verdict: deny, severity: critical, reason: never, match: { effect: exec, program: rm } }
`;

function withApprover(name = "alice"): Scratch {
  const place = scratch({ "config/cavra/policy.yaml": POLICY });
  const ledger = openLedger(place.state, SYSTEM_CLOCK);
  const [root, key] = [newKey("root"), newKey("approver")];
  for (const one of [root, key]) one.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  foundTrust(place.state, ledger.origin, root, [{ role: "approver", key, name }], SYSTEM_CLOCK);
  ledger.close();
  writePin(configFolder(place), root.keyId, SYSTEM_CLOCK);
  return place;
}

const APPLY = ["execute_command", "terraform apply"];
const BY_AGENT = ["--agent", "claude-code", "--reason", "release"];

async function asked(place: Scratch, target = "terraform apply"): Promise<string> {
  const { value } = await cavraJson(place, ["approval", "create", "execute_command", target, ...BY_AGENT]);
  return value.request.approval_id;
}

async function hook(place: Scratch, command: string): Promise<string> {
  const payload = {
    session_id: "s1",
    cwd: place.repository,
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command },
    permission_mode: "default",
  };
  const { stdout } = await cavra(place, ["hook", "claude-code"], { input: JSON.stringify(payload), env: { CAVRA_UNATTENDED: "1" } });
  return stdout === "" ? "" : JSON.parse(stdout).hookSpecificOutput.permissionDecisionReason;
}

describe.skipIf(NO_TERMINAL !== "")("cavra approval", () => {
  let place: Scratch;
  beforeAll(() => {
    place = withApprover();
  });

  it("lets a step pass once that a hook asked for, and tells the agent at each turn what to do", async () => {
    const first = await hook(place, "terraform apply");
    const id = /apr_\w+/.exec(first)?.[0] ?? "";
    expect(first).toContain(`a person is asked (${id}); go on without it, and try it again unchanged once it is approved.`);
    const { shown, status } = await atTerminal(place, ["approval", "approve", id]);
    expect(status).toBe(0);
    for (const told of [
      "terraform apply",
      "it changes infrastructure",
      "the agent claude-code",
      "alice approves it, once, until",
      "approved",
    ])
      expect(shown).toContain(told);
    expect(await hook(place, "terraform apply")).toBe("");
    const { value } = await cavraJson(place, ["approval", "show", id]);
    expect([value.state, value.answers.length]).toEqual(["used", 1]);
    expect(await hook(place, "terraform apply")).toContain("a person is asked (apr_");
    const { stdout: log } = await cavra(place, ["log"]);
    for (const told of ["● an approval was asked for by", "● approved by", "● an approval was used by", "infra.apply (approved)"])
      expect(log).toContain(told);
  });

  it("tells an agent that a person denied it", async () => {
    const id = await asked(place, "terraform destroy -target=a");
    expect((await atTerminal(place, ["approval", "deny", id], [])).shown).toContain("(reason_missing)");
    expect((await atTerminal(place, ["approval", "deny", id, "--reason", "not on a Friday"])).shown).toContain("denied");
    const evaluated = await cavraJson(place, ["evaluate", "execute_command", "terraform destroy -target=a", "--agent", "claude-code"]);
    expect(evaluated.status).toBe(3);
    const again = await atTerminal(place, ["approval", "approve", id], []);
    expect([again.status, again.shown]).toEqual([2, expect.stringContaining("(approval_not_pending)")]);
  });

  it("answers nothing without a terminal, under an agent, or with another word", async () => {
    const id = await asked(place, "terraform apply -lock=false");
    const piped = await cavra(place, ["approval", "approve", id], { input: "y\n" });
    expect([piped.status, piped.stderr]).toEqual([2, expect.stringContaining("(person_required)")]);
    const watched = await cavra(place, ["approval", "watch"], { input: "a" });
    expect([watched.status, watched.stderr]).toEqual([2, expect.stringContaining("(person_required)")]);
    const agents = await atTerminal(place, ["approval", "approve", id], [], { CLAUDECODE: "1" });
    expect([agents.status, agents.shown]).toEqual([2, expect.stringContaining("(person_required)")]);
    const wrong = await atTerminal(place, ["approval", "approve", id], [[CONFIRM[0], "approve\n"]]);
    expect([wrong.status, wrong.shown]).toEqual([2, expect.stringContaining("(not_confirmed)")]);
    expect((await cavraJson(place, ["approval", "show", id])).value.state).toBe("pending");
  });

  it("does not let a person answer what they asked for", async () => {
    const { USER = "root" } = process.env;
    const own = withApprover((await import("node:os")).userInfo().username || USER);
    const { shown } = await atTerminal(own, ["approval", "create", ...APPLY, "--reason", "release"], []);
    const id = /apr_\w+/.exec(shown)?.[0] ?? "";
    const answered = await atTerminal(own, ["approval", "approve", id], []);
    expect([answered.status, answered.shown]).toEqual([2, expect.stringContaining("(answer_own)")]);
  });

  it("asks for nothing that the policy denies or does not ask about", async () => {
    for (const [command, told] of [
      ["rm x", "never.rm denies it"],
      ["ls", "asks nobody"],
    ] as const) {
      const { status, stderr } = await cavra(place, ["approval", "create", "execute_command", command, ...BY_AGENT]);
      expect([status, stderr]).toEqual([2, expect.stringContaining(told)]);
      expect(stderr).toContain("(approval_not_needed)");
    }
  });

  it("binds documents to their bytes", async () => {
    write(`${place.repository}/report`, "one");
    const { value } = await cavraJson(place, ["approval", "create", "--document", "parity_report=report", ...BY_AGENT]);
    expect(value.request.subject.documents).toEqual([
      { kind: "parity_report", digest: "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed" },
    ]);
  });

  it("of documents needs those whom the host's policy names for promotions", async () => {
    const routes = "approval_routes:\n  - {id: release, rules: [go_promotion], approvers: [ada, grace], count: 2}\n";
    const own = scratch({ "config/cavra/policy.yaml": `${POLICY}${routes}`, "shop/report": "one" });
    const { value } = await cavraJson(own, ["approval", "create", "--document", "parity_report=report", ...BY_AGENT]);
    expect(value.request.routes).toEqual([{ id: "release", approvers: ["ada", "grace"], count: 2 }]);
  });

  it("ends a request before its time without asking, and says who", async () => {
    const id = await asked(place, "terraform apply -refresh-only");
    expect((await cavra(place, ["approval", "expire", id])).stderr).toContain("(reason_missing)");
    expect((await cavra(place, ["approval", "expire", id, "--reason", "not needed"])).stdout).toContain("expired");
    expect((await cavraJson(place, ["approval", "show", id])).value.state).toBe("expired");
  });

  it("watches: shows what waits, and takes the key that it names for it, once", async () => {
    const own = withApprover();
    const first = await asked(own, "terraform apply -target=one");
    const second = await asked(own, "terraform apply -target=two");
    const steps: readonly Step[] = [
      ["([a-z0-9]) approves it, once · [a-z0-9] denies it", "{1}"],
      ["approved +apr_\\w+[\\s\\S]*[a-z0-9] approves it, once · ([a-z0-9]) denies it", "{1}"],
      ["denied +apr_\\w+[\\s\\S]*nobody waits", "q"],
    ];
    const { status, shown } = await atTerminal(own, ["approval", "watch"], steps);
    expect([status, shown]).toEqual([0, expect.stringContaining("-target=one")]);
    const states = await Promise.all([first, second].map(async (id) => (await cavraJson(own, ["approval", "show", id])).value.state));
    expect(states).toEqual(["approved", "denied"]);
  });
});
