// `cavra pause` and `cavra resume`: for a while nothing is stopped but what nobody may except. Implements spec/cli.md 11.4 and spec/agents.md section 5.

import {
  endPause,
  MAX_PAUSE_MS,
  MIN_PAUSE_MS,
  momentNow,
  newHostChange,
  newPause,
  type Pause,
  pauseInForce,
  recordHostChange,
  writePause,
} from "../../authority/index.js";
import { bad, type JsonObject, ok, type Result } from "../../base/index.js";
import { checkReason } from "../../evidence/index.js";
import { SYSTEM_CLOCK } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { requirePerson, whoRunsThis } from "../person.js";
import { parseLength, sayLength } from "../span-of-time.js";
import { report, type Terminal } from "../terminal.js";

export interface PauseOptions {
  readonly for?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export function pause(terminal: Terminal, options: PauseOptions): ExitStatus {
  const done = startPause(terminal, options);
  if (!done.ok) return report(terminal, done.problem, options.json === true);
  const { started_at, ends_at, reason, record_id } = done.value;
  if (options.json) terminal.print(`${JSON.stringify({ paused: { started_at, ends_at, reason, record_id } })}\n`);
  else terminal.print(`${terminal.colours.yellow("paused")} until ${ends_at} (${record_id}); end it with \`cavra resume\`\n`);
  return EXIT.done;
}

function startPause(terminal: Terminal, options: PauseOptions): Result<Pause> {
  const length = lengthOf(options.for);
  if (!length.ok) return length;
  const reason = checkReason(options.reason ?? "");
  if (!reason.ok) return reason;
  const current = pauseInForce(terminal.env, momentNow);
  if (current !== null)
    return bad("already_paused", `the guard is paused already, until ${current.ends_at}`, { hint: "run `cavra resume` to end it" });
  const person = requirePerson(terminal, { telling: tellingOf(length.value, reason.value), word: "pause" });
  if (!person.ok) return person;
  const { id } = newHostChange(SYSTEM_CLOCK);
  // From the moment of the yes, not of the question.
  const made = newPause(momentNow(), length.value, { record_id: id, user: person.value.user, reason: reason.value });
  const after: JsonObject = { started_at: made.started_at, ends_at: made.ends_at };
  const change = { recordId: id, change: "paused" as const, person: person.value, reason: reason.value, decision_id: "" };
  recordHostChange({ ...change, before: null, after }, terminal.env);
  writePause(terminal.env, made);
  return ok(made);
}

function lengthOf(text: string | undefined): Result<number> {
  if (text === undefined) return bad("length_missing", "how long is needed", { hint: "give it with `--for 10m`, an hour at most" });
  const length = parseLength(text);
  if (!length.ok) return length;
  if (length.value >= MIN_PAUSE_MS && length.value <= MAX_PAUSE_MS) return length;
  return bad("bad_time", `a pause has from 1 minute to ${sayLength(MAX_PAUSE_MS)}, not \`${text}\``, {
    hint: "for longer, run `cavra observe on`",
  });
}

function tellingOf(ms: number, reason: string): string {
  return [
    `pause the guard for ${sayLength(ms)}, for every agent and every repository of this user`,
    "  every call is still judged and recorded, with the reason below; nothing is stopped",
    "  but what a rule denies that nobody may except (`overridable: never`)",
    "  it ends by itself, when the machine starts again, and with `cavra resume`",
    `  reason    ${oneLine(reason, 500)}`,
    "",
  ].join("\n");
}

/** Ends a pause. It tightens, so nobody is asked; it is recorded all the same. */
export function resume(terminal: Terminal, options: { readonly json?: boolean }): ExitStatus {
  const current = pauseInForce(terminal.env, momentNow);
  if (current !== null) {
    const before: JsonObject = { started_at: current.started_at, ends_at: current.ends_at };
    const change = { change: "resumed" as const, person: whoRunsThis(terminal), reason: "the pause was ended", decision_id: "" };
    recordHostChange({ recordId: newHostChange(SYSTEM_CLOCK).id, ...change, before, after: null }, terminal.env);
  }
  endPause(terminal.env);
  if (options.json) terminal.print(`${JSON.stringify({ resumed: current !== null })}\n`);
  else terminal.print(current === null ? "the guard was not paused\n" : `${terminal.colours.green("✓")} the guard stops again\n`);
  return EXIT.done;
}
