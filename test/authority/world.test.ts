// What is looked up for a change, and how much of it at most. Proves the limits of WORLD_LIMITS and that nothing seen is followed blindly.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startingFacts, WORLD_LIMITS } from "../../src/authority/index.js";
import { lookUp } from "../../src/authority/world.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "cavra-world-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string) => join(root, name);

const action = { action_type: "execute_command", target: "", operation: "", arguments: "", cwd: root, workspace_root: root } as const;
const none = { paths: [], folders: [], scripts: [], git: false };
const look = (wants: Partial<typeof none>) => lookUp({ ...none, ...wants } as never, action, startingFacts({}, "/home/ada"));

describe("looking up", () => {
  it("finds every link on the way, also those that a link leads through", () => {
    mkdirSync(at("real/sub"), { recursive: true });
    symlinkSync("real", at("one"));
    symlinkSync("one", at("two"));
    expect({ ...look({ paths: [at("two/sub/file")] } as never).links }).toEqual({ [at("two")]: at("one"), [at("one")]: at("real") });
  });

  it("ends on links that lead in a circle", () => {
    symlinkSync("b", at("a"));
    symlinkSync("a", at("b"));
    expect({ ...look({ paths: [at("a/x")] } as never).links }).toEqual({ [at("a")]: at("b"), [at("b")]: at("a") });
  });

  it("lists a folder of as many names as the limit, and none of one name more", () => {
    mkdirSync(at("many"));
    for (let n = 0; n < WORLD_LIMITS.names; n++) writeFileSync(at(`many/${n}`), "");
    expect(look({ folders: [at("many")] } as never).listings[at("many")]).toHaveLength(WORLD_LIMITS.names);
    writeFileSync(at("many/more"), "");
    expect(look({ folders: [at("many")] } as never).listings).toEqual({});
  });

  it("reads scripts that are regular files of a bounded size, and nothing else", () => {
    writeFileSync(at("s.sh"), "ls\n");
    writeFileSync(at("large.sh"), "x".repeat(WORLD_LIMITS.scriptBytes + 1));
    writeFileSync(at("largest.sh"), "x".repeat(WORLD_LIMITS.scriptBytes));
    spawnSync("mkfifo", [at("pipe.sh")]);
    symlinkSync(at("s.sh"), at("link.sh"));
    const { scripts } = look({ scripts: ["s.sh", "large.sh", "largest.sh", "pipe.sh", "link.sh", "missing.sh"].map(at) } as never);
    expect(Object.keys(scripts)).toEqual([at("s.sh"), at("largest.sh")]);
  });

  it("never throws, whatever is asked", () => {
    for (const path of ["", "/", "relative", "/nowhere/at/all", "/dev/null/x", "\u0000", `/${"x/".repeat(5000)}`])
      expect(() => look({ paths: [path], folders: [path], scripts: [path], git: true } as never)).not.toThrow();
  });
});

describe("the folders for scratch", () => {
  it.each([
    [undefined, false],
    ["/", false],
    ["/data", false],
    ["/data/tmp", true],
    ["relative/tmp", false],
  ])("TMPDIR=%s counts: %s", (tmpdir, counts) => {
    const { temp_roots } = startingFacts(tmpdir === undefined ? {} : { TMPDIR: tmpdir }, "/home/ada");
    expect(temp_roots.includes(tmpdir ?? "-")).toBe(counts);
    expect(temp_roots).toContain("/tmp");
  });
});
