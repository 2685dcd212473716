// `cavra runtime go-package build`: builds the second engine for every platform, writes what the files say of each other, signs, and verifies its own work. Implements spec/promotion.md 3.1.
// INVARIANT: what does not verify is never put in place; a build that ends early leaves nothing at the name it was given.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { bad, CavraError, compareBytes, formatTime, type JsonValue, ok, type Result } from "../../../base/index.js";
import type { KeySigner } from "../../../evidence/index.js";
import {
  type Binaries,
  type BuildFacts,
  binaryPath,
  CHANNELS,
  type Channel,
  formatLine,
  formatSums,
  isWhole,
  MANIFEST_FILE,
  makeManifest,
  makeProvenance,
  PACKAGE_FILE,
  PACKAGE_SCHEMA,
  type PackageCheck,
  type PackageStatement,
  PLATFORMS,
  type Platform,
  PROVENANCE_FILE,
  SBOM_FILE,
  SUMS_FILE,
  signPackage,
} from "../../../promotion/index.js";
import { SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { openProgress } from "../../progress.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { currentTrust, type SignerOptions, signerOfRole } from "../keys/access.js";
import { packageHere } from "./package-here.js";

export interface BuildPackageOptions extends SignerOptions {
  readonly output?: string;
  readonly channel?: string;
  readonly platform?: readonly string[];
  readonly source?: string;
  readonly json?: boolean;
}

export async function buildPackage(terminal: Terminal, options: BuildPackageOptions): Promise<ExitStatus> {
  const json = options.json === true;
  let scratch = "";
  try {
    const asked = askedFor(terminal, options);
    if (!asked.ok) return report(terminal, asked.problem, json);
    const signer = builderOf(terminal, options);
    if (!signer.ok) return report(terminal, signer.problem, json);
    const { folder } = asked.value;
    scratch = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
    mkdirSync(scratch, { recursive: true });
    const facts = await compiled(terminal, asked.value, scratch);
    if (!facts.ok) return report(terminal, facts.problem, json);
    const statement = written(terminal, scratch, asked.value, facts.value, signer.value);
    const wrong = ownFault(terminal, scratch);
    if (wrong !== null)
      throw new CavraError("internal_error", `the package does not verify: ${wrong.id}: ${wrong.message} (${wrong.code})`);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(scratch, folder);
    tell(terminal, folder, statement, facts.value, json);
    return EXIT.done;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), json);
  } finally {
    if (scratch !== "") rmSync(scratch, { recursive: true, force: true });
  }
}

interface Asked {
  readonly folder: string;
  readonly channel: Channel;
  readonly platforms: readonly Platform[];
  readonly source: string;
}

/** Problems: `output_missing`, `already_there`, `unknown_channel`, `unknown_platform`, `sources_missing`. */
function askedFor(terminal: Terminal, options: BuildPackageOptions): Result<Asked> {
  if (options.output === undefined || options.output === "")
    return bad("output_missing", "a package needs a folder", { hint: "name one that is not there yet: `--output DIR`" });
  const folder = resolve(terminal.cwd, options.output);
  if (existsSync(folder) && !isEmpty(folder))
    return bad("already_there", `\`${folder}\` is there already`, { hint: "name another folder, or remove it" });
  const channel = CHANNELS.find((one) => one === (options.channel ?? "candidate"));
  if (channel === undefined)
    return bad("unknown_channel", `\`${options.channel}\` is no channel`, { hint: `one of ${CHANNELS.join(", ")}` });
  const named = options.platform ?? PLATFORMS;
  const unknown = named.find((name) => !(PLATFORMS as readonly string[]).includes(name));
  if (unknown !== undefined)
    return bad("unknown_platform", `packages are not made for \`${unknown}\``, { hint: `some of ${PLATFORMS.join(", ")}` });
  const source = options.source === undefined ? dirname(import.meta.dirname) : resolve(terminal.cwd, options.source);
  if (!existsSync(join(source, BUILDER)) || !existsSync(join(source, "go/go.mod")))
    return bad("sources_missing", `\`${source}\` has no sources of the second engine: an installed cavra brings none`, {
      hint: "take the repository at the commit of the release, run `make setup`, and name it with `--source DIR`",
    });
  return ok({ folder, channel, platforms: PLATFORMS.filter((one) => named.includes(one)), source });
}

const BUILDER = "scripts/release-go.mjs";

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/** Before anything is built: minutes later would be too late to find that nobody can sign. */
function builderOf(terminal: Terminal, options: BuildPackageOptions): Result<KeySigner> {
  const trust = currentTrust(terminal);
  return trust.ok ? signerOfRole(terminal, trust.value, "builder", options) : trust;
}

type Facts = Omit<BuildFacts, "channel">;

