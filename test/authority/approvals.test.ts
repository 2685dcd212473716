// A step that the policy asks about: asked for once, taken once, and never as another step. Proves spec/approval.md section 6 on real files.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApprovalAnswer, signAnswer } from "../../src/approval/index.js";
import { compileSources, decide, openAuthority } from "../../src/authority/index.js";
import { formatTime } from "../../src/base/index.js";
import type { Action } from "../../src/change/index.js";
import type { Who } from "../../src/evidence/index.js";
import {
  approvalsFolder,
  findApproval,
  foundTrust,
  keepAnswer,
  keysFolder,
  listApprovals,
  listRecords,
  type NewKey,
  newKey,
  openLedger,
  readJournal,
  readSigner,
  SYSTEM_CLOCK,
  takeApproval,
  writePin,
} from "../../src/store/index.js";

const POLICY = `schema_version: cavra.policy.v1
id: host
version: 1.0.0
rules:
  - { id: infra.apply, verdict: require_approval, severity: high, reason: it changes infrastructure, match: { effect: exec, program: terraform } }
  - { id: run.script, verdict: require_approval, severity: medium, reason: a script, match: { effect: exec, program: run.sh } }
  - { id: never.rm, verdict: deny, severity: critical, reason: never, match: { effect: exec, program: rm } }
`;

const WHO: Who = {
  agent: "claude-code",
  sub_agent: "",
  session: "s1",
  user: "dev",
  host: "mill",
  repository: "",
  branch: "",
  channel: "hook",
  unattended: true,
};

