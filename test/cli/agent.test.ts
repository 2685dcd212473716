// `cavra agent install | uninstall | doctor claude-code` in a repository as people have it. Proves spec/agents.md section 4 at the command line.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, program, type Scratch, scratch, write } from "./program.js";

const THEIRS = `{
  // our own settings
  "model": "opus", /* keep */
  "permissions": { "deny": ["Read(./secrets/**)"] },
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "./scripts/lint.sh" }] }
    ],
    "Stop": [{ "hooks": [{ "type": "command", "command": "say done" }] }]
  }
}
`;

const settings = (place: Scratch) => join(place.repository, ".claude/settings.json");
const install = (place: Scratch, ...more: string[]) => cavra(place, ["agent", "install", "claude-code", ...more]);
const uninstall = (place: Scratch, ...more: string[]) => cavra(place, ["agent", "uninstall", "claude-code", ...more]);
const doctor = (place: Scratch, ...more: string[]) => cavra(place, ["agent", "doctor", "claude-code", ...more]);

/** A `claude` in PATH that answers `--version` with this. */
function host(place: Scratch, says: string, status = 0): Scratch {
  const path = write(join(place.root, "bin/claude"), `#!/bin/sh\nprintf '%s' '${says}'\nexit ${status}\n`);
  chmodSync(path, 0o755);
  return { ...place, env: { ...place.env, PATH: `${join(place.root, "bin")}:${process.env.PATH}` } };
}

describe.concurrent("agent install", () => {
  it("adds one hook and leaves the rest of the file, a second time changes nothing, and uninstall restores it byte for byte", async () => {
    const place = scratch({ "shop/.claude/settings.json": THEIRS });
    const done = await install(place);
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.stdout).toContain(
      `the hook is installed in ${settings(place)}\nit guards sessions in ${place.repository}\nnext: start a new session`,
    );
    const edited = readFileSync(settings(place), "utf8");
    for (const text of [
      "// our own settings",
      "/* keep */",
      "./scripts/lint.sh",
      "say done",
      `'${process.execPath}' '${program()}' hook claude-code`,
    ])
      expect(edited).toContain(text);
    expect((await install(place)).stdout).toContain("installed already");
    expect(readFileSync(settings(place), "utf8")).toBe(edited);
    expect((await doctor(place)).status).toBe(0);
    expect((await uninstall(place)).stdout).toContain("restored, byte for byte");
    expect(readFileSync(settings(place), "utf8")).toBe(THEIRS);
    expect((await uninstall(place)).stdout).toContain("there is no hook of CAVRA");
  });

  it("makes the file where there is none, from a folder deep inside, and uninstall removes what it made", async () => {
    const place = scratch({ "shop/a/b/x": "" });
    await cavra(place, ["agent", "install", "claude-code"], { cwd: join(place.repository, "a/b") });
    expect(JSON.parse(readFileSync(settings(place), "utf8")).hooks.PreToolUse[0].matcher).toBe("*");
    await uninstall(place);
    expect(existsSync(join(place.repository, ".claude"))).toBe(false);
  });

  it("with --user writes the person's settings, and works everywhere", async () => {
    const place = scratch();
    expect((await cavraJson(place, ["agent", "install", "claude-code", "--user"])).value).toEqual({
      path: join(place.home, ".claude/settings.json"),
      done: "installed",
    });
    expect(existsSync(settings(place))).toBe(false);
    expect((await doctor(place)).stdout).toContain(join(place.home, ".claude/settings.json"));
    expect((await uninstall(place)).stdout).toContain("there is no hook of CAVRA");
    expect((await uninstall(place, "--user")).stdout).toContain("restored");
  });

  const HOSTS: readonly (readonly [string, number, string | undefined])[] = [
    ["2.1.294 (Claude Code)", 0, undefined],
    ["2.1.295 (Claude Code)", 0, "block"],
    ["2.2.0 (Claude Code)", 0, "block"],
    ["3.0.1 (Claude Code)", 0, "block"],
    ["1.9.999", 0, undefined],
    ["garbage", 0, undefined],
    ["", 0, undefined],
    ["2.1.295 (Claude Code)", 1, undefined],
  ];
  it.each(HOSTS)("for a host that says `%s` with status %i sets onFailure %s", async (says, status, expected) => {
    const place = host(scratch(), says, status);
    await install(place);
    const group = JSON.parse(readFileSync(settings(place), "utf8")).hooks.PreToolUse[0];
    expect(group.hooks[0].onFailure).toBe(expected);
  });

  it("takes the block back when the host is older the next time", async () => {
    const place = scratch();
    await install(host(place, "2.1.295"));
    await install(host(place, "2.1.294"));
    expect(readFileSync(settings(place), "utf8")).not.toContain("onFailure");
    await uninstall(place);
    expect(existsSync(settings(place))).toBe(false);
  });

  const REFUSED: readonly (readonly [string, string])[] = [
    ["no JSON", "{ broken"],
    ["a list", "[]"],
    ["hooks that are no object", '{"hooks": []}'],
    ["an event that is no list", '{"hooks": {"PreToolUse": "x"}}'],
  ];
  it.each(REFUSED)("refuses a file that holds %s, and leaves it alone", async (_, text) => {
    const place = scratch({ "shop/.claude/settings.json": text });
    const told = await install(place);
    expect([told.status, told.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^cavra: .*settings\.json: the settings file is (?:not|JSON but not an object).* \(settings_malformed\)\n {2}mend it by hand/,
      ),
    ]);
    expect(readFileSync(settings(place), "utf8")).toBe(text);
    expect((await uninstall(place)).status).toBe(2);
    expect(readFileSync(settings(place), "utf8")).toBe(text);
  });

  it("says what it cannot read or write, and leaves no draft behind", async () => {
    const place = scratch();
    mkdirSync(settings(place), { recursive: true });
    const told = await install(place);
    expect([told.status, told.stdout]).toEqual([1, ""]);
    expect(told.stderr).toMatch(/^cavra: `.*settings\.json` cannot be read \(settings_unreadable\)\n/);
    const blocked = scratch({ "shop/.claude": "a file" });
    expect((await install(blocked)).stderr).toMatch(/^cavra: .*\.claude.* \(system_error\)\n/);
    expect(readdirSync(blocked.repository).sort()).toEqual([".claude", ".git"]);
  });

  it.each(["install", "uninstall", "doctor"])("%s of an agent that it does not know is refused", async (command) => {
    const told = await cavra(scratch(), ["agent", command, "copilot"]);
    expect([told.status, told.stderr]).toEqual([
      2,
      "cavra: there is no adapter for the agent `copilot` (unknown_agent)\n  the adapters are: claude-code\n",
    ]);
  });
});

