// What stands at the path of the runtime: the real binary, another build of it, a program that is none, or one that damages what the real one says.
// Everything is put there as an installer does it: written beside, and renamed.

import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The worker's answers before the one that is damaged. */
const NTH = 10;

export function newRuntime(root, real) {
  // The program that drills put there too (src/drills/stand-in.ts). Node knows it by its name; the real binary does not mind.
  const damaging = join(dirname(dirname(real)), "stand-in.cjs");
  const path = join(root, "bin", "runtime.cjs");
  mkdirSync(dirname(path));
  const put = (write) => {
    write(`${path}.new`);
    chmodSync(`${path}.new`, 0o755);
    renameSync(`${path}.new`, path);
  };
  return {
    path,
    /** `way` is one of stand-in.ts, a script of ours, or undefined for the real binary. */
    install: (way, log) => {
      if (way === undefined) return put((file) => copyFileSync(real, file));
      if (way.startsWith("#!")) return put((file) => writeFileSync(file, way.replace("$REAL", real)));
      writeFileSync(`${path}.json`, JSON.stringify({ real, way, nth: NTH, log }));
      put((file) => writeFileSync(file, `#!${process.execPath}\n${readFileSync(damaging, "utf8")}`));
    },
    /** Another build: the same program with a byte behind it that nobody reads. */
    rebuild: () =>
      put((file) => {
        copyFileSync(path, file);
        appendFileSync(file, "\n");
      }),
    other: () => put((file) => copyFileSync("/bin/true", file)),
    remove: () => rmSync(path),
    /** Whose answers were damaged. Real workers that nobody can reach any more are ended. */
    victims: (log) => {
      const notes = readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));
      for (const { pid } of notes) if (pid !== undefined) endOwn(pid);
      return new Set(notes.flatMap(({ target }) => target ?? []));
    },
  };
}

function endOwn(pid) {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("serve\0--policy")) process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
