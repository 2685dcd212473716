// Where promotion keeps its things in the state folder, and what the host is told about its documents. Implements spec/promotion.md 1.4, 4.3, 6.2 and 8.1.

import { dirname, join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

export interface PromotionPlaces {
  readonly folder: string;
  /** While anything stands here, Go answers nothing. */
  readonly hold: string;
  /** Holds that were lifted. */
  readonly lifted: string;
  readonly leases: string;
  /** The latest time that was seen here. */
  readonly clock: string;
  /** The drill history where none is named. */
  readonly drills: string;
}

export function promotionPlaces(stateFolder: string): PromotionPlaces {
  const folder = join(stateFolder, "promotion");
  return {
    folder,
    hold: join(folder, "hold"),
    lifted: join(folder, "holds"),
    leases: join(folder, "leases"),
    clock: join(folder, "clock"),
    drills: join(folder, "drills.jsonl"),
  };
}

/** Paths of the documents; "" where none is set. */
export interface DocumentPaths {
  readonly package: string;
  readonly evidence: string;
  readonly parity: string;
  readonly plan: string;
  readonly rehearsal: string;
  readonly drills: string;
  readonly schedule: string;
}

/** The variable of each (SEED.md); a flag of the command line goes before it. */
export const DOCUMENT_VARIABLES: Readonly<Record<keyof DocumentPaths, string>> = {
  package: "CAVRA_GO_RUNTIME_PACKAGE_DIR",
  evidence: "CAVRA_GO_PROMOTION_EVIDENCE",
  parity: "CAVRA_GO_PARITY_REPORT",
  plan: "CAVRA_GO_ROLLBACK_PLAN",
  rehearsal: "CAVRA_GO_ROLLBACK_REHEARSAL_EVIDENCE",
  drills: "CAVRA_GO_ROLLBACK_DRILL_HISTORY",
  schedule: "CAVRA_GO_ROLLBACK_DRILL_SCHEDULE",
};

/** Where `go-promote` lays the parity report: beside its evidence. */
export const PARITY_BESIDE = "parity-report.dsse";

/** Absolute paths, from what a call names (its flags, from `cwd`) or else from the variables. */
export function documentPaths(env: Environment, named: Partial<DocumentPaths> = {}, cwd = "/"): DocumentPaths {
  const at = (kind: keyof DocumentPaths) => {
    const given = named[kind] ?? env[DOCUMENT_VARIABLES[kind]] ?? "";
    return given === "" ? "" : resolve(cwd, given);
  };
  const [evidence, parity] = [at("evidence"), at("parity")];
  return {
    package: at("package"),
    evidence,
    parity: parity === "" && evidence !== "" ? join(dirname(evidence), PARITY_BESIDE) : parity,
    plan: at("plan"),
    rehearsal: at("rehearsal"),
    drills: at("drills"),
    schedule: at("schedule"),
  };
}

/** True where the host names any of them. */
export function isConfigured(paths: DocumentPaths): boolean {
  return Object.values(paths).some((path) => path !== "");
}
