// docs/verify-without-cavra.sh on every bundle of spec/vectors/bundle: the same code as the vectors say, which is the TypeScript verifier's.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BundleVector } from "../vectors/bundle.test.js";
import { inParallel, SCRIPT, SHELL, type ShellCheck, verifyWithShell } from "./shell.js";

const FOLDER = join(import.meta.dirname, "..", "..", "spec", "vectors", "bundle");
const vectors = readdirSync(FOLDER)
  .filter((name) => name !== "manifest.json")
  .map((name) => ({ name, ...(JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as BundleVector) }));

/** What takes a JSON reader: the script leaves check 16 out, and says so at its top. */
const LEFT_OUT = ["record_not_canonical", "duplicate_record_id"];

function checkOf({ input }: BundleVector): ShellCheck {
  return { ...input, seenVersion: input.seen_version, laterTrust: input.later_trust };
}

function expectedCode({ expect: expected }: BundleVector): string {
  const code = (expected as { readonly code?: string }).code ?? "";
  return LEFT_OUT.includes(code) ? "" : code;
}

describe("docs/verify-without-cavra.sh", () => {
  it("says of every bundle what the vectors say", { timeout: 300_000 }, async () => {
    const told: Record<string, string> = {};
    await inParallel(vectors, 4, async (vector) => {
      const verdict = await verifyWithShell(checkOf(vector));
      told[vector.name] = verdict.code;
      expect(verdict.status, vector.name).toBe(verdict.code === "" ? 0 : 1);
    });
    expect(told).toEqual(Object.fromEntries(vectors.map((vector) => [vector.name, expectedCode(vector)])));
  });

  it("tells what it verified", async () => {
    const vector = vectors.find(({ name }) => name === "reveal-two.json") as BundleVector;
    const { output } = await verifyWithShell(checkOf(vector));
    expect(output).toMatch(
      /^verified: 3 of 7 records of cavra\.ledger\/ldg_\w+\nroot \S{44}, trust version 1, witnesses 0, revealed values 2\n$/,
    );
  });

  it.runIf(existsSync("/bin/bash"))("gives the same codes in bash", async () => {
    const some = vectors.filter(({ name }) => /^(some|proof-|trust-two|witness-two|reveal-two|zero-byte)/.test(name));
    expect(some.length).toBeGreaterThan(8);
    await inParallel(some, 2, async (vector) => {
      expect((await verifyWithShell(checkOf(vector), "/bin/bash")).code, vector.name).toBe(expectedCode(vector));
    });
  });

  it("uses nothing but the shell, openssl and coreutils", () => {
    const script = readFileSync(SCRIPT, "utf8").replace(/^\s*#.*$/gm, "");
    for (const tool of ["sed", "awk", "grep", "jq", "xxd", "python", "perl", "node", "cavra evidence", "find", "xargs", "bc", "curl"]) {
      expect(script, tool).not.toMatch(new RegExp(`(^|[|;&({]\\s*|\\s)${tool}\\s`, "m"));
    }
    expect(SHELL).toMatch(/sh$/);
  });
});
