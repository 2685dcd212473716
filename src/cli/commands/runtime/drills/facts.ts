// What this host knows of drills, in the one form that schedule and notices take: the drill history, and holds for what was taken back.
// Implements spec/notices.md 2.2. It is the only place where the schedule and notices touch either.

import { existsSync } from "node:fs";
import { bad, ok, type Result } from "../../../../base/index.js";
import type { TrustGiven } from "../../../../evidence/index.js";
import { type DrillFacts, drillsIn, factsOfDrills, type Hold, readHistory } from "../../../../promotion/index.js";
import { isClockBehind, pastHolds, promotionPlaces, readDrillFile, readStanding } from "../../../../release/index.js";
import { configDir, readPin, stateDir, trustChain } from "../../../../store/index.js";
import type { Terminal } from "../../../terminal.js";

/** `historyPath` is "" for the one in the state folder. Problem: `history_unreadable`. */
export function drillFacts(terminal: Pick<Terminal, "env">, historyPath: string, nowMs: number): Result<DrillFacts> {
  const stateFolder = stateDir(terminal.env);
  const taken = takenBack(stateFolder);
  const { bytes, head } = readDrillFile(stateFolder, historyPath);
  const path = historyPath === "" ? promotionPlaces(stateFolder).drills : historyPath;
  if (bytes === null && head === null && !existsSync(path)) return ok({ last_passed_at: "", failed: [], ...taken });
  const given = { trust: trustGiven(terminal, nowMs), nowMs, clockBehind: isClockBehind(stateFolder, nowMs), running: null };
  const { events, findings } = readHistory(bytes, given, head);
  const [wrong] = findings;
  if (wrong !== undefined)
    return bad("history_unreadable", `the drill history does not hold: ${wrong.message} (${wrong.code})`, { hint: VERIFY });
  return ok({ ...factsOfDrills(drillsIn(events, nowMs)), ...taken });
}

const VERIFY = "run `cavra runtime go-rollback-drills verify`";

function trustGiven({ env }: Pick<Terminal, "env">, nowMs: number): TrustGiven {
  try {
    const pin = readPin(configDir(env));
    return { pin: pin?.root_key_id ?? "", ownChain: trustChain(stateDir(env)), seenVersion: pin?.trust_version_seen ?? 0, nowMs };
  } catch {
    return { pin: "", ownChain: [], seenVersion: 0, nowMs };
  }
}

/** Holds that stand or stood: a mismatch is told as that, every other one as Go taken back. */
function takenBack(stateFolder: string): Pick<DrillFacts, "demotions" | "mismatches"> {
  const standing = readStanding(stateFolder);
  const unreadable = { id: "unreadable", at: "", cause: "a hold stands that cannot be read" };
  const holds: readonly Hold[] = [...(standing?.ok ? [standing.value] : []), ...pastHolds(stateFolder)];
  const others = holds.filter(({ cause }) => cause !== "mismatch");
  return {
    demotions: [
      ...(standing?.ok === false ? [unreadable] : []),
      ...others.map(({ hold_id: id, at, cause, reason }) => ({ id, at, cause: reason === "" ? cause : `${cause}: ${reason}` })),
    ],
    mismatches: holds.filter(({ cause }) => cause === "mismatch").map(({ hold_id: id, at }) => ({ id, at })),
  };
}
