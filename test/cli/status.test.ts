// `cavra init` and `cavra status`: what they make, what they leave alone, and what they notice. Proves spec/cli.md section 5.

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, cavraJson, type Environment, program, run, type Scratch, scratch, write } from "./program.js";

const settings = (place: Scratch) => join(place.repository, ".claude/settings.json");
const HOOK = { type: "command", command: "'/x/node' '/x/cavra.cjs' hook claude-code" };

describe.concurrent("CAVRA's own folders", () => {
  const writes = async (place: Scratch, path: string, env: Environment = {}) =>
    (await cavraJson(place, ["evaluate", "write_file", path], { env })).value.rule_id;

  it("under other names are guarded by the policy that init writes, and told until then", async () => {
    const place = scratch();
    const config = join(place.config, "cavra");
    const folders = [place.state, config];
    expect((await cavraJson(place, ["status"])).value.open_folders).toEqual(folders);
    expect((await cavra(place, ["status"])).stdout).toContain(`open       ${place.state}: no rule denies agents to write there`);
    expect((await cavra(place, ["init"])).status).toBe(0);
    const files = [`${place.state}/journal/2026-11-23.journal`, `${config}/policy.yaml`, `${place.state}/ledger/ledger.sqlite`];
    for (const file of files) expect(await writes(place, file)).toBe("host.guard_files");
    const whole = await cavraJson(place, ["evaluate", "execute_command", `rm -rf ${place.state}`]);
    expect([whole.value.decision, whole.value.rule_id]).toEqual(["deny", "host.guard_files"]);
    const signs = await cavraJson(place, ["evaluate", "execute_command", `openssl pkeyutl -sign -inkey ${place.state}/keys/k.pem -in a`]);
    expect([signs.value.decision, signs.value.rule_id]).toEqual(["deny", "host.guard_files"]);
    expect(await writes(place, "src/a.ts")).toBe("default.write");
    expect((await cavraJson(place, ["status"])).value.open_folders).toEqual([]);
    expect((await cavra(place, ["policy", "validate", join(config, "policy.yaml")])).status).toBe(0);
  });

  it("are guarded whatever characters their names have, and through links", async () => {
    const place = scratch();
    mkdirSync(join(place.root, "real"));
    symlinkSync(join(place.root, "real"), join(place.root, "link"));
    const env = { CAVRA_STATE_DIR: join(place.root, "link/s [1]*{a,b}"), CAVRA_CONFIG_DIR: join(place.root, 'link/c "$x" ~') };
    expect((await cavra(place, ["init"], { env })).status).toBe(0);
    for (const folder of [env.CAVRA_STATE_DIR, env.CAVRA_CONFIG_DIR])
      for (const way of [folder, folder.replace("link", "real")]) expect(await writes(place, `${way}/x`, env)).toBe("host.guard_files");
    expect(await writes(place, join(place.root, "real/other"), env)).not.toBe("host.guard_files");
  });

  it("under their usual names need no rule of the host's", async () => {
    const place = scratch();
    const env = { CAVRA_STATE_DIR: undefined, XDG_CONFIG_HOME: undefined };
    expect((await cavra(place, ["init"], { env })).status).toBe(0);
    expect((await cavraJson(place, ["status"], { env })).value.open_folders).toEqual([]);
    expect(readFileSync(join(place.home, ".config/cavra/policy.yaml"), "utf8")).not.toContain("host.guard_files");
    expect(await writes(place, join(place.home, ".local/state/cavra/journal/x"), env)).toBe("guard.files");
  });
});

