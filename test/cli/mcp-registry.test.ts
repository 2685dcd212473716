// The registry of MCP servers on the built program: found, judged by, recorded, told, refused, and the same with the real second engine.
// Proves spec/mcp-registry.md sections 3 and 4, spec/backend.md 4.5, 6.1 and 9.1, and spec/cli.md section 14.

import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { bash, fire, installed, permission } from "../hook/host.js";
import { cavra, cavraJson, program, run, type Scratch, scratch, write } from "./program.js";

const RUNTIME = join(dirname(program()), "bin/cavra-runtime");
const GO = ["--runtime-path", RUNTIME];
const APPROVED = `sha256:${"a".repeat(64)}`;

const tool = (name: string, state = "approved", description_digest = "") => ({ name, state, description_digest });
const server = (name: string, state = "approved", tools = [tool("create_issue")]) => ({
  ...{ name, transport: "stdio", tier: "limited", state, owner: "platform@example.org" },
  tools,
});
const REGISTRY = JSON.stringify({
  schema_version: "cavra.mcp-registry.v1",
  servers: [
    server("github", "approved", [tool("create_issue", "approved", APPROVED), tool("merge", "revoked")]),
    server("new", "pending"),
    server("old", "revoked"),
  ],
});
const BROKEN = '{"schema_version":"cavra.mcp-registry.v1","servers":[{"name":"x"}]}';

const fileOf = (place: Scratch) => join(place.config, "cavra/mcp-registry.json");
const withRegistry = (text = REGISTRY): Scratch => {
  const place = scratch();
  write(fileOf(place), text);
  return place;
};
const judged = async (place: Scratch, target: string, ...more: string[]) =>
  (await cavraJson(place, ["explain", "mcp_tool_call", target, ...more])).value.judgement;

describe("the host's registry", () => {
  it.each([
    ["github/create_issue", "require_approval", "default.call"],
    ["github/Merge", "deny", "mcp_registry.tool_revoked"],
    ["github/delete", "require_approval", "mcp_registry.tool_unlisted"],
    ["new/create_issue", "require_approval", "mcp_registry.server_pending"],
    ["OLD/x", "deny", "mcp_registry.server_revoked"],
    ["other/x", "require_approval", "mcp_registry.server_unlisted"],
    ["claude-code/TodoWrite", "allow", "mcp_trust.claude-code"],
  ])("is judged by: `%s` is %s by %s", async (target, verdict, rule_id) => {
    const judgement = await judged(withRegistry(), target);
    expect(judgement).toMatchObject({ verdict, rule_id });
    expect(judgement.registry_digest).toMatch(/^sha256:/);
  });

  it("asks where the host told another description than the approved one", async () => {
    const place = withRegistry();
    expect((await judged(place, "github/create_issue", "--operation", APPROVED)).rule_id).toBe("default.call");
    expect((await judged(place, "github/create_issue", "--operation", `sha256:${"b".repeat(64)}`)).rule_id).toBe(
      "mcp_registry.description_changed",
    );
  });

  it("leaves no trace where there is none", async () => {
    const judgement = await judged(scratch(), "github/create_issue");
    expect(Object.keys(judgement)).not.toContain("registry_digest");
    expect(Object.keys(judgement.rulings[0])).not.toContain("registry");
  });

  it("is in the record by its digest, and nobody can except what it says", async () => {
    const place = withRegistry();
    await cavra(place, ["evaluate", "mcp_tool_call", "old/x"]);
    const { record } = (await cavraJson(place, ["why"])).value;
    const { digest } = (await cavraJson(place, ["mcp", "list"])).value;
    expect(record.judgement).toMatchObject({ registry_digest: digest, rulings: [{ registry: { id: "mcp_registry.server_revoked" } }] });
    expect((await cavra(place, ["why"])).stdout).toContain("no exception can be made to that");
    expect((await cavraJson(place, ["evidence", "verify"])).status).toBe(0);
  });

  it.each([
    ["a document that is none", (path: string) => write(path, BROKEN), "missing_key"],
    ["no JSON", (path: string) => write(path, "{"), "json_unexpected_end"],
    ["a folder", (path: string) => mkdirSync(path, { recursive: true }), "registry_unreadable"],
    ["a link that leads nowhere", (path: string) => symlinkSync("/nowhere/at/all", path), "registry_unreadable"],
    ["more than a registry may have", (path: string) => write(path, " ".repeat(4 * 1024 * 1024 + 1)), "registry_unreadable"],
  ])("denies every MCP call and nothing else where it is %s", async (_, make, code) => {
    const place = withRegistry();
    rmSync(fileOf(place));
    make(fileOf(place));
    const judgement = await judged(place, "github/create_issue");
    expect(judgement).toMatchObject({ verdict: "deny", rule_id: "mcp_registry.unreadable", registry_digest: "" });
    expect(judgement.reason).toContain(`(${code})`);
    expect((await cavra(place, ["explain", "execute_command", "ls"])).status).toBe(0);
    const { problems, registry } = (await cavraJson(place, ["status"])).value;
    expect([problems.map((one: { code: string }) => one.code), registry]).toEqual([expect.arrayContaining([code]), null]);
  });

  it("is not written by an agent, nor by what an agent runs", async () => {
    const place = withRegistry();
    for (const action of [
      ["write_file", fileOf(place)],
      ["execute_command", `rm ${fileOf(place)}`],
    ]) {
      await cavra(place, ["init"]);
      expect((await cavra(place, ["explain", ...action])).status, action.join(" ")).toBe(4);
    }
  });

  it("reaches the hook", async () => {
    const place = withRegistry();
    const command = await installed(place);
    const call = bash(place, "", { tool_name: "mcp__old__x", tool_input: {} });
    expect(permission(await fire(place, command, call))).toBe("deny");
  });
});

