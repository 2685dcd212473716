// docs/rollback.md as its readers use it: every line of its `sh` blocks in order, with keys, a drill that failed, and a person at a real terminal.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { atTerminal, NO_TERMINAL } from "./at-terminal.js";
import { drilled, PATIENT, withDrillKeys } from "./drill-keys.js";
import { cavra, program } from "./program.js";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/rollback.md"), "utf8");
const LINES = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));
const NOT_HERE = process.platform !== "linux" || NO_TERMINAL !== "" || !existsSync(join(dirname(program()), "bin/cavra-runtime"));

describe.skipIf(NOT_HERE)("docs/rollback.md", () => {
  it("is done line by line", { timeout: 900_000 }, async () => {
    const { place, driller } = withDrillKeys();
    const env: Record<string, string | undefined> = { ...place.env };
    let failed = "";
    for (const line of LINES) {
      const exported = /^export (\w+)=\$PWD(.*)$/.exec(line);
      if (exported !== null) {
        env[exported[1] ?? ""] = `${place.repository}${exported[2] ?? ""}`;
        continue;
      }
      const words = wordsOf(line).slice(1);
      if (line.includes(" resolve ")) {
        failed = drilled(place, driller, "an-answer-that-is-wrong", "operator_rollback");
        expect((await cavra(place, ["runtime", "go-rollback-drills"], { env })).status).toBe(5);
        const { status, shown } = await atTerminal(
          place,
          words.map((word) => word.replace(/^drl_$/, failed)),
          undefined,
          env,
        );
        expect(status, shown).toBe(0);
        continue;
      }
      const { status, stdout, stderr } = await cavra(place, line.includes(" run ") ? [...words, ...PATIENT] : words, { env });
      expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
    }
    expect((await cavra(place, ["runtime", "go-rollback-drills"], { env })).stdout).toContain("ready");
  });
});

/** A line of the page as a shell would cut it: words, and double-quoted ones. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
