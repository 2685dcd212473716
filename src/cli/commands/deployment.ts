// `cavra deployment …`: is this installation fit for what it is used for? Options, help and what is shown. Implements spec/cli.md section 22.

import type { Command } from "commander";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import type { Terminal } from "../terminal.js";
import type { ProductionCheck } from "./deployment/check.js";
import { type ProductionReadiness, productionReport, SECTIONS, sectionWords } from "./deployment/production.js";
import { type GateOptions, withDocuments } from "./runtime/promotion-gate.js";
import { withRuntime } from "./runtime/settings.js";

export function deploymentCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  withDocuments(
    withRuntime(group.command("production-readiness").description("may this go into production as it stands? looks, and changes nothing")),
  )
    .option("--json", "print JSON")
    .action(async (options: GateOptions) => ends(await productionReadiness(terminal, options)));
}

async function productionReadiness(terminal: Terminal, options: GateOptions): Promise<ExitStatus> {
  const found = await productionReport(terminal, options);
  terminal.print(options.json === true ? `${JSON.stringify(found)}\n` : render(found, terminal));
  return found.status === "needs_attention" ? EXIT.attention : EXIT.done;
}

function render(found: ProductionReadiness, { colours }: Terminal): string {
  const { status, blocking, checks } = found;
  const colour = status === "ready" ? colours.green : colours.yellow;
  const sections = SECTIONS.map((name) => {
    const blocks = blocking.includes(name);
    const words = blocks ? sectionWords(found[name]) : "";
    return `  ${blocks ? colours.red("✗") : colours.dim("·")} ${name.padEnd(34)} ${found[name].status}${words === "" ? "" : `: ${oneLine(words, 200)}`}\n`;
  });
  return `${colour(status)}\n${checks.map((check) => checkLine(check, colours)).join("")}${sections.join("")}`;
}

function checkLine({ id, status, code, message, hint }: ProductionCheck, colours: Terminal["colours"]): string {
  const passes = status === "pass";
  const mark = passes ? colours.green("✓") : colours.red("✗");
  return `  ${mark} ${id.padEnd(10)} ${oneLine(message, 300)}${passes ? "" : ` (${code})\n      ${oneLine(hint, 300)}`}\n`;
}
