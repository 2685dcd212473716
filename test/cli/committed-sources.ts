// The sources of a release, for tests that build one: a copy of this tree as a commit of its own, so that it is one whatever stands uncommitted here; and Go's caches.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { run, type Scratch, write } from "./program.js";

const ROOT = join(import.meta.dirname, "../..");

/** In a folder of another name, with what `make setup` installs. */
export async function committedSources(place: Scratch): Promise<string> {
  const tree = join(place.root, "another tree");
  mkdirSync(tree);
  for (const name of ["go", "scripts", "src", "spec/catalogue", "policies", "package.json", ".gitignore"])
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  write(join(tree, ".git/info/exclude"), "node_modules\n");
  const git = (...args: string[]) => run("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: tree, env: place.env });
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    ["commit", "-q", "-m", "a release"],
  ]) {
    const done = await git(...args);
    expect(done, done.stderr).toMatchObject({ status: 0 });
  }
  return tree;
}

/** In a home of its own every build would begin with the standard library. */
export function goCaches(): Readonly<Record<string, string>> {
  const names = ["GOCACHE", "GOMODCACHE"];
  const values = spawnSync("go", ["env", ...names], { encoding: "utf8" }).stdout.split("\n");
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
}
