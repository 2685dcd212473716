// What a derivation asks to be looked up, with the shipped catalogue. Proves spec/change.md 2.7: every question costs the hook time.

import { expect, it } from "vitest";
import { deriveWithWants, type Facts } from "../../src/change/index.js";
import { CATALOGUE } from "../git/table.js";

const FACTS: Facts = {
  home: "/home/dev",
  temp_roots: ["/tmp"],
  environment: {},
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
};

it.each([
  ["git status", false],
  ["git diff --stat", false],
  ["git log --oneline -5", false],
  ["ls -la", false],
  ["git push", true],
  ["git push origin topic", true],
  ["git branch -D old", true],
  ["git commit -m x", true],
])("%j wants the git facts: %s", (target, wanted) => {
  expect(wantsOf(target).git).toBe(wanted);
});

it.each([
  ["1,024 paths are asked for", "cat {1..1024}", 1024],
  ["of one more the first 1,024 are", "cat {1..1024} more", 1024],
])("%s", (_, target, count) => {
  const { paths } = wantsOf(target);
  expect([paths.length, paths.at(-1)]).toEqual([count, "/srv/app/1024"]);
});

function wantsOf(target: string) {
  const action = {
    action_type: "execute_command",
    target,
    operation: "",
    arguments: "",
    cwd: "/srv/app",
    workspace_root: "/srv/app",
  } as const;
  return deriveWithWants(action, FACTS, CATALOGUE).wants;
}
