// `cavra runtime go-rollback-drills run` and `go-rollback-rehearsal run`: each drill is begun in the history, run, and written down there. Implements spec/drills.md 3.2 and section 5.
// INVARIANT: an event stands in the history before anything is broken; a drill that nobody ended is seen by all who read it.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bad, ok, type Problem, type Result } from "../../../../base/index.js";
import { type Campaigns, newExperiment, OBJECTIVES, runDrill } from "../../../../drills/index.js";
import type { KeySigner } from "../../../../evidence/index.js";
import {
  DRILL_BEGUN,
  DRILL_MEASURED,
  DRILL_PREFIX,
  drillPicture,
  drillVerdict,
  type Experiment,
  FAULTS,
  type FaultName,
  isFault,
  type Objectives,
  REHEARSAL,
  type RehearsedDrill,
  rehearsalOutcome,
  type Subject,
  signDocument,
} from "../../../../promotion/index.js";
import { promotionPlaces } from "../../../../release/index.js";
import { ensurePrivateFolder, newId, SYSTEM_CLOCK, stateDir } from "../../../../store/index.js";
import { EXIT, type ExitStatus } from "../../../exit.js";
import { openProgress } from "../../../progress.js";
import { report, type Terminal } from "../../../terminal.js";
import { addSigned, headFor } from "./events.js";
import { chainHere, drillSigner, type HereOptions, type PlanHere, planHere, runtimeHere, subjectHere } from "./here.js";
import { stopSignal } from "./stop-signal.js";
import { toldDrill, viewOfRehearsed } from "./verify.js";

export interface RunOptions extends HereOptions {
  readonly fault?: string;
  readonly faults?: string;
  readonly kills?: string;
  readonly callers?: string;
  readonly firstAnswerMs?: string;
  readonly fullDemotionMs?: string;
  readonly output?: string;
}

export async function runOneDrill(terminal: Terminal, options: RunOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const setting = settingHere(terminal, options, [options.fault ?? ""]);
  if (!setting.ok) return report(terminal, setting.problem, json);
  const { drills, stopped } = await runAll(terminal, setting.value);
  if (json) terminal.print(`${JSON.stringify({ drills: drills.map(viewOfRehearsed), stopped })}\n`);
  else terminal.print(drills.map(toldDrill).join(""));
  return statusOf(drills, stopped);
}

export async function runRehearsal(terminal: Terminal, options: RunOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const { output } = options;
  if (output === undefined) return report(terminal, NO_OUTPUT, json);
  const setting = settingHere(terminal, options, namesOf(options));
  if (!setting.ok) return report(terminal, setting.problem, json);
  const { faults, plan, signer, subject } = setting.value;
  const { drills, stopped } = await runAll(terminal, setting.value);
  const body = { ...headFor(REHEARSAL, subject, SYSTEM_CLOCK), faults, plan_digest: plan.digest, drills };
  const text = signDocument(REHEARSAL, body, signer, chainHere(terminal));
  if (!text.ok) return report(terminal, text.problem, json);
  const path = resolve(terminal.cwd, output);
  writeFileSync(path, text.value);
  for (const { experiment, observations } of drills)
    writeFileSync(`${path}.${experiment.fault}.svg`, drillPicture(experiment, observations));
  const findings = rehearsalOutcome(body);
  if (json)
    terminal.print(
      `${JSON.stringify({ output: path, drills: drills.map(viewOfRehearsed), stopped, codes: findings.map(({ code }) => code) })}\n`,
    );
  else terminal.print(`${drills.map(toldDrill).join("")}${findings.length === 0 ? "passed" : "not passed"}: ${output}\n`);
  return findings.length === 0 ? EXIT.done : stopped ? EXIT.broken : EXIT.deny;
}

const NO_OUTPUT: Problem = { code: "output_missing", message: "say where the rehearsal is to be written: `--output FILE`" };

/** "" stands for what the plan asks, or all. */
function namesOf({ faults, kills }: RunOptions): readonly string[] {
  if (kills !== undefined) return ["sigkill"];
  return faults === undefined ? [] : faults.split(",");
}

interface Setting {
  readonly faults: readonly FaultName[];
  readonly rounds: number;
  readonly callers: number;
  readonly objectives: Objectives;
  readonly plan: PlanHere;
  readonly signer: KeySigner;
  readonly subject: Subject;
  readonly runtime: string;
}

