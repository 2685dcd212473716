// The hold as a file: set from everywhere, lifted by a person. Implements spec/promotion.md section 8.
// INVARIANT: setting it never waits for evidence, network or a person, and each step of it that fails leaves the next one to do.

import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bad, CavraError, formatTime, ok, type Problem, type Result } from "../base/index.js";
import { formatHold, HOLD_PREFIX, type Hold, type HoldCause, readHold } from "../promotion/index.js";
import { type Clock, newId, readNoFollow, replaceDurably } from "../store/index.js";
import { promotionPlaces } from "./places.js";

/** True while anything stands at the hold's place, and also where nobody can tell. */
export function isHeld(stateFolder: string): boolean {
  try {
    return lstatSync(promotionPlaces(stateFolder).hold, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

export interface HoldGiven {
  readonly cause: HoldCause;
  readonly reason: string;
  readonly person: Hold["person"];
}

export interface HoldSet {
  /** The hold that stands now; the one before it where one stood already. */
  readonly hold: Hold;
  readonly stoodBefore: boolean;
  /** Why it could not be written; then the leases are gone all the same. Null where it was. */
  readonly problem: Problem | null;
}

/** Ends all leases and sets the hold. Never throws: what did not work is told. */
export function setHold(stateFolder: string, { cause, reason, person }: HoldGiven, clock: Clock): HoldSet {
  const { id, momentMs } = newId(HOLD_PREFIX, clock);
  const hold: Hold = { schema_version: "cavra.go-hold.v1", hold_id: id, at: formatTime(momentMs), cause, reason, person };
  const standing = readStanding(stateFolder);
  const written = standing === null ? writeHold(stateFolder, hold, clock) : null;
  const ended = endLeases(stateFolder);
  const kept = standing?.ok === true ? standing.value : hold;
  return { hold: kept, stoodBefore: standing !== null, problem: written ?? ended };
}

function writeHold(stateFolder: string, hold: Hold, clock: Clock): Problem | null {
  const text = formatHold(hold);
  try {
    if (!text.ok) return text.problem;
    replaceDurably(promotionPlaces(stateFolder).hold, text.value, clock);
    return null;
  } catch (cause) {
    return bareHold(stateFolder, cause);
  }
}

/** A full disk has no room for a file's bytes, and mostly still for its name: a folder at the hold's place holds as well as a file. */
function bareHold(stateFolder: string, cause: unknown): Problem | null {
  try {
    mkdirSync(promotionPlaces(stateFolder).hold, { mode: 0o700 });
    return null;
  } catch {
    return { code: "hold_unwritten", message: `the hold could not be written: ${cause instanceof Error ? cause.message : String(cause)}` };
  }
}

/** Removes every lease. Null where none is left. */
export function endLeases(stateFolder: string): Problem | null {
  try {
    rmSync(promotionPlaces(stateFolder).leases, { recursive: true, force: true });
    return null;
  } catch (cause) {
    return {
      code: "lease_not_removed",
      message: `a lease could not be removed: ${cause instanceof Error ? cause.message : String(cause)}`,
    };
  }
}

/** The hold that stands: null for none. One that cannot be read stands all the same: `hold_malformed`. */
export function readStanding(stateFolder: string): Result<Hold> | null {
  if (!isHeld(stateFolder)) return null;
  try {
    const file = readNoFollow(promotionPlaces(stateFolder).hold);
    return file === null ? null : readHold(file.text);
  } catch (cause) {
    return bad("hold_malformed", `the hold cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Holds that were lifted, the last one first. */
export function pastHolds(stateFolder: string): readonly Hold[] {
  const { lifted } = promotionPlaces(stateFolder);
  const names = readdirOr(lifted).sort().reverse();
  return names.flatMap((name) => {
    const file = readNoFollow(join(lifted, name));
    const read = file === null ? null : readHold(file.text);
    return read?.ok === true ? [read.value] : [];
  });
}

function readdirOr(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

/**
 * Moves the hold aside. The caller is a person, who was asked, and whose deed is on record already.
 * Problems: `hold_missing`, `hold_other` (another one stands). What cannot be read is lifted by the id `unreadable`.
 */
export function liftHold(stateFolder: string, holdId: string): Result<string> {
  const places = promotionPlaces(stateFolder);
  const standing = readStanding(stateFolder);
  if (standing === null) return bad("hold_missing", "no hold stands");
  const id = standing.ok ? standing.value.hold_id : UNREADABLE;
  if (id !== holdId) return bad("hold_other", `the hold that stands is \`${id}\``, { hint: "run `cavra runtime go-hold list`" });
  try {
    mkdirSync(places.lifted, { recursive: true, mode: 0o700 });
    renameSync(places.hold, join(places.lifted, standing.ok ? `${id}.json` : `unreadable-${process.pid}-${Date.now()}`));
  } catch (cause) {
    throw new CavraError(
      "hold_not_lifted",
      `the hold could not be moved aside: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  return ok(id);
}

/** The id by which a hold is lifted that cannot be read. */
export const UNREADABLE = "unreadable";
