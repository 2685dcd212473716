// What the server asks of this installation, filled with what the commands call. Implements spec/service.md 1.2, 4.2, 5.2 and section 7.
// INVARIANT: a decision is the running authority's, the same function that hooks reach over the socket; it is recorded before it is answered.

import { accessSync, constants, statfsSync } from "node:fs";
import { type Compared, compileSources, policyInForce, VERSION, whoIsActing } from "../../../authority/index.js";
import { bad, CavraError, ID_RANDOM_BYTES, makeId, ok, type Result, sha256 } from "../../../base/index.js";
import type { RunningAuthority } from "../../../daemon/index.js";
import { type Decision, decisionOf } from "../../../evidence/index.js";
import type {
  ActionBody,
  Caller,
  FoundDecision,
  Identity,
  OnceOf,
  PageRequest,
  ReadyCheck,
  Service,
  StreamAsked,
  StreamPage,
} from "../../../server/index.js";
import { ensurePrivateFolder, findRecord, newId, openKeys, type ServedLedger, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { filterFrom } from "../../record-filter.js";
import { isOurs, problemOf, type Terminal } from "../../terminal.js";
import { ownEnvironment } from "../authority.js";
import { readAction } from "../evaluate.js";
import { pilotAnswer } from "../runtime/pilot-evaluate.js";
import { approvalsOver } from "./approvals.js";
import { evidenceOver } from "./evidence.js";
import { holdsOver } from "./holds.js";
import { journalsOver } from "./journals.js";
import type { ServerLedger } from "./ledger.js";
import { metricsOver } from "./metrics.js";
import { noticesOver } from "./notices.js";
import { policiesOver } from "./policies.js";
import { readReport } from "./reports.js";
import { isSeen, ledgerOf, notThere } from "./workspaces.js";

export function serviceOver(running: RunningAuthority, served: ServerLedger, identity: Identity, terminal: Terminal): Service {
  const { ledger } = served;
  const env = ownEnvironment(terminal);
  const decide = (asked: ActionBody, caller: Caller, once: OnceOf | null) =>
    decideAsked(running, { ...terminal, env }, asked, { caller, once });
  return {
    version: VERSION,
    identity,
    newRequestId: () => newId("req", SYSTEM_CLOCK).id,
    away: running.away,
    ready: () => readyChecks(running, served, env),
    decide: async (asked, caller, once) => {
      const before = once === null ? null : decidedBefore(stateDir(env), once);
      if (before !== null) return ok(before);
      const compared = await decide(asked, caller, once);
      return compared.ok ? ok(compared.value.decision) : compared;
    },
    evaluate: async (asked, caller, once) => {
      const compared = await decide(asked, caller, once);
      return compared.ok ? ok(pilotAnswer(compared.value)) : compared;
    },
    decisions: (page, caller) => pageFrom(ledgerOf(ledger, caller), page),
    following: (asked, workspaces) => followingFrom(ledgerOf(ledger, { workspaces }), asked),
    decision: (id, caller) => findHere(ledgerOf(ledger, caller), env, id, caller),
    report: (name) => readReport(name, terminal),
    evidence: (caller) => evidenceOver(ledgerOf(ledger, caller), env),
    approvals: approvalsOver(ledger, { ...terminal, env }),
    keys: openKeys(stateDir(env), SYSTEM_CLOCK),
    holds: holdsOver(running, env),
    journals: journalsOver(ledger),
    metrics: metricsOver(running, ledger, stateDir(env)),
    notices: noticesOver({ ...terminal, env }),
    policies: policiesOver({ ...terminal, env }),
  };
}

/** The identifier of what an attempt at a request records: the same for the same attempt, so that it can be looked for. */
function idOf({ name, at }: OnceOf, momentMs: number): { readonly id: string; readonly momentMs: number } {
  const random = Buffer.from(sha256(`${name} ${at}`).slice("sha256:".length), "hex").subarray(0, ID_RANDOM_BYTES);
  return { id: makeId("dec", momentMs, random), momentMs };
}

/** What an attempt whose server was killed put on record; null where none did. */
function decidedBefore(stateFolder: string, once: OnceOf): Decision | null {
  for (const momentMs of once.attempts.slice(0, -1)) {
    const found = findRecord(stateFolder, idOf(once, momentMs).id);
    if (!found.ok) continue;
    const { record, digest, position } = found.value;
    return decisionOf(record, { status: "recorded", record_digest: digest, journal: position });
  }
  return null;
}

/** Of who is not known nobody's approval is taken, and none is asked for. Nothing is recorded of an action in another workspace than the caller's. */
async function decideAsked(
  running: RunningAuthority,
  terminal: Terminal,
  asked: ActionBody,
  { caller, once }: { readonly caller: Caller; readonly once: OnceOf | null },
): Promise<Result<Compared>> {
  const { agent = caller.agent, sub_agent = "", session = "", unattended = true, workspace_root, ...fields } = asked;
  if (caller.agent !== "" && agent !== caller.agent)
    return bad("agent_differs", `the token speaks for \`${caller.agent}\` only`, { at: "/agent" });
  const read = readAction(workspace_root === undefined ? fields : { ...fields, workspace: workspace_root }, terminal);
  if (!read.ok) return read;
  const action = read.value;
  const here = whoIsActing({ agent, sub_agent, session, channel: "http", unattended }, action.workspace_root);
  const isKnown = caller.name !== "";
  const who = isKnown ? { ...here, user: caller.name } : here;
  if (!isSeen({ who }, caller)) return bad("scope_missing", "the token is not for this workspace", { at: "/workspace_root" });
  try {
    return ok(
      await running.decide(action, who, terminal.env, {
        approvals: isKnown,
        given: once === null ? null : idOf(once, once.attempts.at(-1) ?? 0),
      }),
    );
  } catch (thrown) {
    running.refuse(problemOf(thrown), who, action);
    throw thrown;
  }
}

/** Below this a journal could end in the middle of what is under way. */
const ROOM_BYTES = 16_777_216;

/** How long the database may take to answer. */
const DATABASE_MS = 1_000;

async function readyChecks(
  running: RunningAuthority,
  { ledger, shared }: ServerLedger,
  env: Terminal["env"],
): Promise<readonly ReadyCheck[]> {
  const journal = await checked("journal", async () => {
    const state = stateDir(env);
    ensurePrivateFolder(state);
    accessSync(state, constants.W_OK);
    const { bavail, bsize } = statfsSync(state);
    if (bavail * bsize < ROOM_BYTES) throw new CavraError("disk_full", "there is no room for records");
  });
  const policy = await checked("policy", async () => void policyInForce("/", env, () => compileSources));
  const database = shared ? [await checked("database", () => ledger.check(DATABASE_MS))] : [];
  const stopping = await checked("stopping", async () => {
    const away = running.away();
    if (away !== null) throw new CavraError(away.code, away.message);
  });
  return [journal, policy, ...database, stopping];
}

async function checked(id: ReadyCheck["id"], look: () => Promise<void>): Promise<ReadyCheck> {
  try {
    await look();
    return { id, status: "pass", code: "ok" };
  } catch (thrown) {
    return { id, status: "fail", code: problemOf(thrown).code };
  }
}

async function pageFrom(ledger: ServedLedger, { filter, words, before, limit }: PageRequest): Promise<Result<readonly FoundDecision[]>> {
  const { action_type, ...others } = filter;
  const read = filterFrom(action_type === undefined ? others : { ...others, actionType: action_type });
  return read.ok ? ok(await ledger.page({ filter: read.value, words, before, limit })) : read;
}

async function followingFrom(ledger: ServedLedger, { filter, ...asked }: StreamAsked): Promise<Result<StreamPage>> {
  const { action_type, ...others } = filter;
  const read = filterFrom(action_type === undefined ? others : { ...others, actionType: action_type });
  return read.ok ? ok(await ledger.following({ ...asked, filter: read.value })) : read;
}

/** From the drained ledger; where that cannot be used, from the journal, without an index. */
async function findHere(ledger: ServedLedger, env: Terminal["env"], id: string, caller: Caller): Promise<Result<FoundDecision>> {
  try {
    return await ledger.find(id);
  } catch (thrown) {
    if (!isOurs(thrown) || !/^(ledger|database)_/.test(thrown.code)) throw thrown;
    const found = findRecord(stateDir(env), id);
    if (!found.ok || !isSeen(found.value.record, caller)) return notThere(id);
    return ok({ index: null, digest: found.value.digest, record: found.value.record });
  }
}
