// A release package, really built by the built program from a copy of the sources, verified, tampered with, and held against runtimes. Proves spec/promotion.md section 3.
// Where there is no Go there is no package, and `make test` says so.

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { foundTrust, keysFolder, newId, newKey, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { committedSources, goCaches } from "./committed-sources.js";
import { configFolder } from "./ledger-keys.js";
import { program as builtProgram, cavra, cavraJson, run, type Scratch, scratch, write } from "./program.js";

const ROOT = join(import.meta.dirname, "../..");
const HERE = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const OTHER = "windows-amd64";

function withBuilder(): Scratch {
  const place = scratch();
  const [root, builder] = [newKey("root"), newKey("builder")];
  for (const key of [root, builder]) key.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  const origin = `cavra.ledger/${newId("ldg", SYSTEM_CLOCK).id}`;
  const founded = foundTrust(place.state, origin, root, [{ role: "builder", key: builder, name: "bea" }], SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(place), root.keyId, SYSTEM_CLOCK);
  return place;
}

/** The commands of the release owner's page, but for those that only a person at a terminal runs. */
function commandsOfThePage(): string {
  const page = readFileSync(join(ROOT, "docs/release-go.md"), "utf8");
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((found) => found[1] ?? "");
  return blocks.filter((block) => !block.includes("cavra keys")).join("");
}

describe.skipIf(!existsSync(join(inject("built"), "dist/bin/cavra-runtime")))("cavra runtime go-package", () => {
  let place: Scratch;
  let source: string;
  let made: string;
  let binary: string;
  let told: string;
  const verify = (folder: string, ...more: string[]) => cavraJson(place, ["runtime", "go-package", "verify", folder, ...more]);
  const failed = (value: { checks: { id: string; status: string; code: string }[] }) =>
    value.checks.filter(({ id, status }) => status === "fail" && id !== "channel").map(({ id, code }) => `${id} ${code}`);
  /** A copy of the package with one thing changed. */
  const tampered = (name: string, change: (folder: string) => void): string => {
    const folder = join(place.root, name);
    cpSync(made, folder, { recursive: true });
    change(folder);
    return folder;
  };

  beforeAll(async () => {
    place = withBuilder();
    source = await committedSources(place);
    made = join(source, "release/go");
    binary = join(made, `bin/${HERE}/cavra-runtime`);
    // What takes long is built for two platforms here, and what a person would fill in is filled in.
    const shim = write(
      join(place.root, "bin/cavra"),
      `#!/bin/sh
case "$2 $3" in
  "go-package build") set -- "$@" --platform ${[...new Set([HERE, OTHER])].join(" ")} ;;
  "go-rollback-plan check") sed -i 's/TODO: how they are reached.*night/+00 000/' "$4" ;;
esac
exec '${process.execPath}' '${builtProgram()}' "$@"
`,
    );
    chmodSync(shim, 0o755);
    const script = commandsOfThePage().replaceAll("linux-amd64", HERE);
    expect(script.split("\n").filter((line) => line.startsWith("cavra ")).length).toBeGreaterThan(6);
    const env = { ...place.env, ...goCaches(), PATH: `${join(place.root, "bin")}:${process.env.PATH}` };
    const done = await run("/bin/sh", ["-e", "-c", script], { cwd: source, env });
    expect(done, `${done.stdout}\n${done.stderr}`).toMatchObject({ status: 0 });
    told = done.stdout;
  }, 600_000);

  it("is built, verified, reported on and ready, and its plan is signed, by the commands of the page", () => {
    for (const line of [
      `bin/${OTHER}/cavra-runtime.exe: OK`,
      "built by go",
      "wrote the report to",
      "\nready cavra-runtime-",
      "signed ",
      "go-rollback",
    ])
      expect(told).toContain(line);
    expect(told).not.toContain("sources of no commit");
    expect(existsSync(join(source, "rollback-plan.dsse"))).toBe(true);
  });

  it("builds what verifies, and whose sums sha256sum checks", async () => {
    const { status, value } = await verify(made, "--runtime-path", binary);
    expect([status, value.verified, failed(value)]).toEqual([0, true, []]);
    expect((await run("sha256sum", ["-c", "SHA256SUMS"], { cwd: made, env: place.env })).status).toBe(0);
  });

  it("builds the same bytes again, of everything but the signature", async () => {
    const again = join(place.root, "again");
    const args = ["--output", again, "--source", source, "--platform", HERE, OTHER, "--channel", "stable", "--json"];
    const built = await cavra(place, ["runtime", "go-package", "build", ...args], {
      env: { ...goCaches(), TZ: "Asia/Kathmandu", GOAMD64: "v3" },
    });
    expect(built, built.stderr).toMatchObject({ status: 0 });
    const names = (JSON.parse(built.stdout).files as { path: string }[]).map(({ path }) => path);
    expect(names.length).toBe(HERE === OTHER ? 5 : 6);
    expect(names.filter((name) => !readFileSync(join(again, name)).equals(readFileSync(join(made, name))))).toEqual([]);
  });

  it("packs the binary that `make build` makes of these sources", () => {
    expect(readFileSync(binary).equals(readFileSync(join(inject("built"), "dist/bin/cavra-runtime")))).toBe(true);
  });

  it("has a list of parts that CycloneDX's own schema takes", () => {
    const folder = join(ROOT, "node_modules/@cyclonedx/cyclonedx-library/res/schema");
    const schemaOf = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), "utf8"));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const name of ["spdx", "jsf-0.82"])
      ajv.addSchema({ ...schemaOf(name), $id: `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json` });
    const validate = ajv.compile(schemaOf("bom-1.6"));
    expect(validate(JSON.parse(readFileSync(join(made, "sbom.cdx.json"), "utf8"))), JSON.stringify(validate.errors)).toBe(true);
  });

  it("has a manifest of the form that the schema says", () => {
    const schema = JSON.parse(readFileSync(join(ROOT, "spec/schema/go-deployment-manifest.schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(JSON.parse(readFileSync(join(made, "manifest.json"), "utf8"))), JSON.stringify(validate.errors)).toBe(true);
  });

  const exe = `bin/${OTHER}/cavra-runtime.exe`;
  const tampering: readonly (readonly [string, (folder: string) => void, readonly string[]])[] = [
    [
      "a bit of a binary flipped",
      (folder) => {
        const bytes = readFileSync(join(folder, exe));
        bytes[4_096] = (bytes[4_096] ?? 0) ^ 1;
        writeFileSync(join(folder, exe), bytes);
      },
      ["files package_file_changed"],
    ],
    ["a binary deleted", (folder) => rmSync(join(folder, exe)), ["files package_file_missing"]],
    [
      "two binaries swapped",
      (folder) => {
        renameSync(join(folder, exe), join(folder, "x"));
        renameSync(join(folder, `bin/${HERE}/cavra-runtime`), join(folder, exe));
        renameSync(join(folder, "x"), join(folder, `bin/${HERE}/cavra-runtime`));
      },
      ["files package_file_changed"],
    ],
    ["a file more", (folder) => writeFileSync(join(folder, "install.sh"), "rm -rf /\n"), ["files package_extra_file"]],
    [
      "a link to the same bytes in the place of a binary",
      (folder) => {
        rmSync(join(folder, exe));
        symlinkSync(join(made, exe), join(folder, exe));
      },
      ["files package_special_file"],
    ],
    ["a folder deeper than any", (folder) => mkdirSync(join(folder, "bin/a/b/c"), { recursive: true }), ["files package_too_many"]],
    [
      "more entries than a folder may have",
      (folder) => {
        for (let i = 0; i < 70; i++) writeFileSync(join(folder, `z-${i}`), "");
      },
      ["files package_too_many"],
    ],
    ["no signature", (folder) => rmSync(join(folder, "package.dsse")), ["package package_missing"]],
  ];
  it.each(tampering)("refuses %s", async (name, change, [first]) => {
    const { status, value } = await verify(tampered(name, change));
    expect([status, value.verified, failed(value)[0]]).toEqual([4, false, first]);
  });

  it("refuses a pipe without waiting for it", async () => {
    const folder = tampered("a pipe", () => {});
    expect((await run("mkfifo", [join(folder, "bin", HERE, "pipe")], { env: place.env })).status).toBe(0);
    const { status, value } = await verify(folder);
    expect([status, failed(value)]).toEqual([4, ["files package_special_file"]]);
  });

  it("refuses a package that another root's builder signed", async () => {
    const stranger = withBuilder();
    const { status, value } = await cavraJson(stranger, ["runtime", "go-package", "verify", made]);
    expect([status, failed(value)]).toEqual([4, ["signature unknown_signer"]]);
  });

  it("knows the packaged binary of another platform, and a runtime that is in no package", async () => {
    const [other, foreign] = [await verify(made, "--runtime-path", join(made, exe)), await verify(made, "--runtime-path", builtProgram())];
    expect([other.status, failed(other.value)]).toEqual([4, ["runtime runtime_wrong_platform"]]);
    expect([foreign.status, failed(foreign.value)]).toEqual([4, ["runtime runtime_not_packaged"]]);
  });

  it("is not ready with the runtime of another build, and nothing is configured without a folder", async () => {
    const env = { CAVRA_GO_RUNTIME_PACKAGE_DIR: made, CAVRA_GO_RUNTIME_PATH: builtProgram() };
    const { status, value } = await cavraJson(place, ["runtime", "go-deployment-readiness"], { env });
    expect([status, value.status, failed(value)]).toEqual([5, "needs_attention", ["runtime runtime_not_packaged"]]);
    const without = await cavraJson(place, ["runtime", "go-deployment-readiness"]);
    expect([without.status, without.value.status]).toEqual([0, "not_configured"]);
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ["without a folder", ["build"], "output_missing"],
    ["over a folder that is there", ["build", "--output", "."], "already_there"],
    ["for a channel that is none", ["build", "--output", "x", "--channel", "nightly"], "unknown_channel"],
    ["for a platform that is none", ["build", "--output", "x", "--platform", "plan9-amd64"], "unknown_platform"],
    ["where there are no sources", ["build", "--output", "x"], "sources_missing"],
    ["for a surface that is none", ["verify", ".", "--surface", "phone"], "unknown_surface"],
    ["a report of what nobody signed", ["verify", ".", "--report"], "package_unsigned"],
  ];
  it.each(wrong)("is refused %s", async (_, args, code) => {
    const { status, value } = await cavraJson(place, ["runtime", "go-package", ...args]);
    expect([status, value.error.code]).toEqual([2, code]);
  });

  it("is not built for `stable` of changed sources, and leaves nothing behind", async () => {
    const changed = write(join(source, "go/changed.txt"), "x");
    const folder = join(place.root, "stable");
    const args = ["--output", folder, "--source", source, "--platform", HERE, "--channel", "stable"];
    const { status, value } = await cavraJson(place, ["runtime", "go-package", "build", ...args], { env: goCaches() });
    rmSync(changed);
    expect([status, value.error.code]).toEqual([2, "source_uncommitted"]);
    expect(existsSync(folder)).toBe(false);
  });

  it("is not begun where nobody can sign it", async () => {
    const { status, value } = await cavraJson(scratch(), ["runtime", "go-package", "build", "--output", "x", "--source", source]);
    expect([status, value.error.code]).toEqual([2, "trust_missing"]);
  });
});
