// Both engines, judgement by judgement, over every command of our corpora: the development corpus and our own two. Whole judgements, byte for byte.
// Where there is no Go there is no second engine, and `make test` says so. A campaign of generated cases is `cavra runtime go-parity run`.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { packedCatalogue, runtimePolicyFile, shippedPolicy } from "../../src/authority/index.js";
import { type Evaluation, openKeeper } from "../../src/backend/index.js";
import { canonicalRecord } from "../../src/base/index.js";
import { deriveChange } from "../../src/change/index.js";
import { judge, openPolicy } from "../../src/policy/index.js";
import { FACTS } from "../change/facts.js";
import { scratch } from "../cli/program.js";

const ROOT = join(import.meta.dirname, "../..");
const RUNTIME = join(inject("built"), "dist/bin/cavra-runtime");
const CORPORA = ["test/fixtures/corpus/commands-dev.jsonl", "test/corpus/own-shell.jsonl", "test/corpus/own-world.jsonl"];
const NOW = "2026-11-23T00:00:00.000Z";
/** Fewer than the worker takes at once. */
const OUT = 64;

describe.skipIf(!existsSync(RUNTIME))("TypeScript and Go", () => {
  it.each(["cavra-ai-agent-baseline", "cavra-strict"])("judge every command of the corpora alike by %s", async (pack) => {
    const commands = CORPORA.flatMap((path) =>
      readFileSync(join(ROOT, path), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).command),
    );
    expect(commands.length).toBeGreaterThan(8_000);
    const rulebook = shippedPolicy(pack);
    if (rulebook === null) throw new Error(`no pack ${pack}`);
    const { catalogue, digest } = packedCatalogue();
    const policy = openPolicy(rulebook);
    const keeper = openKeeper({
      runtimePath: RUNTIME,
      policyPath: runtimePolicyFile(rulebook, scratch().env),
      catalogueDigest: digest,
      policyDigest: rulebook.digest,
    });
    await keeper.start(60_000);
    const differing: string[] = [];
    const waiting = [...commands];
    const compare = async () => {
      for (let command = waiting.pop(); command !== undefined; command = waiting.pop()) {
        const evaluation = evaluationOf(command);
        const answered = keeper.ask(evaluation, 60_000);
        const { action, facts, subject } = evaluation;
        const { home, temp_roots, git } = facts;
        const who = { ...subject, home, temp_roots, workspace_root: action.workspace_root, default_branch: git.default_branch };
        const ours = canonicalRecord(judge(deriveChange(action, facts, catalogue), who, policy));
        const theirs = await answered;
        const same = ours.ok && theirs.ok && ours.value === theirs.judgement;
        if (!same) differing.push(`${command} ${theirs.ok ? "" : theirs.code}`);
      }
    };
    await Promise.all(Array.from({ length: OUT }, compare));
    await keeper.stop();
    expect(differing).toEqual([]);
  });
});

function evaluationOf(target: string): Evaluation {
  return {
    action: { action_type: "execute_command", target, operation: "", arguments: "", cwd: "/srv/app", workspace_root: "/srv/app" },
    facts: FACTS,
    subject: { agent: "a", user: "u", now: NOW },
  };
}
