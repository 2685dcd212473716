// `cavra runtime go-pilot-readiness`: is the second engine ready to be asked? Implements spec/backend.md section 9.

import { heldBack, workspaceAround } from "../../../authority/index.js";
import { backendReadiness, type Check, type Readiness } from "../../../backend/index.js";
import { ok, type Result } from "../../../base/index.js";
import { stateDir } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";
import { type EvaluateOptions, openFor } from "../evaluate.js";
import { afterFirstCampaign } from "./parity-first.js";
import { readinessProbes } from "./probes.js";
import { type RuntimeOptions, readSettings } from "./settings.js";
import { workerSource } from "./worker-source.js";

/** `campaign` false (`--no-campaign`): where there is no first campaign, that is said, and none is run. */
export type ReadinessOptions = RuntimeOptions & EvaluateOptions & { readonly campaign?: boolean };

export async function pilotReadiness(terminal: Terminal, options: ReadinessOptions): Promise<ExitStatus> {
  const found = await pilotReport(terminal, options);
  if (!found.ok) return report(terminal, found.problem, options.json === true);
  terminal.print(options.json ? `${JSON.stringify(found.value)}\n` : render(found.value, terminal));
  return found.value.status === "needs_attention" ? EXIT.attention : EXIT.done;
}

/** Problems: those of readSettings. */
export async function pilotReport(terminal: Terminal, options: ReadinessOptions): Promise<Result<Readiness>> {
  const settings = readSettings(options, terminal);
  if (!settings.ok) return settings;
  const { mode } = settings.value;
  const workspace = workspaceAround(terminal.cwd, terminal.env.HOME ?? "");
  const authority = openFor(terminal, workspace, options);
  const asked = mode === "shadow" || mode === "enforce";
  const source = workerSource(authority, settings.value, options, terminal, asked);
  const found = await backendReadiness(mode, source, asked ? readinessProbes(authority, workspace) : [], async (hello) =>
    options.campaign === false ? heldBack(stateDir(terminal.env), hello) : afterFirstCampaign(terminal, source, hello),
  );
  return ok(found);
}

function render({ status, backend_mode, checks }: Readiness, { colours }: Terminal): string {
  const colour = status === "needs_attention" ? colours.yellow : colours.green;
  const lines = checks.filter(({ code }) => code !== "not_reached" || status === "needs_attention").map((check) => line(check, colours));
  return `${colour(`${status} (${backend_mode})`)}\n${lines.join("")}`;
}

function line({ id, status, code, message, hint }: Check, colours: Terminal["colours"]): string {
  const mark = status === "pass" ? colours.green("✓") : status === "fail" ? colours.red("✗") : colours.dim("-");
  const why = status === "fail" ? ` (${code})` : "";
  const next = hint === "" ? "" : `      ${oneLine(hint, 300)}\n`;
  return `  ${mark} ${id.padEnd(10)} ${oneLine(message, 300)}${why}\n${next}`;
}
