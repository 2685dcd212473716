// Which policy judges here: the host's own or the shipped default, tightened by the workspace's. Implements spec/policy.md section 7.
// Compiling takes tens of milliseconds, so its result is kept in the state folder, behind the whole text of all that went in. SECURITY: whoever can
// write there can write the journal too; what is kept is compared with what would be compiled, letter by letter. The catalogue is the installation's, and never kept.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type Problem, sha256 } from "../base/index.js";
import { type CompiledPolicy, openPackedRules, packRulebook, type Rulebook } from "../policy/index.js";
import { configDir, stateDir } from "../store/index.js";
import { readRegularFile } from "./regular-file.js";
import { DEFAULT_PACK, packedCatalogue, shippedCatalogue, shippedPolicy, VERSION } from "./shipped.js";
import { policySigning, requireSigned } from "./signed-policy.js";

/** A policy file as found; `text` is its whole content. */
export interface PolicySource {
  readonly path: string;
  readonly text: string;
}

export interface PolicySources {
  readonly host: PolicySource | null;
  readonly workspace: PolicySource | null;
  /** What a person set on this host: observing, and exceptions with an end. */
  readonly settings: PolicySource | null;
  /** The host's own packs, which its policy may inherit. */
  readonly library: readonly PolicySource[];
}

/** What was asked for instead of the policy in force: a shipped pack, or a file. */
export interface PolicyChoice {
  readonly pack: string;
  readonly file: string;
}

export type Compile = (
  sources: PolicySources,
) => { readonly ok: true; readonly value: CompiledPolicy } | { readonly ok: false; readonly problems: readonly Problem[] };

type Environment = Readonly<Record<string, string | undefined>>;

export const WORKSPACE_POLICY = ".cavra/policy.yaml";
export const HOST_POLICY = "policy.yaml";
/** Beside the host's policy: what a person set with `cavra observe` and `cavra allow`. */
export const HOST_SETTINGS = "host-settings.json";

/** The policy for this workspace. `compiler` is loaded only when nothing fitting is kept. Throws CavraError `policy_invalid`, `policy_unsigned`, `unknown_pack`. */
export function policyInForce(workspace: string, env: Environment, compiler: () => Compile): Rulebook {
  const sources = findSources(workspace, env);
  const signing = policySigning(env);
  if (signing !== null) requireSigned(hostPolicy(sources, env, compiler).digest, signing, env);
  if (sources.workspace === null && sources.settings === null) return hostPolicy(sources, env, compiler);
  return compiledFrom(sources, env, compiler);
}

/** The host's policy by itself: what is signed, and what a workspace's is laid over. */
export function hostPolicy(sources: PolicySources, env: Environment, compiler: () => Compile): Rulebook {
  if (sources.host === null) return defaultPolicy();
  return compiledFrom({ ...sources, workspace: null, settings: null }, env, compiler);
}

export function chosenPolicy(choice: PolicyChoice, env: Environment, compiler: () => Compile): Rulebook {
  // What is only looked at is kept nowhere.
  if (choice.file !== "")
    return compiledAnew({ ...findSources("", env), host: readPolicyFile(choice.file), workspace: null, settings: null }, compiler);
  const shipped = shippedPolicy(choice.pack);
  if (shipped !== null) return shipped;
  const own = findSources("", env).library.find((source) => source.path.endsWith(`/${choice.pack}.yaml`));
  if (own === undefined)
    throw new CavraError("unknown_pack", `there is no policy pack \`${choice.pack}\``, { hint: "run `cavra policy list`" });
  return compiledFrom({ ...findSources("", env), host: own, workspace: null, settings: null }, env, compiler);
}

/** The whole document, as `cavra policy compile` prints it and as other evaluators load it. */
export function wholePolicy(rulebook: Rulebook): CompiledPolicy {
  return { ...rulebook, catalogue: shippedCatalogue() };
}

export function findSources(workspace: string, env: Environment): PolicySources {
  const config = configDir(env);
  return {
    host: optionalSource(join(config, HOST_POLICY)),
    workspace: workspace === "" ? null : optionalSource(join(workspace, WORKSPACE_POLICY)),
    settings: optionalSource(join(config, HOST_SETTINGS)),
    library: libraryIn(join(config, "packs")),
  };
}

