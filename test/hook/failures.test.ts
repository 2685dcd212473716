// Whatever breaks, the host hears a refusal with a reason: never silence, never a status that lets the call run. Proves spec/agents.md 1.1, 1.4, 1.5 and 4.2.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { cavra, cavraJson, ended, program, run, type Scratch, scratch, write } from "../cli/program.js";
import { bash, fire, installed, journal, permission } from "./host.js";

const ROOT_USER = process.getuid?.() === 0;

describe.concurrent("a payload", () => {
  const whole = (place: Scratch) => Buffer.from(bash(place, "ls"));
  const BAD: readonly (readonly [string, (place: Scratch) => Uint8Array, string])[] = [
    ["that is empty", () => Buffer.alloc(0), "payload_empty"],
    ["that is binary", () => Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 131) % 256)), "payload_malformed"],
    ["that is cut off", (place) => whole(place).subarray(0, 100), "payload_malformed"],
    ["with something behind it", (place) => Buffer.concat([whole(place), Buffer.from("{}")]), "payload_malformed"],
    ["of 50 MB", () => Buffer.alloc(50 * 1024 * 1024, 0x20), "payload_too_large"],
  ];
  it.each(BAD)("%s is refused with a code, and the refusal is recorded", async (_, payload, code) => {
    const place = scratch();
    const answer = await fire(place, await installed(place), payload(place));
    expect([answer.status, answer.stdout]).toEqual([2, ""]);
    expect(answer.stderr).toMatch(new RegExp(`^cavra: [^\\n]* \\(${code}\\)[^\\n]*\\n$`));
    expect((await cavraJson(place, ["why"])).value.record).toMatchObject({ decision: "deny", action: null, basis: { code } });
    const told = await cavra(place, ["why"]);
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining(code)]);
  });

  it("of 20 MB that writes a large file is answered", async () => {
    const place = scratch();
    const payload = bash(place, "", {
      tool_name: "Write",
      tool_input: { file_path: join(place.repository, "big.txt"), content: "x".repeat(20 * 1024 * 1024) },
    });
    const answer = await fire(place, await installed(place), payload);
    expect([answer.status, permission(answer), answer.stderr]).toEqual([0, "", ""]);
  });
});

function remove(folder: string, ...names: string[]): void {
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
}

describe.concurrent("an installation that is damaged", () => {
  const DAMAGE: readonly (readonly [string, (dist: string) => void])[] = [
    ["without its rules", (dist) => remove(dist, "rules")],
    ["without its catalogue", (dist) => remove(dist, "catalogue.json", "catalogue.packed")],
    ["with half a hook", (dist) => truncateSync(join(dist, "hook.cjs"), Math.floor(statSync(join(dist, "hook.cjs")).size / 2))],
    ["with an empty hook", (dist) => truncateSync(join(dist, "hook.cjs"), 0)],
    ["without its hook", (dist) => rmSync(join(dist, "hook.cjs"))],
    ["without its door", (dist) => rmSync(join(dist, "cavra.cjs"))],
    ["that is gone", (dist) => rmSync(dist, { recursive: true })],
  ];
  it.each(DAMAGE)("%s refuses with a reason", async (_, damage) => {
    const place = scratch();
    const dist = join(place.root, "dist");
    cpSync(join(inject("built"), "dist"), dist, { recursive: true, preserveTimestamps: true });
    const command = (await installed(place)).replace(program(), join(dist, "cavra.cjs"));
    expect(permission(await fire(place, command, bash(place, "ls")))).toBe("");
    damage(dist);
    const answer = await fire(place, command, bash(place, "ls"));
    expect([answer.status, answer.stdout]).toEqual([2, ""]);
    expect(answer.stderr).toMatch(/cavra: .*\n/);
  });

  it("in its code caches alone still answers", async () => {
    const place = scratch();
    const dist = join(place.root, "dist");
    cpSync(join(inject("built"), "dist"), dist, { recursive: true });
    for (const name of ["hook", "cli"]) writeFileSync(join(dist, `${name}.cjs.cache`), "not V8's");
    const command = (await installed(place)).replace(program(), join(dist, "cavra.cjs"));
    expect(permission(await fire(place, command, bash(place, "cat .env")))).toBe("deny");
    const { status } = await run(process.execPath, [join(dist, "cavra.cjs"), "version"], { env: { ...place.env } });
    expect(status).toBe(0);
  });

  it("for people says so with 1", async () => {
    const place = scratch();
    const dist = join(place.root, "dist");
    cpSync(join(inject("built"), "dist"), dist, { recursive: true });
    rmSync(join(dist, "cli.cjs"));
    const told = await run(process.execPath, [join(dist, "cavra.cjs"), "status"], { env: { ...place.env } });
    expect([told.status, told.stdout, told.stderr]).toEqual([1, "", expect.stringContaining("(installation_damaged)")]);
  });
});

