// `cavra why`: the last decision, or one by id, told to a person from its record. Implements spec/cli.md section 3.

import { bad, type Problem, type Result, stops } from "../../base/index.js";
import { type Decision, decisionOf } from "../../evidence/index.js";
import { listRecords, type StoredRecord, SYSTEM_CLOCK, stateDir } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { policyReader, proposalsFor } from "../propose.js";
import { findDecision } from "../recorded-decisions.js";
import { renderDecision } from "../render.js";
import { report, type Terminal } from "../terminal.js";

export function why(terminal: Terminal, id: string, options: { readonly json?: boolean }): ExitStatus {
  const found = id === "" ? lastRecord(terminal) : findDecision(terminal, id);
  if (!found.ok) return report(terminal, elsewhere(found.problem, id), options.json === true);
  terminal.print(
    options.json ? `${JSON.stringify({ decision: decisionFrom(found.value), record: found.value.record })}\n` : tell(found.value, terminal),
  );
  return EXIT.done;
}

/** `cavra log` shows changes of the guard beside decisions. */
function elsewhere(problem: Problem, id: string): Problem {
  const isChange = id.startsWith("chg_") && problem.code === "record_not_found";
  return isChange ? { ...problem, message: `\`${id}\` is no decision`, hint: "run `cavra evidence show` with it" } : problem;
}

function lastRecord(terminal: Terminal): Result<StoredRecord> {
  const last = listRecords(stateDir(terminal.env), {}, 1)[0];
  if (last !== undefined) return { ok: true, value: last };
  return bad("record_not_found", "nothing has been decided yet", {
    hint: "run `cavra agent doctor claude-code` to see whether the hook fires",
  });
}

/** The answer as it was given, made again from the record. */
export function decisionFrom(stored: StoredRecord): Decision {
  return decisionOf(stored.record, { status: "recorded", record_digest: stored.digest, journal: stored.position });
}

export function tell(stored: StoredRecord, terminal: Terminal): string {
  const { record } = stored;
  const action = record.action ?? {
    action_type: "execute_command" as const,
    target: "(no action: the input could not be read)",
    workspace_root: "",
  };
  const decision = decisionFrom(stored);
  // The reason of the decision was told already.
  const told = record.basis.reason === decision.reason ? "" : `: ${record.basis.reason}`;
  const basis = record.basis.code === "policy" ? "" : `  ${terminal.colours.dim("basis    ")}${record.basis.code}${told}\n`;
  return `${renderDecision(decision, action, terminal, exceptionRows(stored, terminal))}  ${terminal.colours.dim("when     ")}${record.recorded_at}\n${basis}`;
}

/** For the person who was stopped: how to except it, or why nobody can. A policy that does not load now has told so elsewhere. */
function exceptionRows({ record }: StoredRecord, terminal: Terminal): readonly (readonly [string, string])[] {
  if (record.judgement === null || !stops(record.judgement.verdict)) return [];
  try {
    const policy = policyReader(terminal)(record.action?.workspace_root ?? "");
    const proposals = proposalsFor(record, policy, terminal, SYSTEM_CLOCK.nowMs());
    if (proposals.ok) return [["except", `cavra allow ${record.record_id} --until 2h --reason "why"`]];
    return [["except", `${proposals.problem.message}; ${proposals.problem.hint ?? ""}`]];
  } catch {
    return [];
  }
}
