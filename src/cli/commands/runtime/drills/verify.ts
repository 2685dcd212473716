// `cavra runtime go-rollback-rehearsal verify FILE`: whose it is, what it is about, and how each of its drills went, judged anew. Offline. Implements spec/drills.md 3.3 and 5.2.

import { resolve } from "node:path";
import { drillVerdict, openDocument, REHEARSAL, type RehearsedDrill } from "../../../../promotion/index.js";
import { readDocumentFile } from "../../../../release/index.js";
import { EXIT, type ExitStatus } from "../../../exit.js";
import { report, type Terminal } from "../../../terminal.js";
import { givenHere, type HereOptions, runtimeHere, subjectHere } from "./here.js";
import { msOf } from "./list.js";

export interface VerifyOptions extends HereOptions {}

export function verifyRehearsal(terminal: Terminal, file: string, options: VerifyOptions): ExitStatus {
  const json = options.json === true;
  // Held against a runtime only where one is named: an auditor has another machine.
  const subject = options.runtimePath === undefined ? null : subjectHere(runtimeHere(terminal, options));
  if (subject !== null && !subject.ok) return report(terminal, subject.problem, json);
  const given = givenHere(terminal, options, subject === null ? null : subject.value);
  const { opened, findings } = openDocument(REHEARSAL, readDocumentFile(resolve(terminal.cwd, file)), given);
  const [wrong] = findings;
  if (wrong !== undefined) {
    if (!json && opened !== null) terminal.print(opened.body.drills.map(toldDrill).join(""));
    report(terminal, { code: wrong.code, message: wrong.message, hint: wrong.hint }, json);
    return EXIT.deny;
  }
  if (opened === null) return EXIT.deny;
  const { body, signers } = opened;
  const drills = body.drills.map(viewOfRehearsed);
  if (json)
    terminal.print(
      `${JSON.stringify({ verified: true, signers, issued_at: body.issued_at, expires_at: body.expires_at, subject: body.subject, drills })}\n`,
    );
  else
    terminal.print(
      `${body.drills.map(toldDrill).join("")}${body.drills.length} drills passed; signed ${body.issued_at} by ${signers.join(", ")}, until ${body.expires_at}\n`,
    );
  return EXIT.done;
}

export function viewOfRehearsed({ drill_id, experiment, observations }: RehearsedDrill): object {
  const { verdict, findings, measured } = drillVerdict(experiment, observations);
  const codes = findings.filter((one) => one.verdict !== "pass").map(({ code }) => code);
  return { drill_id, fault: experiment.fault, verdict, codes, measured: { ...measured } };
}

export function toldDrill({ experiment, observations }: RehearsedDrill): string {
  const { verdict, findings, measured } = drillVerdict(experiment, observations);
  const why = findings.filter((one) => one.verdict !== "pass").map(({ code, message }) => `\n    ${code}: ${message}`);
  const { rounds, calls, first_p50_us, first_p99_us, demoted_p99_us } = measured;
  const times = `first answer ${msOf(first_p50_us)} (p99 ${msOf(first_p99_us)}), demoted ${msOf(demoted_p99_us)}`;
  return `${experiment.fault.padEnd(22)} ${verdict.padEnd(12)} ${rounds} rounds, ${calls} calls, ${times}${why.join("")}\n`;
}
