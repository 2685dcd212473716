// The second engine's program as it is built: the same bytes whoever builds it, in whatever folder and environment, and what it says of itself.
// Where there is no Go there is no program, and `make test` says so.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const program = join(inject("built"), "dist/bin/cavra-runtime");
const elsewhere = mkdtempSync(join(tmpdir(), "cavra-runtime-"));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

describe.skipIf(!existsSync(program))("cavra-runtime", () => {
  it("is the same bytes when built elsewhere, with other settings around it", () => {
    const tree = join(elsewhere, "another tree");
    mkdirSync(tree);
    for (const name of ["go", "scripts", "package.json"]) cpSync(join(ROOT, name), join(tree, name), { recursive: true });
    const around = { TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8", GOAMD64: "v3", GOFLAGS: "-buildvcs=true", CGO_ENABLED: "1", GODEBUG: "" };
    const platform = `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`;
    const ended = spawnSync(process.execPath, [join(tree, "scripts/build-runtime.mjs"), join(elsewhere, "out"), platform], {
      env: { ...process.env, ...around },
      encoding: "utf8",
    });
    expect(ended.stderr).toBe("");
    expect(ended.stdout.slice(0, 64)).toBe(digestOf(program));
  });

  it("names nothing of the machine that built it", () => {
    const bytes = readFileSync(program);
    expect(
      [ROOT, tmpdir() === "/" ? ROOT : `${tmpdir()}/cavra`, process.env.HOME ?? ROOT].filter(
        (path) => path.length > 4 && bytes.includes(path),
      ),
    ).toEqual([]);
  });

  it("tells its protocol, version and digests", () => {
    const about = JSON.parse(spawnSync(program, ["version", "--json"], { encoding: "utf8" }).stdout);
    expect(about).toMatchObject({
      protocol: "cavra.worker.v1",
      version: JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version,
      digests: { binary: `sha256:${digestOf(program)}` },
    });
    expect(about.build.source_digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("ends with 0 on SIGTERM, though its caller keeps the pipe open and says nothing", async () => {
    const policy = join(elsewhere, "policy.json");
    const compiled = spawnSync(process.execPath, [join(inject("built"), "dist/cavra.cjs"), "policy", "compile", "cavra-strict"]);
    writeFileSync(policy, compiled.stdout);
    const worker = spawn(program, ["serve", "--policy", policy], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((heard) => worker.stdout.once("data", heard));
    worker.kill("SIGTERM");
    const status = await new Promise((ended) => worker.once("close", (code, signal) => ended(signal ?? code)));
    expect(status).toBe(0);
  });
});

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
