// What the server asks of this installation, filled with what the commands call. Implements spec/service.md 1.2, 4.2, 5.2 and section 7.
// INVARIANT: a decision is the running authority's, the same function that hooks reach over the socket; it is recorded before it is answered.

import { accessSync, constants, statfsSync } from "node:fs";
import { type Compared, compileSources, policyInForce, VERSION, whoIsActing } from "../../../authority/index.js";
import { bad, CavraError, ok, type Result } from "../../../base/index.js";
import type { RunningAuthority } from "../../../daemon/index.js";
import type { ActionBody, FoundDecision, PageRequest, ReadyCheck, Service } from "../../../server/index.js";
import {
  configDir,
  ensurePrivateFolder,
  findInLedger,
  findRecord,
  newId,
  openDrained,
  pageOfLedger,
  type StoredRecord,
  SYSTEM_CLOCK,
  stateDir,
} from "../../../store/index.js";
import { filterFrom } from "../../record-filter.js";
import { problemOf, type Terminal } from "../../terminal.js";
import { ownEnvironment } from "../authority.js";
import { readAction } from "../evaluate.js";
import { ledgerProblem } from "../evidence/session.js";
import { pilotAnswer } from "../runtime/pilot-evaluate.js";
import { readReport } from "./reports.js";

export function serviceOver(running: RunningAuthority, terminal: Terminal): Service {
  const env = ownEnvironment(terminal);
  const decide = (asked: ActionBody) => decideAsked(running, { ...terminal, env }, asked);
  return {
    version: VERSION,
    newRequestId: () => newId("req", SYSTEM_CLOCK).id,
    away: running.away,
    ready: () => readyChecks(running, env),
    decide: async (asked) => {
      const compared = await decide(asked);
      return compared.ok ? ok(compared.value.decision) : compared;
    },
    evaluate: async (asked) => {
      const compared = await decide(asked);
      return compared.ok ? ok(pilotAnswer(compared.value)) : compared;
    },
    decisions: (page) => pageFrom(env, page),
    decision: (id) => findHere(env, id),
    report: (name) => readReport(name, terminal),
  };
}

/** Who asks over HTTP is not known in this version: nobody's approval is taken for them, and none is asked for. */
async function decideAsked(running: RunningAuthority, terminal: Terminal, asked: ActionBody): Promise<Result<Compared>> {
  const { agent = "", sub_agent = "", session = "", unattended = true, workspace_root, ...fields } = asked;
  const read = readAction(workspace_root === undefined ? fields : { ...fields, workspace: workspace_root }, terminal);
  if (!read.ok) return read;
  const action = read.value;
  const who = whoIsActing({ agent, sub_agent, session, channel: "http", unattended }, action.workspace_root);
  try {
    return ok(await running.decide(action, who, terminal.env, { approvals: false }));
  } catch (thrown) {
    running.refuse(problemOf(thrown), who, action);
    throw thrown;
  }
}

/** Below this a journal could end in the middle of what is under way. */
const ROOM_BYTES = 16_777_216;

function readyChecks(running: RunningAuthority, env: Terminal["env"]): readonly ReadyCheck[] {
  return [
    checked("journal", () => {
      const state = stateDir(env);
      ensurePrivateFolder(state);
      accessSync(state, constants.W_OK);
      const { bavail, bsize } = statfsSync(state);
      if (bavail * bsize < ROOM_BYTES) throw new CavraError("disk_full", "there is no room for records");
    }),
    checked("policy", () => void policyInForce("/", env, () => compileSources)),
    checked("stopping", () => {
      const away = running.away();
      if (away !== null) throw new CavraError(away.code, away.message);
    }),
  ];
}

function checked(id: ReadyCheck["id"], look: () => void): ReadyCheck {
  try {
    look();
    return { id, status: "pass", code: "ok" };
  } catch (thrown) {
    return { id, status: "fail", code: problemOf(thrown).code };
  }
}

function pageFrom(env: Terminal["env"], { filter, words, before, limit }: PageRequest): Result<readonly FoundDecision[]> {
  const { action_type, ...others } = filter;
  const read = filterFrom(action_type === undefined ? others : { ...others, actionType: action_type });
  if (!read.ok) return read;
  const session = openDrained(placesOf(env), SYSTEM_CLOCK);
  if (session === null) return ok([]);
  try {
    return ok(pageOfLedger(session.ledger, read.value, words, { before, limit }).map((one) => shown(one, one.index)));
  } finally {
    session.ledger.close();
  }
}

/** From the drained ledger; where that cannot be used, from the journal, without an index. */
function findHere(env: Terminal["env"], id: string): Result<FoundDecision> {
  try {
    const session = openDrained(placesOf(env), SYSTEM_CLOCK);
    if (session === null) return bad("record_not_found", `no record \`${id}\``);
    try {
      const found = findInLedger(session.ledger, id);
      return found.ok ? ok(shown(found.value, found.value.index)) : found;
    } finally {
      session.ledger.close();
    }
  } catch (thrown) {
    ledgerProblem(thrown);
    const found = findRecord(stateDir(env), id);
    return found.ok ? ok(shown(found.value, null)) : found;
  }
}

function shown({ digest, record }: StoredRecord, index: number | null): FoundDecision {
  return { index, digest, record };
}

function placesOf(env: Terminal["env"]) {
  return { stateFolder: stateDir(env), configFolder: configDir(env) };
}
