// A lane in a thread of its own, and the thread's side of it. Implements spec/parity.md 3.1. The thread opens policy and second engine itself; only chunks and counts travel.

import { readFileSync } from "node:fs";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { CavraError } from "../base/index.js";
import type { WholeCatalogue } from "../change/index.js";
import { type CompiledPolicy, type McpRegistry, parseRegistry, readCompiled } from "../policy/index.js";
import type { SecondEngine } from "./asker.js";
import { casesOf, materialOf, type Seed } from "./cases/index.js";
import { type Engine, openEngine } from "./engine.js";
import { fixedCases, type Given, linesToChange } from "./given.js";
import { type Chunk, type ChunkResult, type Lane, openLane, type Source } from "./lane.js";

/** All that a lane needs to make the same cases as every other lane of the campaign. */
export interface LaneInput {
  readonly second: SecondEngine;
  readonly seed: Seed;
  readonly given: Given;
}

/** Compiled policy and registry of two files as the first engine opens them. Throws `policy_unreadable`, and the codes of a registry. */
export function engineOf({ policyPath, registryPath }: Pick<SecondEngine, "policyPath" | "registryPath">): Engine {
  const read = readCompiled(JSON.parse(readFileSync(policyPath, "utf8")));
  if (!read.ok) throw new CavraError("policy_unreadable", `\`${policyPath}\`: ${read.problems[0]?.message ?? "no compiled policy"}`);
  const policy: CompiledPolicy = read.value;
  return openEngine(policy.catalogue as unknown as WholeCatalogue, policy, registryPath === undefined ? null : registryOf(registryPath));
}

function registryOf(path: string): McpRegistry {
  const read = parseRegistry(readFileSync(path));
  if (!read.ok)
    throw new CavraError(read.problem.code, `\`${path}\`: ${read.problem.message}`, { hint: `run \`cavra mcp check ${path}\`` });
  return read.value;
}

/** First what was given, then generated cases without end. */
export function sourceOf(engine: Engine, { seed, given }: Pick<LaneInput, "seed" | "given">): Source {
  const fixed = fixedCases(given);
  const material = materialOf(engine.catalogue, engine.rulebook, { ...given, lines: linesToChange(given) }, engine.registry);
  const generated = casesOf(seed, material);
  return (index) => fixed[index] ?? generated(index - fixed.length);
}

export function openLaneHere(input: LaneInput): Lane {
  const engine = engineOf(input.second);
  return openLane(engine, input.second, sourceOf(engine, input));
}

type Told =
  | { readonly kind: "hello"; readonly line: string }
  | { readonly kind: "done"; readonly result: ChunkResult }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** A case lives for a batch: with this much room nearly all of them are gone before anybody looks for what still lives. */
const YOUNG_MB = 192;

/** `file` is the bundle whose main calls serveLane. */
export function openThread(file: string, input: LaneInput): Lane {
  const thread = new Worker(file, { workerData: { parity: "lane", input }, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  let waiting: { readonly resolve: (result: ChunkResult) => void; readonly reject: (error: Error) => void } | null = null;
  let failure: Error | null = null;
  let [greet, refuse]: [(line: string) => void, (error: Error) => void] = [() => {}, () => {}];
  const hello = new Promise<string>((resolve, reject) => {
    [greet, refuse] = [resolve, reject];
  });
  const fail = (error: Error) => {
    failure ??= error;
    refuse(failure);
    waiting?.reject(failure);
  };
  thread.on("message", (told: Told) => {
    if (told.kind === "hello") greet(told.line);
    else if (told.kind === "failed") fail(new CavraError(told.code, told.message));
    else waiting?.resolve(told.result);
  });
  thread.on("error", fail);
  return {
    hello,
    run: (chunk) =>
      new Promise((resolve, reject) => {
        if (failure !== null) reject(failure);
        waiting = { resolve, reject };
        thread.postMessage(chunk);
      }),
    stop: () => thread.postMessage(null),
  };
}

/** The thread's side. False where this is no lane's thread. */
export function serveLane(): boolean {
  const data = workerData as { readonly parity?: string; readonly input: LaneInput } | null;
  const port = parentPort;
  if (port === null || data?.parity !== "lane") return false;
  // Readers refuse by throwing, a hostile case in four: telling where from costs more than the case.
  Error.stackTraceLimit = 1;
  const tell = (told: Told) => port.postMessage(told);
  const failed = (error: unknown) =>
    tell({
      kind: "failed",
      code: error instanceof CavraError ? error.code : "internal_error",
      message: String(error instanceof Error ? (error.stack ?? error) : error),
    });
  try {
    const lane = openLaneHere(data.input);
    lane.hello.then((line) => tell({ kind: "hello", line }), failed);
    port.on("message", (chunk: Chunk | null) => {
      if (chunk !== null) lane.run(chunk).then((result) => tell({ kind: "done", result }), failed);
      else {
        lane.stop();
        port.close();
      }
    });
  } catch (error) {
    failed(error);
  }
  return true;
}
