// `cavra runtime go-pilot-evaluate`: one action decided, with the second engine asked beside. Implements spec/backend.md sections 1 and 6.
// The decision, its record and the exit status are those of `cavra evaluate`; what is added is which engine was selected, and why.

import {
  type Authority,
  type Compared,
  type ComparedEngines,
  decideBeside,
  decidePromoted,
  heldBack,
  openShadowLog,
  type Promoting,
  recordPromotionEvent,
  whoIsActing,
} from "../../../authority/index.js";
import { asksGo, awayOf, type Keeper, openKeeper, type Selection, type WorkerSource } from "../../../backend/index.js";
import { bad, type JsonValue, ok, parseJson } from "../../../base/index.js";
import { isHeld, setHold } from "../../../release/index.js";
import { openGroupJournal, SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus, exitForCode, exitForVerdict } from "../../exit.js";
import { renderDecision } from "../../render.js";
import { report, type Terminal } from "../../terminal.js";
import { callerOf, openFor, readAction } from "../evaluate.js";
import { afterFirstCampaign } from "./parity-first.js";
import { type GateOptions, gateOf, sourcesFor } from "./promotion-gate.js";
import { readSettings } from "./settings.js";
import { workerSource } from "./worker-source.js";

/** A worker that is started for one question is given this long for its start, whatever the deadline of an answer is. */
const START_MS = 3_000;

export type PilotOptions = GateOptions;

export async function pilotEvaluate(terminal: Terminal, actionType: string, target: string, options: PilotOptions): Promise<ExitStatus> {
  const json = options.json === true;
  const settings = readSettings(options, terminal);
  if (!settings.ok) return report(terminal, settings.problem, json);
  const action = readAction({ ...options, action_type: actionType, target }, terminal);
  if (!action.ok) return report(terminal, action.problem, json);
  const { mode, deadlineMs } = settings.value;
  const authority = openFor(terminal, action.value.workspace_root, options);
  const state = stateDir(terminal.env);
  const source =
    asksGo(mode) || mode === "promoted"
      ? { ...workerSource(authority, settings.value, options, terminal), heldBack: (hello: ComparedEngines) => heldBack(state, hello) }
      : null;
  const keeper = source === null ? null : openKeeper(source);
  const journal = openGroupJournal(stateDir(terminal.env));
  try {
    if (source !== null && keeper !== null) await begun(terminal, source, keeper);
    const who = whoIsActing(callerOf(options.agent, options.session), action.value.workspace_root);
    const beside = { mode, keeper, deadlineMs, journal };
    const compared = await (mode === "promoted"
      ? decidePromoted(action.value, who, authority, beside, promotingByGate(terminal, options, keeper))
      : decideBeside(action.value, who, authority, beside));
    const { decision, selection } = compared;
    noteComparison(compared, authority.policy.compiled, keeper?.status().build ?? "", terminal);
    terminal.print(
      json ? `${JSON.stringify(pilotAnswer(compared))}\n` : `${renderDecision(decision, action.value, terminal)}${told(selection)}`,
    );
    if (decision.evidence.status === "evidence_unavailable") return exitForCode(decision.evidence.status);
    return options.exitZero ? EXIT.done : exitForVerdict(decision.decision);
  } finally {
    await journal.close();
    await keeper?.stop();
  }
}

/**
 * The gate on the files that this call names, run for this one evaluation: an authority of its own, without a lease (spec/promotion.md 6.2). The hold is
 * looked at as everywhere, and a mismatch sets it.
 */
function promotingByGate(terminal: Terminal, options: PilotOptions, keeper: Keeper | null): Promoting {
  const state = stateDir(terminal.env);
  const hello = keeper?.hello() ?? null;
  const found = hello === null ? null : gateOf({ ...sourcesFor(terminal, options, hello), mode: "promoted" });
  const closed = found?.readiness.checks.filter(({ status }) => status === "fail").map(({ id, code }) => `${id}: ${code}`) ?? [];
  return {
    right: () => {
      if (isHeld(state)) return bad("promotion_held", "a hold stands");
      if (hello === null) return awayOf(keeper);
      const references = found?.references ?? found?.asserted ?? null;
      if (references === null) return bad("promotion_gate_missing", `the gate is closed: ${closed.join(", ")}`);
      return ok({ references: { ...references, lease_id: "" }, version: hello.version });
    },
    // One evaluation is none of many: what leaves alone here is never looked at by chance.
    isSampled: () => false,
    mismatch: (decisionId, isUnsafe) => {
      const reason = `both engines judged ${decisionId}, and differ${isUnsafe ? "; Go's judgement is the weaker one" : ""}`;
      const { hold } = setHold(state, { cause: "mismatch", reason, person: { name: "", user: "", host: "" } }, SYSTEM_CLOCK);
      recordPromotionEvent({ event: "demoted", hold_id: hold.hold_id, decision_id: decisionId, code: "mismatch", reason }, terminal.env);
    },
    lookedAgain: () => {},
  };
}

/** A worker that is there, and a policy whose first campaign was run: what keeps either away is told by the answer's code. */
async function begun(terminal: Terminal, source: WorkerSource, keeper: Keeper): Promise<void> {
  await keeper.start(START_MS);
  const { build } = keeper.status();
  if (build === null) return;
  const { catalogueDigest: catalogue_digest, policyDigest: digest, registry } = source;
  await afterFirstCampaign(terminal, source, { build, catalogue_digest, policy: { digest }, registry_digest: registry?.digest ?? "" });
}

function noteComparison(
  compared: Compared,
  { catalogue_digest, digest }: Authority["policy"]["compiled"],
  build: string,
  terminal: Terminal,
): void {
  const shadow = openShadowLog(stateDir(terminal.env), SYSTEM_CLOCK);
  shadow.note(compared, { build, catalogue_digest, policy_digest: digest });
  shadow.flush();
}

/** The seed's names, and the whole decision. `go_decision` is Go's judgement as it came, also where it was not selected. */
export function pilotAnswer({ decision, selection, verdict }: Compared): Pick<Compared, "decision"> & Readonly<Record<string, unknown>> {
  const { go, ...selected } = selection;
  return {
    ...selected,
    authoritative_decision: verdict,
    go_decision: verdictOf(go),
    effective_decision: decision.decision,
    go_judgement: go === null ? null : readOr(go),
    decision,
  };
}

function verdictOf(go: string | null): string | null {
  const read = go === null ? null : readOr(go);
  const verdict =
    typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Readonly<Record<string, JsonValue>>).verdict : null;
  return typeof verdict === "string" ? verdict : null;
}

function readOr(text: string): JsonValue {
  const read = parseJson(text);
  return read.ok ? read.value : text;
}

function told({ backend_mode, selected_backend, fallback_code, fallback_reason, parity_match }: Selection): string {
  const agreed = parity_match === null ? "not compared" : parity_match ? "both agree" : "they differ";
  const fallback = fallback_code === null ? "" : `\n           fell back: ${fallback_reason} (${fallback_code})`;
  return `  backend  ${selected_backend} in ${backend_mode} mode, ${agreed}${fallback}\n`;
}
