// `cavra runtime go-rollback` and `go-hold`: the way back in one step, and the way a person lifts it. Implements spec/promotion.md section 8.
// INVARIANT: rolling back asks nobody and needs nothing; what cannot be recorded or written is told, and what can be done is done.

import { recordPromotionEvent } from "../../../authority/index.js";
import { type JsonObject, ok, type Problem, type Result } from "../../../base/index.js";
import { checkReason } from "../../../evidence/index.js";
import type { Hold } from "../../../promotion/index.js";
import { isHeld, liftHold, pastHolds, readStanding, setHold, UNREADABLE } from "../../../release/index.js";
import { SYSTEM_CLOCK, stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { type Person, requirePerson, whoRunsThis } from "../../person.js";
import { report, type Terminal } from "../../terminal.js";

export interface HoldOptions {
  readonly reason?: string;
  readonly json?: boolean;
}

export function goRollback(terminal: Terminal, options: HoldOptions): ExitStatus {
  const json = options.json === true;
  const came = holdNow(terminal, options.reason ?? "", whoRunsThis(terminal));
  if (!came.ok) return report(terminal, came.problem, json);
  const { held, hold, stood_before, unrecorded, problem } = came.value;
  if (json) terminal.print(`${JSON.stringify(came.value)}\n`);
  else terminal.print(told(terminal, hold, { stoodBefore: stood_before, isDone: held, unrecorded, problem: problem?.message ?? "" }));
  return held ? EXIT.done : EXIT.attention;
}

/** What setting a hold came to. */
export interface HoldCame {
  readonly held: boolean;
  readonly hold: Hold;
  readonly stood_before: boolean;
  readonly problem: Problem | null;
  /** Why it is not on record; "" where it is. */
  readonly unrecorded: string;
}

/** Problems: those of checkReason. */
export function holdNow({ env }: Pick<Terminal, "env">, said: string, who: Person): Result<HoldCame> {
  const reason = checkReason(said);
  if (!reason.ok) return reason;
  const state = stateDir(env);
  const person = { name: who.user, user: who.user, host: who.host };
  const { hold, stoodBefore, problem } = setHold(state, { cause: "operator", reason: reason.value, person }, SYSTEM_CLOCK);
  const event = { event: "held", hold_id: hold.hold_id, code: "operator", reason: reason.value, person: who } as const;
  const unrecorded = stoodBefore ? "" : recorded(env, event);
  return ok({ held: isHeld(state), hold: { ...hold }, stood_before: stoodBefore, problem, unrecorded });
}

/** Why it could not be put on record; "" where it was. A rollback goes on without its record: it only tightens. */
function recorded(env: Terminal["env"], event: Parameters<typeof recordPromotionEvent>[0]): string {
  try {
    recordPromotionEvent(event, env);
    return "";
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

interface Came {
  readonly stoodBefore: boolean;
  readonly isDone: boolean;
  readonly unrecorded: string;
  readonly problem: string;
}

function told(terminal: Terminal, hold: Hold, { stoodBefore, isDone, unrecorded, problem }: Came): string {
  const { green, red, dim } = terminal.colours;
  if (!isDone)
    return `${red("✗")} the hold could not be set: ${problem}\n  CAVRA_GO_BACKEND_MODE=disabled and \`cavra down\` roll back too\n`;
  const head = `${green("✓")} Go answers nothing from now on: TypeScript does ${dim(hold.hold_id)}\n`;
  const before = stoodBefore ? `  a hold stood already, since ${hold.at}: ${oneLine(hold.reason, 200)}\n` : "";
  const beside = problem === "" ? "" : `  ${oneLine(problem, 200)}\n`;
  return `${head}${before}${beside}${unrecorded === "" ? "" : `  it is not on record: ${oneLine(unrecorded, 200)}\n`}`;
}

export function listHolds(terminal: Terminal, options: HoldOptions): ExitStatus {
  const state = stateDir(terminal.env);
  const standing = readStanding(state);
  const past = pastHolds(state);
  if (options.json === true) {
    terminal.print(`${JSON.stringify(holdsHere(terminal))}\n`);
    return EXIT.done;
  }
  const { dim, yellow } = terminal.colours;
  const line = (hold: Hold) => `${dim(hold.at)} ${hold.cause.padEnd(8)} ${oneLine(hold.reason, 120)}  ${dim(hold.hold_id)}\n`;
  const head =
    standing === null
      ? "no hold stands\n"
      : standing.ok
        ? `${yellow("held")} ${line(standing.value)}  \`cavra runtime go-hold lift ${standing.value.hold_id} --reason R\` lifts it\n`
        : `${yellow("held")} and what stands there cannot be read: \`cavra runtime go-hold lift ${UNREADABLE} --reason R\` lifts it\n`;
  terminal.print(`${head}${past.map((hold) => `lifted ${line(hold)}`).join("")}`);
  return EXIT.done;
}

/** What stands and what was lifted, as `--json` shows it. */
export function holdsHere({ env }: Pick<Terminal, "env">): object {
  const state = stateDir(env);
  const standing = readStanding(state);
  const now = standing === null ? null : standing.ok ? { ...standing.value } : { hold_id: UNREADABLE, problem: { ...standing.problem } };
  return { held: isHeld(state), standing: now, lifted: pastHolds(state).map((hold) => ({ ...hold })) };
}

export function liftHoldNow(terminal: Terminal, holdId: string, options: HoldOptions): ExitStatus {
  const json = options.json === true;
  const reason = checkReason(options.reason ?? "");
  if (!reason.ok) return report(terminal, reason.problem, json);
  const state = stateDir(terminal.env);
  const standing = readStanding(state);
  const known = standing === null ? "" : standing.ok ? standing.value.hold_id : UNREADABLE;
  if (known !== holdId) {
    const code = known === "" ? "hold_missing" : "hold_other";
    const message = known === "" ? "no hold stands" : `the hold that stands is \`${known}\``;
    return report(terminal, { code, message, hint: "run `cavra runtime go-hold list`" }, json);
  }
  const why =
    standing?.ok === true
      ? `it was set at ${standing.value.at}, ${standing.value.cause}: ${standing.value.reason}\n`
      : "it cannot be read\n";
  const telling = `the hold ${holdId} keeps Go from answering; ${why}when it is lifted, Go answers again as soon as the whole gate passes\n`;
  const person = requirePerson(terminal, { telling, word: "lift" });
  if (!person.ok) return report(terminal, person.problem, json);
  // On record before it is so: no record, no loosening.
  recordPromotionEvent({ event: "lifted", hold_id: holdId, reason: reason.value, person: person.value }, terminal.env);
  const lifted = liftHold(state, holdId);
  if (!lifted.ok) return report(terminal, lifted.problem, json);
  const shown: JsonObject = { lifted: holdId };
  terminal.print(json ? `${JSON.stringify(shown)}\n` : `the hold is lifted: the gate must pass before Go answers again\n`);
  return EXIT.done;
}
