// The package as others get it: packed, installed elsewhere without a network, and run there. What is in it, what is not, and how large it is.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { run, type Scratch, scratch, write } from "../cli/program.js";

const ROOT = join(import.meta.dirname, "../..");
const about = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What the README links to beside spec/: somebody without a checkout must not meet dead links. */
const GUIDES = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs"];

/** The one optional dependency, and what it depends on. */
const DATABASE = ["@photostructure/sqlite", "node-addon-api", "node-gyp-build"];

let place: Scratch;
let elsewhere = "";
let packed: { readonly size: number; readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] };

const npm = (cwd: string, ...args: string[]) =>
  run("npm", args, { cwd, env: { ...place.env, npm_config_cache: join(place.root, "npm"), npm_config_update_notifier: "false" } });

beforeAll(async () => {
  place = scratch();
  // A copy of what is packed, with the build of this run and with things beside it that must stay out.
  const tree = join(place.root, "tree");
  mkdirSync(tree);
  for (const name of ["package.json", "policies", "spec", "README.md", "LICENSE", "CHANGELOG.md", ...GUIDES, "test", ".gitignore"])
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  cpSync(join(inject("built"), "dist"), join(tree, "dist"), { recursive: true });
  for (const name of [".env", "src/secret.key", "notes/private.md"]) write(join(tree, name), "stays here");
  const done = await npm(tree, "pack", "--ignore-scripts", "--json", "--pack-destination", place.root);
  if (done.status !== 0) throw new Error(done.stderr);
  packed = JSON.parse(done.stdout)[0];
  elsewhere = join(place.root, "elsewhere");
  write(join(elsewhere, "package.json"), '{ "name": "elsewhere", "private": true }\n');
  write(join(elsewhere, ".git/HEAD"), "ref: refs/heads/main\n");
  // What it depends on comes from this checkout, as it would come from the registry.
  const beside = await Promise.all(
    DATABASE.map(
      async (name) =>
        JSON.parse(
          (await npm(join(ROOT, "node_modules", name), "pack", "--ignore-scripts", "--json", "--pack-destination", place.root)).stdout,
        )[0].filename,
    ),
  );
  const tarballs = [`cavra-${about.version}.tgz`, ...beside].map((name) => join(place.root, name));
  const installed = await npm(elsewhere, "install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", ...tarballs);
  if (installed.status !== 0) throw new Error(installed.stderr);
});

const cavra = (...args: string[]) =>
  run("npx", ["--no-install", "cavra", ...args], { cwd: elsewhere, env: { ...place.env, npm_config_cache: join(place.root, "npm") } });

describe("the package", () => {
  it("has a program that runs by its own name as it was built: a link to it outlives the next build", async () => {
    const built = await run(join(inject("built"), "dist/cavra.cjs"), ["--version"], { env: place.env });
    expect([built.status, built.stdout]).toEqual([0, `${about.version}\n`]);
  });

  it("holds the program, the policies and the law, and nothing else", () => {
    const tops = new Set(packed.files.map(({ path }) => path.split("/")[0]));
    const linked = [...readFileSync(join(ROOT, "README.md"), "utf8").matchAll(/\]\(([^):]+)\)/g)].map(
      (link) => (link[1] ?? "").split("/")[0] ?? "",
    );
    expect([...tops].sort()).toEqual(
      [...new Set(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json", "policies", ...linked])].sort(),
    );
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toContain("dist/cavra.cjs");
    expect(paths).toContain("spec/schema/decision.schema.json");
    expect(paths.filter((path) => /vectors|\.test\.|\.env|\.key$|\.pem$|\.warm|\.map$/.test(path))).toEqual([]);
  });

  it("is of a sane size, and depends on nothing but the ledger's database, where that can be had", () => {
    // A tenth of it is the server, which only `cavra serve` loads.
    expect(packed.size).toBeLessThan(3_300_000);
    expect(packed.unpackedSize).toBeLessThan(11_000_000);
    expect(packed.files.length).toBeLessThan(180);
    expect([about.dependencies, about.optionalDependencies]).toEqual([undefined, { "@photostructure/sqlite": "1.2.1" }]);
  });

  it("names nothing of the machine that built it", () => {
    const dist = join(elsewhere, "node_modules/cavra/dist");
    for (const name of ["cavra.cjs", "cli.cjs", "hook.cjs", "compile.cjs", "server.cjs"])
      expect(readFileSync(join(dist, name), "utf8")).not.toContain(ROOT);
  });

  it("runs there: version, evaluate, batches and policies", async () => {
    expect(await cavra("version")).toMatchObject({ status: 0, stdout: `cavra ${about.version} (node ${process.version})\n` });
    const decided = await cavra("evaluate", "execute_command", "cat .env", "--json");
    expect([decided.status, JSON.parse(decided.stdout).rule_id]).toEqual([4, "secrets.read"]);
    expect((await cavra("policy", "test", "cavra-ai-agent-baseline")).status).toBe(0);
    expect(await cavra("evidence", "verify")).toMatchObject({ status: 0, stdout: expect.stringContaining("1 record in 1 file,") });
    expect((await cavra("evidence", "verify")).stdout).toMatch(/ledger {2}ldg_\w{26}, 1 record,/);
  });

  it("runs there without the database too: the hook guards, lists come from the journal, and it says what is missing", async () => {
    // Elsewhere: above the scratch places the database can be found.
    const bare = mkdtempSync(join(tmpdir(), "cavra-bare-"));
    cpSync(join(elsewhere, "node_modules/cavra"), join(bare, "node_modules/cavra"), { recursive: true });
    const told = await run(process.execPath, [join(bare, "node_modules/cavra/dist/cavra.cjs"), "evidence", "list"], {
      cwd: bare,
      env: place.env,
    });
    rmSync(bare, { recursive: true });
    const builtIn = Number(process.versions.node.split(".")[0]) >= 24;
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining("cat .env")]);
    expect(told.stderr.includes("(ledger_unavailable); this is from the journal alone")).toBe(!builtIn);
  });

  it("guards there: the hook is installed, fires, and goes", async () => {
    expect((await cavra("agent", "install", "claude-code")).status).toBe(0);
    expect(readFileSync(join(elsewhere, ".claude/settings.json"), "utf8")).toContain(join(elsewhere, "node_modules/cavra/dist/cavra.cjs"));
    expect(await cavra("agent", "doctor", "claude-code")).toMatchObject({ status: 0, stdout: expect.stringContaining("the hook fires") });
    expect((await cavra("agent", "uninstall", "claude-code")).status).toBe(0);
    expect(existsSync(join(elsewhere, ".claude"))).toBe(false);
  });

  it("plays the demo there", async () => {
    expect(await cavra("demo")).toMatchObject({ status: 0, stdout: expect.stringContaining("✗ does not hold") });
  });
});
