// Every recorded payload of Claude Code, through the installed hook: the answer, its form, its exit status, its record. Proves spec/agents.md sections 1 to 3.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavraJson, scratch, write } from "../cli/program.js";
import { bash, fire, installed, journal, permission } from "./host.js";

const FOLDER = join(import.meta.dirname, "../fixtures/payloads/claude-code");

interface Expectation {
  readonly exit: number;
  readonly answer: "silence" | "ask" | "deny" | "context" | "refusal";
  readonly rule?: string;
  readonly code?: string;
  readonly records?: number;
}

interface Fixture {
  readonly id: string;
  readonly env: Record<string, string>;
  readonly payload: Record<string, unknown>;
  readonly expect: Expectation;
}

const manifest = JSON.parse(readFileSync(join(FOLDER, "manifest.json"), "utf8"));
const fixtures: readonly Fixture[] = readdirSync(FOLDER)
  .filter((name) => name !== "manifest.json")
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")));

describe("the payloads", () => {
  it("are as many, and have the keys, that the manifest says", () => {
    expect(fixtures).toHaveLength(manifest.count);
    for (const fixture of fixtures) expect(Object.keys(fixture)).toEqual(manifest.keys);
  });
});

const IN_ANSWER: Readonly<Record<Expectation["answer"], string>> = {
  silence: "",
  ask: "ask",
  deny: "deny",
  context: "context",
  refusal: "exit 2",
};

describe.concurrent("the hook answers", () => {
  it.each(fixtures.map((fixture) => [fixture.id, fixture] as const))("%s", async (_, fixture) => {
    const place = scratch();
    const command = await installed(place);
    const payload = JSON.stringify(fixture.payload).replaceAll("${REPOSITORY}", place.repository);
    const answer = await fire(place, command, payload, fixture.env);
    const { exit, rule, code, records } = fixture.expect;
    expect([answer.status, permission(answer)]).toEqual([exit, IN_ANSWER[fixture.expect.answer]]);
    if (rule !== undefined) expect(answer.stdout).toContain(`(${rule})`);
    if (code === undefined) expect(answer.stderr).toBe("");
    else expect(answer.stderr).toMatch(new RegExp(`^cavra: [^\\n]* \\(${code}\\)[^\\n]*\\n$`));
    expect(await journal(place)).toEqual({ records: records ?? 1, holds: true });
    if (records === 0) return;
    const { value } = await cavraJson(place, ["why"]);
    expect(value.record.who.agent).toBe("claude-code");
    if (code !== undefined) expect(value.record).toMatchObject({ decision: "deny", action: null, basis: { code } });
    else
      expect(value.record.who).toMatchObject({
        session: fixture.payload.session_id,
        sub_agent: fixture.payload.agent_id ?? "",
        channel: "hook",
        unattended: /dont-ask|bypass|unattended/.test(fixture.id),
      });
  });
});

describe.concurrent("a reason", () => {
  it("names rule, why, the way out and the command that tells more, and that command works", async () => {
    const place = scratch();
    const answer = JSON.parse((await fire(place, await installed(place), bash(place, "cat .env"))).stdout).hookSpecificOutput;
    const said = /^CAVRA \(secrets\.read\): .*\. Instead: .*\. More: cavra why (dec_\w+)$/.exec(answer.permissionDecisionReason);
    expect(said).not.toBeNull();
    expect((await cavraJson(place, ["why", said?.[1] ?? ""])).value.decision.decision).toBe("deny");
  });

  it("says where nobody is there that it is left to a person", async () => {
    const place = scratch();
    const answer = await fire(place, await installed(place), bash(place, "git push origin main", { permission_mode: "dontAsk" }));
    expect(JSON.parse(answer.stdout).hookSpecificOutput.permissionDecisionReason).toMatch(
      / Nobody is here to approve it.*leave it to a person\. More: cavra why dec_\w+$/,
    );
  });

  it("of a warning reaches the agent as context, and stops nothing", async () => {
    const place = scratch();
    const rule =
      "{ id: a.warn, match: { effect: exec, program: ls }, verdict: warn, severity: low, reason: listings are long, instead: use tree }";
    write(join(place.repository, ".cavra/policy.yaml"), `schema_version: cavra.policy.v1\nid: here\nversion: 1.0.0\nrules: [${rule}]\n`);
    const answer = await fire(place, await installed(place), bash(place, "ls"));
    expect(JSON.parse(answer.stdout).hookSpecificOutput).toEqual({
      hookEventName: "PreToolUse",
      additionalContext: "CAVRA warns (a.warn): listings are long. Instead: use tree.",
    });
  });

  it("of a policy in audit mode is a warning too, and the record says so", async () => {
    const place = scratch();
    write(
      join(place.config, "cavra/policy.yaml"),
      "schema_version: cavra.policy.v1\nid: host\nversion: 1.0.0\nmode: audit\ninherits: [cavra-ai-agent-baseline]\n",
    );
    expect(permission(await fire(place, await installed(place), bash(place, "cat .env")))).toBe("context");
    expect((await cavraJson(place, ["why"])).value.record).toMatchObject({
      decision: "warn",
      basis: { code: "audit" },
      judgement: { verdict: "deny" },
    });
  });

  it("keeps what is secret in a command out of the answer and out of the journal", async () => {
    const place = scratch();
    const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    const answer = await fire(place, await installed(place), bash(place, `GITHUB_TOKEN=${token} git push origin main`));
    expect(permission(answer)).toBe("ask");
    const { value } = await cavraJson(place, ["why"]);
    expect(JSON.stringify(value) + answer.stdout).not.toContain(token);
    expect(value.record.redactions.length).toBeGreaterThan(0);
  });
});