describe.concurrent("outside any repository", () => {
  it.each([
    ["agent", "install", "claude-code"],
    ["policy", "init"],
  ])("%s %s refuses `/` and the home folder, and writes nothing: 2", async (...args) => {
    const place = scratch();
    for (const cwd of ["/", place.home]) {
      const told = await cavra(place, args.filter(Boolean), { cwd });
      expect([told.status, told.stdout, told.stderr]).toEqual([
        2,
        "",
        expect.stringMatching(/^cavra: `.*` is no repository \(not_a_repository\)\n {2}cd into a repository/),
      ]);
    }
    expect(readdirSync(place.home)).toEqual([]);
  });
});

describe.concurrent("agent uninstall", () => {
  it("says that it took ours out, not that it restored, where a hand had edited our hook before the last installing", async () => {
    const place = scratch({ "shop/.claude/settings.json": THEIRS });
    await install(place);
    write(
      settings(place),
      readFileSync(settings(place), "utf8").replace('"timeout": 60', '"timeout": 5').replace("hook claude-code", "hook claude-code --x"),
    );
    await install(place);
    expect((await uninstall(place)).stdout).toContain("taken out");
    expect(readFileSync(settings(place), "utf8")).toBe(THEIRS);
  });

  it.each([true, false])(
    "leaves no empty file that it made itself, after our hook was edited by hand (installed again: %s)",
    async (again) => {
      const place = scratch();
      await install(place);
      write(settings(place), readFileSync(settings(place), "utf8").replace("hook claude-code", "hook claude-code --x"));
      if (again) await install(place);
      expect((await uninstall(place)).stdout).toContain("restored");
      expect(existsSync(join(place.repository, ".claude"))).toBe(false);
    },
  );

  it("takes out only what is ours where somebody changed the file since", async () => {
    const place = scratch({ "shop/.claude/settings.json": THEIRS });
    await install(place);
    write(settings(place), readFileSync(settings(place), "utf8").replace('"opus"', '"sonnet"'));
    expect((await uninstall(place)).stdout).toContain("taken out; the rest of the file was changed since and stays");
    expect(readFileSync(settings(place), "utf8")).toBe(THEIRS.replace('"opus"', '"sonnet"'));
  });
});

