// Bundles the writer process once for all tests that start one: Node 20 does not run TypeScript.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";

let bundle = "";

/** Path of the JavaScript of programs/append.ts. */
export function appendProgram(): string {
  if (bundle === "") {
    bundle = join(mkdtempSync(join(tmpdir(), "cavra-programs-")), "append.mjs");
    buildSync({
      entryPoints: [join(import.meta.dirname, "programs/append.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: bundle,
      logLevel: "silent",
    });
  }
  return bundle;
}

/** Path of the JavaScript of programs/drain.ts, beside node_modules, because the database is not bundled. */
export function drainProgram(): string {
  return besideDatabase("drain");
}

/** Path of the JavaScript of programs/half.ts, likewise. */
export function halfProgram(): string {
  return besideDatabase("half");
}

/** Path of the JavaScript of notices/programs/plan.ts, likewise. */
export function planProgram(): string {
  return besideDatabase("plan", "notices/programs");
}

function besideDatabase(name: string, within = "programs"): string {
  const folder = join(import.meta.dirname, "../../.cavra-scratch");
  mkdirSync(folder, { recursive: true });
  const outfile = join(mkdtempSync(join(folder, `${name}-`)), `${name}.mjs`);
  const entryPoints = [join(import.meta.dirname, within, `${name}.ts`)];
  buildSync({ entryPoints, bundle: true, platform: "node", format: "esm", outfile, logLevel: "silent" });
  return outfile;
}

/** Every test file that starts the program removes it at its end. */
export function removeProgram(): void {
  if (bundle !== "") rmSync(dirname(bundle), { recursive: true });
  bundle = "";
}

/** A fresh state folder that the journal may make itself. */
export function freshState(): string {
  return join(mkdtempSync(join(tmpdir(), "cavra-state-")), "cavra");
}

/** What a child needs of the environment; extra certificates would cost every start 50 ms. */
export const CHILD_ENV = { PATH: process.env.PATH ?? "" };
