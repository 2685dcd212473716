// Policies for the server's routes. Reading is done here; what judges a text is made by its very command, in a process of its own. Implements spec/service.md section 9.
// A policy of somebody else's takes as long to compile as it likes: here it would hold up every answer of the authority.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chosenPolicy,
  compileSources,
  findSources,
  hostPolicy,
  POLICY_SIGNATURE,
  shippedPolicy,
  shippedSources,
  wholePolicy,
} from "../../../authority/index.js";
import { bad, CavraError, type JsonObject, ok, type Result } from "../../../base/index.js";
import { compiledText, loadPack, type Rulebook } from "../../../policy/index.js";
import type { PoliciesPort, PolicyMeant, PolicyRead, ReplayWindow } from "../../../server/index.js";
import { configDir, readNoFollow } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { commandJson } from "./command-json.js";

type Env = Terminal["env"];

export function policiesOver(terminal: Pick<Terminal, "env" | "cwd">): PoliciesPort {
  const { env } = terminal;
  return {
    list: async () => policiesHere(env).map(({ about: { source: _source, ...told } }) => told),
    read: async (id) => {
      const found = policyHere(env, id);
      return found.ok ? ok(found.value.about) : found;
    },
    bundle: async (id) => {
      const found = policyHere(env, id);
      if (!found.ok) return found;
      const { source: _source, ...about } = found.value.about;
      const signature = about.kind === "host" ? (readNoFollow(join(configDir(env), POLICY_SIGNATURE))?.text ?? null) : null;
      return ok({ ...about, compiled: compiledOnce(found.value.policy), signature });
    },
    validate: (source, layer) =>
      withFiles([source], async ([file = ""]) => {
        const made = await commandJson(["policy", "validate", file, ...(layer === "workspace" ? ["--workspace"] : [])], terminal);
        return made as JsonObject;
      }),
    diff: (a, b, window) =>
      trying(env, [a, b], ([first = "", second = ""]) => ["policy", "diff", first, second, ...flags(window)], terminal),
    simulate: (policy, window) => trying(env, [policy], ([name = ""]) => ["policy", "simulate", name, ...flags(window)], terminal),
  };
}

interface Here {
  readonly about: PolicyRead;
  readonly policy: Rulebook;
}

/** The host's own policy stands before a pack of its name, and a pack of the host's before one that ships. */
function policiesHere(env: Env): readonly Here[] {
  const sources = findSources("", env);
  const host = told(
    hostPolicy(sources, env, () => compileSources),
    "host",
    sources.host?.text ?? "",
  );
  const packs = sources.library.flatMap(({ path, text }) => {
    const pack = loadPack(text, path, "host");
    const id = pack.ok ? pack.value.id : "";
    return path.endsWith(`/${id}.yaml`)
      ? [
          told(
            chosenPolicy({ pack: id, file: "" }, env, () => compileSources),
            "pack",
            text,
          ),
        ]
      : [];
  });
  const shipped = Object.entries(shippedSources()).flatMap(([id, text]) => {
    const policy = shippedPolicy(id);
    return policy === null ? [] : [told(policy, "shipped", text)];
  });
  return [host, ...packs, ...shipped];
}

function told(policy: Rulebook, kind: PolicyRead["kind"], source: string): Here {
  const { id, version, digest, mode } = policy;
  return { about: { id, version, digest, mode, kind, source }, policy };
}

function policyHere(env: Env, id: string): Result<Here> {
  const found = policiesHere(env).find(({ about }) => about.id === id);
  return found === undefined ? bad("policy_not_found", `there is no policy \`${id}\``) : ok(found);
}

/** The text of the last one that was asked for: fleets ask for one, again and again. */
let compiled = { digest: "", text: "" };

function compiledOnce(policy: Rulebook): string {
  if (compiled.digest === policy.digest) return compiled.text;
  const text = compiledText(wholePolicy(policy));
  if (!text.ok) throw new CavraError("internal_error", "the policy has no canonical form");
  compiled = { digest: policy.digest, text: text.value };
  return text.value;
}

function flags({ since, until, samples }: ReplayWindow): readonly string[] {
  return [
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(until === undefined ? [] : [`--until=${until}`]),
    ...(samples === undefined ? [] : [`--samples=${samples}`]),
  ];
}

/** What is wrong with the policies or the window, of all that the command may say. */
const OF_THE_CALLER: ReadonlySet<string> = new Set(["bad_limit", "bad_time", "policy_invalid"]);

async function trying(
  env: Env,
  meant: readonly PolicyMeant[],
  command: (names: readonly string[]) => readonly string[],
  terminal: Pick<Terminal, "env" | "cwd">,
): Promise<Result<object>> {
  for (const { id } of meant) {
    const known = id === undefined ? ok(null) : policyHere(env, id);
    if (!known.ok) return known;
  }
  const texts = meant.map(({ id, source }) => source ?? sourceOf(env, id ?? ""));
  return withFiles(texts, async (files) => {
    try {
      return ok(await commandJson(command(files), terminal));
    } catch (thrown) {
      if (thrown instanceof CavraError && OF_THE_CALLER.has(thrown.code)) return bad(thrown.code, bare(thrown.message, files));
      throw thrown;
    }
  });
}

/** The host's default has no text of its own: it is the pack that ships. */
function sourceOf(env: Env, id: string): string {
  const found = policyHere(env, id);
  const own = found.ok ? found.value.about.source : "";
  return own === "" ? (shippedSources()[id] ?? "") : own;
}

/** In a folder that only this account may look into, and that is gone afterwards. */
async function withFiles<T>(texts: readonly string[], use: (files: readonly string[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "cavra-policy-"));
  try {
    const files = texts.map((text, at) => {
      const path = join(folder, `${at + 1}.yaml`);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    });
    return shownWithout(folder, await use(files));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A place in a text is told by line and column; the folder says nothing to who sent it. */
function shownWithout<T>(folder: string, value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(`${folder}/1.yaml`, "source").replaceAll(`${folder}/2.yaml`, "b")) as T;
}

function bare(message: string, files: readonly string[]): string {
  return files.reduce((text, file) => text.replaceAll(file, "source"), message);
}