describe.concurrent("agent doctor", () => {
  it("fires both calls and says what the host does with them", async () => {
    const place = scratch();
    await install(place);
    const told = await doctor(place);
    expect(told.status).toBe(0);
    expect(told.stdout).toMatch(
      /✓ `cat \.env`: the host refuses it, as it should[\s\S]*✓ `git status`: the host runs it, as it should[\s\S]*the hook fires and answers rightly\n$/,
    );
    const { value } = await cavraJson(place, ["agent", "doctor", "claude-code"]);
    expect(value).toMatchObject({
      holds: true,
      problem: null,
      probes: [
        { name: "known_bad", host: "refuses" },
        { name: "known_good", host: "runs" },
      ],
    });
  });

  const BROKEN: readonly (readonly [string, (command: string) => string, string])[] = [
    ["ends with 1", () => "exit 1 # cavra hook claude-code", "runs_unguarded"],
    ["does nothing", () => "true # cavra hook claude-code", "runs"],
    ["is killed", () => "kill -9 $$ # cavra hook claude-code", "runs_unguarded"],
    ["is not found", () => "/nowhere/cavra hook claude-code", "runs_unguarded"],
    [
      "lost its refusal and its program",
      (command) => (command.split(" || ")[0] ?? "").replace("cavra.cjs", "cavra-gone.cjs"),
      "runs_unguarded",
    ],
    ["refuses everything", (command) => command.replace("cavra.cjs", "cavra-gone.cjs"), "refuses"],
    ["answers something else", () => "echo hello # cavra hook claude-code", "runs"],
  ];
  it.each(BROKEN)("notices a hook that %s: 4", async (_, change, sees) => {
    const place = scratch();
    await install(place);
    const content = JSON.parse(readFileSync(settings(place), "utf8"));
    const hook = content.hooks.PreToolUse[0].hooks[0];
    hook.command = change(hook.command);
    write(settings(place), JSON.stringify(content));
    const { status, value } = await cavraJson(place, ["agent", "doctor", "claude-code"]);
    expect([status, value.holds, value.probes.map(({ host }: { host: string }) => host)]).toEqual([
      4,
      false,
      [sees, sees === "refuses" ? "refuses" : sees],
    ]);
    expect((await doctor(place)).stdout).toContain("the hook does not guard");
  });

  it("notices a hook whose command was replaced altogether: 4, and since when it should be there", async () => {
    const place = scratch();
    await install(place);
    const content = JSON.parse(readFileSync(settings(place), "utf8"));
    content.hooks.PreToolUse[0].hooks[0].command = "true";
    write(settings(place), JSON.stringify(content));
    const told = await doctor(place);
    expect([told.status, told.stderr]).toEqual([
      4,
      expect.stringMatching(
        /^cavra: the hook that was installed on 2\d{3}-\d\d-\d\d in `.*settings\.json` is gone or was changed: nothing is asked \(not_installed\)\n/,
      ),
    ]);
  });

  it("notices a hook that the host does not ask about every tool: 4", async () => {
    const place = scratch();
    await install(place);
    write(settings(place), readFileSync(settings(place), "utf8").replace('"*"', '"Write"'));
    const { status, value } = await cavraJson(place, ["agent", "doctor", "claude-code"]);
    expect([status, value.problem.code]).toEqual([4, "hook_partial"]);
    expect((await install(place)).status).toBe(0);
    expect((await doctor(place)).status).toBe(0);
  });

  it("shows the hook's own sentence where it cannot run, not Node's trace", async () => {
    const place = scratch();
    await install(place);
    write(settings(place), readFileSync(settings(place), "utf8").replace("cavra.cjs", "gone.cjs"));
    const { value } = await cavraJson(place, ["agent", "doctor", "claude-code"]);
    expect(value.problem.code).toBe("hook_program_missing");
    expect(value.probes[0].says).toMatch(/^cavra: the hook could not run/);
  });

  it("advises to mend a policy that does not load, not to install again", async () => {
    const place = scratch({ "shop/.cavra/policy.yaml": "ruels: []\n" });
    await install(place);
    const told = await doctor(place);
    expect([told.status, told.stdout]).toEqual([
      4,
      expect.stringMatching(/the hook does not guard: the policy does not load; run `cavra policy validate`/),
    ]);
  });

  it("says where nothing was installed what to do: 4", async () => {
    const told = await doctor(scratch());
    expect([told.status, told.stderr]).toEqual([
      4,
      "cavra: no hook of CAVRA is installed for claude-code here (not_installed)\n  run `cavra agent install claude-code`\n",
    ]);
  });

  it("notices a state folder that stops everything: 4", async () => {
    const place = scratch();
    await install(place);
    chmodSync(place.state, 0o777);
    const { status, value } = await cavraJson(place, ["agent", "doctor", "claude-code"]);
    expect([status, value.probes[1].host, value.probes[1].says]).toEqual([4, "refuses", expect.stringContaining("evidence_unavailable")]);
  });
});
