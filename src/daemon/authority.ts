// The running authority: everything it keeps warm, from its start to its end. Implements spec/backend.md section 8.
// INVARIANT: its answers are those of a hook that decides by itself. What it cannot do as well as that, it refuses, and the hook does it.

import { closeSync, constants, lstatSync, openSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { answerHookBeside, type LivingDecider } from "../agents/index.js";
import {
  authorityOver,
  type Beside,
  type Compared,
  type Compile,
  decideBeside,
  decidePromoted,
  momentNow,
  openShadowLog,
  pauseInForce,
  recordRefusal,
  type ShadowLog,
  VERSION,
  type WarmPolicies,
  warmPolicies,
} from "../authority/index.js";
import { CavraError, formatTime, type JsonObject } from "../base/index.js";
import { configDir, ensurePrivateFolder, type GroupWriter, holdLock, openGroupJournal, SYSTEM_CLOCK, stateDir } from "../store/index.js";
import { removeAbout, writeAbout } from "./about.js";
import { type BlindnessCount, type Counted, newBlindness } from "./blindness.js";
import { type Campaigner, newCampaigner } from "./campaigner.js";
import { type Counts, newCounts } from "./counts.js";
import { type Drain, type Drainer, newDrainer } from "./drainer.js";
import { type Hello, type HookRequest, PROTOCOL, type Reply, type Request } from "./messages.js";
import { type DaemonPlaces, daemonPlaces, fileView } from "./places.js";
import { identityOf } from "./process-identity.js";
import { newPromotion, type Promotion } from "./promotion.js";
import { openRehearsal } from "./rehearsal.js";
import { listen } from "./server.js";
import { sweepTickets, takeTicket } from "./tickets.js";
import { newWorkers, type Workers } from "./workers.js";

export interface AuthorityOptions {
  /** Places and mode come from here, and from nowhere else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly compiler: () => Compile;
  /** The program's own files: where they changed, another installation stands there. */
  readonly program: readonly string[];
  /** The second engine: its mode as the host says it, its binary, and how long its answer may take. */
  readonly mode: string;
  readonly runtimePath: string;
  readonly deadlineMs: number;
  readonly drain: Drain;
  /** Compares both engines by a policy, and ends; binary and policy stand behind it. */
  readonly campaignCommand: readonly string[];
  /** How long a lease lasts, in milliseconds: 60,000 at most. */
  readonly leaseMs: number;
  /** It only rehearses, in a state folder made for that. */
  readonly rehearses: boolean;
  /** Hears of each decision when it is answered, over whichever door. It must not throw. */
  readonly observe?: Observe;
}

export type Observe = (decided: { readonly compared: Compared; readonly channel: string; readonly seconds: number }) => void;

export interface RunningAuthority {
  readonly pid: number;
  readonly started_at: string;
  readonly socket: string;
  /** Why nothing is taken now: `stopping`, `installation_changed`, `no_descriptors`; null where all is well. */
  readonly away: () => Refusal | null;
  /** For the other door of this process (spec/service.md 1.2): what a hook would get, and which engine was selected. Rejects as a hook's would. */
  readonly decide: Decide;
  /** As `cavra status` shows it. */
  readonly status: () => JsonObject;
  /** Answers and records, counted apart. */
  readonly blindness: () => Counted;
  /** What no policy judged, put on record where that can be done. */
  readonly refuse: LivingDecider["refuse"];
  /** Holds, leases and what was counted of the promoted engine; null where it is not promoted. */
  readonly promotion: () => JsonObject | null;
  /** Another door: closed first when this authority ends, so that what it took is answered. */
  readonly addDoor: (close: () => Promise<void>) => void;
  /** Answers what it has taken, and ends. */
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

type Asked = Parameters<LivingDecider["decide"]>;

interface DecideOptions {
  readonly approvals: boolean;
  /** The decision's id and moment, where whoever asks knows them already. */
  readonly given?: Beside["given"];
}

/** Without `approvals` nobody's approval is taken, and none is asked for. */
export type Decide = (action: Asked[0], who: Asked[1], callers: Asked[2], options?: DecideOptions) => Promise<Compared>;

/** The prefix of their records' identifiers. */
const DECISIONS = "dec_";
const LOOK_MS = 1_000;
/** How often what was counted is added to the shadow log's counters. */
const FLUSH_MS = 5_000;
/** So many files must be there to be opened, or a call is not taken. */
const SPARE_FILES = 8;

/** Throws CavraError `authority_runs`, `socket_in_the_way`, `socket_path_too_long`, and what state folder and lock say. */
export async function startAuthority(options: AuthorityOptions): Promise<RunningAuthority> {
  const { env } = options;
  const state = stateDir(env);
  const places = daemonPlaces(state);
  ensurePrivateFolder(state);
  const unlock = holdLock(places.lock);
  if (unlock === null)
    throw new CavraError("authority_runs", "an authority runs already for this state folder", { hint: "run `cavra status`" });
  try {
    ensurePrivateFolder(places.tickets);
    sweepTickets(places.tickets, SYSTEM_CLOCK.nowMs());
    clearSocket(places.socket);
    return await begin(options, places, unlock);
  } catch (error) {
    removeAbout(places.about);
    unlock();
    throw error;
  }
}

/** Whoever holds the lock is alone: a socket that stands there is a dead one's. */
function clearSocket(path: string): void {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about === undefined) return;
  if (!about.isSocket())
    throw new CavraError("socket_in_the_way", `\`${path}\` is no socket`, { hint: "look at what it is, and move it away" });
  rmSync(path);
}

async function begin(options: AuthorityOptions, places: DaemonPlaces, unlock: () => void): Promise<RunningAuthority> {
  const { env, program } = options;
  const startedAt = formatTime(SYSTEM_CLOCK.nowMs());
  const blindness = newBlindness();
  const journal = openGroupJournal(stateDir(env), (recordId) => {
    if (recordId.startsWith(DECISIONS)) blindness.durable(recordId);
  });
  const counts = newCounts();
  const installed = fingerprint(program);
  const doors: (() => Promise<void>)[] = [];
  let stopping = false;
  let tellEnd: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });
  const inner = kept(options, journal, counts);
  const decide = deciderOver(options, inner, blindness);
  const decider = livingDecider(decide, options, inner);
  const away = (): Refusal | null => {
    if (stopping) return { code: "stopping", message: "this authority ends" };
    if (fingerprint(program) === installed)
      return hasSpareFiles() ? null : { code: "no_descriptors", message: "no more files can be opened" };
    stop();
    return { code: "installation_changed", message: "another installation stands where this one was started" };
  };
  const status = () => statusOf(startedAt, options, inner);
  const reply = (request: Request) => replyTo(request, { away, places, status, stop, counts, decider });
  writeAbout(places.about, { ...identityOf(process.pid), version: VERSION, started_at: startedAt });
  const { refused, unheard } = counts;
  const listening = await listen({ path: places.socket, hello: helloOf(env), reply, refused, unheard });
  const own = inodeOf(places.socket);
  const looking = setInterval(() => {
    if (inodeOf(places.socket) !== own || fingerprint(program) !== installed) stop();
  }, LOOK_MS);
  const flushing = setInterval(inner.shadow.flush, FLUSH_MS);
  const promoting = setInterval(() => inner.promotion?.look(inner.workers.keepers()), LOOK_MS);

  function stop(): void {
    if (stopping) return;
    stopping = true;
    clearInterval(looking);
    void end().finally(tellEnd);
  }
  async function end(): Promise<void> {
    await Promise.all([listening.close(), ...doors.map((close) => close())]);
    clearInterval(promoting);
    inner.promotion?.close();
    await journal.close();
    clearInterval(flushing);
    inner.shadow.flush();
    inner.campaigner.close();
    await Promise.all([inner.workers.stop(), inner.drainer.close()]);
    removeAbout(places.about);
    unlock();
  }
  const addDoor = (close: () => Promise<void>) => void doors.push(close);
  const promotion = () => inner.promotion?.status() ?? null;
  const about = { pid: process.pid, started_at: startedAt, socket: places.socket };
  return { ...about, away, decide, status, blindness: blindness.status, refuse: decider.refuse, promotion, addDoor, stop, ended };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

