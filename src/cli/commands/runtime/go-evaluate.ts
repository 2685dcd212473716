// `cavra runtime go-evaluate --batch`: the second engine alone, in the form of `cavra evaluate --batch`. Implements spec/backend.md section 10.
// It is for looking and comparing: nothing is recorded, and no line of it may be taken for a decision of the authority.

import { assess, whoIsActing } from "../../../authority/index.js";
import { type Answered, openKeeper } from "../../../backend/index.js";
import { formatTime, type JsonValue, type Problem, parseJson } from "../../../base/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { linesOf } from "../../lines.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { BATCH_LINE_BYTES, readRequest } from "../batch.js";
import { callerOf, type EvaluateOptions, openFor } from "../evaluate.js";
import { type RuntimeOptions, readSettings } from "./settings.js";
import { workerSource } from "./worker-source.js";

const ANSWER_MS = 60_000;
/** So many lines are out at a time: the worker judges side by side, and lines are printed in their order all the same. */
const AT_ONCE = 64;

export async function goEvaluate(
  terminal: Terminal,
  options: RuntimeOptions & EvaluateOptions & { readonly batch?: boolean },
): Promise<ExitStatus> {
  if (options.batch !== true)
    return report(
      terminal,
      {
        code: "batch_missing",
        message: "actions come from standard input: say `--batch`",
        hint: "one action with both engines: `cavra runtime go-pilot-evaluate`",
      },
      options.json === true,
    );
  const settings = readSettings({ ...options, mode: "shadow" }, terminal);
  if (!settings.ok) return report(terminal, settings.problem, options.json === true);
  const authority = openFor(terminal, terminal.cwd, options);
  const keeper = openKeeper(workerSource(authority, settings.value, options, terminal));
  const started = await keeper.start(ANSWER_MS);
  const fault = keeper.status().last_fault;
  if (!started && fault !== null)
    return report(
      terminal,
      { code: fault.code, message: fault.message, hint: "run `cavra runtime go-pilot-readiness --mode shadow`" },
      options.json === true,
    );

  const answerLine = async (line: Buffer, number: number): Promise<object> => {
    const failed = (problem: Problem) => ({ error: { ...problem, line: number } });
    try {
      const request = readRequest(line, { terminal, options });
      if (!request.ok) return failed(request.problem);
      const { action, agent, session } = request.value;
      const who = whoIsActing(callerOf(agent, session), action.workspace_root);
      const momentMs = authority.clock.nowMs();
      // The facts are looked up by TypeScript: which there are to look up is part of deriving.
      const { facts } = assess(action, who, authority, momentMs);
      return told(
        await keeper.ask({ action, facts, subject: { agent: who.agent, user: who.user, now: formatTime(momentMs) } }, ANSWER_MS),
        failed,
      );
    } catch (thrown) {
      return failed(problemOf(thrown));
    }
  };
  const waiting: Promise<object>[] = [];
  const printNext = async () => terminal.print(`${JSON.stringify(await waiting.shift())}\n`);
  let number = 0;
  for (const line of linesOf(0, BATCH_LINE_BYTES)) {
    number += 1;
    if (line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) continue;
    waiting.push(answerLine(Buffer.from(line), number));
    if (waiting.length >= AT_ONCE) await printNext();
  }
  while (waiting.length > 0) await printNext();
  await keeper.stop();
  return EXIT.done;
}

function told(answered: Answered, failed: (problem: Problem) => object): object {
  if (!answered.ok) return failed({ code: answered.code, message: answered.message });
  const read = parseJson(answered.judgement);
  if (!read.ok) return failed({ code: "garbage", message: "Go's judgement is not JSON" });
  const judgement = read.value as Readonly<Record<string, JsonValue>>;
  return {
    decision: judgement.verdict ?? null,
    severity: judgement.severity ?? null,
    reason: judgement.reason ?? null,
    rule_id: judgement.rule_id ?? null,
    judgement,
  };
}