describe("a registry that the call names", () => {
  it("stands in the place of the host's", async () => {
    const place = withRegistry(BROKEN);
    const file = write(join(place.root, "named.json"), REGISTRY);
    expect((await judged(place, "old/x", "--registry", file)).rule_id).toBe("mcp_registry.server_revoked");
  });

  it("must be one, and its failing is not on record", async () => {
    const place = withRegistry();
    const file = write(join(place.root, "named.json"), BROKEN);
    const { status, value } = await cavraJson(place, ["evaluate", "mcp_tool_call", "old/x", "--registry", file]);
    expect([status, value.error.code]).toEqual([2, "missing_key"]);
    expect(existsSync(join(place.state, "journal"))).toBe(false);
  });

  it("belongs to the policy in force: another policy is judged by without the host's", async () => {
    const judgement = await judged(withRegistry(), "old/x", "--policy-pack", "cavra-strict");
    expect(Object.keys(judgement)).not.toContain("registry_digest");
  });
});

describe("cavra mcp", () => {
  it("lists what the registry lists, and checks a file", async () => {
    const place = withRegistry();
    const { value } = await cavraJson(place, ["mcp", "list"]);
    expect(value.servers.map(({ name }: { name: string }) => name)).toEqual(["github", "new", "old"]);
    expect((await cavraJson(place, ["mcp", "check"])).value).toEqual({ valid: true, digest: value.digest, servers: 3, tools: 4 });
    const bad = write(join(place.root, "bad.json"), BROKEN);
    const refused = await cavraJson(place, ["mcp", "check", bad]);
    expect([refused.status, refused.value.problems]).toMatchObject([2, [{ code: "missing_key", at: "/servers/0/transport" }]]);
    expect((await cavraJson(place, ["mcp", "check", "nowhere"])).value.error.code).toBe("registry_missing");
  });

  it("says that there is none", async () => {
    const { status, value } = await cavraJson(scratch(), ["mcp", "list"]);
    expect([status, value.digest, value.servers]).toEqual([0, "", []]);
  });
});

