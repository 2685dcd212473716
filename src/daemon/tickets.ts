// Tickets: who may ask, and who has the call. Implements spec/backend.md 8.2.
// INVARIANT: a file is removed by one only. Whoever removed the ticket has the call, so that it is never judged by both without their knowing.

import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../store/index.js";

const TICKET_DIGITS = 32;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** Makes a ticket; its name goes into the request. Throws what the system refuses, also where there is no folder for it. */
export function makeTicket(folder: string, clock: Pick<Clock, "randomBytes">): string {
  const name = Buffer.from(clock.randomBytes(TICKET_DIGITS / 2)).toString("hex");
  closeSync(openSync(join(folder, name), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, 0o600));
  return name;
}

/** The caller's: takes the ticket back. False where the authority has it. */
export function withdrawTicket(folder: string, name: string): boolean {
  try {
    unlinkSync(join(folder, name));
    return true;
  } catch {
    return false;
  }
}

/** The authority's: true where a process of this user made the ticket and nobody else has it. */
export function takeTicket(folder: string, name: string): boolean {
  if (!/^[0-9a-f]{32}$/.test(name)) return false;
  const path = join(folder, name);
  try {
    const handle = openSync(path, constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0));
    try {
      const about = fstatSync(handle);
      if (!about.isFile() || about.nlink !== 1 || about.size !== 0) return false;
      if (process.getuid !== undefined && about.uid !== process.getuid()) return false;
    } finally {
      closeSync(handle);
    }
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A caller that was killed left its ticket: older ones are nobody's any more. */
const FORGOTTEN_MS = 60_000;

export function sweepTickets(folder: string, nowMs: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const about = lstatSync(path, { throwIfNoEntry: false });
    if (about?.isFile() === true && nowMs - about.mtimeMs > FORGOTTEN_MS) rmSync(path, { force: true });
  }
}
