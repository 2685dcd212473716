// What this host knows of drills, in the one form that schedule and notices take: the drill history, and holds for what was taken back.
// Implements spec/notices.md 2.2. It is the only place where notices touch either.

import { existsSync } from "node:fs";
import { bad, ok, type Result } from "../../../base/index.js";
import type { DrillFacts, Hold } from "../../../promotion/index.js";
import { pastHolds, promotionPlaces, readStanding } from "../../../release/index.js";
import { stateDir } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";

/** `historyPath` is "" for the one in the state folder. Problem: `history_unreadable`. */
export function drillFacts(terminal: Pick<Terminal, "env">, historyPath: string, _nowMs: number): Result<DrillFacts> {
  const stateFolder = stateDir(terminal.env);
  const path = historyPath === "" ? promotionPlaces(stateFolder).drills : historyPath;
  if (existsSync(path)) return bad("history_unreadable", `the drill history \`${path}\` cannot be read`);
  return ok({ last_passed_at: "", failed: [], ...takenBack(stateFolder) });
}

/** Holds that stand or stood: a mismatch is told as that, every other one as Go taken back. */
function takenBack(stateFolder: string): Pick<DrillFacts, "demotions" | "mismatches"> {
  const standing = readStanding(stateFolder);
  const holds: readonly Hold[] = [...(standing?.ok ? [standing.value] : []), ...pastHolds(stateFolder)];
  const unreadable = standing?.ok === false ? [{ id: "unreadable", at: "", cause: "a hold stands that cannot be read" }] : [];
  const told = holds.map(({ hold_id: id, at, cause, reason }) => ({ id, at, cause: reason === "" ? cause : `${cause}: ${reason}` }));
  const isMismatch = (id: string) => holds.some(({ hold_id, cause }) => hold_id === id && cause === "mismatch");
  return {
    demotions: [...unreadable, ...told.filter(({ id }) => !isMismatch(id))],
    mismatches: told.filter(({ id }) => isMismatch(id)).map(({ id, at }) => ({ id, at })),
  };
}
