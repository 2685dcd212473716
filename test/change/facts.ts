// The facts of the world that tests, benchmarks and scripts derive with. It imports no value, so that a bundled program can take it along.

import type { Facts } from "../../src/change/index.js";

/** What vectors default to: a topic branch, and an empty environment. */
export const FACTS: Facts = {
  home: "/home/dev",
  temp_roots: ["/tmp", "/var/tmp"],
  environment: {},
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "topic", default_branch: "main", upstream_remote: "origin", upstream_branch: "topic" },
};

/** The same for a shell as people have it, which knows where home is. */
export const FACTS_OF_A_SHELL: Facts = { ...FACTS, environment: { HOME: FACTS.home } };