describe("a step that the policy asks about", () => {
  let root: string;
  let env: Record<string, string>;
  let state: string;
  let alice: NewKey;

  beforeEach(() => {
    root = mkdtempSync(join(realpathSync(tmpdir()), "cavra-approvals-"));
    [state, env] = [join(root, "state"), { CAVRA_STATE_DIR: join(root, "state"), CAVRA_CONFIG_DIR: join(root, "config"), HOME: root }];
    for (const one of ["config", "app", "clone"]) mkdirSync(join(root, one));
    writeFileSync(join(root, "config/policy.yaml"), POLICY);
    const ledger = openLedger(state, SYSTEM_CLOCK);
    const rootKey = newKey("root");
    alice = newKey("approver");
    for (const one of [rootKey, alice]) one.keep(keysFolder(state), "", SYSTEM_CLOCK);
    foundTrust(state, ledger.origin, rootKey, [{ role: "approver", key: alice, name: "alice" }], SYSTEM_CLOCK);
    ledger.close();
    writePin(join(root, "config"), rootKey.keyId, SYSTEM_CLOCK);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function step(target: string, more: Partial<Action> = {}): Action {
    const workspace = join(root, "app");
    return { action_type: "execute_command", target, operation: "", arguments: "", cwd: workspace, workspace_root: workspace, ...more };
  }

  function ask(action: Action, who: Partial<Who> = {}, record = true) {
    const authority = openAuthority({ workspace: action.workspace_root, env, choice: null, compiler: () => compileSources });
    return decide(action, { ...WHO, ...who }, authority, { record });
  }

  function answer(approvalId: string, more: Partial<ApprovalAnswer> = {}): void {
    const stored = findApproval(state, approvalId);
    if (stored?.ok !== true) throw new Error(`no ${approvalId}`);
    const nowMs = SYSTEM_CLOCK.nowMs();
    const text = signAnswer(
      {
        schema_version: "cavra.approval-answer.v1",
        approval_id: approvalId,
        request_digest: stored.files.asked.digest,
        answer: "approved",
        reason: "",
        name: "alice",
        issued_at: formatTime(nowMs),
        expires_at: formatTime(nowMs + 3_600_000),
        ...more,
      },
      readSigner(keysFolder(state), alice.keyId, "approver"),
    );
    if (!text.ok) throw new Error(text.problem.message);
    keepAnswer(state, approvalId, alice.keyId, text.value, SYSTEM_CLOCK);
  }

  function approved(action: Action): string {
    const id = ask(action).approval?.approval_id ?? "";
    answer(id);
    return id;
  }

  const events = () =>
    [...readJournal(state)].flatMap((item) => {
      const { event } = item.kind === "record" ? (JSON.parse(item.text) as { event?: string }) : {};
      return event ?? [];
    });

  it("is asked for once, however often it is tried", () => {
    const first = ask(step("terraform apply"));
    const again = ask(step("terraform apply"));
    expect([first.decision, again.decision]).toEqual(["require_approval", "require_approval"]);
    expect(first.approval).toEqual({ approval_id: expect.stringMatching(/^apr_/), state: "pending" });
    expect(again.approval).toEqual(first.approval);
    expect(events()).toEqual(["requested"]);
  });

  it("is not asked for where a person sits before the agent, in a dry run, or where a rule denies", () => {
    ask(step("terraform apply"), { unattended: false });
    ask(step("terraform apply"), {}, false);
    const denied = ask(step("rm x"));
    expect([denied.decision, denied.approval]).toEqual(["deny", undefined]);
    expect(listApprovals(state)).toEqual([]);
  });

  it("is not asked for where there is nobody who could answer", () => {
    rmSync(join(state, "trust"), { recursive: true });
    expect(ask(step("terraform apply")).approval).toBeUndefined();
    expect(listApprovals(state)).toEqual([]);
  });

  it("passes once when it was approved, and the record says by what", () => {
    const id = approved(step("terraform apply"));
    const passed = ask(step("terraform apply"));
    expect([passed.decision, passed.approval]).toEqual(["allow", { approval_id: id, state: "used" }]);
    const [record] = listRecords(state, {}, 1).map((one) => one.record);
    expect(record?.basis).toEqual({ code: "approved", reason: `alice approved it: ${id}` });
    expect([record?.judgement?.verdict, record?.approval?.approval_id, record?.approval?.answers.length]).toEqual([
      "require_approval",
      id,
      1,
    ]);
    const next = ask(step("terraform apply"));
    expect([next.decision, next.approval?.state]).toEqual(["require_approval", "pending"]);
    expect(next.approval?.approval_id).not.toBe(id);
    expect(events()).toEqual(["requested", "used", "requested"]);
  });

  it("passes in a clone elsewhere, in another session, and where somebody sits before the agent", () => {
    const clone = join(root, "clone");
    approved(step("terraform apply"));
    expect(ask(step("terraform apply", { cwd: clone, workspace_root: clone }), { session: "s2", unattended: false }).decision).toBe(
      "allow",
    );
  });

  it.each<readonly [string, (place: string) => Partial<Action>, Partial<Who>]>([
    ["another line", () => ({ target: "terraform apply -auto-approve" }), {}],
    ["a blank more", () => ({ target: "terraform  apply" }), {}],
    ["another folder", (place) => ({ cwd: join(place, "app/infra") }), {}],
    ["another agent", () => ({}), { agent: "codex" }],
    ["another operation", () => ({ operation: "x" }), {}],
    ["other arguments", () => ({ arguments: "{}" }), {}],
  ])("does not pass as another one: %s", (_, more, who) => {
    approved(step("terraform apply"));
    expect(ask(step("terraform apply", more(root)), who).decision).toBe("require_approval");
    expect(ask(step("terraform apply")).decision).toBe("allow");
  });

  it("does not pass under another policy", () => {
    approved(step("terraform apply"));
    writeFileSync(join(root, "config/policy.yaml"), POLICY.replace("1.0.0", "1.0.1"));
    expect(ask(step("terraform apply")).decision).toBe("require_approval");
    writeFileSync(join(root, "config/policy.yaml"), POLICY);
    expect(ask(step("terraform apply")).decision).toBe("allow");
  });

  it("does not pass when what it executes has changed", () => {
    const script = join(root, "app/run.sh");
    writeFileSync(script, "#!/bin/sh\necho one\n", { mode: 0o755 });
    approved(step("./run.sh"));
    writeFileSync(script, "#!/bin/sh\necho two\n");
    expect(ask(step("./run.sh")).decision).toBe("require_approval");
    writeFileSync(script, "#!/bin/sh\necho one\n");
    expect(ask(step("./run.sh")).decision).toBe("allow");
  });

  it("does not pass when a script has changed that is too large to be looked into", () => {
    writeFileSync(join(root, "config/policy.yaml"), POLICY.replace("program: run.sh", "program: bash"));
    const script = join(root, "app/big.sh");
    const large = (last: string) => writeFileSync(script, `${": nothing\n".repeat(40_000)}echo ${last}\n`);
    large("one");
    approved(step("bash big.sh"));
    large("two");
    expect(ask(step("bash big.sh")).decision).toBe("require_approval");
    large("one");
    expect(ask(step("bash big.sh")).decision).toBe("allow");
  });

  it("does not pass by an approval that another process took first", () => {
    const id = approved(step("terraform apply"));
    expect(takeApproval(state, id, "dec_other", SYSTEM_CLOCK)).toBe(true);
    expect(ask(step("terraform apply")).decision).toBe("require_approval");
  });

  it("is not asked for again when a person denied it", () => {
    const id = ask(step("terraform apply")).approval?.approval_id ?? "";
    answer(id, { answer: "denied", expires_at: "", reason: "not today" });
    expect(ask(step("terraform apply")).approval).toEqual({ approval_id: id, state: "denied" });
    expect(listApprovals(state)).toHaveLength(1);
  });

  it("does not pass by an answer whose bytes were changed, nor by a file that nobody signed", () => {
    const id = approved(step("terraform apply"));
    const name = readdirSync(approvalsFolder(state)).find((one) => one.endsWith(".answer")) ?? "";
    const path = join(approvalsFolder(state), name);
    const text = readFileSync(path, "utf8");
    for (const changed of [text.replace('"sig":"', '"sig":"A'), text.slice(0, -1), "", "{}\n", text.replace(/.$/m, " }")]) {
      if (changed === text.slice(0, -1)) continue;
      writeFileSync(path, changed);
      expect(ask(step("terraform apply")).decision).toBe("require_approval");
    }
    writeFileSync(path, text);
    expect(ask(step("terraform apply")).approval).toEqual({ approval_id: id, state: "used" });
  });

  it("holds nothing in its request that its record would not show", () => {
    ask(step("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY terraform apply"));
    const folder = approvalsFolder(state);
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(texts).toHaveLength(1);
    expect(texts.join()).not.toContain("wJalrXUtnFEMI");
    expect(texts.join()).not.toContain("terraform");
  });
});
