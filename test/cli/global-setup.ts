// Before the tests of the built program: builds it when it is missing or older than its sources, and hands out a copy, so that a build that somebody
// starts meanwhile does not take the program away under the tests.

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { TestProject } from "vitest/node";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = ["src", "go", "policies", "spec/catalogue", "scripts", "package.json"];
/** Only these tests start the program; a run of others needs no build. */
const NEEDS_BUILD = /^test\/(cli|hook|package|server|team)\//;

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the built program's copy: `<built>/dist/cavra.cjs`. "" when no test of this run needs it. */
    readonly built: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => void> {
  const { testFiles } = await project.globTestFiles(filtersOf(project));
  if (!testFiles.some((file) => NEEDS_BUILD.test(relative(ROOT, file)))) {
    project.provide("built", "");
    return () => {};
  }
  if (isStale()) build();
  const copy = mkdtempSync(join(tmpdir(), "cavra-built-"));
  cpSync(join(ROOT, "dist"), join(copy, "dist"), { recursive: true, preserveTimestamps: true });
  // What the program does not carry in itself: the database of the ledger.
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  // Some tests run the program as another user.
  chmodSync(copy, 0o755);
  project.provide("built", copy);
  return () => rmSync(copy, { recursive: true, force: true });
}

/** What was asked for on the command line. Vitest has it and does not declare it; without it, every run counts as a run of all. */
function filtersOf(project: TestProject): string[] | undefined {
  return (project.vitest as unknown as { readonly filenamePattern?: string[] }).filenamePattern;
}

function isStale(): boolean {
  const program = join(ROOT, "dist/cavra.cjs");
  if (!existsSync(program)) return true;
  const built = statSync(program).mtimeMs;
  return SOURCES.some((path) => newest(join(ROOT, path)) > built);
}

function newest(path: string): number {
  const about = statSync(path);
  if (!about.isDirectory()) return about.mtimeMs;
  // The build itself writes src/generated and go/generated.
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("generated"));
  return Math.max(...files.map((name) => statSync(join(path, name)).mtimeMs));
}

function build(): void {
  const ended = spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`the build failed:\n${ended.stdout}${ended.stderr}`);
}