/** Problems: `go_missing`, `build_failed`, `source_uncommitted` for a stable package of changed sources. */
async function compiled(terminal: Terminal, { source, platforms, channel }: Asked, folder: string): Promise<Result<BuildFacts>> {
  const progress = openProgress(terminal, "building");
  let begun = 0;
  let facts: Facts | null = null;
  let errors = "";
  const child = spawn(process.execPath, [join(source, BUILDER), folder, ...(channel === "stable" ? ["--committed"] : []), ...platforms], {
    cwd: source,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on("SIGINT", passOn).on("SIGTERM", passOn);
  const ended = new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-ERROR_BYTES);
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const told = JSON.parse(line) as { readonly building?: string; readonly built?: Facts };
      if (told.built !== undefined) facts = told.built;
      if (told.building !== undefined) progress.at(begun++, platforms.length, told.building);
    }
  });
  // Nothing is heard while one binary is built: the line is drawn anew, so that it appears at all.
  const redraw = setInterval(() => progress.at(Math.max(0, begun - 1), platforms.length, platforms[begun - 1] ?? ""), 500);
  try {
    const status = await ended;
    return status === 0 && facts !== null ? ok({ ...(facts as Facts), channel }) : notBuilt(status, errors.trim());
  } finally {
    clearInterval(redraw);
    progress.end();
    process.off("SIGINT", passOn).off("SIGTERM", passOn);
  }
}

function notBuilt(status: number | null, errors: string): Result<never> {
  if (status === 3)
    return bad("go_missing", errors.replace(/^error: /, ""), { hint: "the release is built where there is Go; see docs/release-go.md" });
  if (status === 4)
    return bad("source_uncommitted", "these are the sources of no commit: nobody else could build this package again", {
      hint: "commit, or build a candidate",
    });
  return bad("build_failed", `the second engine did not build: ${errors.split("\n").at(-1) ?? ""}`, {
    hint: `\`node ${BUILDER} FOLDER\` says more`,
  });
}

const ERROR_BYTES = 65_536;

/** The files beside the binaries, and the signature over all of them. */
function written(
  terminal: Terminal,
  folder: string,
  { platforms, channel }: Asked,
  facts: BuildFacts,
  signer: KeySigner,
): PackageStatement {
  const binaries: Binaries = platforms.map((platform) => [binaryPath(platform), digestOf(join(folder, binaryPath(platform)))] as const);
  const manifest = makeManifest(facts, binaries);
  writeFileSync(join(folder, SUMS_FILE), formatSums(binaries));
  writeFileSync(join(folder, MANIFEST_FILE), lineOf(manifest as unknown as JsonValue));
  writeFileSync(join(folder, PROVENANCE_FILE), lineOf(makeProvenance(facts, binaries)));
  const names = [MANIFEST_FILE, PROVENANCE_FILE, SBOM_FILE, SUMS_FILE];
  const others = names.map((name) => [name, digestOf(join(folder, name))] as const);
  const statement: PackageStatement = {
    body: {
      schema_version: PACKAGE_SCHEMA,
      package_id: manifest.package_id,
      version: facts.version,
      source_digest: facts.source_digest,
      channel,
      issued_at: formatTime(SYSTEM_CLOCK.nowMs()),
    },
    files: [...binaries, ...others].sort(([a], [b]) => compareBytes(a, b)),
  };
  const text = signPackage(statement, signer, trustChain(stateDir(terminal.env)));
  if (!text.ok) throw new CavraError(text.problem.code, text.problem.message);
  writeFileSync(join(folder, PACKAGE_FILE), text.value);
  return statement;
}

function digestOf(path: string): string {
  return `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}

function lineOf(value: JsonValue): string {
  const text = formatLine(value);
  if (!text.ok) throw new CavraError(text.problem.code, text.problem.message);
  return text.value;
}

/** The first check that its own package does not pass; the channel may be what was asked for. */
function ownFault(terminal: Terminal, folder: string): PackageCheck | null {
  const { checks } = packageHere(terminal, { folder, runtimePath: null, pin: "" }).checked;
  if (isWhole(checks)) return null;
  return checks.find(({ id, status }) => status !== "pass" && id !== "channel" && id !== "runtime") ?? null;
}

function tell(terminal: Terminal, folder: string, { body, files }: PackageStatement, facts: BuildFacts, json: boolean): void {
  if (json) {
    const { commit, toolchain } = facts;
    terminal.print(`${JSON.stringify({ folder, ...body, commit, toolchain, files: files.map(([path, sha256]) => ({ path, sha256 })) })}\n`);
    return;
  }
  const lines = files.map(([path, digest]) => `  ${digest.slice("sha256:".length, "sha256:".length + 16)}  ${path}\n`).join("");
  const from = facts.commit === "" ? "sources of no commit" : `commit ${facts.commit.slice(0, 12)}`;
  terminal.print(`${body.package_id} in ${folder}\n${lines}  built by ${facts.toolchain} from ${from}, signed at ${body.issued_at}\n`);
  terminal.print("  next: `cavra runtime go-package verify DIR --runtime-path DIR/bin/PLATFORM/cavra-runtime --report`\n");
}
