// `cavra runtime go-rollback-readiness`: is there a way back, can it be gone, and has it been gone. Implements spec/drills.md 2.5.

import { ok, type Result } from "../../../base/index.js";
import { type Finding, found, type InputFound, isDueSoon, isPass, ordered, passed } from "../../../promotion/index.js";
import { holdWritable, isHeld, readDocuments } from "../../../release/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { problemOf, report, type Terminal } from "../../terminal.js";
import { type GateOptions, gateSources } from "./promotion-gate.js";

export interface RollbackCheck {
  readonly id: "plan" | "hold" | "rehearsal";
  readonly status: "pass" | "fail";
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** Codes of what else was found. */
  readonly also: readonly string[];
  /** "" where it has no end. */
  readonly ends_at: string;
}

export interface RollbackReadiness {
  readonly schema_version: "cavra.go-rollback-readiness.v1";
  readonly status: "ready" | "due_soon" | "disabled" | "not_configured" | "needs_attention";
  readonly checks: readonly RollbackCheck[];
}

export async function rollbackReadiness(terminal: Terminal, options: GateOptions): Promise<ExitStatus> {
  const json = options.json === true;
  try {
    const found = await rollbackReport(terminal, options);
    if (!found.ok) return report(terminal, found.problem, json);
    const readiness = found.value;
    terminal.print(json ? `${JSON.stringify(readiness)}\n` : render(readiness, terminal));
    return readiness.status === "needs_attention" ? EXIT.attention : EXIT.done;
  } catch (thrown) {
    return report(terminal, problemOf(thrown), json);
  }
}

/** Problems: those of readSettings. Throws what cannot be read. */
export async function rollbackReport(terminal: Terminal, options: GateOptions): Promise<Result<RollbackReadiness>> {
  const here = await gateSources(terminal, options);
  if (!here.ok) return here;
  const { sources } = here.value;
  const { plan, rehearsal } = sources.paths;
  const { documents } = readDocuments(sources);
  const held = isHeld(sources.stateFolder);
  const unknown = sources.running === null ? [notRunning(sources.runtimeFault)] : [];
  const inputs = {
    plan: withFindings(documents.rollback_plan, unknown),
    hold: { findings: holdFindings(sources.stateFolder, held), issued_at: "", ends_at: "" },
    rehearsal: withFindings(documents.rehearsal, unknown),
  };
  return ok(readinessOf(inputs, { isConfigured: plan !== "" || rehearsal !== "", held, nowMs: sources.nowMs }));
}

/** A document is of what would run here only where something is known to. */
function notRunning(fault: { readonly code: string; readonly message: string } | null): Finding {
  const { code, message } = fault ?? { code: "worker_unavailable", message: "no worker was started" };
  return found(code === "runtime_missing" ? "missing" : "fail", code, message, "name it with `--runtime-path` or CAVRA_GO_RUNTIME_PATH");
}

function withFindings({ findings, issued_at, ends_at }: InputFound, more: readonly Finding[]): InputFound {
  return { findings: [...findings, ...more], issued_at, ends_at };
}

function holdFindings(stateFolder: string, held: boolean): readonly Finding[] {
  if (held)
    return [found("fail", "promotion_held", "a hold stands: the way back was gone", "`cavra runtime go-hold list`; a person lifts it")];
  const wrong = holdWritable(stateFolder, SYSTEM_CLOCK);
  return wrong.length > 0 ? wrong : [passed("no hold stands, and one can be written")];
}

type Inputs = Readonly<Record<RollbackCheck["id"], InputFound>>;

interface Around {
  readonly isConfigured: boolean;
  readonly held: boolean;
  readonly nowMs: number;
}

function readinessOf(inputs: Inputs, around: Around): RollbackReadiness {
  const checks = (["plan", "hold", "rehearsal"] as const).map((id) => checkOf(id, inputs[id]));
  return { schema_version: "cavra.go-rollback-readiness.v1", status: statusOf(inputs, around), checks };
}

function statusOf(inputs: Inputs, { isConfigured, held, nowMs }: Around): RollbackReadiness["status"] {
  if (held) return "disabled";
  if (!isConfigured) return "not_configured";
  const all = Object.values(inputs);
  if (!all.every(({ findings }) => isPass(findings))) return "needs_attention";
  return all.some((input) => isDueSoon(input, nowMs)) ? "due_soon" : "ready";
}

function checkOf(id: RollbackCheck["id"], { findings, ends_at }: InputFound): RollbackCheck {
  const [{ verdict, code, message, hint }, ...others] = ordered(findings);
  const also = [...new Set(others.map((one) => one.code))].filter((one) => one !== code && one !== "ok");
  return { id, status: verdict === "pass" ? "pass" : "fail", code, message, hint, also, ends_at };
}

function render({ status, checks }: RollbackReadiness, { colours }: Terminal): string {
  const colour = status === "needs_attention" ? colours.yellow : colours.green;
  const lines = checks.map(({ id, status: outcome, code, message, hint, also }) => {
    const passes = outcome === "pass";
    const why = passes ? "" : ` (${[code, ...also].join(", ")})`;
    const next = passes || hint === "" ? "" : `      ${oneLine(hint, 300)}\n`;
    return `  ${passes ? colours.green("✓") : colours.red("✗")} ${id.padEnd(10)} ${oneLine(message, 300)}${why}\n${next}`;
  });
  return `${colour(status)}\n${lines.join("")}`;
}
