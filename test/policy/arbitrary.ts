// Random effects and clauses over a small world, so that they meet often.

import fc from "fast-check";
import type { Effect } from "../../src/change/index.js";
import type { Clause, Rule, Subject } from "../../src/policy/index.js";

export const SUBJECT: Subject = {
  agent: "claude-code",
  user: "dev",
  home: "/home/dev",
  workspace_root: "/srv/app",
  temp_roots: ["/tmp"],
  default_branch: "main",
  now: "2026-11-23T06:00:00Z",
};

const base = {
  span: fc.constant({ start: 0, end: 0 }),
  via: fc.subarray(["sudo", "bash"]),
  place: fc.constantFrom("here" as const, "elsewhere" as const),
};

export const PATHS = [
  ...[
    "/",
    "/srv",
    "/srv/app",
    "/srv/app/.env",
    "/srv/app/src",
    "/srv/app/src/a.ts",
    "/srv/app/src/key.pem",
    "/srv/app/.git",
    "/srv/app/.git/hooks/x",
    "/srv/app/.GIT/config",
  ],
  ...[
    "/home",
    "/home/dev",
    "/home/dev/.ssh",
    "/home/dev/.ssh/id_rsa",
    "/home/dev/.config",
    "/home/dev/.config/cavra/x",
    "/tmp",
    "/tmp/x",
    "/tmp/.env",
    "/etc/passwd",
    "/home/other/.ssh",
  ],
] as const;
const path = fc.constantFrom(...PATHS);
export const PATTERNS = [
  ...[
    "/*",
    "/*/*",
    "/srv/*",
    "/srv/app/*",
    "/srv/app/.e*",
    "/srv/app/*.pem",
    "/srv/app/src/*.ts",
    "/srv/app/**/*.pem",
    "/srv/app/**/*env",
    "/srv/app/.g*",
    "/srv/a?p/src",
  ],
  ...[
    "/home/*",
    "/home/dev/*",
    "/home/dev/.*",
    "/home/dev/.ssh/*",
    "/home/dev/.s*/id_*",
    "/home/dev/.config/c*",
    "/tmp/*",
    "/**",
    "/**/id_rsa",
    "/srv/app/[.]git",
    "/srv/app/??c",
    "/**/*.key",
  ],
] as const;
const pattern = fc.constantFrom(...PATTERNS);

const fileEffect: fc.Arbitrary<Effect> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...base,
      kind: fc.constantFrom("read" as const, "write" as const, "delete" as const),
      target: path,
      extent: fc.constantFrom("exact" as const, "tree" as const, "contents" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...base,
      kind: fc.constantFrom("read" as const, "write" as const, "delete" as const),
      target: pattern,
      extent: fc.constant("pattern" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...base,
      kind: fc.constantFrom("read" as const, "write" as const, "delete" as const),
      target: fc.constant("unknown"),
      extent: fc.constant("unknown" as const),
    }),
  },
);

const otherEffect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({
    ...base,
    kind: fc.constant("exec" as const),
    program: fc.constantFrom("rm", "RM", "ls", "terraform"),
    path: fc.constant(""),
    subcommand: fc.constantFrom("", "apply", "plan", "unknown"),
    options: fc.subarray(["force", "recursive"]),
    known: fc.boolean(),
    harmless: fc.boolean(),
  }),
  fc.record({
    ...base,
    kind: fc.constant("git" as const),
    operation: fc.constantFrom("push", "commit", "unknown"),
    ref: fc.constantFrom("main", "Main", "feature", "release/1", "unknown", ""),
    remote: fc.constantFrom("origin", ""),
    force: fc.constantFrom("none" as const, "lease" as const, "force" as const),
  }),
  fc.record({
    ...base,
    kind: fc.constant("network" as const),
    host: fc.constantFrom("example.com", "a.example.com", "localhost", "unknown"),
    url: fc.constant(""),
    direction: fc.constantFrom("receive" as const, "send" as const),
    data: fc.constantFrom("none" as const, "literal" as const, "derived" as const, "unknown" as const),
  }),
  fc.record({
    ...base,
    kind: fc.constant("operate" as const),
    system: fc.constantFrom("aws", "npm"),
    operation: fc.constantFrom("delete", "install"),
    target: fc.constantFrom("prod", "unknown", ""),
  }),
  fc.record({
    ...base,
    kind: fc.constant("call" as const),
    server: fc.constantFrom("acme", "unknown"),
    tool: fc.constantFrom("read_file", "deploy"),
    capability: fc.constantFrom("read", "write", "unknown"),
  }),
  fc.record({
    ...base,
    kind: fc.constant("opaque" as const),
    reason: fc.constantFrom("unknown_code", "unsupported_syntax"),
    detail: fc.constantFrom("", "shell"),
  }),
);

