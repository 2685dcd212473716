// Where things are kept, who may touch them, and the key that is made once.

import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { configDir, ensurePrivateFolder, newId, redactionKey, SYSTEM_CLOCK, stateDir } from "../../src/store/index.js";
import { appendProgram, CHILD_ENV, freshState, removeProgram } from "./programs.js";

let state = "";
beforeEach(() => {
  state = freshState();
});
afterEach(() => rmSync(dirname(state), { recursive: true }));
afterAll(removeProgram);

describe("folders", () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string, string])[] = [
    [{ HOME: "/home/ada" }, "/home/ada/.local/state/cavra", "/home/ada/.config/cavra"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "/s", XDG_CONFIG_HOME: "/c" }, "/s/cavra", "/c/cavra"],
    [{ HOME: "/home/ada", XDG_STATE_HOME: "s", XDG_CONFIG_HOME: "" }, "/home/ada/.local/state/cavra", "/home/ada/.config/cavra"],
    [{ XDG_STATE_HOME: "/s", XDG_CONFIG_HOME: "/c", CAVRA_STATE_DIR: "/own", CAVRA_CONFIG_DIR: "/mine" }, "/own", "/mine"],
  ];
  for (const [env, wantedState, wantedConfig] of cases) {
    test(`${JSON.stringify(env)} gives ${wantedState}`, () => {
      expect(stateDir(env)).toBe(wantedState);
      expect(configDir(env)).toBe(wantedConfig);
    });
  }

  test("a relative CAVRA_STATE_DIR, and no home at all, are refused", () => {
    expect(() => stateDir({ CAVRA_STATE_DIR: "here", HOME: "/h" })).toThrow(expect.objectContaining({ code: "state_folder_not_absolute" }));
    expect(() => stateDir({})).toThrow(expect.objectContaining({ code: "no_home_folder" }));
  });

  test.skipIf(process.getuid?.() !== 0)("a folder of another user is refused (needs root to make one)", () => {
    mkdirSync(state, { mode: 0o700 });
    chownSync(state, 65534, 65534);
    expect(() => ensurePrivateFolder(state)).toThrow(expect.objectContaining({ code: "state_folder_foreign" }));
  });

  test("a folder without the right to write gives evidence_unavailable", () => {
    mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
    // Root may write everywhere, so the writer is started as nobody.
    const root = process.getuid?.() === 0;
    if (root) for (const folder of [dirname(state), state, join(state, "journal")]) chownSync(folder, 65534, 65534);
    chmodSync(join(state, "journal"), 0o500);
    chmodSync(dirname(appendProgram()), 0o755);
    const user = root ? { uid: 65534, gid: 65534 } : {};
    const run = spawnSync(process.execPath, [appendProgram(), state, "1"], { encoding: "utf8", env: CHILD_ENV, ...user });
    expect(run.stdout).toMatch(/^evidence_unavailable: EACCES/);
    chmodSync(join(state, "journal"), 0o700);
  });
});

describe("the redaction key", () => {
  const path = () => join(state, "redaction.key");

  test("is made once, 32 bytes, for nobody else's eyes, and stays", () => {
    const key = redactionKey(state, SYSTEM_CLOCK);
    expect(key).toHaveLength(32);
    expect(redactionKey(state, SYSTEM_CLOCK)).toEqual(key);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(state)).toEqual(["redaction.key"]);
  });

  test("is the first one when two processes make it at the same time", () => {
    // The second process gets through between this one's look and its link.
    let rival: Uint8Array | null = null;
    const racing = {
      nowMs: () => 0,
      randomBytes: (count: number) => {
        if (count === 32 && rival === null) rival = redactionKey(state, SYSTEM_CLOCK);
        return SYSTEM_CLOCK.randomBytes(count);
      },
    };
    expect(redactionKey(state, racing)).toEqual(rival);
    expect(readdirSync(state)).toEqual(["redaction.key"]);
  });

  const wrong: readonly (readonly [string, () => void])[] = [
    ["redaction_key_exposed", () => chmodSync(path(), 0o640)],
    ["redaction_key_damaged", () => writeFileSync(path(), `${readFileSync(path(), "latin1").trim()}0\n`)],
    ["redaction_key_damaged", () => writeFileSync(path(), "")],
    [
      "redaction_key_unreadable",
      () => {
        rmSync(path());
        symlinkSync("/etc/hostname", path());
      },
    ],
  ];
  for (const [code, spoil] of wrong) {
    test(`is refused with ${code}`, () => {
      redactionKey(state, SYSTEM_CLOCK);
      spoil();
      expect(() => redactionKey(state, SYSTEM_CLOCK)).toThrow(expect.objectContaining({ code }));
    });
  }
});

test("a new id tells the moment that comes with it", () => {
  const { id, momentMs } = newId("dec", { nowMs: () => 1_780_000_000_123, randomBytes: (count) => new Uint8Array(count).fill(255) });
  expect([id, momentMs]).toEqual(["dec_01ksr4923vfzzvzzzzzzzzzzzz", 1_780_000_000_123]);
});
