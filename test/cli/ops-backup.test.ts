// A backup is taken while everything goes on, holds no key, and is put back only where nothing is and only whole. Proves spec/operations.md sections 3 and 4.

import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { configFolder, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, type Environment, program, type Scratch, scratch, write } from "./program.js";

type Json = ReturnType<typeof JSON.parse>;

let place: Scratch;
let target: string;
let made: Json;
beforeAll(async () => {
  place = scratch();
  makeKeys(place);
  write(
    join(configFolder(place), "policy.yaml"),
    "schema_version: cavra.policy.v1\nid: own\nversion: 1.0.0\ninherits: [cavra-ai-agent-baseline]\n",
  );
  write(join(configFolder(place), "forgotten.pem"), "-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n");
  for (const command of ["ls", "cat .env"]) await cavra(place, ["evaluate", "execute_command", command]);
  await cavra(place, ["evidence", "verify"]);
  await cavra(place, ["evaluate", "execute_command", "pwd"]);
  target = join(place.root, "backups/one");
  made = await cavraJson(place, ["ops", "backup", target]);
});

/** Another machine, on which nothing is. */
function elsewhere(name: string): { readonly env: Environment; readonly state: string; readonly config: string } {
  const [state, config] = [join(place.root, name, "state"), join(place.root, name, "config/cavra")];
  return { env: { CAVRA_STATE_DIR: state, CAVRA_CONFIG_DIR: config }, state, config };
}

/** The backup with something changed in it. */
function changedBackup(name: string, change: (folder: string) => void): string {
  const folder = join(place.root, "backups", name);
  cpSync(target, folder, { recursive: true });
  change(folder);
  return folder;
}

function allFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

const backupCode = async (env: Environment = {}): Promise<string> => {
  const { value } = await cavraJson(place, ["deployment", "production-readiness"], { env });
  return value.checks.find(({ id }: Json) => id === "backup").code;
};

describe("`cavra ops backup`", () => {
  it("copies what is on record and what decides, and no private key", () => {
    expect([made.status, made.value.ledger.size]).toEqual([0, 2]);
    const texts = allFiles(target).map((path) => readFileSync(path, "latin1"));
    expect(texts.filter((text) => text.includes("PRIVATE KEY"))).toEqual([]);
    const paths = JSON.parse(readFileSync(join(target, "manifest.json"), "utf8")).files.map(({ path }: Json) => path);
    expect(paths).toContain("config/policy.yaml");
    expect(paths).toContain("config/trust-pin.json");
    expect(paths).toContain("state/ledger/ledger.sqlite");
    expect(paths.filter((path: string) => /redaction|keys\//.test(path))).toEqual([]);
  });

  it("is what production readiness asks for: young, there, and as it was written", async () => {
    expect(await backupCode()).toBe("ok");
    renameSync(target, `${target}.away`);
    expect(await backupCode()).toBe("backup_gone");
    renameSync(`${target}.away`, target);
    const manifest = join(target, "manifest.json");
    const before = readFileSync(manifest);
    writeFileSync(manifest, `${before} `);
    expect(await backupCode()).toBe("backup_differs");
    writeFileSync(manifest, before);
    const note = join(place.state, "last-backup.json");
    const noted = readFileSync(note, "utf8");
    const made_at = new Date(Date.now() - 26 * 3_600_000).toISOString();
    writeFileSync(note, `${JSON.stringify({ ...JSON.parse(noted), made_at })}\n`);
    expect([await backupCode(), await backupCode({ CAVRA_BACKUP_HOURS: "27" })]).toEqual(["backup_old", "ok"]);
    writeFileSync(note, noted);
  });

  it("replaces nothing, and has nothing to do where nothing was recorded", async () => {
    const again = await cavraJson(place, ["ops", "backup", target]);
    expect([again.status, again.value.error.code]).toEqual([2, "target_exists"]);
    const nothing = await cavraJson(scratch(), ["ops", "backup", join(place.root, "backups/none")]);
    expect([nothing.status, nothing.value.error.code]).toEqual([2, "nothing_to_back_up"]);
  });
});

describe("`cavra ops restore`", () => {
  it("puts everything back where nothing is, and the ledger holds there", async () => {
    const other = elsewhere("restored");
    const { status, value } = await cavraJson(place, ["ops", "restore", target], { env: other.env });
    expect([status, value.ledger]).toEqual([0, made.value.ledger]);
    const verified = await cavraJson(place, ["evidence", "verify"], { env: other.env });
    // The third record was in the journal alone: it is drained now.
    expect([verified.status, verified.value.holds, verified.value.ledger.size]).toEqual([0, true, 3]);
    expect(verified.value.ledger.head.size).toBe(2);
    expect((await cavraJson(place, ["policy", "describe"], { env: other.env })).value.id).toBe("own");
  });

  it("replaces nothing", async () => {
    const other = elsewhere("taken");
    write(join(other.state, "note"), "mine\n");
    expect((await cavraJson(place, ["ops", "restore", target], { env: other.env })).value.error.code).toBe("state_not_empty");
    rmSync(other.state, { recursive: true });
    write(join(other.config, "policy.yaml"), "mine\n");
    expect((await cavraJson(place, ["ops", "restore", target], { env: other.env })).value.error.code).toBe("config_not_empty");
    expect([existsSync(other.state), readFileSync(join(other.config, "policy.yaml"), "utf8")]).toEqual([false, "mine\n"]);
  });

  it("goes on where it was killed between its last two steps", async () => {
    const other = elsewhere("half");
    mkdirSync(join(other.config, ".."), { recursive: true });
    cpSync(join(target, "config"), other.config, { recursive: true });
    expect((await cavraJson(place, ["ops", "restore", target], { env: other.env })).status).toBe(0);
  });

  const flipped = (path: string) => (folder: string) => {
    const bytes = readFileSync(join(folder, path));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder, path), bytes);
  };
  const journal = () => `state/journal/${readdirSync(join(target, "state/journal"))[0]}`;
  /** A manifest that was changed with what it tells of. */
  const retold = (change: (manifest: Json) => void) => (folder: string) => {
    const path = join(folder, "manifest.json");
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    change(manifest);
    writeFileSync(path, `${JSON.stringify(manifest)}\n`);
  };

  it.each<readonly [string, string, number, () => (folder: string) => void]>([
    ["a journal with another bit", "backup_damaged", 4, () => flipped(journal())],
    ["a ledger with another bit", "backup_damaged", 4, () => flipped("state/ledger/ledger.sqlite")],
    ["a file that is gone", "backup_damaged", 4, () => (folder) => rmSync(join(folder, "config/policy.yaml"))],
    ["a tree that is not the manifest's", "backup_damaged", 4, () => retold((one) => Object.assign(one.ledger, { size: 1 }))],
    ["a path that leads elsewhere", "backup_damaged", 4, () => retold((one) => Object.assign(one.files[0], { path: "state/../../evil" }))],
    ["a key too many", "backup_damaged", 4, () => retold((one) => Object.assign(one, { more: 1 }))],
    ["no manifest", "not_a_backup", 2, () => (folder) => rmSync(join(folder, "manifest.json"))],
  ])("refuses %s: `%s`, and leaves nothing", async (name, code, status, change) => {
    const other = elsewhere(name.replaceAll(" ", "-"));
    const folder = changedBackup(name.replaceAll(" ", "-"), change());
    const done = await cavraJson(place, ["ops", "restore", folder], { env: other.env });
    expect([done.value.error.code, done.status]).toEqual([code, status]);
    expect(allFiles(place.root).filter((path) => path.includes(".restoring-"))).toEqual([]);
    expect(existsSync(other.state)).toBe(false);
  });
});

