// The native hook: the running authority's answer where there is one, the Node hook's where there is none, and never another status than 0 and 2.
// Proves spec/backend.md 4.4 with the real programs. Where there is no Go there is no native hook.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, program, type Scratch, scratch, write } from "../cli/program.js";

const RUNTIME = join(dirname(program()), "bin/cavra-runtime");

function native(place: Scratch, command: string, runtime: string = RUNTIME) {
  const tool = { tool_name: "Bash", tool_input: { command } };
  const payload = { session_id: "s", cwd: place.repository, permission_mode: "default", hook_event_name: "PreToolUse", ...tool };
  const ended = spawnSync(runtime, ["hook", "claude-code"], { env: { ...place.env }, input: JSON.stringify(payload), encoding: "utf8" });
  const says = ended.stdout === "" ? "allow" : JSON.parse(ended.stdout).hookSpecificOutput.permissionDecision;
  return { ...ended, says };
}

const calls = async (place: Scratch) => (await cavraJson(place, ["status"])).value.authority?.says?.calls;

describe.skipIf(!existsSync(RUNTIME))("the native hook", () => {
  it("hands the call to the running authority, and decides alone by the Node hook when that has gone", async () => {
    const place = scratch();
    expect((await cavra(place, ["up"])).status).toBe(0);
    try {
      expect([native(place, "cat .env").says, native(place, "ls").says]).toEqual(["deny", "allow"]);
      expect(await calls(place)).toBe(2);
    } finally {
      await cavra(place, ["down"]);
    }
    expect([native(place, "cat .env").says, native(place, "ls").says]).toEqual(["deny", "allow"]);
    const { stdout } = await cavra(place, ["evidence", "list", "--json"]);
    expect(stdout.trim().split("\n").length).toBe(4);
  });

  it("refuses what the Node hook refuses, and what no Node hook is there for", () => {
    const place = scratch();
    const broken = spawnSync(RUNTIME, ["hook", "claude-code"], { env: { ...place.env }, input: "{", encoding: "utf8" });
    expect([broken.status, broken.stdout]).toEqual([2, ""]);
    expect(broken.stderr).toContain("payload_malformed");
    const nobody = spawnSync(RUNTIME, ["hook", "claude-code"], { env: { ...place.env, PATH: "/nowhere" }, input: "{}", encoding: "utf8" });
    expect([nobody.status, nobody.stdout]).toEqual([2, ""]);
    expect(spawnSync(RUNTIME, ["hook"], { env: { ...place.env } }).status).toBe(2);
    expect(spawnSync(RUNTIME, ["hook", "nobody"], { env: { ...place.env }, input: "{}" }).status).toBe(2);
  });

  it("finds its installation through a link, and takes nothing that is no socket for an authority", () => {
    const place = scratch();
    const link = join(place.root, "cavra-runtime");
    symlinkSync(RUNTIME, link);
    write(join(place.state, "authority.sock"), "no socket");
    expect(native(place, "cat .env", link).says).toBe("deny");
    rmSync(link);
  });
});
