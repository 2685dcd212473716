// Who runs first campaigns: one at a time, none that is not needed any more, none twice. Proves spec/backend.md 11.2 with processes that do nothing.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newCampaigner } from "../../src/daemon/campaigner.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cavra-campaigner-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = () => join(folder, "log");
const lines = () => readFileSync(log(), "utf8").trimEnd().split("\n");
/** Writes that it began and that it ended; the last argument is its status. */
const PROGRAM = `const { appendFileSync } = require("fs"); const [path, name, status] = process.argv.slice(1);
appendFileSync(path, "begin " + name + "\\n"); setTimeout(() => { appendFileSync(path, "end " + name + "\\n"); process.exit(Number(status)); }, 50);`;
const start = () => newCampaigner([process.execPath, "-e", PROGRAM, log()], process.env);
const wanted = (key: string, status = 0, isDone = () => false) => ({ key, arguments: [key, String(status)], isDone });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((wake) => setTimeout(wake, 10));
}

describe("first campaigns", () => {
  test("run one at a time, each once however often it is wanted", async () => {
    const campaigner = start();
    for (const key of ["a", "b", "a", "a", "b"]) campaigner.want(wanted(key));
    await until(() => campaigner.status().done === 2);
    expect(lines().map((line) => line.split(" ")[0])).toEqual(["begin", "end", "begin", "end"]);
    expect(campaigner.status()).toEqual({ running: false, waiting: 0, done: 2, failed: 0 });
    campaigner.close();
  });

  test("are not run where a result came meanwhile", async () => {
    const campaigner = start();
    campaigner.want(wanted("a", 0, () => true));
    campaigner.want(wanted("b"));
    await until(() => campaigner.status().done === 1);
    expect(lines()).toEqual(["begin b", "end b"]);
    campaigner.close();
  });

  test("that found a mismatch have ended well; others are tried again later", async () => {
    const campaigner = start();
    campaigner.want(wanted("mismatch", 4));
    campaigner.want(wanted("broken", 1));
    await until(() => campaigner.status().done === 1 && campaigner.status().failed === 1);
    expect(campaigner.status()).toEqual({ running: false, waiting: 1, done: 1, failed: 1 });
    // It waits for its turn, and is not begun sooner because it is wanted again.
    campaigner.want(wanted("broken", 1));
    expect(campaigner.status().waiting).toBe(1);
    campaigner.close();
  });

  test("a program that is not there is one that did not come to its end", async () => {
    const campaigner = newCampaigner([join(folder, "nothing")], process.env);
    campaigner.want(wanted("a"));
    await until(() => campaigner.status().failed === 1);
    campaigner.close();
  });

  test("are not begun after the end", async () => {
    const campaigner = start();
    campaigner.want(wanted("a"));
    campaigner.close();
    campaigner.want(wanted("b"));
    expect(campaigner.status().waiting).toBe(1);
  });
});
