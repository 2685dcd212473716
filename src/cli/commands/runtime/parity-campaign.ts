// A campaign put together from what the command line says, and watched: second engine, given cases, seed, state, progress. Implements spec/parity.md sections 2, 3 and 5.

import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { type ComparedEngines, chosenRegistry, wholePolicy } from "../../../authority/index.js";
import { ENGINE_DIGEST, readHello } from "../../../backend/index.js";
import { CavraError, type JsonValue, parseJson, sha256, sortedByBytes } from "../../../base/index.js";
import {
  corpusLines,
  fixedCases,
  type Given,
  givenIn,
  type LaneInput,
  openThread,
  type Progress,
  parseSeed,
  runCampaign,
  type SecondEngine,
  startAsker,
} from "../../../parity/index.js";
import { compiledText } from "../../../policy/index.js";
import { openProgress } from "../../progress.js";
import type { Terminal } from "../../terminal.js";
import { named } from "../policy/named.js";
import { recordedTraffic } from "./parity-traffic.js";

export interface ParityOptions {
  readonly runtimePath?: string;
  readonly policyPack?: string;
  readonly registry?: string;
  readonly cases?: string;
  readonly minutes?: string;
  readonly seed?: string;
  readonly sealed?: boolean;
  readonly exploring?: boolean;
  readonly upTo?: string;
  readonly corpus?: readonly string[];
  readonly vectors?: string;
  readonly traffic?: boolean;
  readonly lanes?: string;
  readonly state?: string;
  readonly keep?: string;
  readonly report?: string;
  readonly self?: boolean;
  readonly selfCases?: string;
  readonly json?: boolean;
}

export interface Campaign {
  readonly input: LaneInput;
  readonly seed: string;
  readonly hello: Hello;
  readonly lanes: number;
  /** Given cases, and all. */
  readonly given: number;
  readonly end: number;
  readonly mostMismatches: number;
  readonly minutes: number;
  readonly statePath: string;
  /** Since it was begun here. */
  readonly seconds: () => number;
}

/** What came of it, with all the seconds that it took: those before it was gone on with too. */
export interface Done extends Progress {
  readonly seconds: number;
}

export async function prepared(terminal: Terminal, options: ParityOptions, folder: string): Promise<Campaign> {
  const second = secondEngine(terminal, options, folder);
  const given = readGiven(terminal, options);
  const hello = await greeted(second);
  const seed = options.seed ?? seedOf(hello);
  const parsed = parseSeed(seed);
  if (parsed === null) throw new CavraError("bad_seed", "a seed is 16 hexadecimal digits in lower case");
  const startedMs = Date.now();
  const fixed = fixedCases(given).length;
  return {
    input: { second, seed: parsed, given },
    seed,
    hello,
    lanes: numberOf(options.lanes, availableParallelism(), 64, "lanes"),
    given: fixed,
    end: fixed + numberOf(options.cases, DEFAULT_CASES, 1_000_000_000, "cases"),
    mostMismatches: options.sealed === true ? 1 : numberOf(options.upTo, DEFAULT_UP_TO, 100_000, "up-to"),
    minutes: numberOf(options.minutes, 7 * 24 * 60, 7 * 24 * 60, "minutes"),
    statePath: options.state === undefined ? "" : resolve(terminal.cwd, options.state),
    seconds: () => Math.ceil((Date.now() - startedMs) / 1000),
  };
}

const DEFAULT_CASES = 100_000;
const DEFAULT_UP_TO = 100;
/** Beside this bundle, whichever it is. */
export const PARITY_BUNDLE = join(import.meta.dirname, "parity.cjs");

export function numberOf(text: string | undefined, otherwise: number, most: number, name: string): number {
  if (text === undefined) return otherwise;
  const value = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new CavraError("bad_number", `\`--${name}\` is a whole number from 1 to ${most}`);
}

function secondEngine(terminal: Terminal, options: ParityOptions, folder: string): SecondEngine {
  const text = compiledText(wholePolicy(named(terminal, options.policyPack ?? "")));
  if (!text.ok) throw new CavraError("internal_error", "the policy has no canonical form");
  const policyPath = join(folder, "policy.json");
  writeFileSync(policyPath, text.value);
  const files = { policyPath, ...(options.registry === undefined ? {} : { registryPath: resolve(terminal.cwd, options.registry) }) };
  if (files.registryPath !== undefined) chosenRegistry(files.registryPath);
  if (options.self === true) return firstEngineElsewhere(files);
  const given = options.runtimePath ?? terminal.env.CAVRA_GO_RUNTIME_PATH ?? "";
  const program = given === "" ? join(import.meta.dirname, "bin", "cavra-runtime") : resolve(terminal.cwd, given);
  if (!existsSync(program))
    throw new CavraError("runtime_missing", `there is no file \`${program}\``, { hint: "build it with `make build` where Go is" });
  return { program, before: [], ...files, environment: QUICK };
}

/** The first engine itself: another process, time zone, locale, heap. */
export function firstEngineElsewhere({ policyPath, registryPath }: Pick<SecondEngine, "policyPath" | "registryPath">): SecondEngine {
  const files = { policyPath, ...(registryPath === undefined ? {} : { registryPath }) };
  return { program: process.execPath, before: [...ANOTHER_HEAP, PARITY_BUNDLE], ...files, environment: ANOTHER_PLACE };
}