function helloOf(env: AuthorityOptions["env"]): Hello {
  const folders = { state_dir: stateDir(env), config_dir: configDir(env) };
  return { protocol: PROTOCOL, version: VERSION, pid: process.pid, ...folders, view: fileView() };
}

/** What a question over the socket is answered from. */
interface Desk {
  readonly away: () => Refusal | null;
  readonly places: DaemonPlaces;
  readonly status: () => JsonObject;
  readonly stop: () => void;
  readonly counts: Counts;
  readonly decider: LivingDecider;
}

async function replyTo(request: Request, { away, places, status, stop, counts, decider }: Desk): Promise<Reply> {
  const why = away();
  if (why !== null) return { kind: "refused", ...why };
  if (!takeTicket(places.tickets, request.ticket)) return { kind: "refused", code: "ticket_refused", message: "the ticket is not there" };
  if (request.kind === "status") return { kind: "status", status: status() };
  if (request.kind === "stop") {
    setImmediate(stop);
    return { kind: "stopping", pid: process.pid };
  }
  if (request.agent !== "claude-code") return { kind: "refused", code: "unknown_agent", message: "there is no adapter for this agent" };
  counts.called();
  return { kind: "answer", ...(await answerHookBeside(inputOf(request), decider)) };
}

/** What an authority keeps while it runs. */
interface Inner {
  readonly journal: GroupWriter;
  readonly counts: Counts;
  readonly policies: WarmPolicies;
  readonly workers: Workers;
  readonly campaigner: Campaigner;
  readonly shadow: ShadowLog;
  readonly drainer: Drainer;
  /** Null in every mode but `promoted`. */
  readonly promotion: Promotion | null;
}