/** All that can be refused is refused before anything is begun. */
function settingHere(terminal: Terminal, options: RunOptions, named: readonly string[]): Result<Setting> {
  if (process.platform !== "linux")
    return bad("drill_not_possible", "drills are done on Linux only: they break processes in ways of its own");
  const strange = named.find((name) => !isFault(name));
  if (strange !== undefined)
    return bad("unknown_fault", `there is no fault \`${strange.slice(0, 40)}\``, { hint: `the faults are ${FAULTS.join(", ")}` });
  const rounds = numberIn(options.kills, 1, 10_000);
  const callers = numberIn(options.callers, rounds === 1 ? 4 : 3, 64);
  const first = numberIn(options.firstAnswerMs, 0, 60_000);
  const demoted = numberIn(options.fullDemotionMs, 0, 60_000);
  if (rounds === null || callers === null || first === null || demoted === null) return bad("bad_number", "this is no number that can be");
  const runtime = runtimeHere(terminal, options);
  const subject = subjectHere(runtime);
  if (!subject.ok) return subject;
  const plan = planHere(terminal, options, subject.value);
  if (!plan.ok) return plan;
  const signer = drillSigner(terminal, options);
  if (!signer.ok) return signer;
  const { asked } = plan.value;
  const faults = named.length > 0 ? named.filter(isFault) : asked.faults.length > 0 ? asked.faults : FAULTS;
  const wanted = asked.objectives ?? OBJECTIVES;
  const objectives = { first_answer_p99_ms: first || wanted.first_answer_p99_ms, full_demotion_ms: demoted || wanted.full_demotion_ms };
  return ok({ faults, rounds, callers, objectives, plan: plan.value, signer: signer.value, subject: subject.value, runtime });
}

function numberIn(text: string | undefined, unsaid: number, most: number): number | null {
  if (text === undefined) return unsaid;
  const value = /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}

interface Ran {
  readonly drills: readonly RehearsedDrill[];
  readonly stopped: boolean;
}

async function runAll(terminal: Terminal, setting: Setting): Promise<Ran> {
  const { faults, rounds, callers, objectives } = setting;
  const campaigns: Campaigns = new Map();
  const stop = stopSignal();
  const drills: RehearsedDrill[] = [];
  try {
    for (const [at, fault] of faults.entries()) {
      if (stop.came() !== null) break;
      const experiment = newExperiment({ fault, objectives, rounds, callers });
      drills.push(await runOne(terminal, setting, experiment, campaigns, { at, of: faults.length, isOver: () => stop.came() !== null }));
    }
  } finally {
    stop.end();
  }
  return { drills, stopped: stop.came() !== null };
}

interface Place {
  readonly at: number;
  readonly of: number;
  readonly isOver: () => boolean;
}

/** Begun, run, and measured: three times that something stands on the disk. */
async function runOne(
  terminal: Terminal,
  setting: Setting,
  experiment: Experiment,
  campaigns: Campaigns,
  place: Place,
): Promise<RehearsedDrill> {
  const { signer, subject, runtime } = setting;
  const drill_id = newId(DRILL_PREFIX, SYSTEM_CLOCK).id;
  addSigned(terminal, DRILL_BEGUN, { drill_id, experiment }, subject, signer, SYSTEM_CLOCK);
  const bar = openProgress(terminal, place.of === 1 ? experiment.fault : `${place.at + 1}/${place.of} ${experiment.fault}`);
  const begunMs = SYSTEM_CLOCK.nowMs();
  const observations = await runDrill({
    experiment,
    program: installed("cavra.cjs"),
    real: runtime,
    standIn: installed("stand-in.cjs"),
    ahead: installed("drill-ahead.cjs"),
    campaigns,
    onProgress: (done, all) => bar.at(done, all, leftOf(SYSTEM_CLOCK.nowMs() - begunMs, done, all)),
    isOver: place.isOver,
  });
  bar.end();
  addSigned(terminal, DRILL_MEASURED, { drill_id, experiment, observations }, subject, signer, SYSTEM_CLOCK);
  keepPicture(terminal, drill_id, drillPicture(experiment, observations));
  return { drill_id, experiment, observations };
}

function installed(name: string): string {
  return join(import.meta.dirname, name);
}

function leftOf(tookMs: number, done: number, all: number): string {
  if (done === 0) return "";
  const left = Math.ceil(((tookMs / done) * (all - done)) / 1_000);
  return left < 120 ? `${left} s left` : `${Math.ceil(left / 60)} min left`;
}

/** Beside the history; a picture that cannot be written is no reason to lose a drill. */
function keepPicture(terminal: Terminal, drillId: string, picture: string): void {
  try {
    const folder = join(promotionPlaces(stateDir(terminal.env)).folder, "drills");
    ensurePrivateFolder(folder);
    writeFileSync(join(folder, `${drillId}.svg`), picture, { mode: 0o600 });
  } catch (thrown) {
    terminal.complain(`the picture could not be kept: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  }
}

function statusOf(drills: readonly RehearsedDrill[], stopped: boolean): ExitStatus {
  if (drills.every(({ experiment, observations }) => drillVerdict(experiment, observations).verdict === "pass") && drills.length > 0)
    return EXIT.done;
  return stopped ? EXIT.broken : EXIT.deny;
}
