// `cavra runtime go-rollback-plan init | check | sign`: a draft for a person, all that is wrong with it, and the signature. Implements spec/drills.md 2.4.

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { bad, formatTime, type JsonValue, ok, type Problem, parseJson, type Result } from "../../../base/index.js";
import {
  DAY_MS,
  DOCUMENT_BYTES,
  DOCUMENT_PREFIX,
  draftProblems,
  NO_SUBJECT,
  newDraft,
  type PlanDraft,
  ROLLBACK_PLAN,
  type RollbackPlan,
  signDocument,
} from "../../../promotion/index.js";
import { programDigest } from "../../../release/index.js";
import { newId, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { whoRunsThis } from "../../person.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { currentTrust, type SignerOptions, signerOfRole } from "../keys/access.js";

export interface PlanOptions extends SignerOptions {
  readonly output?: string;
  readonly runtimePath?: string;
  readonly json?: boolean;
}

export function initPlan(terminal: Terminal, file: string, options: PlanOptions): ExitStatus {
  const json = options.json === true;
  try {
    const path = resolve(terminal.cwd, file);
    const draft = newDraft(whoRunsThis(terminal).user);
    const kept = writeNew(path, `${JSON.stringify(draft, null, 2)}\n`);
    if (!kept.ok) return report(terminal, kept.problem, json);
    const problems = draftProblems(draft as unknown as JsonValue);
    if (json) terminal.print(`${JSON.stringify({ file: path, valid: false, problems })}\n`);
    else {
      terminal.print(`wrote ${path}; a person fills in:\n${problems.map((problem) => problemLine(problem)).join("")}`);
      terminal.print(`  then: \`cavra runtime go-rollback-plan check ${file}\`\n`);
    }
    return EXIT.done;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), json);
  }
}

/** Problem: `already_there`. */
function writeNew(path: string, text: string): Result<null> {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return ok(null);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    return bad("already_there", `\`${path}\` is there already`, { hint: "name another file, or remove it" });
  }
}

export function checkPlan(terminal: Terminal, file: string, options: PlanOptions): ExitStatus {
  const json = options.json === true;
  try {
    const { problems } = readDraft(terminal, file);
    tell(terminal, { file: resolve(terminal.cwd, file), valid: problems.length === 0, problems }, "the plan says what it must", json);
    return problems.length === 0 ? EXIT.done : EXIT.deny;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), json);
  }
}

export function signPlan(terminal: Terminal, file: string, options: PlanOptions): ExitStatus {
  const json = options.json === true;
  try {
    const { draft, problems } = readDraft(terminal, file);
    if (draft === null) {
      tell(terminal, { file: resolve(terminal.cwd, file), valid: false, problems }, "", json);
      return EXIT.deny;
    }
    const signed = signed90(terminal, draft, options);
    if (!signed.ok) return report(terminal, signed.problem, json);
    const { path, plan, text } = signed.value;
    const kept = writeNew(path, text);
    if (!kept.ok) return report(terminal, kept.problem, json);
    const { document_id, expires_at } = plan;
    tell(
      terminal,
      { file: path, valid: true, document_id, expires_at, problems },
      `signed ${path}: ${document_id}, until ${expires_at}`,
      json,
    );
    return EXIT.done;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), json);
  }
}

interface DraftRead {
  /** Null where there is a problem. */
  readonly draft: PlanDraft | null;
  readonly problems: readonly Problem[];
}

function readDraft(terminal: Terminal, file: string): DraftRead {
  const path = resolve(terminal.cwd, file);
  if (statSync(path).size > DOCUMENT_BYTES)
    return { draft: null, problems: [{ code: "plan_malformed", message: `it has more than ${DOCUMENT_BYTES} bytes`, at: "$" }] };
  const read = parseJson(readFileSync(path, "utf8").trim(), { sizeBytes: DOCUMENT_BYTES, depth: 8 });
  if (!read.ok) return { draft: null, problems: [{ code: "plan_malformed", message: read.problem.message, at: "$" }] };
  const problems = draftProblems(read.value);
  return { draft: problems.length === 0 ? (read.value as unknown as PlanDraft) : null, problems };
}

interface Signed {
  readonly path: string;
  readonly plan: RollbackPlan;
  readonly text: string;
}

/** Problems: `output_missing`, `runtime_missing`, those of trust and keys. */
function signed90(terminal: Terminal, draft: PlanDraft, options: PlanOptions): Result<Signed> {
  if (options.output === undefined)
    return bad("output_missing", "the signed plan needs a file", { hint: "name one that is not there yet: `--output FILE`" });
  const given = options.runtimePath ?? terminal.env.CAVRA_GO_RUNTIME_PATH ?? "";
  const runtime = given === "" ? "" : programDigest(resolve(terminal.cwd, given));
  if (runtime === "")
    return bad("runtime_missing", "a plan is for one runtime, and there is none", {
      hint: "name it with `--runtime-path` or CAVRA_GO_RUNTIME_PATH",
    });
  const trust = currentTrust(terminal);
  if (!trust.ok) return trust;
  const signer = signerOfRole(terminal, trust.value, "builder", options);
  if (!signer.ok) return signer;
  const { id, momentMs } = newId(DOCUMENT_PREFIX, SYSTEM_CLOCK);
  const plan: RollbackPlan = {
    ...draft,
    document_id: id,
    issued_at: formatTime(momentMs),
    expires_at: formatTime(momentMs + ROLLBACK_PLAN.days * DAY_MS),
    subject: { ...NO_SUBJECT, runtime },
  };
  const text = signDocument(ROLLBACK_PLAN, plan, signer.value, trustChain(stateDir(terminal.env)));
  return text.ok ? ok({ path: resolve(terminal.cwd, options.output), plan, text: text.value }) : text;
}

interface Told {
  readonly file: string;
  readonly valid: boolean;
  readonly document_id?: string;
  readonly expires_at?: string;
  readonly problems: readonly Problem[];
}

function tell(terminal: Terminal, told: Told, well: string, json: boolean): void {
  const { green, red } = terminal.colours;
  if (json) terminal.print(`${JSON.stringify(told)}\n`);
  else if (told.valid) terminal.print(`${green("✓")} ${well}\n`);
  else terminal.print(`${red("✗")} ${told.file} is no plan yet\n${told.problems.map((problem) => problemLine(problem)).join("")}`);
}

function problemLine({ at, message, code }: Problem): string {
  return `  ${at ?? "$"}: ${oneLine(message, 300)} (${code})\n`;
}