describe.skipIf(!existsSync(RUNTIME))("with the second engine", () => {
  it.each(["github/create_issue", "github/merge", "new/create_issue", "OLD/x", "other/x", "claude-code/TodoWrite"])(
    "`%s` is the same bytes",
    async (target) => {
      const call = ["runtime", "go-pilot-evaluate", "mcp_tool_call", target, "--operation", "x", "--mode", "enforce", ...GO];
      expect((await cavraJson(withRegistry(), call)).value).toMatchObject({ selected_backend: "go", parity_match: true });
    },
  );

  it.each([
    ["another registry", "{}", "registry_not_loaded"],
    ["one that is none", BROKEN, "registry_not_loaded"],
    ["one of another content", REGISTRY.replace("pending", "approved"), "registry_mismatch"],
  ])("falls back where Go is given %s", async (_, text, fallback_code) => {
    const place = withRegistry();
    const file = write(join(place.root, "other.json"), text);
    const call = ["runtime", "go-pilot-evaluate", "mcp_tool_call", "old/x", "--mode", "enforce", ...GO];
    for (const env of [{}, { CAVRA_GO_RUNTIME_REGISTRY: file }]) {
      const flag = Object.keys(env).length === 0 ? ["--registry-path", file] : [];
      const { status, value } = await cavraJson(place, [...call, ...flag], { env });
      expect([status, value]).toMatchObject([4, { selected_backend: "typescript", fallback_code, effective_decision: "deny" }]);
    }
  });

  it("falls back where Go is given a registry and the host has none, and where the host's cannot be read", async () => {
    const call = ["runtime", "go-pilot-evaluate", "mcp_tool_call", "old/x", "--mode", "shadow", ...GO];
    const place = scratch();
    const file = write(join(place.root, "other.json"), REGISTRY);
    expect((await cavraJson(place, [...call, "--registry-path", file])).value).toMatchObject({ fallback_code: "registry_mismatch" });
    expect((await cavraJson(withRegistry(BROKEN), call)).value).toMatchObject({
      ...{ fallback_code: "registry_not_loaded", effective_decision: "deny" },
    });
  });

  it("is ready with the registry in force, and says which", async () => {
    const place = withRegistry();
    const { digest } = (await cavraJson(place, ["mcp", "list"])).value;
    const ready = (await cavraJson(place, ["runtime", "go-pilot-readiness", "--mode", "shadow", ...GO])).value;
    expect(ready).toMatchObject({ status: "ready", runtime: { registry_digest: digest } });
    write(fileOf(place), BROKEN);
    const broken = await cavraJson(place, ["runtime", "go-pilot-readiness", "--mode", "shadow", ...GO]);
    const failed = broken.value.checks.find(({ status }: { status: string }) => status === "fail");
    expect([broken.status, failed]).toMatchObject([5, { id: "registry", code: "registry_not_loaded" }]);
  });

  it("does not begin with a registry that is none", async () => {
    const place = scratch();
    const policy = write(join(place.root, "policy.json"), (await cavra(place, ["policy", "compile"])).stdout);
    const bad = write(join(place.root, "bad.json"), BROKEN);
    for (const [command, path, code] of [
      ["serve", bad, "registry.missing_key"],
      ["evaluate", bad, "registry.missing_key"],
      ["serve", "/nowhere", "registry.registry_unreadable"],
      ["serve", "", "registry.registry_unreadable"],
      ["serve", place.root, "registry.registry_unreadable"],
    ] as const) {
      const { status, stderr, stdout } = await run(RUNTIME, [command, "--policy", policy, "--registry", path]);
      expect([status, stdout, stderr.startsWith(`${code}: `)], `${command} ${path}`).toEqual([2, "", true]);
    }
  });
});

describe("an authority that stays", () => {
  it("takes a changed registry for the next call, and Go with it", { timeout: 60_000 }, async () => {
    const place = withRegistry();
    const env = existsSync(RUNTIME)
      ? { CAVRA_GO_BACKEND_MODE: "enforce", CAVRA_GO_RUNTIME_PATH: RUNTIME, CAVRA_GO_BACKEND_DEADLINE_MS: "30000" }
      : {};
    const command = await installed(place);
    const call = bash(place, "", { tool_name: "mcp__old__x", tool_input: {} });
    await cavra(place, ["up"], { env });
    const first = permission(await fire(place, command, call));
    write(fileOf(place), REGISTRY.replaceAll("revoked", "pending"));
    const second = permission(await fire(place, command, call));
    rmSync(fileOf(place));
    const third = permission(await fire(place, command, call));
    const { says } = (await cavraJson(place, ["status"])).value.authority;
    await cavra(place, ["down"]);
    expect([first, second, third]).toEqual(["deny", "ask", "ask"]);
    // Each registry has a first campaign of its own, before which Go is not compared by it.
    const { campaign_missing: _, ...others } = says.fallbacks;
    expect([says.calls, others]).toEqual([3, {}]);
  });
});
