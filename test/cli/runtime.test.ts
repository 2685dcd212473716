// `cavra runtime …` with the real second engine, and without one. Proves spec/backend.md sections 1, 6, 9 and 10 on the built program.

import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, program, scratch, write } from "./program.js";

const RUNTIME = join(dirname(program()), "bin/cavra-runtime");
const WITH = ["--runtime-path", RUNTIME];

describe.skipIf(!existsSync(RUNTIME))("with the second engine", () => {
  it.each([
    ["execute_command", "git status && cat README.md | head", 0],
    ["execute_command", "sudo rm -rf / --no-preserve-root", 4],
    ["execute_command", "git push --force origin main", null],
    ["read_file", ".env", 4],
    ["write_file", "notes.txt", 0],
    ["network_request", "https://example.com/", 0],
    ["mcp_tool_call", "mystery/run_report", 3],
  ])("%s `%s` is the same bytes in enforce, and Go is selected", async (type, target, status) => {
    const place = scratch();
    const alone = await cavraJson(place, ["evaluate", type, target, "--dry-run"]);
    const { status: ended, value } = await cavraJson(place, ["runtime", "go-pilot-evaluate", type, target, "--mode", "enforce", ...WITH]);
    expect(value).toMatchObject({ backend_mode: "enforce", selected_backend: "go", fallback_used: false, parity_match: true });
    expect([value.decision.decision, value.go_decision, ended]).toEqual([
      alone.value.decision,
      alone.value.decision,
      status ?? alone.status,
    ]);
    expect(value.decision.evidence.status).toBe("recorded");
  });

  it("leaves the answer to TypeScript in shadow, and compares all the same", async () => {
    const { value } = await cavraJson(scratch(), ["runtime", "go-pilot-evaluate", "execute_command", "ls", "--mode", "shadow", ...WITH]);
    expect(value).toMatchObject({ selected_backend: "typescript", fallback_used: false, parity_match: true, go_decision: "allow" });
  });

  it("falls back where the policy that Go is given is not the one in force", async () => {
    const place = scratch();
    const strict = await cavra(place, ["policy", "compile", "--policy-pack", "cavra-strict"]);
    const policy = write(join(place.root, "strict.json"), strict.stdout);
    const call = ["runtime", "go-pilot-evaluate", "execute_command", "ls", "--mode", "enforce", ...WITH, "--policy-path", policy];
    expect((await cavraJson(place, call)).value).toMatchObject({ selected_backend: "typescript", fallback_code: "policy_mismatch" });
    write(policy, strict.stdout.replace('"deny"', '"warn"'));
    expect((await cavraJson(place, call)).value).toMatchObject({ fallback_code: "policy_not_loaded" });
  });

  it("judges a batch alone in the order of its lines, and records nothing", async () => {
    const place = scratch();
    const input = '{"action_type":"read_file","target":".env"}\n\n{"x\n{"action_type":"execute_command","target":"ls"}';
    const { status, stdout } = await cavra(place, ["runtime", "go-evaluate", "--batch", ...WITH], { input });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.decision ?? line.error.code)).toEqual(["deny", "line_malformed", "allow"]);
    expect(lines[1].error.line).toBe(3);
    expect(status).toBe(0);
    expect(existsSync(join(place.state, "journal"))).toBe(false);
  });

  it("keeps the policy that it hands over in a file for its owner alone", async () => {
    const place = scratch();
    await cavraJson(place, ["runtime", "go-pilot-evaluate", "execute_command", "ls", "--mode", "shadow", ...WITH]);
    const folder = join(place.state, "runtime");
    const [name = ""] = readdirSync(folder);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });
});

describe("without the second engine", () => {
  it.each([
    ["shadow", "runtime_missing"],
    ["enforce", "runtime_missing"],
    ["promoted", "runtime_missing"],
  ])("%s answers as TypeScript does, and says why", async (mode, code) => {
    const place = scratch();
    for (const [target, ended] of [
      ["ls", 0],
      ["cat .env", 4],
    ] as const) {
      const { status, value } = await cavraJson(place, ["runtime", "go-pilot-evaluate", "execute_command", target, "--mode", mode]);
      expect(value).toMatchObject({ selected_backend: "typescript", fallback_used: true, fallback_code: code, parity_match: null });
      expect(status).toBe(ended);
    }
  });

  it("is ready in disabled mode, and needs attention in the others", async () => {
    const place = scratch();
    for (const [mode, status, ended] of [
      ["disabled", "disabled", 0],
      ["shadow", "needs_attention", 5],
      ["promoted", "needs_attention", 5],
    ] as const) {
      const found = await cavraJson(place, ["runtime", "go-pilot-readiness", "--mode", mode]);
      expect([found.value.status, found.status]).toEqual([status, ended]);
    }
  });

  it("takes the flag before the variable, and refuses a mode that is none", async () => {
    const place = scratch();
    const env = { ...place.env, CAVRA_GO_BACKEND_MODE: "shadow" };
    const ready = async (args: readonly string[]) => (await cavraJson({ ...place, env }, ["runtime", "go-pilot-readiness", ...args])).value;
    expect((await ready([])).backend_mode).toBe("shadow");
    expect((await ready(["--mode", "disabled"])).backend_mode).toBe("disabled");
    const { status, value } = await cavraJson(place, ["runtime", "go-pilot-evaluate", "execute_command", "ls", "--mode", "Shadow"]);
    expect([status, value.error.code]).toEqual([2, "unknown_mode"]);
  });
});
