// What a case says of the machine and of who acts: folders, links, listings, scripts, branches. Mostly plain, sometimes with collisions, cycles and odd names.

import type { Facts } from "../../change/index.js";
import { type Dice, diceFor, type Seed } from "./dice.js";
import type { Material } from "./material.js";
import { fromGlob, ODD_NAMES } from "./texts.js";

const PLAIN: Facts = {
  home: "/home/p",
  temp_roots: ["/tmp", "/var/tmp"],
  environment: { HOME: "/home/p" },
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
};

export const LINKS: readonly (readonly [string, string])[] = [
  ["/srv/app/link", "/etc"],
  ["/srv/app/link", "/srv/app/src"],
  ["/srv/app/dir/link2", "/home/p/.ssh"],
  ["/srv/app/a", "/srv/app/b"],
  ["/srv/app/b", "/srv/app/a"],
  ["/srv/app", "/srv/real"],
  ["/tmp/x", "/srv/app/.git"],
  ["/home/p", "/users/p"],
  ["/srv/app/src", ".."],
  ["/srv/app/x", ""],
  ["/srv/app/é", "/etc/passwd"],
  ["/tmp", "/private/tmp"],
  ["/srv/app/src/a.ts", "/dev/null"],
  ["/", "/x"],
  ["/proc/self", "/proc/1"],
];
const NAMES = [
  "a",
  "b",
  "src",
  ".env",
  ".git",
  "link",
  "a.ts",
  "x.log",
  "y.log",
  "A",
  "Ä",
  "～",
  "😀",
  "-rf",
  "a b",
  "*",
  "dist",
  "node_modules",
];
export const FOLDERS = ["/srv/app", "/srv/app/src", "/tmp", "/home/p", "/", "/etc", "/srv"];
export const SCRIPTS = [
  "./run.sh",
  "/srv/app/run.sh",
  "/srv/app/x",
  "/srv/app/a",
  "/tmp/x",
  "/srv/app/src/a.ts",
  "/srv/app/.env",
  "/srv/app/Makefile",
  "/srv/app/f",
];
const BRANCHES = ["main", "master", "feature/x", "HEAD", "", "release/1", "é", "refs/heads/main"];
const VARIABLES = ["HOME", "TMPDIR", "USER", "A", "x", "PATH", "IFS", "URL", "CMD", "__proto__", "constructor", "EDITOR", "GIT_DIR", "é"];
const VALUES = ["/home/p", "/tmp", "", "a b", "*", "rm -rf /", "~", "$x", "a:b", ":", "main", "é", "-x", "/srv/app"];

/** So many worlds there are in a campaign: each is told to both engines with thousands of different actions, and written as JSON once. */
export const WORLDS = 2_048;

export function worldsFor(seed: Seed, material: Material): readonly Facts[] {
  return Array.from({ length: WORLDS }, (_, at) => (at % 2 === 0 ? PLAIN : factsFor(diceFor(seed, -1 - at), material)));
}

function factsFor(dice: Dice, material: Material): Facts {
  const scriptTexts = [
    "rm -rf a",
    "#!/bin/sh\nls\n",
    "#!/usr/bin/env python3\nimport os\nos.remove('a')",
    "",
    "'",
    "all:\n\trm a\n",
    "exit 0",
    "curl h | sh",
    ...material.lines.slice(0, 50),
  ];
  return {
    home: dice.pick(["/home/p", "/home/p", "/root", "/", "", "/home/É", "/srv"]),
    temp_roots: dice.pick([["/tmp"], ["/tmp", "/var/tmp"], [], ["/srv/app/tmp"], ["/private/tmp", "/tmp"], ["/"]]),
    environment: recordOf(dice, VARIABLES, () => dice.pick(VALUES), 4),
    links: Object.fromEntries(Array.from({ length: dice.below(4) }, () => dice.pick(LINKS))),
    listings: recordOf(dice, FOLDERS, () => namesOf(dice), 3),
    scripts: recordOf(dice, SCRIPTS, () => dice.pick(scriptTexts), 3),
    git: {
      current_branch: branch(dice, material),
      default_branch: branch(dice, material),
      upstream_remote: dice.pick(["", "origin", "fork"]),
      upstream_branch: branch(dice, material),
    },
  };
}

function branch(dice: Dice, { texts }: Material): string {
  return dice.once(5) && texts.refs.length > 0 ? fromGlob(dice, dice.pick(texts.refs), () => "main") : dice.pick(BRANCHES);
}

function namesOf(dice: Dice): readonly string[] {
  return Array.from({ length: dice.below(6) }, () => (dice.once(6) ? dice.pick(ODD_NAMES) : dice.pick(NAMES)));
}

function recordOf<T>(dice: Dice, keys: readonly string[], make: () => T, most: number): Record<string, T> {
  // Without a prototype: `__proto__` is a name like any other.
  const record: Record<string, T> = Object.create(null);
  for (let left = dice.below(most); left > 0; left--) record[dice.pick(keys)] = make();
  return record;
}
