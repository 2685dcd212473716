// The report of a campaign: what was planted, the first engine against itself, counts, coverage; signed by the builder's key. Implements spec/parity.md sections 6 and 7.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { VERSION } from "../../../authority/index.js";
import { ENGINE_DIGEST } from "../../../backend/index.js";
import { CavraError, formatTime, sha256 } from "../../../base/index.js";
import { activeKeys, type KeySigner } from "../../../evidence/index.js";
import {
  CONSTRUCTS,
  engineOf,
  judgedBy,
  materialOf,
  openThread,
  type Planted,
  plant,
  runCampaign,
  sourceOf,
  strataRows,
  VERDICT_PAIRS,
} from "../../../parity/index.js";
import { boundPerBillion, PARITY_DAYS, PARITY_SCHEMA, type ParityReport, signReport } from "../../../promotion/index.js";
import { hasKey, keysFolder, readSigner, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { currentTrust } from "../keys/access.js";
import {
  type Campaign,
  type Done,
  firstEngineElsewhere,
  givenDigest,
  numberOf,
  PARITY_BUNDLE,
  type ParityOptions,
} from "./parity-campaign.js";

export async function writeReport(
  terminal: Terminal,
  options: ParityOptions,
  campaign: Campaign,
  done: Done,
  signer: KeySigner,
): Promise<void> {
  const planted = plantedIn(campaign);
  const self = await againstItself(campaign, numberOf(options.selfCases, SELF_CASES, 10_000_000, "self-cases"));
  const report = reportOf(options, campaign, done, planted, self);
  const text = signReport(report, signer, trustChain(stateDir(terminal.env)));
  if (!text.ok) throw new CavraError(text.problem.code, text.problem.message);
  writeFileSync(resolve(terminal.cwd, options.report ?? ""), text.value);
}

const SELF_CASES = 20_000;
const PLANTED_CASES = 200;

/** Throws CavraError: `key_missing`, those of the keys, and those of trust. */
export function builder(terminal: Terminal): KeySigner {
  const trust = currentTrust(terminal);
  if (!trust.ok) throw new CavraError(trust.problem.code, trust.problem.message, { hint: trust.problem.hint ?? "" });
  const folder = keysFolder(stateDir(terminal.env));
  const key = activeKeys(trust.value.keys, "builder").find(({ key_id }) => hasKey(folder, key_id));
  if (key !== undefined) return readSigner(folder, key.key_id, "builder");
  throw new CavraError("key_missing", "there is no builder key here to sign the report with", {
    hint: "a person makes one: `cavra keys rotate builder`",
  });
}

/** Over the campaign's own first cases: what is planted must be planted in judgements as they come. */
function plantedIn({ input }: Campaign): Planted {
  const engine = engineOf(input.second);
  const source = sourceOf(engine, input);
  let [altered, seen] = [0, 0];
  for (let index = 0; index < PLANTED_CASES; index++) {
    const { text } = judgedBy(engine, source(index).evaluation);
    if (!text.ok || text.value.length > PLANTED_BYTES) continue;
    const one = plant(text.value, { request: sha256(String(index)), policy: engine.rulebook.digest });
    altered += one.altered;
    seen += one.seen;
  }
  return { altered, seen };
}

/** Of a longer one there would be thousands of alterations, and they would be of the same kinds. */
const PLANTED_BYTES = 4_000;

async function againstItself(
  { input, given, lanes }: Campaign,
  cases: number,
): Promise<{ readonly cases: number; readonly mismatches: number }> {
  const second = firstEngineElsewhere(input.second);
  const threads = Array.from({ length: lanes }, () => openThread(PARITY_BUNDLE, { ...input, second }));
  try {
    const { tally } = await runCampaign({
      lanes: threads,
      before: null,
      end: given + cases,
      mostMismatches: 1,
      isOver: () => false,
      onProgress: () => {},
    });
    return { cases: tally.all[0], mismatches: tally.all[1] };
  } finally {
    for (const thread of threads) thread.stop();
  }
}

function reportOf(
  options: ParityOptions,
  { input, seed, hello, given, lanes }: Campaign,
  { tally, position, seconds }: Done,
  planted: Planted,
  self: ParityReport["self"],
): ParityReport {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const [cases, mismatches, unsafe] = tally.all;
  const { catalogue, rulebook } = engineOf(input.second);
  const entries = materialOf(catalogue, rulebook, { lines: [], code: [] }).entries.length;
  const reached = (dimension: string) => Object.keys(tally.strata[dimension] ?? {}).length;
  return {
    schema_version: PARITY_SCHEMA,
    issued_at: formatTime(nowMs),
    expires_at: formatTime(nowMs + PARITY_DAYS * DAY_MS),
    kind: options.sealed === true ? "sealed" : "exploring",
    engines: {
      typescript: { version: VERSION, source_digest: ENGINE_DIGEST },
      go: { version: hello.version, source_digest: hello.engine, build: hello.build },
    },
    catalogue_digest: hello.catalogue_digest,
    policy: { id: rulebook.id, version: rulebook.version, digest: rulebook.digest },
    registry_digest: hello.registry_digest,
    seed,
    given_digest: givenDigest(input),
    given: Math.min(given, position),
    cases,
    hostile: tally.hostile,
    refused: tally.refused,
    mismatches,
    unsafe,
    bound_per_billion: boundPerBillion(cases, mismatches),
    planted: { altered: planted.altered, seen: planted.seen },
    self,
    coverage: {
      constructs: { known: CONSTRUCTS.length, reached: reached("construct") },
      entries: { known: entries, reached: reached("entry") },
      verdict_pairs: { known: VERDICT_PAIRS, reached: reached("pair") },
    },
    strata: strataRows(tally),
    seconds,
    lanes,
  };
}

const DAY_MS = 86_400_000;
