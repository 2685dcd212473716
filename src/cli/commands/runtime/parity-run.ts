// `cavra runtime go-parity run`: runs a campaign and tells what came of it; exit status 4 where the engines differ. Implements spec/parity.md at the command line.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineOf, type Mismatch, openShrinker } from "../../../parity/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { type Campaign, type Done, type ParityOptions, prepared, watched } from "./parity-campaign.js";
import { builder, writeReport } from "./parity-report.js";

export async function runParity(terminal: Terminal, options: ParityOptions): Promise<ExitStatus> {
  const folder = mkdtempSync(join(tmpdir(), "cavra-parity-"));
  const stop = stopSignal();
  try {
    // Before the first case: hours later would be too late to find that nobody can sign.
    const signer = options.report === undefined ? null : builder(terminal);
    const campaign = await prepared(terminal, options, folder);
    const seen = await watched(terminal, campaign, () => stop.came() !== null);
    if (stop.came() !== null) {
      terminal.complain(
        `stopped at case ${seen.position} of ${campaign.end}${options.state === undefined ? "" : "; the same call goes on there"}\n`,
      );
      return EXIT.broken;
    }
    const done = await shrunk(campaign, seen);
    if (signer !== null) await writeReport(terminal, options, campaign, done, signer);
    if (options.keep !== undefined) keepAll(resolve(terminal.cwd, options.keep), done.mismatches);
    tell(terminal, campaign, done, options.json === true);
    return done.mismatches.length === 0 ? EXIT.done : EXIT.deny;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), options.json === true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    stop.passOn();
  }
}

interface StopSignal {
  readonly came: () => NodeJS.Signals | null;
  /** Ends this process by the signal that came, when all is put away. */
  readonly passOn: () => void;
}

/** Who stops a campaign finds it where it stood: the lanes end what they have begun, and their counts are kept. */
function stopSignal(): StopSignal {
  let signal: NodeJS.Signals | null = null;
  const note = (name: NodeJS.Signals) => {
    signal = name;
  };
  process.on("SIGTERM", note).on("SIGINT", note);
  return {
    came: () => signal,
    passOn: () => {
      process.off("SIGTERM", note).off("SIGINT", note);
      if (signal !== null) process.kill(process.pid, signal);
    },
  };
}

/** The first mismatches made small; of the others there are as many as there are cases of one defect. */
async function shrunk({ input }: Campaign, done: Done): Promise<Done> {
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

function tell(terminal: Terminal, { seed, hello, given }: Campaign, { position, tally, mismatches }: Done, json: boolean): void {
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
