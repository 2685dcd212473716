// What stands at the runtime's path in a drill: the release candidate, another build of it, or the program that damages what it says.
// Everything is put there as an installer does it: written beside, and renamed.

import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nowUs } from "./clock.js";

export interface RuntimePath {
  readonly path: string;
  /** The release candidate as it is. */
  readonly installReal: () => void;
  /** The stand-in, which damages one answer in this way each time that `fire` was called. */
  readonly installStandIn: (way: string, only: string) => void;
  /** The same program with a byte behind it that nobody reads. */
  readonly rebuild: () => void;
  readonly fire: () => void;
  /** Takes back what `fire` asked for. */
  readonly calm: () => void;
  /** When a victim's answer was damaged, after this moment; -1 where none was. */
  readonly damagedUs: (sinceUs: number) => number;
}

export function newRuntimePath(root: string, real: string, standIn: string): RuntimePath {
  // Node knows a program by its name; the real binary does not mind.
  const path = join(root, "bin", "runtime.cjs");
  const [trigger, log] = [`${path}.trigger`, `${path}.log`];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(log, "");
  const put = (write: (draft: string) => void) => {
    write(`${path}.new`);
    chmodSync(`${path}.new`, 0o755);
    renameSync(`${path}.new`, path);
  };
  return {
    path,
    installReal: () => put((draft) => copyFileSync(real, draft)),
    installStandIn: (way, only) => {
      writeFileSync(`${path}.json`, JSON.stringify({ real, way, trigger, only, log }));
      put((draft) => writeFileSync(draft, `#!${process.execPath}\n${readFileSync(standIn, "utf8")}`));
    },
    rebuild: () =>
      put((draft) => {
        copyFileSync(real, draft);
        appendFileSync(draft, "\n");
      }),
    fire: () => writeFileSync(trigger, String(nowUs())),
    calm: () => rmSync(trigger, { force: true }),
    damagedUs: (sinceUs) => {
      const notes = readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.includes('"at_us"'));
      const times = notes.map((line) => (JSON.parse(line) as { readonly at_us: number }).at_us);
      return times.find((at) => at >= sinceUs) ?? -1;
    },
  };
}