describe.concurrent("init", () => {
  it("makes state, host policy and repository policy, says what comes next, and both policies hold", async () => {
    const place = scratch();
    const done = await cavra(place, ["init"]);
    expect(done.status).toBe(0);
    const [host, own] = [join(place.config, "cavra/policy.yaml"), join(place.repository, ".cavra/policy.yaml")];
    for (const path of [place.state, host, own]) expect(done.stdout).toContain(`✓ made ${path}`);
    expect(done.stdout).toContain("next: run `cavra agent install claude-code`");
    expect([statSync(place.state).mode & 0o777, statSync(host).mode & 0o777]).toEqual([0o700, 0o600]);
    expect((await cavra(place, ["policy", "validate"])).status).toBe(0);
    expect((await cavra(place, ["policy", "validate", host])).status).toBe(0);
    expect((await cavraJson(place, ["evaluate", "execute_command", "cat .env"])).value.rule_id).toBe("secrets.read");
  });

  it("makes a host policy that stands on the packs that are named, or none where one is unknown", async () => {
    const place = scratch();
    const host = join(place.config, "cavra/policy.yaml");
    const unknown = await cavra(place, ["init", "--policy-pack", "cavra-terraform,cavra-teraform"]);
    expect([unknown.status === 0, unknown.stderr]).toEqual([false, expect.stringContaining("no policy pack `cavra-teraform`")]);
    expect([existsSync(host), existsSync(place.state)]).toEqual([false, false]);
    expect((await cavra(place, ["init", "--policy-pack", "cavra-terraform", "cavra-github"])).status).toBe(0);
    expect(readFileSync(host, "utf8")).toContain("\ninherits: [cavra-terraform, cavra-github]\n");
    expect((await cavraJson(place, ["evaluate", "execute_command", "terraform destroy"])).value.rule_id).toBe("terraform.destroy");
    const again = await cavra(place, ["init", "--policy-pack", "cavra-cloud"]);
    expect(again.stdout).toContain(`to stand on these packs, write \`inherits: [cavra-cloud]\` in ${host}`);
  });

  it("overwrites nothing the second time", async () => {
    const place = scratch();
    await cavra(place, ["init"]);
    const own = join(place.repository, ".cavra/policy.yaml");
    const before = write(own, `${readFileSync(own, "utf8")}# mine\n`);
    const key = readFileSync(join(place.state, "redaction.key"));
    const { status, value } = await cavraJson(place, ["init"]);
    expect(status).toBe(0);
    expect(value.steps.map(({ done }: { done: string }) => done)).toEqual(["was_there", "was_there", "was_there"]);
    expect(readFileSync(before, "utf8")).toContain("# mine");
    expect(readFileSync(join(place.state, "redaction.key"))).toEqual(key);
  });

  it("makes no repository policy outside a repository, nor for one around the whole home folder", async () => {
    const place = scratch({ "elsewhere/x": "", "home/.git/HEAD": "ref: refs/heads/main\n", "home/notes/x": "" });
    for (const cwd of [join(place.root, "elsewhere"), join(place.home, "notes")]) {
      const { value } = await cavraJson(place, ["init"], { cwd });
      expect(value.repository).toBeNull();
    }
    expect(existsSync(join(place.home, ".cavra"))).toBe(false);
  });

  it("says what the system refused, in one sentence", async () => {
    const place = scratch({ blocked: "a file" });
    const told = await cavra(place, ["init"], { env: { CAVRA_STATE_DIR: join(place.root, "blocked/state") } });
    expect(told.status).toBe(1);
    expect(told.stderr).toMatch(
      /^cavra: the system refused to (?:lstat|mkdir) `.*blocked.*`: not a directory \(ENOTDIR\) \(system_error\)\n/,
    );
  });
});

describe.concurrent("policy init", () => {
  it("writes the repository's policy once", async () => {
    const place = scratch();
    expect((await cavra(place, ["policy", "init"])).status).toBe(0);
    const again = await cavra(place, ["policy", "init"]);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining("(already_there)")]);
  });
});

