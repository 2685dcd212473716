// The system calls of one call of the hook: the record is on the disk before the first byte of the answer leaves. Proves record.md section 8 on the real program.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../cli/program.js";
import { bash, fire, installed } from "./host.js";

const strace = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;

describe("the installed hook", () => {
  it.skipIf(!strace)(
    `writes the record, syncs it, and only then answers${strace ? "" : " (skipped: strace cannot trace here)"}`,
    async () => {
      const place = scratch();
      const command = await installed(place);
      const trace = join(place.root, "trace");
      await fire(place, `strace -f -y -e trace=write,writev,pwrite64,fdatasync -o ${trace} /bin/sh -c "$HOOK"`, bash(place, "cat .env"), {
        HOOK: command,
      });
      const steps = readFileSync(trace, "utf8")
        .split("\n")
        .flatMap((line) => {
          if (/\b(p?write(v|64)?)\(\d+<[^>]*\.journal>/.test(line)) return ["record"];
          if (/\bfdatasync\(\d+<[^>]*\.journal>\) += 0/.test(line)) return ["sync"];
          return /\bwritev?\(1</.test(line) ? ["answer"] : [];
        });
      expect(steps).toEqual(["record", "sync", "answer"]);
    },
  );
});
