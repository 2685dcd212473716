// `cavra observe`: the whole host decides and records, and stops nothing; for the first days of a guard. Implements spec/cli.md 11.2.

import { changeHostSettings, newHostChange, readHostSettings, recordHostChange } from "../../authority/index.js";
import { formatTime, type JsonObject, type Result } from "../../base/index.js";
import { checkReason } from "../../evidence/index.js";
import { SYSTEM_CLOCK } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { type Person, requirePerson, whoRunsThis } from "../person.js";
import { report, type Terminal } from "../terminal.js";

export interface ObserveOptions {
  readonly reason?: string;
  readonly json?: boolean;
}

/** Says whether this host observes. */
export function observeState(terminal: Terminal, options: ObserveOptions): ExitStatus {
  const { observe } = readHostSettings(terminal.env);
  if (options.json) terminal.print(`${JSON.stringify({ observing: observe !== null, observe })}\n`);
  else if (observe === null) terminal.print("this host enforces; `cavra observe on` would only record\n");
  else
    terminal.print(
      `${terminal.colours.yellow("this host observes")} since ${observe.since}: ${oneLine(observe.reason, 500)}\nnothing is stopped; \`cavra observe report\` shows what would have been, \`cavra observe off\` ends it\n`,
    );
  return EXIT.done;
}

export function observeOn(terminal: Terminal, options: ObserveOptions): ExitStatus {
  const reason = checkReason(options.reason ?? "");
  if (!reason.ok) return report(terminal, reason.problem, options.json === true);
  if (readHostSettings(terminal.env).observe !== null) return observeState(terminal, options);
  const person = requirePerson(terminal, { telling: TELLING(reason.value), word: "observe" });
  return turn(terminal, options, person, reason.value, true);
}

/** Ends observing. It tightens, so nobody is asked. */
export function observeOff(terminal: Terminal, options: ObserveOptions): ExitStatus {
  if (readHostSettings(terminal.env).observe === null) return observeState(terminal, options);
  const reason = checkReason(options.reason ?? "observing was ended");
  if (!reason.ok) return report(terminal, reason.problem, options.json === true);
  return turn(terminal, options, { ok: true, value: whoRunsThis(terminal) }, reason.value, false);
}

function turn(terminal: Terminal, options: ObserveOptions, person: Result<Person>, reason: string, on: boolean): ExitStatus {
  if (!person.ok) return report(terminal, person.problem, options.json === true);
  const { id, momentMs } = newHostChange(SYSTEM_CLOCK);
  const settings = readHostSettings(terminal.env);
  const after = on ? { since: formatTime(momentMs), reason, record_id: id } : null;
  const change = { recordId: id, change: on ? ("observe_on" as const) : ("observe_off" as const), person: person.value, reason };
  const kept = (one: typeof after): JsonObject | null => (one === null ? null : { ...one });
  recordHostChange({ ...change, decision_id: "", before: kept(settings.observe), after: kept(after) }, terminal.env);
  changeHostSettings(terminal.env, (now) => ({ ...now, observe: after }));
  return observeState(terminal, options);
}

const TELLING = (reason: string): string =>
  [
    "observe only, for every agent and every repository of this user, until `cavra observe off`",
    "  every call is judged and recorded; nothing is stopped, not even what nobody may except",
    "  `cavra observe report` shows what would have been stopped, and the exception for each false alarm",
    `  reason    ${oneLine(reason, 500)}`,
    "",
  ].join("\n");
