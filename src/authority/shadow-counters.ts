// The counters of the shadow log: how often which stratum ended how, per pair of engines and policy. Implements spec/backend.md 7.1. Pure.

import { compareBytes, parseJson } from "../base/index.js";

export const COUNTERS_SCHEMA = "cavra.shadow-counters.v1";
/** Pairs of engines and policy that are kept. */
export const MOST_ENGINES = 16;

/** One comparison. */
export interface Counted {
  readonly build: string;
  readonly catalogue_digest: string;
  readonly policy_digest: string;
  readonly action_type: string;
  readonly verdict: string;
  readonly effect: string;
  readonly outcome: string;
}

export interface StratumCounts {
  readonly action_type: string;
  readonly verdict: string;
  readonly effect: string;
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface EngineCounts {
  readonly build: string;
  readonly catalogue_digest: string;
  readonly policy_digest: string;
  readonly strata: readonly StratumCounts[];
}

export interface ShadowCounters {
  readonly schema_version: typeof COUNTERS_SCHEMA;
  /** The last day whose lines were too many; "" where there was none. */
  readonly truncated: string;
  /** The one that was counted last stands last. */
  readonly engines: readonly EngineCounts[];
}

export const NO_COUNTS: ShadowCounters = { schema_version: COUNTERS_SCHEMA, truncated: "", engines: [] };

/** What the file says; what cannot be read counts for nothing. */
export function readCounters(text: string): ShadowCounters {
  const read = parseJson(text);
  if (!read.ok || typeof read.value !== "object" || read.value === null) return NO_COUNTS;
  const value = read.value as unknown as ShadowCounters;
  const isWhole = value.schema_version === COUNTERS_SCHEMA && typeof value.truncated === "string" && Array.isArray(value.engines);
  return isWhole && value.engines.every((one) => Array.isArray(one?.strata) && one.strata.every(hasOutcomes)) ? value : NO_COUNTS;
}

function hasOutcomes(one: StratumCounts): boolean {
  return (
    typeof one?.outcomes === "object" && one.outcomes !== null && Object.values(one.outcomes).every((count) => Number.isSafeInteger(count))
  );
}

export function addCounts(known: ShadowCounters, counted: readonly Counted[]): ShadowCounters {
  const engines = new Map(known.engines.map((one) => [engineKey(one), one]));
  const strata = new Map<string, Map<string, StratumCounts>>();
  for (const one of counted) {
    const key = engineKey(one);
    const engine = engines.get(key) ?? {
      build: one.build,
      catalogue_digest: one.catalogue_digest,
      policy_digest: one.policy_digest,
      strata: [],
    };
    // Moved to the end: the last that was counted.
    engines.delete(key);
    engines.set(key, engine);
    const of = strata.get(key) ?? new Map(engine.strata.map((stratum) => [stratumKey(stratum), stratum]));
    strata.set(key, of);
    const stratum = of.get(stratumKey(one)) ?? { action_type: one.action_type, verdict: one.verdict, effect: one.effect, outcomes: {} };
    of.set(stratumKey(one), { ...stratum, outcomes: { ...stratum.outcomes, [one.outcome]: (stratum.outcomes[one.outcome] ?? 0) + 1 } });
  }
  const all = [...engines].map(([key, engine]) => {
    const of = strata.get(key);
    return of === undefined
      ? engine
      : { ...engine, strata: [...of].sort(([left], [right]) => compareBytes(left, right)).map(([, one]) => one) };
  });
  return { ...known, engines: all.slice(-MOST_ENGINES) };
}

function engineKey({ build, catalogue_digest, policy_digest }: Omit<EngineCounts, "strata">): string {
  return `${build} ${catalogue_digest} ${policy_digest}`;
}

function stratumKey({ action_type, verdict, effect }: Omit<StratumCounts, "outcomes">): string {
  return `${action_type} ${verdict} ${effect}`;
}
