// docs/audit-without-cavra.sh answers as cavra does, whatever is on record and whatever is in the kit. Proves spec/promotion.md 10.5 to 10.7.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verifyKit } from "../../src/promotion/index.js";
import { DOCUMENT_KITS } from "../promotion/audit/document-kits.js";
import { type AnswerVector, recordKit } from "../promotion/audit/record-kits.js";
import { CHAIN, CHECK, type KitGiven, NOTHING_FOUND, SAMPLE_NOW, type Step, sampleKit } from "../promotion/audit/sample-kit.js";
import { SCENARIOS } from "../promotion/audit/scenarios.js";
import { readCases } from "../vectors/cases.js";
import { AUDIT_SCRIPT, inParallel, SCRIPT, verifyWithShell } from "./shell.js";

const LEASED: readonly Step[] = [
  [-300, "started"],
  [-299, "gate", { code: "open" }],
  [-20, "leased"],
  [6, "decision"],
];
const whole: KitGiven = { steps: LEASED, documents: NOTHING_FOUND };

const byShell = (bytes: Buffer, shell?: string) =>
  verifyWithShell({ bundle: bytes, pin: CHECK.pin, now: SAMPLE_NOW, script: AUDIT_SCRIPT }, shell);

/** The code of a refusal, or the answer. */
function byCavra(bytes: Buffer): string {
  const kit = verifyKit(bytes, CHECK);
  return kit.ok ? JSON.stringify(kit.value.answer) : kit.problem.code;
}

async function bothSay(bytes: Buffer): Promise<readonly [string, string]> {
  const { code, output } = await byShell(bytes);
  return [byCavra(bytes), code === "" ? (output.trimEnd().split("\n").at(-1) ?? "") : code];
}

/** One process of the script takes a quarter of a second: all of them are what scripts/tamper-kits.mjs shows it. */
const oneOf = <T>(all: readonly T[], every: number): readonly T[] => all.filter((_, i) => i % every === 0);

describe("the shell script for kits", () => {
  it("gives cavra's answer for a share of what may be on record", { timeout: 300_000 }, async () => {
    const differing: string[] = [];
    await inParallel(oneOf(SCENARIOS, 4), 2, async (scenario) => {
      const [cavra, shell] = await bothSay(sampleKit(scenario).bytes);
      if (cavra !== shell || !cavra.startsWith("{")) differing.push(`${scenario.name}: ${cavra}, ${shell}`);
    });
    expect(differing).toEqual([]);
  });

  it("gives cavra's code, or its answer, for a share of documents and of the vectors' records", { timeout: 300_000 }, async () => {
    const differing: string[] = [];
    await inParallel(
      oneOf([...DOCUMENT_KITS, ...readCases<AnswerVector>("audit-answer").map(recordKit)], 5),
      2,
      async ({ name, kit, code }) => {
        const [cavra, shell] = await bothSay(kit);
        if (cavra !== shell || (code === "" ? !cavra.startsWith("{") : cavra !== code)) differing.push(`${name}: ${cavra}, ${shell}`);
      },
    );
    expect(differing).toEqual([]);
  });

  it("refuses another answer", async () => {
    const { bytes } = sampleKit({ ...whole, claim: (answer) => ({ ...answer, selected: false }) });
    expect(await bothSay(bytes)).toEqual(["audit_answer_differs", "audit_answer_differs"]);
  });

  it.runIf(existsSync("/bin/bash"))("says the same in bash", async () => {
    const { bytes } = sampleKit(whole);
    expect((await byShell(bytes, "/bin/bash")).output).toBe((await byShell(bytes)).output);
  });

  it("has the text of the script for bundles in it, so that whoever read the one knows that part of the other", () => {
    const [one, other] = [SCRIPT, AUDIT_SCRIPT].map((file) => readFileSync(file, "utf8"));
    const shared = (one ?? "").slice((one ?? "").indexOf("# A name that begins with a hyphen"), (one ?? "").lastIndexOf('\nmain "$@"'));
    // The one line more keeps whose key it is, and until when a retired one could sign.
    const without = (other ?? "").replace('  echo "$k_id ${k_until:--} $k_name" >>"$work/names.$documents" || stop "$FULL"\n', "");
    expect(without).not.toBe(other);
    expect(shared.length).toBeGreaterThan(20_000);
    expect(without.includes(shared)).toBe(true);
  });

  it("uses nothing but the shell, awk, openssl and coreutils, and knows later trust documents", async () => {
    const script = readFileSync(AUDIT_SCRIPT, "utf8").replace(/^\s*#.*$/gm, "");
    for (const tool of ["sed", "grep", "jq", "xxd", "python", "perl", "node", "cavra runtime", "find", "xargs", "bc", "curl"])
      expect(script, tool).not.toMatch(new RegExp(`(^|[|;&({]\\s*|\\s)${tool}\\s`, "m"));
    const { bytes } = sampleKit(whole);
    const given = { bundle: bytes, pin: CHECK.pin, now: SAMPLE_NOW, script: AUDIT_SCRIPT, laterTrust: CHAIN };
    expect((await verifyWithShell(given)).code).toBe("");
  });
});