describe.concurrent("the installed command", () => {
  it("refuses when the node binary is gone", async () => {
    const place = scratch();
    const command = (await installed(place)).replace(process.execPath, "/nowhere/node");
    const answer = await fire(place, command, bash(place, "ls"));
    expect([answer.status, answer.stdout]).toEqual([2, ""]);
    expect(answer.stderr).toContain("the hook could not run, so the call is refused");
  });

  it("refuses when the hook is killed", async () => {
    const place = scratch();
    const command = await installed(place);
    const child = spawn("/bin/sh", ["-c", command], { cwd: place.repository, env: { ...place.env }, stdio: "pipe" });
    child.stdin.on("error", () => {});
    child.stdin.write("{"); // and no more, so that the hook waits for the rest
    const answer = ended(child);
    let victim = "";
    while (victim === "") {
      victim = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
      await new Promise((done) => setImmediate(done));
    }
    process.kill(Number(victim), "SIGKILL");
    expect(await answer).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("could not run") });
  });

  it("tells a refusal of its own once, without a second reason", async () => {
    const place = scratch();
    const answer = await fire(place, await installed(place), "");
    expect(answer.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("takes neither policy nor state folder from variables that a repository may set", async () => {
    const place = scratch({
      "evil/policy.yaml": "schema_version: cavra.policy.v1\nid: evil\nversion: 1.0.0\nmode: audit\n",
      "evil/cavra/policy.yaml": "schema_version: cavra.policy.v1\nid: evil\nversion: 1.0.0\nmode: audit\n",
    });
    const evil = join(place.root, "evil");
    const env = { CAVRA_CONFIG_DIR: evil, XDG_CONFIG_HOME: evil, CAVRA_STATE_DIR: join(evil, "state"), XDG_STATE_HOME: evil };
    const answer = await fire(place, await installed(place), bash(place, "cat .env"), env);
    expect(permission(answer)).toBe("deny");
    expect(await journal(place)).toEqual({ records: 1, holds: true });
  });

  it("is not turned by NODE_OPTIONS, nor by a file that NODE_EXTRA_CA_CERTS names", async () => {
    const place = scratch({ "evil.cjs": "process.exit(0)" });
    const env = { NODE_OPTIONS: `--require ${join(place.root, "evil.cjs")}`, NODE_EXTRA_CA_CERTS: "/nowhere" };
    const answer = await fire(place, await installed(place), bash(place, "cat .env"), env);
    expect([permission(answer), answer.stderr]).toEqual(["deny", ""]);
  });

  it("refuses when nobody can hear its answer", async () => {
    const place = scratch();
    const command = await installed(place);
    const child = spawn("/bin/sh", ["-c", command], { cwd: place.repository, env: { ...place.env }, stdio: "pipe" });
    child.stdout.destroy();
    const closed = ended(child);
    child.stdin.end(bash(place, "cat .env"));
    expect((await closed).status).toBe(2);
    expect((await fire(place, `{ ${command}; } >/dev/full`, bash(place, "cat .env"))).status).toBe(2);
  });

  it("works from a path with blanks and quotes", async () => {
    const place = scratch();
    const dist = join(place.root, "it's here");
    cpSync(join(inject("built"), "dist"), dist, { recursive: true });
    await run(process.execPath, [join(dist, "cavra.cjs"), "agent", "install", "claude-code"], {
      cwd: place.repository,
      env: { ...place.env },
    });
    const command = JSON.parse(readFileSync(join(place.repository, ".claude/settings.json"), "utf8")).hooks.PreToolUse[0].hooks[0].command;
    expect(permission(await fire(place, command, bash(place, "cat .env")))).toBe("deny");
  });
});

describe.concurrent("no record, no allow:", () => {
  /** The command as it would be had it been installed with another state folder. */
  const moved = (command: string, place: Scratch, state: string) =>
    command.replace(`CAVRA_STATE_DIR='${place.state}'`, `CAVRA_STATE_DIR='${state}'`);

  const refused = async (place: Scratch, command: string) => {
    const answer = await fire(place, command, bash(place, "ls"));
    expect([answer.status, permission(answer)]).toEqual([0, "deny"]);
    expect(answer.stdout).toMatch(
      /CAVRA \(evidence_unavailable\): no record could be written, so nothing is allowed: .*More: cavra status"/,
    );
    return answer.stdout;
  };

  const FOLDERS: readonly (readonly [string, (state: string) => void, RegExp])[] = [
    [
      "that everybody may write to",
      (state) => {
        mkdirSync(state);
        chmodSync(state, 0o777);
      },
      /writable by everybody; run `chmod 700`/,
    ],
    ["that is a file", (state) => write(state, "x"), /not a folder/],
    [
      "that is a link",
      (state) => {
        mkdirSync(`${state}-real`, { mode: 0o700 });
        symlinkSync(`${state}-real`, state);
      },
      /a symbolic link/,
    ],
  ];
  it.each(FOLDERS)("a state folder %s", async (_, make, why) => {
    const place = scratch();
    const own = { ...place, env: { ...place.env, CAVRA_STATE_DIR: join(place.root, "other") } };
    const command = moved(await installed(place), place, join(place.root, "other"));
    make(join(place.root, "other"));
    expect(await refused(own, command)).toMatch(why);
    const told = await cavra(own, ["evaluate", "execute_command", "ls"]);
    expect([told.status, told.stdout]).toEqual([1, expect.stringMatching(/^✗ deny[\s\S]*none could be written \(evidence_unavailable\)/)]);
    const json = await cavraJson(own, ["evaluate", "execute_command", "ls", "--exit-zero"]);
    expect(json).toMatchObject({
      status: 1,
      value: { decision: "deny", rule_id: "evidence_unavailable", evidence: { status: "evidence_unavailable", journal: null } },
    });
  });

  it("a state folder below a file", async () => {
    const place = scratch({ blocked: "a file" });
    await refused(place, moved(await installed(place), place, join(place.root, "blocked/state")));
  });

  it("a journal that may not be written, for a user that is not root", async () => {
    const place = scratch();
    const command = await installed(place);
    await fire(place, command, bash(place, "ls"));
    const before = await journal(place);
    chmodSync(place.root, 0o755);
    const user = ROOT_USER ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
    const open = join(place.root, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const as = (script: string, state: string, input = "") =>
      run("/bin/sh", ["-c", script], { cwd: place.repository, env: { ...place.env, CAVRA_STATE_DIR: state }, input });
    const state = join(open, "state");
    const theirs = quoted(moved(command, place, state));
    expect((await as(`${user}/bin/sh -c ${theirs}`, state, bash(place, "ls"))).status).toBe(0);
    expect((await as(`${user}chmod 500 ${state}/journal && ${user}sh -c 'chmod 400 ${state}/journal/*'`, state)).status).toBe(0);
    const answer = await as(`${user}/bin/sh -c ${theirs}`, state, bash(place, "ls"));
    expect([answer.status, permission(answer)]).toEqual([0, "deny"]);
    expect(answer.stdout).toContain("(evidence_unavailable)");
    expect(await journal(place)).toEqual(before);
    await as(`${user}chmod 700 ${state}/journal`, state); // so that the folder can be removed
  });

  it("a full file system (by a limit on file size)", async () => {
    const place = scratch();
    const command = await installed(place);
    await fire(place, command, bash(place, "ls"));
    writeFileSync(join(place.state, "journal", readName(place)), readFileSync(join(place.state, "journal", readName(place))));
    // One block of 1,024 bytes: the file is larger already, so every write to it fails with EFBIG.
    const answer = await run("/bin/bash", ["-c", `trap '' XFSZ; ulimit -f 1; ${command}`], {
      cwd: place.repository,
      env: { ...place.env },
      input: bash(place, `echo ${"x".repeat(2000)}`),
    });
    expect([answer.status, permission(answer)]).toEqual([0, "deny"]);
    expect(answer.stdout).toContain("(evidence_unavailable)");
    expect((await journal(place)).records).toBe(1);
  });

  const readName = (place: Scratch) => spawnSync("ls", [join(place.state, "journal")], { encoding: "utf8" }).stdout.trim();
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

describe("a full disk", () => {
  const disk = scratch();
  mkdirSync(disk.state, { mode: 0o700 });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", disk.state]).status === 0;

  it.skipIf(!mounted)(`is a deny with evidence_unavailable${mounted ? "" : " (skipped: tmpfs cannot be mounted here)"}`, async () => {
    try {
      const command = await installed(disk);
      expect(permission(await fire(disk, command, bash(disk, "ls")))).toBe("");
      spawnSync("dd", ["if=/dev/zero", `of=${join(disk.state, "filler")}`, "bs=1k", "count=128"]);
      const answers = await Promise.all(Array.from({ length: 6 }, () => fire(disk, command, bash(disk, `echo ${"x".repeat(3000)}`))));
      expect(answers.map(permission)).toContain("deny");
      for (const answer of answers)
        expect([0, answer.stdout === "" || answer.stdout.includes("(evidence_unavailable)")]).toEqual([answer.status, true]);
      rmSync(join(disk.state, "filler"));
      expect(permission(await fire(disk, command, bash(disk, "ls")))).toBe("");
      const silent = answers.filter((answer) => answer.stdout === "").length;
      expect((await cavraJson(disk, ["evidence", "verify"])).value.records).toBe(2 + silent);
    } finally {
      spawnSync("umount", [disk.state]);
    }
  });
});

describe.concurrent("a policy that does not load", () => {
  const broken = (place: Scratch) => write(join(place.repository, ".cavra/policy.yaml"), "rules: none\n");

  it("refuses every call, and the refusal is recorded with what was asked, redacted", async () => {
    const place = scratch();
    const command = await installed(place);
    broken(place);
    const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    const answer = await fire(place, command, bash(place, `TOKEN=${token} ls`, { permission_mode: "dontAsk" }));
    expect([answer.status, answer.stdout, answer.stderr]).toEqual([2, "", expect.stringContaining("(policy_invalid)")]);
    const { value } = await cavraJson(place, ["why"]);
    expect(value.record).toMatchObject({
      decision: "deny",
      basis: { code: "policy_invalid", reason: expect.stringContaining("policy.yaml") },
      who: { agent: "claude-code", session: "s", channel: "hook", unattended: true, repository: place.repository },
      action: { action_type: "execute_command", target: expect.stringMatching(/^TOKEN=\[redacted:github_token:[0-9a-f]{16}\] ls$/) },
      judgement: null,
    });
    expect(await journal(place)).toEqual({ records: 1, holds: true });
    expect((await cavra(place, ["why"])).stdout).toMatch(/✗ deny TOKEN=[\s\S]*change {3}not looked at[\s\S]*policy_invalid/);
  });

  it("and a payload that cannot be read are both recorded", async () => {
    const place = scratch();
    const command = await installed(place);
    broken(place);
    await fire(place, command, "{");
    expect((await cavraJson(place, ["why"])).value.record).toMatchObject({ action: null, basis: { code: "payload_malformed" } });
  });

  it("refuses also where the refusal cannot be recorded", async () => {
    const place = scratch({ blocked: "a file" });
    const command = (await installed(place)).replace(
      `CAVRA_STATE_DIR='${place.state}'`,
      `CAVRA_STATE_DIR='${join(place.root, "blocked/s")}'`,
    );
    broken(place);
    const answer = await fire(place, command, bash(place, "ls"));
    expect([answer.status, answer.stdout, answer.stderr]).toEqual([2, "", expect.stringContaining("(policy_invalid)")]);
  });
});

describe.concurrent("a repository that sets traps", () => {
  const fifo = (path: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    rmSync(path, { force: true });
    spawnSync("mkfifo", [path]);
  };
  const TRAPS: readonly (readonly [string, (place: Scratch) => void, string])[] = [
    ["a named pipe for git's HEAD", (place) => fifo(join(place.repository, ".git/HEAD")), "deny"],
    ["a named pipe for git's configuration", (place) => fifo(join(place.repository, ".git/config")), "deny"],
    ["a named pipe for the remote's HEAD", (place) => fifo(join(place.repository, ".git/refs/remotes/origin/HEAD")), "deny"],
    [
      "an endless file for git's packed references",
      (place) => symlinkSync("/dev/zero", join(place.repository, ".git/packed-refs")),
      "deny",
    ],
    ["a named pipe for its policy", (place) => fifo(join(place.repository, ".cavra/policy.yaml")), "exit 2"],
    [
      "an endless file for its policy",
      (place) => {
        mkdirSync(join(place.repository, ".cavra"));
        symlinkSync("/dev/zero", join(place.repository, ".cavra/policy.yaml"));
      },
      "exit 2",
    ],
    ["a named pipe for a script", (place) => fifo(join(place.repository, "deploy.sh")), "deny"],
  ];
  it.each(TRAPS)("with %s does not keep the answer from coming", async (_, trap, expected) => {
    const place = scratch();
    const command = await installed(place);
    trap(place);
    const answer = await fire(place, command, bash(place, "git push --force; cat .env; sh deploy.sh"));
    expect(permission(answer)).toBe(expected);
    if (expected === "exit 2") expect(answer.stderr).toContain("(policy_unreadable)");
    expect((await journal(place)).records).toBe(1);
  });
});

describe("many hooks", () => {
  it("at once all answer, and the journal has each of them", async () => {
    const place = scratch();
    const command = await installed(place);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => fire(place, command, bash(place, n % 2 === 0 ? `echo ${n}` : "cat .env"))),
    );
    expect(answers.map(permission)).toEqual(["", "deny", "", "deny", "", "deny", "", "deny"]);
    expect(await journal(place)).toEqual({ records: 8, holds: true });
  });
});

describe("the hook without a home", () => {
  it("refuses and says which variable is missing", async () => {
    const place = scratch();
    const command = (await installed(place)).replace(/CAVRA_(STATE|CONFIG)_DIR='[^']*'/g, "");
    const answer = await run("/bin/sh", ["-c", command], {
      cwd: place.repository,
      env: { PATH: process.env.PATH },
      input: bash(place, "ls"),
    });
    expect([answer.status, answer.stderr]).toEqual([2, expect.stringContaining("(no_home_folder)")]);
  });

  it.each([
    [["hook", "nobody"], "unknown_agent"],
    [["hook"], "argument_missing"],
  ])("%j is refused as %s: 2", async (args, code) => {
    const told = await cavra(scratch(), args);
    expect([told.status, told.stdout, told.stderr]).toEqual([2, "", expect.stringContaining(`(${code})`)]);
  });
});
