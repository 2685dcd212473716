// What came of a policy's first campaign, kept in the state folder: before it found no mismatch, Go is not compared by that policy. Implements spec/backend.md section 11.
// INVARIANT: a result holds for the engines, catalogue and policy that it names and for no others; what cannot be read is none.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_DIGEST, type Fault, type Hello } from "../backend/index.js";
import { parseJson } from "../base/index.js";
import { type Clock, ensurePrivateFolder, readNoFollow, replaceDurably } from "../store/index.js";

export const FIRST_SCHEMA = "cavra.first-campaign.v1";
export const FIRST_FOLDER = "parity";
/** Cases of one, and what it may take. */
export const FIRST_CASES = 2_048;
export const FIRST_MS = 300_000;
/** Policies whose results are kept. */
export const MOST_FIRST = 64;

export interface FirstCampaign {
  readonly schema_version: typeof FIRST_SCHEMA;
  readonly at: string;
  readonly engines: { readonly typescript: string; readonly go: string };
  readonly catalogue_digest: string;
  readonly policy_digest: string;
  /** "" where none is judged by. */
  readonly registry_digest: string;
  readonly seed: string;
  readonly cases: number;
  /** Null where there was none. Seed and index make the case again. */
  readonly mismatch: { readonly index: number; readonly family: string; readonly at: string; readonly unsafe: boolean } | null;
}

/** What a worker says of itself, as far as a result is bound to it. */
export interface ComparedEngines extends Pick<Hello, "build" | "catalogue_digest" | "registry_digest"> {
  readonly policy: Pick<Hello["policy"], "digest">;
}

export function firstCampaignFile(stateFolder: string, policyDigest: string): string {
  return join(stateFolder, FIRST_FOLDER, `${policyDigest.slice("sha256:".length)}.json`);
}

/** Null where none was kept for these. Never throws. */
export function readFirstCampaign(
  stateFolder: string,
  { build, catalogue_digest, policy, registry_digest }: ComparedEngines,
): FirstCampaign | null {
  try {
    const read = parseJson(readNoFollow(firstCampaignFile(stateFolder, policy.digest))?.text ?? "");
    const kept = read.ok ? (read.value as Partial<FirstCampaign> | null) : null;
    const isThese =
      kept?.schema_version === FIRST_SCHEMA &&
      kept.engines?.typescript === ENGINE_DIGEST &&
      kept.engines.go === build &&
      kept.catalogue_digest === catalogue_digest &&
      kept.policy_digest === policy.digest &&
      kept.registry_digest === registry_digest &&
      kept.mismatch !== undefined &&
      (kept.mismatch !== null || kept.cases === FIRST_CASES);
    return isThese ? (kept as FirstCampaign) : null;
  } catch {
    return null;
  }
}

/** Throws what the store throws. */
export function keepFirstCampaign(stateFolder: string, kept: FirstCampaign, clock: Clock): void {
  ensurePrivateFolder(stateFolder);
  replaceDurably(firstCampaignFile(stateFolder, kept.policy_digest), `${JSON.stringify(kept)}\n`, clock);
  const folder = join(stateFolder, FIRST_FOLDER);
  const aged = readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .map((name) => ({ path: join(folder, name), keptMs: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((left, right) => right.keptMs - left.keptMs);
  for (const { path } of aged.slice(MOST_FIRST)) rmSync(path, { force: true });
}

/** Why Go may not be compared by this policy; null where it may. */
export function heldBack(stateFolder: string, compared: ComparedEngines): Fault | null {
  const kept = readFirstCampaign(stateFolder, compared);
  if (kept === null)
    return {
      code: "campaign_missing",
      message: "no first campaign has compared these two engines by this policy: `cavra runtime go-parity first`",
    };
  if (kept.mismatch === null) return null;
  const { index, at } = kept.mismatch;
  return {
    code: "campaign_mismatch",
    message: `the first campaign found a mismatch by this policy: case ${index} of seed ${kept.seed} differs at ${at.slice(0, 200)}`,
  };
}