describe.concurrent("status", () => {
  it("says that nothing guards here, and what to do; exit 0", async () => {
    const place = scratch();
    const told = await cavra(place, ["status"]);
    expect(told.status).toBe(0);
    expect(told.stdout).toMatch(/^✗ not guarded\n/);
    expect(told.stdout).toContain("run `cavra agent install claude-code`");
    expect(told.stdout).toContain("cavra-ai-agent-baseline@");
    expect(existsSync(place.state)).toBe(false);
  });

  it("says by which policy, since when, and what was decided last", async () => {
    const place = scratch();
    await cavra(place, ["agent", "install", "claude-code"]);
    await cavra(place, ["evaluate", "execute_command", "cat .env"]);
    const { status, value } = await cavraJson(place, ["status"]);
    expect(status).toBe(0);
    expect(value).toMatchObject({ guarded: true, workspace: place.repository, state_dir: place.state, problems: [] });
    expect(value.hooks).toEqual([
      { agent: "claude-code", settings: settings(place), since: expect.stringMatching(/^2\d{3}-/), active: true },
    ]);
    expect(value.policy).toMatchObject({ id: "cavra-ai-agent-baseline", mode: "enforce", host_file: "", workspace_file: "" });
    expect(value.last_decision.decision).toBe("deny");
    expect((await cavra(place, ["status"])).stdout).toMatch(/^✓ guarded\n/);
  });

  const IDLE: readonly (readonly [string, object, string])[] = [
    ["all hooks are disabled", { disableAllHooks: true, hooks: { PreToolUse: [{ matcher: "*", hooks: [HOOK] }] } }, "hooks_disabled"],
    ["it stands under another event", { hooks: { PostToolUse: [{ matcher: "*", hooks: [HOOK] }] } }, "hook_misplaced"],
    ["it is asked for one tool only", { hooks: { PreToolUse: [{ matcher: "Bash", hooks: [HOOK] }] } }, "hook_partial"],
  ];
  it.each(IDLE)("is not fooled by a hook that is not asked because %s", async (_, content, code) => {
    const place = scratch();
    write(settings(place), JSON.stringify(content));
    const { status, value } = await cavraJson(place, ["status"]);
    expect([status, value.guarded, value.problems[0].code]).toEqual([1, false, code]);
  });

  it.each(["the program", "Node"])("is not fooled by a hook for which %s is no longer there", async (gone) => {
    const place = scratch();
    await cavra(place, ["agent", "install", "claude-code"]);
    const [from, to] = gone === "Node" ? [`'${process.execPath}'`, "'/gone/node'"] : ["cavra.cjs'", "gone.cjs'"];
    write(settings(place), readFileSync(settings(place), "utf8").replace(from, to));
    const { status, value } = await cavraJson(place, ["status"]);
    expect([status, value.guarded, value.problems[0].code]).toEqual([1, false, "hook_program_missing"]);
    expect(value.problems[0].message).toContain(gone === "Node" ? "`/gone/node`" : "gone.cjs`");
    expect((await cavra(place, ["status"])).stdout).toMatch(/^✗ not guarded\n/);
  });

  it("says since when a hook should be there that is gone", async () => {
    const place = scratch();
    await cavra(place, ["agent", "install", "claude-code"]);
    write(settings(place), "{}");
    const { status, value } = await cavraJson(place, ["status"]);
    expect([status, value.guarded, value.problems[0].code]).toEqual([1, false, "not_installed"]);
    expect(value.problems[0].message).toMatch(
      /^the hook that was installed on 2\d{3}-\d\d-\d\d in `.*settings\.json` is gone or was changed/,
    );
  });

  it("is guarded in no way where the policy does not load", async () => {
    const place = scratch();
    await cavra(place, ["agent", "install", "claude-code"]);
    write(join(place.repository, ".cavra/policy.yaml"), "ruels: []\n");
    const { status, value } = await cavraJson(place, ["status"]);
    expect([status, value.guarded, value.problems[0].code]).toEqual([1, false, "policy_invalid"]);
  });

  const BROKEN: readonly (readonly [string, (place: Scratch) => void, string, RegExp])[] = [
    [
      "a settings file that is no JSON",
      (place) => write(settings(place), "{ broken"),
      "settings_malformed",
      /settings\.json: the settings file is not JSON/,
    ],
    [
      "a repository policy with an unknown key",
      (place) => write(join(place.repository, ".cavra/policy.yaml"), "schema_version: cavra.policy.v1\nid: a\nversion: 1.0.0\nruels: []\n"),
      "policy_invalid",
      /policy\.yaml:4:1.*ruels.*\n.*rules/,
    ],
    [
      "a host policy that is a folder",
      (place) => mkdirSync(join(place.config, "cavra/policy.yaml"), { recursive: true }),
      "policy_unreadable",
      /cannot be read/,
    ],
    [
      "a state folder that everybody may write to",
      (place) => {
        mkdirSync(place.state);
        chmodSync(place.state, 0o777);
      },
      "state_folder_world_writable",
      /chmod 700/,
    ],
    ["a state folder that is a file", (place) => write(place.state, ""), "state_folder_not_a_folder", /not a folder/],
  ];
  it.each(BROKEN)("names %s and ends with 1", async (_, spoil, code, text) => {
    const place = scratch();
    spoil(place);
    const { status, value } = await cavraJson(place, ["status"]);
    expect([status, value.problems[0].code]).toEqual([1, code]);
    const told = await cavra(place, ["status"]);
    expect([told.status, told.stdout]).toEqual([1, expect.stringMatching(text)]);
    expect(told.stdout).not.toContain("mistake inside");
  });

  it("is guarded in no way by a policy in audit mode", async () => {
    const place = scratch();
    await cavra(place, ["agent", "install", "claude-code"]);
    write(
      join(place.config, "cavra/policy.yaml"),
      "schema_version: cavra.policy.v1\nid: host\nversion: 1.0.0\nmode: audit\ninherits: [cavra-ai-agent-baseline]\n",
    );
    expect((await cavraJson(place, ["status"])).value).toMatchObject({ guarded: false, policy: { mode: "audit" } });
  });

  it("says that there is no home", async () => {
    const place = scratch();
    const told = await run(process.execPath, [program(), "status"], { cwd: place.repository, env: { PATH: process.env.PATH } });
    expect([told.status, told.stdout]).toEqual([1, expect.stringContaining("(no_home_folder)")]);
  });
});