const ANOTHER_PLACE = { TZ: "Pacific/Chatham", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
const ANOTHER_HEAP = ["--max-old-space-size=256", "--max-semi-space-size=2", "--stack-size=1400"];
/** The worker of a campaign may use memory to be quick, and has one processor as its lane has: what it says does not depend on it. */
const QUICK = { GOGC: "800", GOMAXPROCS: "1" };

export interface Hello {
  readonly version: string;
  readonly build: string;
  readonly engine: string;
  readonly catalogue_digest: string;
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string };
  readonly registry_digest: string;
}

/** Nothing where there is none, so that a campaign without one is as it was. */
function registryIn({ registry_digest }: Pick<Hello, "registry_digest">): readonly string[] {
  return registry_digest === "" ? [] : [registry_digest];
}

async function greeted(second: SecondEngine): Promise<Hello> {
  const asker = startAsker(
    second,
    () => {},
    () => {},
  );
  try {
    const hello = readHello(await asker.hello);
    if (hello === null) throw new CavraError("runtime_not_ready", "the second engine's first line is no hello");
    return hello;
  } finally {
    asker.stop();
  }
}

/** From the digests of both engines, of the policy and of a registry: nobody chooses the cases, and everybody can make them again. */
export function seedOf(hello: ComparedEngines): string {
  const digests = [ENGINE_DIGEST, hello.build, hello.policy.digest, ...registryIn(hello)];
  return sha256(digests.map((digest) => `${digest}\n`).join("")).slice("sha256:".length, "sha256:".length + 16);
}

function readGiven(terminal: Terminal, { corpus = [], vectors, traffic }: ParityOptions): Given {
  const lines = corpus.flatMap((file) => corpusLines(readFileSync(resolve(terminal.cwd, file), "utf8")));
  const held = vectors === undefined ? [] : readVectors(resolve(terminal.cwd, vectors)).map(givenIn);
  return {
    lines: [...new Set([...lines, ...held.flatMap((one) => one.lines)])],
    code: held.flatMap((one) => one.code),
    evaluations: held.flatMap((one) => one.evaluations),
    traffic: traffic === true ? recordedTraffic(terminal) : [],
  };
}

function readVectors(folder: string): readonly JsonValue[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return sortedByBytes(names).flatMap((name) => {
    const read = parseJson(readFileSync(join(folder, name)));
    return read.ok ? [read.value] : [];
  });
}

/** `isStopped` is asked after each chunk. */
export async function watched(terminal: Terminal, campaign: Campaign, isStopped: () => boolean): Promise<Done> {
  const { input, statePath, end } = campaign;
  const before = statePath === "" ? null : readState(statePath, campaign);
  const lanes = Array.from({ length: campaign.lanes }, () => openThread(PARITY_BUNDLE, input));
  const bar = openProgress(terminal, "comparing");
  const started = Date.now();
  const from = before?.position ?? 0;
  let kept = 0;
  const secondsOf = () => (before?.seconds ?? 0) + campaign.seconds();
  const keepState = (progress: Progress) => {
    if (statePath !== "") writeState(statePath, campaign, { ...progress, seconds: secondsOf() });
    kept = Date.now();
  };
  try {
    const done = await runCampaign({
      lanes,
      before,
      end,
      mostMismatches: campaign.mostMismatches,
      isOver: () => isStopped() || Date.now() - started > campaign.minutes * 60_000,
      onProgress: (progress) => {
        bar.at(progress.position, end, paceOf(progress, from, end, Date.now() - started));
        if (progress.position > from && Date.now() - kept > STATE_EVERY_MS) keepState(progress);
      },
    });
    keepState(done);
    return { ...done, seconds: secondsOf() };
  } finally {
    bar.end();
    for (const lane of lanes) lane.stop();
  }
}

const STATE_EVERY_MS = 2_000;

function paceOf({ position, mismatches }: Progress, from: number, end: number, elapsedMs: number): string {
  const rate = ((position - from) * 1000) / Math.max(1, elapsedMs);
  const left = rate === 0 ? "" : `, ${spanOf((end - position) / rate)} left`;
  return `${Math.round(rate)} cases/s${left}, ${mismatches.length} differ`;
}

function spanOf(seconds: number): string {
  return seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

export function givenDigest({ given }: Pick<LaneInput, "given">): string {
  return sha256(JSON.stringify(given));
}

/** What a state belongs to: another engine, policy or seed begins anew. */
function identityOf({ seed, hello, input }: Campaign): string {
  return sha256([ENGINE_DIGEST, hello.build, hello.policy.digest, ...registryIn(hello), seed, givenDigest(input)].join("\n"));
}

function readState(path: string, campaign: Campaign): Done | null {
  if (!existsSync(path)) return null;
  const { identity, ...done } = JSON.parse(readFileSync(path, "utf8")) as Done & { readonly identity: string };
  if (identity === identityOf(campaign)) return done;
  throw new CavraError("other_campaign", `\`${path}\` is the state of another campaign`, { hint: "name another file, or remove it" });
}

function writeState(path: string, campaign: Campaign, { position, tally, mismatches, seconds }: Done): void {
  writeFileSync(`${path}.new`, JSON.stringify({ identity: identityOf(campaign), position, tally, mismatches, seconds }));
  renameSync(`${path}.new`, path);
}
