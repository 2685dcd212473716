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
  const action = {
    action_type: "execute_command",
    target,
    operation: "",
    arguments: "",
    cwd: "/srv/app",
    workspace_root: "/srv/app",
  } as const;
  expect(deriveWithWants(action, FACTS, CATALOGUE).wants.git).toBe(wanted);
});
