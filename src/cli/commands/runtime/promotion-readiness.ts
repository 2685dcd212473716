// `cavra runtime go-promotion-readiness`: may Go be selected here, and what is missing? Implements spec/promotion.md 5.2. It reads, and writes nothing of promotion.

import { ok, type Result } from "../../../base/index.js";
import type { GateCheck, PromotionReadiness } from "../../../promotion/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";
import { type GateOptions, gateOf, gateSources } from "./promotion-gate.js";

export async function promotionReadiness(terminal: Terminal, options: GateOptions): Promise<ExitStatus> {
  const found = await promotionReport(terminal, options);
  if (!found.ok) return report(terminal, found.problem, options.json === true);
  const readiness = found.value;
  terminal.print(options.json ? `${JSON.stringify(readiness)}\n` : renderGate(readiness, terminal));
  return readiness.status === "needs_attention" ? EXIT.attention : EXIT.done;
}

/** Problems: those of readSettings. */
export async function promotionReport(terminal: Terminal, options: GateOptions): Promise<Result<PromotionReadiness>> {
  const here = await gateSources(terminal, options);
  return here.ok ? ok(gateOf(here.value.sources).readiness) : here;
}

/** The status, what is selected, and a line for each check; of what failed the next command too. */
export function renderGate({ status, backend_mode, select_go, checks }: PromotionReadiness, terminal: Terminal): string {
  const { colours } = terminal;
  const colour = status === "needs_attention" ? colours.yellow : colours.green;
  const selected = select_go ? "Go is selected" : "TypeScript answers";
  return `${colour(`${status} (${backend_mode})`)}: ${selected}\n${checks.map((check) => checkLine(check, colours)).join("")}`;
}

export function checkLine({ id, status, code, message, hint, verdict }: GateCheck, colours: Terminal["colours"]): string {
  const passes = status === "pass";
  const mark = passes ? colours.green("✓") : colours.red("✗");
  const why = passes ? "" : ` (${verdict}: ${code})`;
  const next = passes || hint === "" ? "" : `      ${oneLine(hint, 300)}\n`;
  return `  ${mark} ${id.padEnd(14)} ${oneLine(message, 300)}${why}\n${next}`;
}
