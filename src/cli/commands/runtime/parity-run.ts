// `cavra runtime go-parity run`: runs a campaign and tells what came of it; exit status 4 where the engines differ. Implements spec/parity.md at the command line.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineOf, type Mismatch, openShrinker, type Progress } from "../../../parity/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { type Campaign, type ParityOptions, prepared, watched } from "./parity-campaign.js";
import { writeReport } from "./parity-report.js";

export async function runParity(terminal: Terminal, options: ParityOptions): Promise<ExitStatus> {
  const folder = mkdtempSync(join(tmpdir(), "cavra-parity-"));
  try {
    const campaign = await prepared(terminal, options, folder);
    const done = await shrunk(campaign, await watched(terminal, campaign));
    if (options.report !== undefined) await writeReport(terminal, options, campaign, done);
    if (options.keep !== undefined) keepAll(resolve(terminal.cwd, options.keep), done.mismatches);
    tell(terminal, campaign, done, options.json === true);
    return done.mismatches.length === 0 ? EXIT.done : EXIT.deny;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), options.json === true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first mismatches made small; of the others there are as many as there are cases of one defect. */
async function shrunk({ input }: Campaign, done: Progress): Promise<Progress> {
  if (done.mismatches.length === 0) return done;
  const shrinker = openShrinker(engineOf(input.second), input.second);
  try {
    const small: Mismatch[] = [];
    for (const [at, mismatch] of done.mismatches.entries()) small.push(at < MOST_SHRUNK ? await shrinker.shrink(mismatch) : mismatch);
    return { ...done, mismatches: small };
  } finally {
    shrinker.stop();
  }
}

const MOST_SHRUNK = 40;

function keepAll(folder: string, mismatches: readonly Mismatch[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { index, evaluation, at } of mismatches) {
    const vector = { id: `parity/case-${index}`, spec: "", note: `the engines differ at ${at}`, ...evaluation, expect: null };
    writeFileSync(join(folder, `case-${index}.json`), `${JSON.stringify(vector, null, 1)}\n`);
  }
}

function tell(terminal: Terminal, { seed, hello, given }: Campaign, { position, tally, mismatches }: Progress, json: boolean): void {
  const [cases, differ, unsafe] = tally.all;
  if (json) {
    terminal.print(`${JSON.stringify({ seed, build: hello.build, policy: hello.policy, given, position, tally, mismatches })}\n`);
    return;
  }
  for (const { index, evaluation, first, second, at } of mismatches.slice(0, SHOWN)) {
    const { action_type, target } = evaluation.action;
    terminal.print(
      `case ${index}: ${action_type} ${JSON.stringify(target)}\n  differs at ${at}\n  typescript ${first}\n  go         ${second}\n`,
    );
  }
  terminal.print(`seed ${seed}: ${cases} cases, ${tally.hostile} hostile, ${differ} differ, ${unsafe} of them unsafe\n`);
}

const SHOWN = 10;
