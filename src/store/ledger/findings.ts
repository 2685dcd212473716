// Collects what does not hold, up to a limit, and counts all of it. Implements spec/evidence.md 9.1 and spec/record.md 9.2.

import type { FrameDamage } from "../../evidence/index.js";
import { FINDINGS, type JournalFinding } from "../journal-verify.js";

/** What a ledger can say beside what a journal says. */
export type LedgerDamage =
  | "checkpoint_mismatch"
  | "index_altered"
  | "journal_altered"
  | "journal_missing"
  | "journal_truncated"
  | "ledger_damaged"
  | "ledger_incomplete"
  | "ledger_replaced"
  | "ledger_rolled_back"
  | "order_broken"
  | "record_altered"
  | "record_missing"
  | "tile_altered";

export interface Finding extends Omit<JournalFinding, "code"> {
  readonly code: JournalFinding["code"] | FrameDamage | LedgerDamage | string;
  /** The index in the ledger of what is meant; only where the finding is about the ledger and no journal file. */
  readonly index?: number;
}

export interface Findings {
  readonly list: readonly Finding[];
  readonly count: number;
  readonly damages: number;
  damage(code: Finding["code"], place: Pick<Finding, "file" | "offset" | "length">, recordId: string): void;
  notice(code: Finding["code"], place: Pick<Finding, "file" | "offset" | "length">, recordId: string): void;
  inLedger(code: Finding["code"], index: number, recordId: string): void;
  noticeInLedger(code: Finding["code"], index: number): void;
}

/** The name that findings about the ledger have in the place of a journal file's. */
export const IN_LEDGER = "ledger";

export function newFindings(): Findings {
  const list: Finding[] = [];
  let [count, damages] = [0, 0];
  const add = (finding: Finding) => {
    count++;
    if (finding.severity === "damage") damages++;
    if (list.length < FINDINGS) list.push(finding);
  };
  return {
    list,
    get count() {
      return count;
    },
    get damages() {
      return damages;
    },
    damage: (code, { file, offset, length }, record_id) => add({ code, severity: "damage", file, offset, length, record_id }),
    notice: (code, { file, offset, length }, record_id) => add({ code, severity: "notice", file, offset, length, record_id }),
    noticeInLedger: (code, index) => add({ code, severity: "notice", file: IN_LEDGER, offset: 0, length: 0, record_id: "", index }),
    inLedger: (code, index, record_id) => add({ code, severity: "damage", file: IN_LEDGER, offset: 0, length: 0, record_id, index }),
  };
}
