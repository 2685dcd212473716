// `cavra evaluate`: exit statuses, the shape of a decision, dry runs, other policies, and wrong calls. Proves spec/cli.md sections 1 to 3.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, scratch, write } from "./program.js";

const SCHEMAS = join(import.meta.dirname, "../../spec/schema");
const ajv = new Ajv2020({ strict: true, strictTypes: false });
for (const name of ["action", "record", "decision"])
  ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, `${name}.schema.json`), "utf8")), name);

const KEYS = ["decision_id", "decision", "severity", "reason", "rule_id", "who", "change", "policy", "evidence"];

const VERDICTS = [
  ["execute_command", "git status", "allow", 0],
  ["execute_command", "", "allow", 0],
  ["execute_command", "git push origin main", "require_approval", 3],
  ["execute_command", "cat .env", "deny", 4],
  ["execute_command", 'git commit -m "rm -rf /"', "allow", 0],
  ["read_file", ".env", "deny", 4],
  ["read_file", "README.md", "allow", 0],
  ["write_file", ".github/workflows/ci.yml", "require_approval", 3],
  ["git_operation", "push origin main", "require_approval", 3],
  ["network_request", "https://example.com/", "allow", 0],
  ["mcp_tool_call", "mystery/run_report", "require_approval", 3],
] as const;

