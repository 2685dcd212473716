// Notices for the server's routes, by the functions of `cavra runtime go-rollback-drill-…`. Implements spec/service.md section 12.

import { CavraError, ok, type Result } from "../../../base/index.js";
import type { NoticesPort } from "../../../server/index.js";
import type { Terminal } from "../../terminal.js";
import { acknowledgeSigned } from "../notices/acknowledge.js";
import { historyPage } from "../notices/history.js";
import { deliverNow, planNow } from "../notices/plan.js";
import { trendsOf } from "../notices/trends.js";

export function noticesOver(terminal: Terminal): NoticesPort {
  return {
    plan: async (kind) => planNow(terminal, kind, {}),
    // What does not get through waits for the next time: nobody's answer hangs on it.
    deliver: (kind) => deliverNow(terminal, kind, {}, { waitMs: 0, print: terminal.complain }),
    history: async (filter, limit, cursor) => {
      const page = historyPage(terminal, { ...filter, limit: String(limit), cursor });
      return page.ok ? ok({ rows: page.value.rows, nextCursor: page.value.nextCursor }) : page;
    },
    trends: async (asked) => trendsOf(terminal, asked),
    acknowledge: async (scheduleId, envelope) => ofTheCaller(acknowledgeSigned(terminal, scheduleId, envelope)),
  };
}

/** What keeps this machine from judging any signature is of the world. */
function ofTheCaller<T>(made: Result<T>): Result<T> {
  if (made.ok || !/^(trust_|key_missing)/.test(made.problem.code)) return made;
  throw new CavraError(made.problem.code, made.problem.message);
}
