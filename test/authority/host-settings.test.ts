// The host's settings under several processes at once: every change stands, and nothing is left behind. Proves spec/policy.md 2.9.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeHostSettings, type HostSettings, MAX_HOST_EXCEPTIONS, readHostSettings } from "../../src/authority/index.js";

let folder = "";
let program = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cavra-settings-"));
  program = join(folder, "except.mjs");
  const entryPoints = [join(import.meta.dirname, "programs/except.ts")];
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  buildSync({ entryPoints, bundle: true, platform: "node", format: "esm", outfile: program, banner, logLevel: "silent" });
});
afterAll(() => rmSync(folder, { recursive: true }));

const config = (name: string) => ({ CAVRA_CONFIG_DIR: join(folder, name) });
const withExceptions = (count: number) => (settings: HostSettings) => ({
  ...settings,
  exceptions: Array.from({ length: count }, (_, n) => {
    return { id: `e${n}`, rule: "r", match: [{ effect: "read" }], reason: "r", until: "", decision_id: "", record_id: "" };
  }),
});

describe("the host's settings", () => {
  it("keep every change of four processes that change them at once", async () => {
    const env = config("four");
    const names = ["a", "b", "c", "d"];
    const ended = names.map(
      (name) =>
        new Promise<number | null>((done) => {
          spawn(process.execPath, [program, env.CAVRA_CONFIG_DIR, name, "25"], { stdio: "ignore" }).on("close", done);
        }),
    );
    expect(await Promise.all(ended)).toEqual([0, 0, 0, 0]);
    const kept = readHostSettings(env).exceptions.map(({ id }) => id);
    expect([...kept].sort()).toEqual(names.flatMap((name) => Array.from({ length: 25 }, (_, n) => `${name}-${n}`)).sort());
    // Each process's own came in its order.
    for (const name of names)
      expect(kept.filter((id) => id.startsWith(name))).toEqual(Array.from({ length: 25 }, (_, n) => `${name}-${n}`));
    expect(readdirSync(env.CAVRA_CONFIG_DIR)).toEqual(["host-settings.json"]);
  });

  it("are as they were, and unlocked, after a change that could not be made", () => {
    const env = config("refused");
    changeHostSettings(env, withExceptions(MAX_HOST_EXCEPTIONS));
    const refused = (change: (settings: HostSettings) => HostSettings) => {
      try {
        changeHostSettings(env, change);
        return "";
      } catch (error) {
        return (error as { readonly code?: string }).code ?? (error as Error).message;
      }
    };
    expect(refused(withExceptions(MAX_HOST_EXCEPTIONS + 1))).toBe("too_many");
    const broken = () => {
      throw new Error("no");
    };
    expect(refused(broken)).toBe("no");
    expect(readHostSettings(env).exceptions).toHaveLength(MAX_HOST_EXCEPTIONS);
    expect(readdirSync(env.CAVRA_CONFIG_DIR)).toEqual(["host-settings.json"]);
  });

  it("are not changed while somebody else's lock is there, which stays", { timeout: 30_000 }, () => {
    const env = config("locked");
    changeHostSettings(env, withExceptions(1));
    writeFileSync(join(env.CAVRA_CONFIG_DIR, "host-settings.json.lock"), "");
    expect(() => changeHostSettings(env, withExceptions(2))).toThrow(expect.objectContaining({ code: "settings_locked" }));
    expect(readHostSettings(env).exceptions).toHaveLength(1);
    expect(readdirSync(env.CAVRA_CONFIG_DIR)).toEqual(["host-settings.json", "host-settings.json.lock"]);
  });
});