describe.concurrent("evaluate", () => {
  it.each(VERDICTS)("%s `%s` is %s and ends with %i", async (type, target, verdict, status) => {
    const place = scratch();
    const { status: ended, value } = await cavraJson(place, ["evaluate", type, target]);
    expect([value.decision, ended]).toEqual([verdict, status]);
    expect(Object.keys(value).filter((key) => key !== "instead")).toEqual(KEYS);
    expect(ajv.validate("decision", value), JSON.stringify(ajv.errors)).toBe(true);
    expect(value.evidence.status).toBe("recorded");
  });

  it("tells a person the verdict and the four questions in their order", async () => {
    const { status, stdout, stderr } = await cavra(scratch(), [
      "evaluate",
      "execute_command",
      "cat .env",
      "--agent",
      "claude-code",
      "--session",
      "s1",
    ]);
    expect(status).toBe(4);
    expect(stderr).toBe("");
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("✗ deny cat .env");
    const order = ["who", "change", "policy", "instead", "evidence"].map((name) =>
      lines.findIndex((line) => line.trim().startsWith(`${name} `)),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(stdout).toContain("claude-code · session s1");
    expect(stdout).toContain("reads .env, through cat");
    expect(stdout).not.toContain("\u001b");
  });

  it("shows nothing that a hostile action could use to rewrite the terminal", async () => {
    const { stdout } = await cavra(scratch(), ["evaluate", "execute_command", "echo \u001b[2J\u009b31m\u202e\n\r\u0007"]);
    expect(stdout).not.toMatch(/[\u001b\u009b\u202e\u0007\r]/);
  });

  it("shows nothing that a repository's own policy could use to rewrite the terminal", async () => {
    const place = scratch();
    const rule =
      'rules: [{ id: a.b, match: { effect: exec, program: ls }, verdict: deny, severity: low, reason: "x\\e[2Jy", instead: "z\\e[2J" }]';
    write(join(place.repository, ".cavra/policy.yaml"), `schema_version: cavra.policy.v1\nid: here\nversion: "1\\e[2J"\n${rule}\n`);
    const { status, stdout, stderr } = await cavra(place, ["evaluate", "execute_command", "ls"]);
    expect([2, 4]).toContain(status);
    expect(stdout + stderr).not.toContain("\u001b");
  });

  it("ends with 0 under --exit-zero, whatever the verdict", async () => {
    const place = scratch();
    for (const target of ["cat .env", "git push origin main"])
      expect((await cavra(place, ["evaluate", "execute_command", target, "--exit-zero"])).status).toBe(0);
    expect((await cavra(place, ["evaluate", "nonsense", "x", "--exit-zero"])).status).toBe(2);
  });

  it("records what it decides, with agent and session, and nothing in a dry run", async () => {
    const place = scratch();
    const dry = await cavraJson(place, ["evaluate", "execute_command", "cat .env", "--dry-run"]);
    expect(dry.value.evidence).toEqual({ status: "dry_run", record_digest: "", journal: null });
    expect(ajv.validate("decision", dry.value), JSON.stringify(ajv.errors)).toBe(true);
    expect(existsSync(place.state)).toBe(false);
    expect((await cavra(place, ["evaluate", "execute_command", "ls", "--dry-run"])).stdout).toContain("none: this was a dry run");
    const { value } = await cavraJson(place, ["evaluate", "execute_command", "cat .env", "--agent", "codex", "--session", "s9"]);
    expect(value.who).toMatchObject({ agent: "codex", session: "s9", channel: "cli", branch: "main", repository: place.repository });
    const shown = await cavraJson(place, ["evidence", "show", value.decision_id]);
    expect(shown.value).toMatchObject({ record_id: value.decision_id, decision: "deny", who: value.who });
  });

  it("judges by another pack, by a file, and by the files of the host and the repository", async () => {
    const place = scratch();
    const rule = (id: string, program: string) =>
      `schema_version: cavra.policy.v1\nid: ${id}\nversion: 1.0.0\ninherits: [cavra-ai-agent-baseline]\nrules:\n  - { id: ${id}.no, match: { effect: exec, program: ${program} }, verdict: deny, severity: low, reason: no ${program} here }\n`;
    write(join(place.root, "file.yaml"), rule("file", "tree"));
    write(join(place.config, "cavra/policy.yaml"), rule("host", "uptime"));
    write(join(place.repository, ".cavra/policy.yaml"), rule("repository", "cal").replace("inherits: [cavra-ai-agent-baseline]\n", ""));
    const by = async (target: string, ...options: string[]) => {
      const { value } = await cavraJson(place, ["evaluate", "execute_command", target, "--dry-run", ...options]);
      return [value.decision, value.rule_id, value.policy.id];
    };
    expect(await by("tree", "--policy", "../file.yaml")).toEqual(["deny", "file.no", "file"]);
    expect(await by("uptime", "--policy", "../file.yaml")).toEqual(["allow", "default.exec", "file"]);
    expect(await by("some-unknown-program", "--policy-pack", "cavra-strict")).toEqual([
      "require_approval",
      "default.exec.unknown",
      "cavra-strict",
    ]);
    expect(await by("uptime")).toEqual(["deny", "host.no", "host"]);
    expect(await by("cal")).toEqual(["deny", "repository.no", "host"]);
  });

  it("resolves relative folders, and finds the workspace around the working folder", async () => {
    const place = scratch();
    write(join(place.repository, "deep/er/x"), "");
    const { value } = await cavraJson(place, ["explain", "read_file", "../../.env", "--cwd", "deep/er"]);
    expect(value.action).toMatchObject({ cwd: join(place.repository, "deep/er"), workspace_root: place.repository });
    expect(value.judgement.effects[0].target).toBe(join(place.repository, ".env"));
    const given = await cavraJson(place, ["explain", "read_file", "x", "--cwd", "deep/er", "--workspace", "deep"]);
    expect(given.value.action.workspace_root).toBe(join(place.repository, "deep"));
  });
});

const WRONG = [
  ["no action at all", ["evaluate"], "action_missing", "for example `cavra evaluate execute_command"],
  ["no target", ["evaluate", "read_file"], "action_missing", "usage: "],
  ["an unknown action type", ["evaluate", "run_command", "ls"], "unknown_action_type", "use one of: execute_command"],
  ["an empty path", ["evaluate", "read_file", ""], "target_missing", ""],
  ["a misspelt option", ["evaluate", "execute_command", "ls", "--jsno"], "unknown_option", "did you mean `--json`?"],
  ["an option without its value", ["evaluate", "execute_command", "ls", "--cwd"], "option_without_value", "usage: "],
  ["one word too many", ["evaluate", "execute_command", "git", "status"], "too_many_arguments", "usage: `cavra evaluate"],
  ["an unknown pack", ["evaluate", "execute_command", "ls", "--policy-pack", "nope"], "unknown_pack", "cavra policy list"],
  [
    "a policy file that is not there",
    ["evaluate", "execute_command", "ls", "--policy", "nope.yaml"],
    "policy_unreadable",
    "check that it is a file",
  ],
  ["a policy that is a folder", ["evaluate", "execute_command", "ls", "--policy", "."], "policy_unreadable", "check that it is a file"],
  ["a batch and an action", ["evaluate", "--batch", "execute_command", "ls"], "too_many_arguments", "leave either out"],
] as const;

describe.concurrent("evaluate, called with", () => {
  it.each(WRONG)("%s, says so in one line with a code and a hint, and ends with 2", async (_, args, code, hint) => {
    const place = scratch();
    const told = await cavra(place, args);
    expect(told.status).toBe(2);
    expect(told.stdout).toBe("");
    const [first = "", second = ""] = told.stderr.trimEnd().split("\n");
    expect(first).toMatch(new RegExp(`^cavra: [^A-Z].*[^.] \\(${code}\\)$`));
    expect(second).toContain(hint);
    expect(told.stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
    const [command = "", ...rest] = args;
    const json = await cavra(place, [command, "--json", ...rest]);
    expect([json.status, JSON.parse(json.stdout).error.code, json.stderr]).toEqual([2, code, ""]);
    expect(existsSync(place.state)).toBe(false);
  });
});
