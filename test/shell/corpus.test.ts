// At most 3 % of the corpus may be opaque; what is, is listed, so that a change of the grammar shows.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readShell, unsupportedPlaces } from "../../src/change/shell/index.js";

const MAX_OPAQUE_SHARE = 0.03;

const commands = readFileSync(join(import.meta.dirname, "../fixtures/corpus/commands-dev.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { command: string }).command);

test("few commands of the corpus are opaque", () => {
  expect(commands.length).toBeGreaterThan(600);
  const opaque = commands.filter((command) => unsupportedPlaces(readShell(command)).length > 0);
  expect(opaque.length / commands.length).toBeLessThanOrEqual(MAX_OPAQUE_SHARE);
  expect([...opaque].sort()).toEqual([
    "$'\\uD800' -rf /",
    "& git reset --hard",
    'cd "unterminated',
    "dd if=/dev/zero of=/dev/sda 'oops",
    'echo ${a="$"}${b="$a(touch /tmp/pwn)"}${b@P}',
    "echo ${x@P}",
    "echo 'unterminated",
    "git push origin +main 'unterminated",
    "git push origin :refs/heads/old-branch 'unterminated",
    "git stash clear 'unterminated",
    "git stash drop stash@{0} 'unterminated",
  ]);
});
