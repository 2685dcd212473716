// A packed rulebook holds what the written one holds, and gives for a kind of effect what a filter gives.

import { describe, expect, it } from "vitest";
import { compilePolicy, EFFECT_KINDS, judge, openPackedRules, openPolicy, packRulebook, type Rulebook } from "../../src/policy/index.js";
import { rulesOf } from "../../src/policy/packed-rules.js";
import { PATHS, SUBJECT } from "./arbitrary.js";
import { library, must, shippedPack } from "./packs.js";

function written(id: string): Rulebook {
  const { catalogue: _, ...rulebook } = must(compilePolicy({ host: shippedPack(id), workspace: null, library, catalogue: {} }));
  return rulebook;
}

describe.each([...library.keys()])("%s, packed", (id) => {
  const book = written(id);
  const packed = openPackedRules(Buffer.from(packRulebook(book)));

  it("is the same rulebook", () => expect({ ...packed }).toEqual(book));

  it.each(EFFECT_KINDS)("has the same rules for %s, in their order", (kind) => {
    const expected = book.rules.filter((rule) => rule.match.some((clause) => clause.effect.includes(kind)));
    expect(rulesOf(openPackedRules(Buffer.from(packRulebook(book))), kind)).toEqual(expected);
    expect(rulesOf(book, kind)).toEqual(expected);
  });

  it.each(["read", "write", "delete"] as const)("judges to %s any path as the written one does, asked once and asked often", (kind) => {
    const [whole, often] = [openPolicy(book), openPolicy(packed)];
    for (const target of [...PATHS, ".env", "/home/dev/.ssh/id_rsa", "/srv/app/.git/config", "/etc/passwd", "/srv/app/a.PEM", "unknown"]) {
      const extent = target === "unknown" ? "unknown" : "exact";
      const change = { effects: [{ kind, target, extent, span: { start: 0, end: 0 }, via: [], place: "here" } as const] };
      const expected = judge(change, SUBJECT, whole);
      expect(judge(change, SUBJECT, openPolicy(packed)), target).toEqual(expected);
      expect(judge(change, SUBJECT, often), target).toEqual(expected);
    }
  });

  it("gives one object for one rule, whoever asks", () => {
    for (const kind of EFFECT_KINDS) for (const rule of rulesOf(packed, kind)) expect(packed.rules).toContain(rule);
  });
});

it("refuses a text that was cut off anywhere", () => {
  const packed = Buffer.from(packRulebook(written("cavra-ai-agent-baseline")));
  for (let length = 0; length < packed.length; length += 97) expect(() => openPackedRules(packed.subarray(0, length))).toThrow();
});
