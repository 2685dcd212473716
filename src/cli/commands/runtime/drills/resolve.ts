// `cavra runtime go-rollback-drills resolve`: a person answers for a drill that did not pass, in the history itself. Implements spec/drills.md 4.6 and 5.2.

import { bad, type Problem } from "../../../../base/index.js";
import { checkReason } from "../../../../evidence/index.js";
import { DRILL_RESOLUTION, type KnownDrill, NO_SUBJECT } from "../../../../promotion/index.js";
import { SYSTEM_CLOCK } from "../../../../store/index.js";
import { EXIT, type ExitStatus } from "../../../exit.js";
import { requirePerson } from "../../../person.js";
import { report, type Terminal } from "../../../terminal.js";
import { currentTrust, signerOfRole } from "../../keys/access.js";
import { addSigned } from "./events.js";
import type { HereOptions } from "./here.js";
import { drillLine, readHere } from "./list.js";

export interface ResolveOptions extends HereOptions {
  readonly reason?: string;
}

export function resolveDrill(terminal: Terminal, drillId: string, options: ResolveOptions): ExitStatus {
  const json = options.json === true;
  const { drills, read } = readHere(terminal, "", options);
  const drill = drills.find(({ drill_id }) => drill_id === drillId);
  const refused = whyNot(drillId, drill);
  if (refused !== null) return report(terminal, refused, json);
  const [damage] = read.findings;
  if (damage !== undefined) return report(terminal, damage, json);
  const reason = checkReason(options.reason ?? "");
  if (!reason.ok) return report(terminal, reason.problem, json);
  const trust = currentTrust(terminal);
  const signer = trust.ok ? signerOfRole(terminal, trust.value, "approver", options) : trust;
  if (!signer.ok) return report(terminal, signer.problem, json);
  const shown = drill === undefined ? "" : drillLine(drill, terminal);
  const telling = `${shown}you answer for it: ${reason.value}\nthe gate opens again only when the same fault passes after it\n`;
  const person = requirePerson(terminal, { telling, word: "resolve" });
  if (!person.ok) return report(terminal, person.problem, json);
  const { user, host } = person.value;
  const body = { drill_id: drillId, reason: reason.value, person: { user, host } };
  const { sequence } = addSigned(terminal, DRILL_RESOLUTION, body, NO_SUBJECT, signer.value, SYSTEM_CLOCK);
  terminal.print(
    json
      ? `${JSON.stringify({ drill_id: drillId, sequence, reason: reason.value })}\n`
      : `it stands as event ${sequence}: drill the same fault again\n`,
  );
  return EXIT.done;
}

function whyNot(drillId: string, drill: KnownDrill | undefined): Problem | null {
  const wrong = (code: string, message: string): Problem => {
    const { problem } = bad(code, message, { hint: "run `cavra runtime go-rollback-drills list`" }) as { readonly problem: Problem };
    return problem;
  };
  if (drill === undefined) return wrong("drill_not_found", `there is no drill \`${drillId.slice(0, 60)}\` here`);
  const isOpen = drill.resolution === null && (drill.verdict === "fail" || drill.verdict === "inconclusive");
  return isOpen ? null : wrong("drill_not_open", `nobody need answer for ${drill.drill_id}`);
}
