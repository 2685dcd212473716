// The events of the drill history, each a signed document: a drill begins, a drill was measured, a person answers for one that failed. Implements spec/drills.md section 4.

import type { Shape } from "../../base/index.js";
import { parseId } from "../../base/index.js";
import { checkReason } from "../../evidence/index.js";
import type { DocumentHead, DocumentKind } from "../documents/document.js";
import type { SubjectKey } from "../documents/subject.js";
import { EXPERIMENT, type Experiment, experimentFault, OBSERVATIONS, type Observations, observedFault } from "./observed.js";

export const DRILL_PREFIX = "drl";
/** A drill counts for so many days. */
export const DRILL_DAYS = 7;

/** Its place in the chain: from 1, and the SHA-256 of the line before ("" before the first). */
interface Link extends DocumentHead {
  readonly sequence: number;
  readonly previous: string;
  readonly drill_id: string;
}

export interface DrillBegun extends Link {
  readonly experiment: Experiment;
}

export interface DrillMeasured extends DrillBegun {
  readonly observations: Observations;
}

export interface DrillResolution extends Link {
  readonly reason: string;
  readonly person: { readonly user: string; readonly host: string };
}

const LINK = { drill_id: "text", previous: "digest?", sequence: "count" } as const satisfies Readonly<Record<string, Shape>>;
const ENGINES: readonly SubjectKey[] = ["runtime", "typescript", "go", "catalogue"];
const REMEDY = "run `cavra runtime go-rollback-drills run`";

function linkFault({ sequence, previous, drill_id }: Link): string {
  const id = parseId(drill_id);
  if (!id.ok || id.value.prefix !== DRILL_PREFIX) return "its drill_id is none";
  return sequence >= 1 && (sequence === 1) === (previous === "") ? "" : "its place in the chain is none";
}

export const DRILL_BEGUN: DocumentKind<DrillBegun> = {
  schema: "cavra.go-backend-rollback-drill-begun.v1",
  name: "beginning of a drill",
  role: "drill",
  days: DRILL_DAYS,
  bound: ENGINES,
  shape: { ...LINK, experiment: EXPERIMENT },
  remedy: REMEDY,
  fault: (body) => linkFault(body) || experimentFault(body.experiment),
  outcome: () => [],
};

export const DRILL_MEASURED: DocumentKind<DrillMeasured> = {
  schema: "cavra.go-backend-rollback-drill.v1",
  name: "drill",
  role: "drill",
  days: DRILL_DAYS,
  bound: ENGINES,
  shape: { ...LINK, experiment: EXPERIMENT, observations: OBSERVATIONS },
  remedy: REMEDY,
  fault: (body) => linkFault(body) || experimentFault(body.experiment) || observedFault(body.experiment, body.observations),
  outcome: () => [],
};

/** Signed by an approver: whoever runs drills does not answer for those that failed. */
export const DRILL_RESOLUTION: DocumentKind<DrillResolution> = {
  schema: "cavra.go-backend-rollback-drill-resolution.v1",
  name: "resolution of a drill",
  role: "approver",
  days: DRILL_DAYS,
  bound: [],
  shape: { ...LINK, person: { host: "text", user: "text" }, reason: "text" },
  remedy: "run `cavra runtime go-rollback-drills resolve`",
  fault: (body) => linkFault(body) || (checkReason(body.reason).ok ? "" : "its reason is none"),
  outcome: () => [],
};
