// `cavra deployment production-readiness`: may this go into production as it stands? Implements spec/service.md section 16.
// INVARIANT: nothing here is asserted. Checks look anew each time; the sections are what the sister commands' own functions say.

import type { JsonObject, Problem, Result } from "../../../base/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import { problemOf, type Terminal } from "../../terminal.js";
import { deploymentReport } from "../runtime/deployment-readiness.js";
import { drillsReport, rehearsalReport } from "../runtime/drills/readiness.js";
import { readReport } from "../runtime/drills/schedule.js";
import { pilotReport } from "../runtime/pilot-readiness.js";
import type { GateOptions } from "../runtime/promotion-gate.js";
import { promotionReport } from "../runtime/promotion-readiness.js";
import { rollbackReport } from "../runtime/rollback-readiness.js";
import { readSettings } from "../runtime/settings.js";
import { CHECKS, type ProductionCheck } from "./check.js";
import { evidenceChecks } from "./evidence-checks.js";
import { policyChecks } from "./policy-checks.js";
import { serviceChecks } from "./service-checks.js";

export const SECTIONS = [
  "go_backend_pilot",
  "go_backend_deployment",
  "go_backend_promotion",
  "go_backend_rollback",
  "go_backend_rollback_rehearsal",
  "go_backend_rollback_drill_history",
  "go_backend_rollback_drill_schedule",
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** A sister command's report, or why it could not be made. */
export type Section = { readonly status: string } | { readonly status: "needs_attention"; readonly error: Problem };

export type ProductionReadiness = {
  readonly schema_version: "cavra.production-readiness.v1";
  readonly status: "ready" | "needs_attention";
  /** Checks and sections that keep it from being ready. */
  readonly blocking: readonly string[];
  readonly checks: readonly ProductionCheck[];
} & Readonly<Record<SectionName, Section>>;

export async function productionReport(terminal: Terminal, options: GateOptions): Promise<ProductionReadiness> {
  const looked = [
    ...(await serviceChecks(terminal)),
    ...evidenceChecks(terminal, SYSTEM_CLOCK.nowMs()),
    ...policyChecks(terminal, options),
  ];
  const checks = CHECKS.flatMap((id) => looked.filter((check) => check.id === id));
  const sections = await sectionsHere(terminal, options);
  const failed = checks.filter(({ status }) => status === "fail").map(({ id }) => id);
  const blocking = [...failed, ...blockingSections(sections, isPromoted(terminal, options))];
  const status = blocking.length === 0 ? "ready" : "needs_attention";
  return { schema_version: "cavra.production-readiness.v1", status, blocking, checks, ...sections };
}

/** These know the mode themselves, and ask for nothing that it does not need. */
const KNOWS_MODE: ReadonlySet<SectionName> = new Set(["go_backend_pilot", "go_backend_promotion"]);

/**
 * The others speak of documents that only promoted mode rests on. The temptation is to let them block in every mode: then rolling back as it is
 * written down, by another mode, would leave production red while a path is still set.
 */
function blockingSections(sections: Readonly<Record<SectionName, Section>>, promoted: boolean): readonly SectionName[] {
  return SECTIONS.filter((name) => sections[name].status === "needs_attention" && (promoted || KNOWS_MODE.has(name)));
}

function isPromoted(terminal: Terminal, options: GateOptions): boolean {
  const settings = readSettings(options, terminal);
  return !settings.ok || settings.value.mode === "promoted";
}

async function sectionsHere(terminal: Terminal, options: GateOptions): Promise<Readonly<Record<SectionName, Section>>> {
  return {
    go_backend_pilot: await section(() => pilotReport(terminal, { ...options, campaign: false })),
    go_backend_deployment: await section(() => deploymentReport(terminal, options)),
    go_backend_promotion: await section(() => promotionReport(terminal, options)),
    go_backend_rollback: await section(() => rollbackReport(terminal, options)),
    go_backend_rollback_rehearsal: await section(() => rehearsalReport(terminal, options)),
    go_backend_rollback_drill_history: await section(() => drillsReport(terminal, options)),
    go_backend_rollback_drill_schedule: await section(() => ({ ok: true, value: readReport(terminal, options) })),
  };
}

async function section(make: () => Result<{ readonly status: string }> | Promise<Result<{ readonly status: string }>>): Promise<Section> {
  try {
    const made = await make();
    return made.ok ? made.value : unmade(made.problem);
  } catch (thrown) {
    return unmade(problemOf(thrown));
  }
}

function unmade(error: Problem): Section {
  return { status: "needs_attention", error };
}

/** What a person is told of a section. */
export function sectionWords(found: Section): string {
  if ("error" in found) return `${found.error.message} (${found.error.code})`;
  const { checks } = found as unknown as JsonObject;
  const failed = Array.isArray(checks) ? (checks as JsonObject[]).filter(({ status }) => status === "fail") : [];
  return failed.map(({ id, code }) => `${String(id)} ${String(code)}`).join(", ");
}