export const anyEffect: fc.Arbitrary<Effect> = fc.oneof(fileEffect, fileEffect, otherEffect);

export const PATH_GLOBS = [
  ...[
    "**/.env",
    "**/.env.*",
    "**/*.pem",
    "**/*.{pem,key}",
    "**/.ssh/**",
    "**/.ssh/id_*",
    "**/id_rsa",
    "**/.git/**",
    "${workspace}/.git/**",
    "${workspace}",
    "${workspace}/**",
    "src/**",
    "src/*.ts",
    ".git/hooks/*",
  ],
  ...[
    "~/.config/cavra/**",
    "~",
    "~/**",
    "~/*",
    "/",
    "/**",
    "/etc/**",
    "/etc/*",
    "/home/*",
    "/home/*/.ssh/**",
    "/tmp/**",
    "/tmp/*/**",
    "**",
    "**/[a-z]*",
    "**/src/**/*.pem",
    "{/srv,/tmp}/**",
    "/srv/*/src/**",
    "**/*",
  ],
] as const;
const pathGlob = fc.constantFrom(...PATH_GLOBS);
const list = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.uniqueArray(one, { minLength: 1, maxLength: 3 });
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 3 });

const fileClause = fc.record({
  effect: list(fc.constantFrom("read" as const, "write" as const, "delete" as const)),
  path: fc.option(list(pathGlob), { nil: undefined, freq: 6 }),
  covers: maybe(list(pathGlob)),
  extent: maybe(list(fc.constantFrom("exact" as const, "tree" as const, "contents" as const, "pattern" as const, "unknown" as const))),
  inside_workspace: maybe(fc.boolean()),
  in_temp: maybe(fc.boolean()),
  unknown: maybe(fc.boolean()),
  place: maybe(list(fc.constantFrom("here" as const, "elsewhere" as const))),
});
const otherClause = fc.oneof(
  fc.record({
    effect: fc.constant(["exec" as const]),
    program: maybe(list(fc.constantFrom("rm", "r?", "*", "terraform"))),
    subcommand: maybe(list(fc.constantFrom("apply", "*"))),
    options: maybe(fc.constant(["force"])),
    known: maybe(fc.boolean()),
  }),
  fc.record({
    effect: fc.constant(["git" as const]),
    operation: maybe(list(fc.constantFrom("push", "*", "com*"))),
    ref: maybe(list(fc.constantFrom("main", "release*", "${branch.default}"))),
    unknown: maybe(fc.boolean()),
  }),
  fc.record({
    effect: fc.constant(["network" as const]),
    host: maybe(list(fc.constantFrom("*.example.com", "example.com", "local*"))),
    data: maybe(fc.constant(["derived" as const])),
  }),
  fc.record({
    effect: fc.constant(["operate" as const]),
    system: maybe(list(fc.constantFrom("aws", "a*"))),
    operation: maybe(list(fc.constantFrom("delete", "{delete,drop}"))),
    target: maybe(list(fc.constantFrom("prod", "*"))),
  }),
  fc.record({
    effect: fc.constant(["call" as const]),
    server: maybe(list(fc.constantFrom("acme", "*"))),
    tool: maybe(list(fc.constantFrom("read*", "deploy"))),
  }),
  fc.record({ effect: fc.constant(["opaque" as const]), reason: maybe(list(fc.constantFrom("unknown_code", "un*"))) }),
  fc.record({
    effect: fc.constant(["read" as const, "exec" as const, "git" as const]),
    agent: maybe(list(fc.constantFrom("claude*", "codex"))),
    via: maybe(list(fc.constantFrom("sudo", "ba*"))),
  }),
);

export const anyClause: fc.Arbitrary<Clause> = fc.oneof(fileClause, fileClause, otherClause).map(withoutHoles);

function withoutHoles(clause: object): Clause {
  return Object.fromEntries(Object.entries(clause).filter(([, value]) => value !== undefined)) as unknown as Clause;
}

export const anyRule = (id: string): fc.Arbitrary<Rule> =>
  fc.record({
    id: fc.constant(id),
    pack: fc.constant("p"),
    layer: fc.constantFrom("host" as const, "host" as const, "workspace" as const),
    verdict: fc.constantFrom("allow" as const, "warn" as const, "require_approval" as const, "deny" as const),
    severity: fc.constantFrom("info" as const, "low" as const, "medium" as const, "high" as const, "critical" as const),
    reason: fc.constant(`because of ${id}`),
    instead: fc.constant(null),
    overridable: fc.constant("host" as const),
    match: fc.array(anyClause, { minLength: 1, maxLength: 2 }),
    unless: fc.array(anyClause, { maxLength: 1 }),
  });

export const anyRules = fc
  .integer({ min: 0, max: 8 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyRule(`r${i}`))));