describe("a state folder that cannot be written", () => {
  const user = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];

  it("guards nothing, also where it does not exist yet: 1", async () => {
    const place = scratch();
    await cavra(place, ["agent", "install", "claude-code"]);
    chmodSync(place.root, 0o755);
    const sealed = join(place.root, "sealed");
    mkdirSync(sealed, { mode: 0o555 });
    const told = await run(user[0] ?? "env", [...user.slice(1), process.execPath, program(), "status"], {
      cwd: place.repository,
      env: { ...place.env, CAVRA_STATE_DIR: join(sealed, "a/state") },
    });
    expect([told.status, told.stdout]).toEqual([
      1,
      expect.stringMatching(/^✗ not guarded\n[\s\S]*`.*sealed` cannot be written \(state_folder_unwritable\)/),
    ]);
  });
});

describe("a read-only configuration", () => {
  const user = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"];

  it("is told in one sentence, and a policy that is there still judges", async () => {
    const place = scratch();
    write(join(place.config, "cavra/policy.yaml"), "schema_version: cavra.policy.v1\nid: host\nversion: 1.0.0\ninherits: [cavra-strict]\n");
    chmodSync(join(place.config, "cavra"), 0o555);
    chmodSync(place.root, 0o755);
    mkdirSync(place.state);
    chmodSync(place.state, 0o777);
    const nobody = join(place.state, "mine");
    const as = (...args: string[]) =>
      run(user[0] ?? "env", [...user.slice(1), process.execPath, program(), ...args], {
        cwd: place.repository,
        env: { ...place.env, CAVRA_STATE_DIR: nobody },
      });
    const judged = await as("evaluate", "execute_command", "some-unknown-program", "--json");
    expect([judged.status, JSON.parse(judged.stdout).policy.id]).toEqual([3, "host"]);
    chmodSync(join(place.config, "cavra"), 0o755);
    rmSync(join(place.config, "cavra/policy.yaml"));
    chmodSync(join(place.config, "cavra"), 0o555);
    const told = await as("init");
    expect([told.status, told.stderr]).toEqual([
      1,
      expect.stringMatching(/^cavra: the system refused to open `.*policy\.yaml`: permission denied \(EACCES\) \(system_error\)\n/),
    ]);
    chmodSync(join(place.config, "cavra"), 0o755);
  });
});
