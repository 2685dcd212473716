import { expect, it } from "vitest";
import { compilePolicy, judge, loadPack, openPolicy } from "../../src/policy/index.js";

const MINI = `
schema_version: cavra.policy.v1
id: mini
version: "1"
rules:
  - id: secrets.read
    verdict: deny
    severity: critical
    reason: no secrets
    overridable: never
    match: {effect: read, path: ["**/.env", "**/*.pem", "**/.ssh/id_*"]}
    unless: {path: "**/*.pub"}
  - id: guard
    verdict: deny
    severity: critical
    reason: guard
    match: {effect: [write, delete], path: "~/.config/cavra/**"}
`;
it("thin whole", () => {
  const pack = loadPack(MINI, "mini.yaml", "host");
  if (!pack.ok) throw new Error(JSON.stringify(pack.problems));
  const compiled = compilePolicy({ host: pack.value, workspace: null, library: new Map(), catalogue: {} });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const policy = openPolicy(compiled.value);
  const subject = {
    agent: "",
    user: "",
    home: "/home/dev",
    workspace_root: "/srv/app",
    temp_roots: ["/tmp"],
    default_branch: "main",
    now: "",
  };
  const f = (kind: "read" | "write" | "delete", target: string, extent = "exact") =>
    ({ kind, target, extent, span: { start: 0, end: 0 }, via: [], place: "here" }) as never;
  const v = (...e: never[]) => {
    const j = judge({ effects: e }, subject, policy);
    return `${j.verdict} ${j.rule_id}`;
  };
  expect(v()).toBe("allow ");
  expect(v(f("read", "/srv/app/.env"))).toBe("deny secrets.read");
  expect(v(f("read", "/srv/app/.ENV"))).toBe("deny secrets.read");
  expect(v(f("read", "/key.pem"))).toBe("deny secrets.read");
  expect(v(f("read", "/srv/app/.e*", "pattern"))).toBe("deny secrets.read");
  expect(v(f("read", "/srv/app/*", "pattern"))).toBe("allow default.read");
  expect(v(f("read", "/srv/app/**/*.ts", "pattern"))).toBe("allow default.read");
  expect(v(f("read", "/srv/app/**/*.pem", "pattern"))).toBe("deny secrets.read");
  expect(v(f("read", "/home/dev/.ssh/*", "pattern"))).toBe("deny secrets.read");
  expect(v(f("read", "/home/dev/.ssh", "tree"))).toBe("deny secrets.read");
  expect(v(f("read", "/home/dev/.ssh/id_rsa.pub"))).toBe("allow default.read");
  expect(v(f("read", "/srv/app", "tree"))).toBe("allow default.read");
  expect(v(f("read", "/", "tree"))).toBe("deny secrets.read");
  expect(v(f("delete", "/home/dev/.config", "tree"))).toBe("deny guard");
  expect(v(f("delete", "/home/dev", "tree"))).toBe("deny guard");
  expect(v(f("delete", "/home/dev/*", "pattern"))).toBe("deny guard");
  expect(v(f("delete", "/home", "contents"))).toBe("deny guard");
  expect(v(f("delete", "/home/other", "tree"))).toBe("allow default.delete");
  expect(v(f("delete", "unknown", "unknown"))).toBe("require_approval default.delete.unknown");
  console.log(JSON.stringify(judge({ effects: [f("read", "/srv/app/.env")] }, subject, policy), null, 1));
});