describe("while something else happens", () => {
  const started = (args: readonly string[], env: Environment = {}): ChildProcess =>
    spawn(process.execPath, [program(), ...args], {
      cwd: place.repository,
      env: { ...place.env, ...env },
      stdio: ["pipe", "ignore", "ignore"],
    });
  const gone = (child: ChildProcess) =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else child.once("close", () => resolve());
    });

  it("records come and are drained: what is backed up is whole, and goes on", async () => {
    const writing = started(["evaluate", "--batch"]);
    const line = `${JSON.stringify({ action_type: "execute_command", target: "ls", cwd: place.repository })}\n`;
    writing.stdin?.on("error", () => {});
    writing.stdin?.end(line.repeat(1_000));
    for (const name of ["live-1", "live-2"]) {
      const [taken] = await Promise.all([
        cavraJson(place, ["ops", "backup", join(place.root, "backups", name)]),
        cavra(place, ["evidence", "list", "--limit", "1"]),
      ]);
      expect(taken.status).toBe(0);
      const other = elsewhere(`from-${name}`);
      expect((await cavraJson(place, ["ops", "restore", join(place.root, "backups", name)], { env: other.env })).status).toBe(0);
      expect((await cavraJson(place, ["evidence", "verify"], { env: other.env })).value.holds).toBe(true);
    }
    await gone(writing);
  });

  it("it is killed: the target is whole or not there, what was on record stays, and the next one is taken", async () => {
    for (const waitMs of [60, 150, 250, 350]) {
      const path = join(place.root, "backups", `killed-${waitMs}`);
      const child = started(["ops", "backup", path]);
      const timer = setTimeout(() => child.kill("SIGKILL"), waitMs);
      await gone(child);
      clearTimeout(timer);
      if (existsSync(path)) expect(existsSync(join(path, "manifest.json"))).toBe(true);
      else expect((await cavraJson(place, ["ops", "backup", path])).status).toBe(0);
    }
    expect((await cavraJson(place, ["evidence", "verify"])).value.holds).toBe(true);
  });

  it("restoring is killed: nothing stands there or all of it, and it is done again", async () => {
    for (const waitMs of [100, 200, 300]) {
      const other = elsewhere(`killed-restore-${waitMs}`);
      const child = started(["ops", "restore", target], other.env);
      const timer = setTimeout(() => child.kill("SIGKILL"), waitMs);
      await gone(child);
      clearTimeout(timer);
      if (!existsSync(other.state)) expect((await cavraJson(place, ["ops", "restore", target], { env: other.env })).status).toBe(0);
      expect((await cavraJson(place, ["evidence", "verify"], { env: other.env })).value.holds).toBe(true);
    }
  });
});
