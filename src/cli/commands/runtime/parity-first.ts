// The first campaign of a policy: short, by itself, and before Go is compared by it. Implements spec/backend.md section 11.
// It is run by `cavra runtime go-parity first`, which a running authority starts too, and by the commands that ask Go on purpose; never by a hook.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ComparedEngines,
  chosenRegistry,
  FIRST_CASES,
  FIRST_MS,
  FIRST_SCHEMA,
  type FirstCampaign,
  heldBack,
  keepFirstCampaign,
  packedCatalogue,
  readFirstCampaign,
  workspaceAround,
} from "../../../authority/index.js";
import { ENGINE_DIGEST, type Fault, readHello, startWorker, type WorkerSource } from "../../../backend/index.js";
import { CavraError, formatTime, parseJson } from "../../../base/index.js";
import { type Mismatch, NOTHING_GIVEN, openThread, parseSeed, runCampaign } from "../../../parity/index.js";
import { SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { openProgress } from "../../progress.js";
import { report, type Terminal } from "../../terminal.js";
import { type EvaluateOptions, openFor } from "../evaluate.js";
import { PARITY_BUNDLE, seedOf } from "./parity-campaign.js";
import { type RuntimeOptions, type RuntimeSettings, readSettings } from "./settings.js";
import { workerSource } from "./worker-source.js";

/** `cavra runtime go-parity first`: again where a person asks for it, also where there is a result. */
export async function parityFirst(terminal: Terminal, options: RuntimeOptions & EvaluateOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const settings = readSettings({ ...options, mode: "shadow" }, terminal);
  if (!settings.ok) return report(terminal, settings.problem, json);
  const source = sourceFor(terminal, options, settings.value);
  const started = await startWorker(source, GREETING_MS);
  if (!started.ok) return report(terminal, { ...started.fault, hint: "run `cavra runtime go-pilot-readiness --mode shadow`" }, json);
  const { hello } = started.worker;
  await started.worker.stop();
  const kept = await compared(terminal, source, hello);
  const { seed, cases, mismatch } = kept;
  const told =
    mismatch === null
      ? `${cases} cases, no mismatch: Go is compared by this policy from now on`
      : `case ${mismatch.index} of seed ${seed} differs at ${mismatch.at}: Go is not compared by this policy`;
  terminal.print(json ? `${JSON.stringify(kept)}\n` : `${told}\n`);
  return mismatch === null ? EXIT.done : EXIT.deny;
}

/** Nobody waits for it: on a busy machine a hello may be later than a hook's worker may be. */
const GREETING_MS = 60_000;

/** A policy that was handed over as a file needs no other: a running authority's is named by its digest. */
function sourceFor(terminal: Terminal, options: EvaluateOptions, settings: RuntimeSettings): WorkerSource {
  const { policyPath, registryPath } = settings;
  const runtimePath = settings.runtimePath === "" ? join(import.meta.dirname, "bin", "cavra-runtime") : settings.runtimePath;
  if (policyPath === "") {
    const authority = openFor(terminal, workspaceAround(terminal.cwd, terminal.env.HOME ?? ""), options);
    return workerSource(authority, { ...settings, runtimePath }, options, terminal);
  }
  const registry = registryPath === "" ? null : { path: registryPath, digest: chosenRegistry(registryPath).digest };
  return { runtimePath, policyPath, policyDigest: digestIn(policyPath), catalogueDigest: packedCatalogue().digest, registry };
}

/** As the file says it: the worker finds out whether it is. "" where it says none. */
function digestIn(path: string): string {
  const read = parseJson(readFileSync(path), { sizeBytes: POLICY_BYTES, depth: 64 });
  const digest = read.ok ? (read.value as { readonly digest?: unknown } | null)?.digest : undefined;
  return typeof digest === "string" ? digest : "";
}

const POLICY_BYTES = 67_108_864;

/** Why Go is held back, after a campaign where none was run. Never throws: what keeps one from its end is told with the code. */
export async function afterFirstCampaign(terminal: Terminal, source: WorkerSource, hello: ComparedEngines): Promise<Fault | null> {
  const state = stateDir(terminal.env);
  if (readFirstCampaign(state, hello) !== null) return heldBack(state, hello);
  try {
    await compared(terminal, source, hello);
    return heldBack(state, hello);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { code: "campaign_missing", message: `the first campaign by this policy did not come to its end: ${why.slice(0, 300)}` };
  }
}

/** Runs a campaign and keeps what came of it. Throws CavraError `campaign_unfinished`, and those of a lane. */
async function compared(
  terminal: Terminal,
  { runtimePath, policyPath, registry }: WorkerSource,
  hello: ComparedEngines,
): Promise<FirstCampaign> {
  const seed = seedOf(hello);
  const parsed = parseSeed(seed);
  if (parsed === null) throw new CavraError("internal_error", "a digest gives a seed");
  const files = { policyPath, ...(registry === null || registry === undefined ? {} : { registryPath: registry.path }) };
  const second = { program: runtimePath, before: [], ...files, environment: {} };
  const lane = openThread(PARITY_BUNDLE, { second, seed: parsed, given: NOTHING_GIVEN });
  const bar = openProgress(terminal, "comparing");
  const tooLong = overdue();
  try {
    const met = readHello(await Promise.race([lane.hello, tooLong.promise]));
    if (met?.build !== hello.build || met.policy.digest !== hello.policy.digest || met.registry_digest !== hello.registry_digest)
      throw new CavraError("runtime_wrong_digest", "the binary, the policy or the registry was replaced meanwhile");
    const running = runCampaign({
      lanes: [lane],
      before: null,
      end: FIRST_CASES,
      mostMismatches: 1,
      isOver: () => false,
      onProgress: ({ position }) => bar.at(position, FIRST_CASES),
    });
    const { tally, mismatches } = await Promise.race([running, tooLong.promise]);
    const kept = resultOf(hello, seed, tally.all[0], mismatches[0]);
    keepFirstCampaign(stateDir(terminal.env), kept, SYSTEM_CLOCK);
    return kept;
  } finally {
    tooLong.cancel();
    bar.end();
    lane.stop();
  }
}

function resultOf(hello: ComparedEngines, seed: string, cases: number, mismatch: Mismatch | undefined): FirstCampaign {
  const found =
    mismatch === undefined ? null : { index: mismatch.index, family: mismatch.family, at: mismatch.at, unsafe: mismatch.unsafe };
  return {
    schema_version: FIRST_SCHEMA,
    at: formatTime(SYSTEM_CLOCK.nowMs()),
    engines: { typescript: ENGINE_DIGEST, go: hello.build },
    catalogue_digest: hello.catalogue_digest,
    policy_digest: hello.policy.digest,
    registry_digest: hello.registry_digest,
    seed,
    cases,
    mismatch: found,
  };
}

function overdue(): { readonly promise: Promise<never>; readonly cancel: () => void } {
  let cancel = () => {};
  const promise = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new CavraError("campaign_unfinished", `it took more than ${FIRST_MS} ms`)), FIRST_MS);
    cancel = () => clearTimeout(timer);
  });
  // It may fail when nobody waits for it any more.
  promise.catch(() => {});
  return { promise, cancel };
}
