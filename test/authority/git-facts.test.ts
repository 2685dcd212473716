// What git would say, read from its files alone; and no trap in a repository keeps the reader waiting. Proves spec/agents.md 1.5, 2.4 and 2.6.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { branchAndOrigin } from "../../src/authority/git-facts.js";
import { readGitFacts, repositoryRoot, workspaceAround } from "../../src/authority/index.js";
import { readRegularFile } from "../../src/authority/regular-file.js";

const root = realpathSync(mkdtempSync(join(tmpdir(), "cavra-git-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function repository(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, "r-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const CONFIG =
  '[remote "origin"]\n\turl = https://me:secret@example.com/team/shop.git?x=1\n[branch "work"]\n\tremote = up\n\tmerge = refs/heads/topic\n';

describe("git's facts", () => {
  it("are branch, default branch and upstream", () => {
    const folder = repository({
      ".git/HEAD": "ref: refs/heads/work\n",
      ".git/config": CONFIG,
      ".git/refs/remotes/up/HEAD": "ref: refs/remotes/up/trunk\n",
      "deep/x": "",
    });
    const facts = { current_branch: "work", default_branch: "trunk", upstream_remote: "up", upstream_branch: "topic" };
    expect(readGitFacts(folder)).toEqual(facts);
    expect(readGitFacts(join(folder, "deep"))).toEqual(facts);
    expect(branchAndOrigin(folder).origin).toBe("https://example.com/team/shop.git");
  });

  it.each([
    ["a loose main", { ".git/refs/heads/main": "" }, "main"],
    ["a loose master", { ".git/refs/heads/master": "" }, "master"],
    ["a packed main", { ".git/packed-refs": "# pack-refs\n0000 refs/heads/main\n" }, "main"],
    ["neither", {}, ""],
  ])("take %s for the default branch where the remote tells none", (_, files, expected) => {
    expect(readGitFacts(repository({ ".git/HEAD": "ref: refs/heads/x\n", ...files })).default_branch).toBe(expected);
  });

  it("know no branch of a detached head, and nothing outside a repository", () => {
    expect(readGitFacts(repository({ ".git/HEAD": `${"0".repeat(40)}\n` })).current_branch).toBe("");
    expect(repositoryRoot("/")).toBeNull();
  });

  it("follow a worktree and a submodule to the repository they belong to", () => {
    const folder = repository({
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/config": CONFIG,
      ".git/worktrees/w/HEAD": "ref: refs/heads/work\n",
      ".git/worktrees/w/commondir": "../..\n",
      "w/.git": "gitdir: ../.git/worktrees/w\n",
    });
    expect(readGitFacts(join(folder, "w"))).toMatchObject({ current_branch: "work", upstream_remote: "up" });
    expect(branchAndOrigin(join(folder, "w")).origin).toBe("https://example.com/team/shop.git");
  });

  it("are what git itself says of a repository that it made", () => {
    const folder = mkdtempSync(join(root, "real-"));
    const git = (...args: string[]) =>
      spawnSync("git", ["-C", folder, ...args], {
        encoding: "utf8",
        env: { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: "1" },
      });
    git("init", "--quiet", "--initial-branch=main");
    git("remote", "add", "origin", "git@example.com:team/shop.git");
    git("checkout", "--quiet", "-b", "topic/one");
    git("config", "branch.topic/one.remote", "origin");
    git("config", "branch.topic/one.merge", "refs/heads/two");
    expect(readGitFacts(folder)).toMatchObject({
      current_branch: git("symbolic-ref", "--short", "HEAD").stdout.trim(),
      upstream_remote: git("config", "branch.topic/one.remote").stdout.trim(),
      upstream_branch: "two",
    });
    expect(branchAndOrigin(folder).origin).toBe(git("remote", "get-url", "origin").stdout.trim());
  });
});

describe("a regular file", () => {
  const at = (name: string) => join(root, name);

  it("is read whole up to the limit, and not at all one byte beyond", () => {
    writeFileSync(at("f"), "x".repeat(40_000));
    expect(readRegularFile(at("f"), 40_000)?.length).toBe(40_000);
    expect(readRegularFile(at("f"), 39_999)).toBeNull();
    writeFileSync(at("empty"), "");
    expect(readRegularFile(at("empty"), 0)?.length).toBe(0);
  });

  it("is none that waits, never ends, or is not there", () => {
    spawnSync("mkfifo", [at("pipe")]);
    symlinkSync("/dev/zero", at("zero"));
    symlinkSync(at("pipe"), at("link-to-pipe"));
    mkdirSync(at("folder"));
    for (const name of ["pipe", "zero", "link-to-pipe", "folder", "missing"]) expect(readRegularFile(at(name), 1000), name).toBeNull();
    // Its size says 0, and it has more than its limit.
    expect(readRegularFile("/proc/self/environ", 1)).toBeNull();
  });
});

describe("the workspace", () => {
  it("is the repository around a folder, and never the home folder, one above it, or the whole machine", () => {
    const folder = repository({ ".git/HEAD": "", "a/b/x": "", "home/ada/.git/HEAD": "", "home/ada/notes/x": "" });
    const home = join(folder, "home/ada");
    expect(workspaceAround(join(folder, "a/b"), "/home/nobody")).toBe(folder);
    expect(workspaceAround(join(home, "notes"), home)).toBe(join(home, "notes"));
    expect(workspaceAround(join(folder, "a/b"), home)).toBe(join(folder, "a/b"));
    expect(workspaceAround("/", home)).toBe("/");
  });
});
