// How many notices ended so, by outcome. Implements spec/service.md 13.1, `cavra_notices_total`. It reads sums, and never the notices themselves.

import { type NoticeStore, numberIn, textIn } from "./open.js";

export function noticeOutcomes({ database }: NoticeStore): ReadonlyMap<string, number> {
  const rows = database.prepare("SELECT outcome, sum(count) AS count FROM hour_sum GROUP BY outcome ORDER BY outcome").all();
  return new Map(rows.map((row) => [textIn(row, "outcome"), numberIn(row, "count") ?? 0]));
}
