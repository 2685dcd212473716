// Runs spec/vectors/mcp-registry/: a text in, the registry's digest and size or the code and place of what is wrong out; and spec/vectors/mcp-registry-judging/:
// a compiled policy, a registry and a call in, the judgement without its effects out. Proves spec/mcp-registry.md. Twin of go/policy/registry_vectors_test.go.

import { expect } from "vitest";
import type { Effect } from "../../src/change/index.js";
import {
  type CompiledPolicy,
  type Judgement,
  judge,
  openPolicy,
  openRegistry,
  parseRegistry,
  type Subject,
  unreadableRegistry,
} from "../../src/policy/index.js";
import { runArea } from "./area.js";

interface Document {
  readonly text: string;
  readonly expect:
    | { readonly digest: string; readonly servers: number; readonly tools: number }
    | { readonly code: string; readonly at: string };
}

runArea<Document>("mcp-registry", "mcp-registry.md", ({ text, expect: expected }) => {
  for (const input of [text, Buffer.from(text)]) {
    const read = parseRegistry(input);
    if (!read.ok) {
      expect({ code: read.problem.code, at: read.problem.at }).toEqual(expected);
      continue;
    }
    const { digest, servers } = read.value;
    expect({ digest, servers: servers.length, tools: servers.flatMap(({ tools }) => tools).length }).toEqual(expected);
  }
});

interface Judging {
  readonly policy: CompiledPolicy;
  readonly registry: null | { readonly unreadable: string } | { readonly servers: readonly unknown[] };
  readonly subject: Subject;
  readonly description: string;
  readonly effects: readonly Effect[];
  readonly expect: Omit<Judgement, "effects">;
}

runArea<Judging>("mcp-registry-judging", "mcp-registry.md", ({ policy, registry, subject, description, effects, expect: expected }) => {
  const opened = openPolicy(policy, registryOf(registry));
  const { effects: judged, ...judgement } = judge({ effects }, { ...subject, tool_description: description }, opened);
  expect(judged).toEqual(effects);
  expect(judgement).toEqual(expected);
});

function registryOf(registry: Judging["registry"]) {
  if (registry === null) return null;
  if ("unreadable" in registry) return unreadableRegistry(registry.unreadable);
  const read = parseRegistry(JSON.stringify(registry));
  if (!read.ok) throw new Error(`${read.problem.code} at ${read.problem.at}`);
  return openRegistry(read.value);
}