function defaultPolicy(): Rulebook {
  const policy = shippedPolicy(DEFAULT_PACK);
  if (policy === null)
    throw new CavraError("installation_damaged", `the pack \`${DEFAULT_PACK}\` is missing from the installation`, {
      hint: "install CAVRA again",
    });
  return policy;
}

function compiledFrom(sources: PolicySources, env: Environment, compiler: () => Compile): Rulebook {
  const origin = originOf(sources);
  const kept = join(stateDir(env), "compiled", origin.name);
  const known = readKept(kept, origin.text);
  if (known !== null) return known;
  const rulebook = compiledAnew(sources, compiler);
  keep(kept, origin.text, rulebook);
  return rulebook;
}

function compiledAnew(sources: PolicySources, compiler: () => Compile): Rulebook {
  const compiled = compiler()(sources);
  if (!compiled.ok) throw invalidPolicy(compiled.problems);
  const { catalogue: _, ...rulebook } = compiled.value;
  return rulebook;
}

/** All that a compiled policy depends on but the catalogue, as one text; the name tells workspaces and versions apart, the text everything. */
function originOf({ host, workspace, settings, library }: PolicySources): { readonly name: string; readonly text: string } {
  const parts = [host, workspace, settings, ...library];
  const outline = JSON.stringify([VERSION, ...parts.map((part) => (part === null ? null : [part.path, part.text.length]))]);
  const name = `${sha256(outline).slice("sha256:".length)}.rules`;
  return { name, text: `${outline}\n${parts.map((part) => part?.text ?? "").join("\n")}\n` };
}

/** A policy kept earlier; what was made from anything else, with another catalogue, or is cut off, is compiled again. */
function readKept(path: string, origin: string): Rulebook | null {
  try {
    const bytes = readFileSync(path);
    const start = Buffer.from(origin);
    if (!bytes.subarray(0, start.length).equals(start)) return null;
    const kept = openPackedRules(bytes.subarray(start.length));
    return kept.catalogue_digest === packedCatalogue().digest ? kept : null;
  } catch {
    return null;
  }
}

// Keeping is for speed only: a folder that cannot be written to must not keep anybody from a decision.
function keep(path: string, origin: string, policy: Rulebook): void {
  try {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${origin}${packRulebook(policy)}`, { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // The journal will say what is wrong with the folder, in its own words.
  }
}

export function invalidPolicy(problems: readonly Problem[]): CavraError {
  const first = problems[0];
  const more = problems.length > 1 ? ` and ${problems.length - 1} more problems` : "";
  const place = first?.at === undefined ? "" : `${first.at}: `;
  return new CavraError("policy_invalid", `${place}${first?.message ?? "the policy cannot be compiled"}${more}`, {
    hint: first?.hint ?? "run `cavra policy validate`",
  });
}

/** The file as it stands, null where there is none. SECURITY: one that is there and cannot be read is no absence. */
export function optionalSource(path: string): PolicySource | null {
  return existsSync(path) ? readPolicyFile(path) : null;
}

/** More than a policy pack may have, so that the loader tells of the excess in its own words. */
const POLICY_FILE_BYTES = 16 * 1024 * 1024;

/** Throws CavraError `policy_unreadable`. */
export function readPolicyFile(path: string): PolicySource {
  const bytes = readRegularFile(path, POLICY_FILE_BYTES);
  if (bytes !== null) return { path, text: bytes.toString("utf8") };
  // SECURITY: a policy that is there and cannot be read must not be taken for no policy.
  throw new CavraError("policy_unreadable", `the policy \`${path}\` cannot be read`, {
    hint: "check that it is a file and that you may read it",
  });
}

function libraryIn(folder: string): readonly PolicySource[] {
  if (!existsSync(folder)) return [];
  return readFolder(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readPolicyFile(join(folder, name)));
}

function readFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    throw new CavraError("policy_unreadable", `the folder \`${folder}\` cannot be read`, { cause });
  }
}