function kept(options: AuthorityOptions, journal: GroupWriter, counts: Counts): Inner {
  const { env, compiler, mode, runtimePath, drain, campaignCommand, leaseMs, rehearses } = options;
  const rehearsal = rehearses ? openRehearsal(stateDir(env), env) : null;
  const policies = warmPolicies(env, compiler);
  const campaigner = newCampaigner(campaignCommand, env);
  const workers = newWorkers({ env, mode, runtimePath, campaigner });
  try {
    // The host's own policy, ahead of the first call; a policy that does not load is told to those who ask.
    workers.keeperFor(policies.policyFor("/"));
  } catch {}
  const shadow = openShadowLog(stateDir(env), SYSTEM_CLOCK);
  const promotion = mode === "promoted" ? newPromotion({ env, mode, journal, leaseMs, rehearsal }) : null;
  return { journal, counts, policies, workers, campaigner, shadow, drainer: newDrainer(drain), promotion };
}

function livingDecider(decide: Decide, { env }: AuthorityOptions, { drainer }: Inner): LivingDecider {
  return {
    decide: async (action, who, callers) => ({
      decision: (await decide(action, who, callers)).decision,
      pause: pauseInForce(env, momentNow),
    }),
    refuse: (problem, who, action) => {
      recordRefusal(problem, who, action, env);
      drainer.recorded();
    },
  };
}

function deciderOver({ env, mode, deadlineMs, observe }: AuthorityOptions, inner: Inner, blindness: BlindnessCount): Decide {
  const { journal, counts, policies, workers, shadow, drainer, promotion } = inner;
  return async (action, who, callers, { approvals, given = null } = { approvals: true }) => {
    const begunMs = performance.now();
    const whole = authorityOver(policies, action.workspace_root, env, callers);
    const authority = approvals ? whole : { ...whole, approvals: null };
    const { compiled } = authority.policy;
    const keeper = workers.keeperFor(authority.policy);
    const beside = { mode, keeper, deadlineMs, journal, given };
    const build = keeper?.hello()?.build ?? "";
    const note = (one: Compared) => {
      if (one.selection.fallback_code !== null) counts.fellBack(one.selection.fallback_code);
      shadow.note(one, { build, catalogue_digest: compiled.catalogue_digest, policy_digest: compiled.digest });
    };
    const promoting = promotion?.promotingFor(keeper, note) ?? null;
    const compared = await (promoting === null
      ? decideBeside(action, who, authority, beside)
      : decidePromoted(action, who, authority, beside, promoting));
    authority.journal.close();
    drainer.recorded();
    note(compared);
    const { evidence, decision_id } = compared.decision;
    if (evidence.status === "recorded") blindness.answered(decision_id);
    observe?.({ compared, channel: who.channel, seconds: (performance.now() - begunMs) / 1_000 });
    return compared;
  };
}

/** A relative project folder is taken from where the caller stands, as it would be in the caller itself. */
function inputOf({ payload, environment, cwd }: HookRequest) {
  const project = environment.CLAUDE_PROJECT_DIR;
  const env = project === undefined || project === "" ? environment : { ...environment, CLAUDE_PROJECT_DIR: resolve(cwd, project) };
  return { payload: Buffer.from(payload), env };
}

function statusOf(
  startedAt: string,
  { mode }: AuthorityOptions,
  { counts, workers, campaigner, drainer, shadow, promotion }: Inner,
): JsonObject {
  return {
    pid: process.pid,
    version: VERSION,
    started_at: startedAt,
    mode,
    ...counts.status(),
    workers: workers.status(),
    campaigns: campaigner.status(),
    drain: drainer.status(),
    shadow_problem: shadow.problem(),
    promotion: promotion?.status() ?? null,
  };
}

/** What the files are now: the same text for the same files. */
function fingerprint(paths: readonly string[]): string {
  return paths.map((path) => describeFile(path)).join("\n");
}

function describeFile(path: string): string {
  try {
    const { dev, ino, size, mtimeMs } = statSync(path);
    return `${dev} ${ino} ${size} ${mtimeMs}`;
  } catch {
    return "-";
  }
}

function inodeOf(path: string): string {
  try {
    const about = lstatSync(path);
    return about.isSocket() ? `${about.dev}:${about.ino}` : "";
  } catch {
    return "";
  }
}

function hasSpareFiles(): boolean {
  const handles: number[] = [];
  try {
    for (let count = 0; count < SPARE_FILES; count++) handles.push(openSync("/", constants.O_RDONLY));
    return true;
  } catch {
    return false;
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
