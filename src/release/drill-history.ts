// The drill history as a file: lines that are only added, and beside it what is remembered of the newest. Implements spec/drills.md 4.2 and 4.4.
// INVARIANT: a line is synced before anybody is told that it stands, and never written over; what a cut-off write left stays where it is.

import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type Result, sha256 } from "../base/index.js";
import type { OpenGiven } from "../promotion/index.js";
import { formatHead, type HistoryEvent, type HistoryHead, nextLink, readHead, readHistory } from "../promotion/index.js";
import { type Clock, ensurePrivateFolder, holdLock, readNoFollow, replaceDurably } from "../store/index.js";
import { readDocumentFile } from "./files.js";
import { promotionPlaces } from "./places.js";

export interface DrillFile {
  readonly bytes: Uint8Array | null;
  readonly head: HistoryHead | null;
}

/** `path` "" is this state folder's own, and only of that something is remembered. */
export function readDrillFile(stateFolder: string, path: string): DrillFile {
  const { drills, folder } = promotionPlaces(stateFolder);
  if (path !== "" && path !== drills) return { bytes: readDocumentFile(path), head: null };
  return { bytes: readDocumentFile(drills), head: rememberedHead(folder) };
}

/** What cannot be read is remembered as an event that no history has. */
function rememberedHead(folder: string): HistoryHead | null {
  try {
    const file = readNoFollow(join(folder, HEAD));
    if (file === null) return null;
    const head = readHead(file.text);
    return head.ok ? head.value : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

const HEAD = "drills.head";
const LOCK = "drills.lock";
const UNREADABLE: HistoryHead = { sequence: 0, digest: "" };

/** Where the next event stands. */
export interface NextLink {
  readonly sequence: number;
  readonly previous: string;
  /** What stands so far. */
  readonly events: readonly HistoryEvent[];
}

/**
 * Adds an event that is made for its place; answers with what stands then. Throws CavraError `drills_locked` (somebody else writes), `drill_history_damaged`
 * (what stands there does not hold), what `lineFor` says, and what the system refuses.
 */
export function addDrillEvent(
  stateFolder: string,
  given: OpenGiven,
  clock: Clock,
  lineFor: (next: NextLink) => Result<string>,
): HistoryHead {
  const { drills, folder } = promotionPlaces(stateFolder);
  ensurePrivateFolder(folder);
  const unlock = holdLock(join(folder, LOCK));
  if (unlock === null) throw new CavraError("drills_locked", "another process writes the drill history", { hint: "run it again" });
  try {
    const { bytes, head } = readDrillFile(stateFolder, "");
    const { events, findings } = bytes === null && head === null ? NONE : readHistory(bytes, given, head);
    const [wrong] = findings;
    if (wrong !== undefined)
      throw new CavraError("drill_history_damaged", `the drill history does not hold (${wrong.code}): ${wrong.message}`, {
        hint: wrong.hint,
      });
    const next = { ...nextLink(events), events };
    const line = lineFor(next);
    if (!line.ok) throw new CavraError(line.problem.code, line.problem.message, { hint: line.problem.hint ?? "" });
    append(drills, line.value);
    const newest = { sequence: next.sequence, digest: sha256(line.value) };
    replaceDurably(join(folder, HEAD), formatHead(newest), clock);
    return newest;
  } finally {
    unlock();
  }
}

const NONE = { events: [], findings: [] } as const;

/** One write, synced. Where the file does not end with a line feed the last write was cut off: the new line begins behind it. */
function append(path: string, line: string): void {
  const handle = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    const isTorn = size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    const bytes = Buffer.from(`${isTorn ? "\n" : ""}${line}\n`);
    if (writeSync(handle, bytes) !== bytes.length) throw new CavraError("system_error", `\`${path}\` could not be written whole`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
