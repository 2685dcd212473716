// How much slower is a judgement with 10,000 rules than with 100? Goal: at most twice (DESIGN.md section 9). Run: node scripts/bench.mjs policy, or bundled.
// Both policies are judged in turns within one run, so that the ratio means something on any machine.

import type { Effect } from "../src/change/index.js";
import { compilePolicy, judge, loadPack, openPolicy, type Pack, type Policy, type Subject } from "../src/policy/index.js";
import { ascending, at, report, rounded } from "./report.js";

const SUBJECT: Subject = {
  agent: "claude-code",
  user: "dev",
  home: "/home/dev",
  workspace_root: "/srv/app",
  temp_roots: ["/tmp"],
  default_branch: "main",
  now: "",
};
const ROUNDS = 301;
const JUDGEMENTS = 40;
const PER_PACK = 4000;

const base = { span: { start: 0, end: 0 }, via: [], place: "here" } as const;
const CHANGES: readonly { readonly name: string; readonly effects: readonly Effect[] }[] = [
  {
    name: "ls -la",
    effects: [
      { ...base, kind: "exec", program: "ls", path: "", subcommand: "", options: ["all", "long"], known: true, harmless: true },
      { ...base, kind: "read", target: "/srv/app", extent: "exact" },
    ],
  },
  { name: "cat src/a.ts", effects: [{ ...base, kind: "read", target: "/srv/app/src/service7/a.ts", extent: "exact" }] },
  { name: "cat .env", effects: [{ ...base, kind: "read", target: "/srv/app/.env", extent: "exact" }] },
  { name: "rm -rf build", effects: [{ ...base, kind: "delete", target: "/srv/app/build", extent: "tree" }] },
  { name: "grep -r x .", effects: [{ ...base, kind: "read", target: "/srv/app/src", extent: "tree" }] },
  { name: "cat src/*.ts", effects: [{ ...base, kind: "read", target: "/srv/app/src/service7/*.ts", extent: "pattern" }] },
  { name: "git push", effects: [{ ...base, kind: "git", operation: "push", ref: "main", remote: "origin", force: "none" }] },
  { name: "curl", effects: [{ ...base, kind: "network", host: "api.example.com", url: "", direction: "receive", data: "none" }] },
  { name: "terraform apply", effects: [{ ...base, kind: "operate", system: "terraform", operation: "apply", target: "" }] },
  { name: "unknown target", effects: [{ ...base, kind: "delete", target: "unknown", extent: "unknown" }] },
];

/** Rules as an organisation writes them: folders of teams, names anywhere, extensions, programs, hosts, branches, systems. */
function packOf(id: string, from: number, to: number): string {
  const lines = ["schema_version: cavra.policy.v1", `id: ${id}`, 'version: "1"', "rules:"];
  for (let i = from; i < to; i++)
    lines.push(
      `  - {id: r${i}, verdict: ${["warn", "require_approval", "deny"][i % 3]}, severity: low, reason: because, match: ${clause(i)}}`,
    );
  return lines.join("\n");
}

function clause(i: number): string {
  const forms = [
    `{effect: [read, write, delete], path: "teams/team${i % 97}/service${i}/**"}`,
    `{effect: [read, write], path: "**/secret${i}.json"}`,
    `{effect: read, path: "**/*.key${i}"}`,
    `{effect: [write, delete], path: ["~/.config/tool${i}/**", "/etc/tool${i}/*.conf"]}`,
    `{effect: exec, program: tool${i}, options: force}`,
    `{effect: network, host: ["*.host${i}.example.com", host${i}.example.org]}`,
    `{effect: git, operation: push, ref: "release-${i}"}`,
    `{effect: operate, system: system${i}, operation: delete}`,
    `{effect: call, server: server${i}, tool: "delete_*"}`,
    `{effect: delete, path: "**/data${i}/**/*.db"}`,
  ];
  return forms[i % forms.length] ?? "";
}

function load(source: string): Pack {
  const pack = loadPack(source, "bench.yaml", "host");
  if (!pack.ok) throw new Error(JSON.stringify(pack.problems));
  return pack.value;
}

function open(rules: number): Policy {
  // A pack may have a million bytes, so the rules come in several that one pack inherits.
  const packs = Array.from({ length: Math.ceil(rules / PER_PACK) }, (_, i) =>
    load(packOf(`part${i}`, i * PER_PACK, Math.min(rules, (i + 1) * PER_PACK))),
  );
  const top = load(`schema_version: cavra.policy.v1\nid: bench\nversion: "1"\ninherits: [${packs.map(({ id }) => id).join(", ")}]`);
  const compiled = compilePolicy({ host: top, workspace: null, library: new Map(packs.map((pack) => [pack.id, pack])), catalogue: {} });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return openPolicy(compiled.value);
}

function time(policy: Policy, effects: readonly Effect[]): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < JUDGEMENTS; i++) judge({ effects }, SUBJECT, policy);
  return Number(process.hrtime.bigint() - start) / JUDGEMENTS / 1000;
}

function summary(times: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = ascending(times);
  return { p50: at(sorted, 0.5), p99: at(sorted, 0.99) };
}

const few = open(100);
const many = open(10_000);
const ratios: number[] = [];
const details = [`microseconds a judgement, ${ROUNDS} rounds of ${JUDGEMENTS}`];
for (const { name, effects } of CHANGES) {
  const fewTimes: number[] = [];
  const manyTimes: number[] = [];
  for (let round = 0; round < ROUNDS + 20; round++) {
    const pair = round % 2 === 0 ? [time(few, effects), time(many, effects)] : [time(many, effects), time(few, effects)].reverse();
    if (round < 20) continue;
    fewTimes.push(pair[0] ?? 0);
    manyTimes.push(pair[1] ?? 0);
  }
  const a = summary(fewTimes);
  const b = summary(manyTimes);
  ratios.push(b.p50 / a.p50);
  details.push(
    `${name.padEnd(16)} 100 rules p50 ${a.p50.toFixed(2)} p99 ${a.p99.toFixed(2)}   10,000 rules p50 ${b.p50.toFixed(2)} p99 ${b.p99.toFixed(2)}   ratio ${(b.p50 / a.p50).toFixed(2)}`,
  );
}
report({
  name: "policy",
  details,
  goals: [
    { what: "10,000 rules / 100 rules, the worst of them", measured: rounded(Math.max(...ratios)), goal: 2, bound: "most", unit: "×" },
  ],
});
