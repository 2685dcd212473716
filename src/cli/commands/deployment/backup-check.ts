// Is there a backup, is it young enough, and does it still stand where it was written? Implements spec/service.md section 16, `backup`, and spec/operations.md 3.6.

import { lstatSync } from "node:fs";
import { join } from "node:path";
import { parseTime, sha256 } from "../../../base/index.js";
import { BACKUP_MANIFEST, readNoFollow, readNote } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import type { Found } from "./check.js";

/** 25 hours, in milliseconds: one a day, and an hour for it. */
export const BACKUP_MS = 90_000_000;
const HOUR_MS = 3_600_000;
const MOST_HOURS = 8_760;

export function backupFound({
  state,
  env,
  nowMs,
}: {
  readonly state: string;
  readonly env: Terminal["env"];
  readonly nowMs: number;
}): Found {
  const hint = "run `cavra ops backup TARGET`";
  const longestMs = longestFor(env.CAVRA_BACKUP_HOURS || "");
  if (longestMs === null)
    return {
      code: "bad_backup_hours",
      message: "CAVRA_BACKUP_HOURS is no number of hours",
      hint: `a whole number from 1 to ${MOST_HOURS}`,
    };
  const note = readNote(state, "backup");
  if (note === null) return { code: "backup_missing", message: "no backup was ever made of this state folder", hint };
  const { made_at, target, manifest_digest } = note;
  const made = parseTime(made_at);
  if (!made.ok || nowMs - made.value > longestMs)
    return { code: "backup_old", message: `the last backup was made at ${made_at}, more than ${longestMs / HOUR_MS} hours ago`, hint };
  const manifest = lstatSync(target, { throwIfNoEntry: false }) === undefined ? null : readNoFollow(join(target, BACKUP_MANIFEST));
  if (manifest === null) return { code: "backup_gone", message: `the last backup is no longer at \`${target}\``, hint };
  if (sha256(manifest.text) !== manifest_digest)
    return { code: "backup_differs", message: `what stands at \`${target}\` is not the backup that was written there`, hint };
  return `made at ${made_at}, at \`${target}\``;
}

function longestFor(text: string): number | null {
  if (text === "") return BACKUP_MS;
  if (!/^[1-9][0-9]{0,3}$/.test(text) || Number(text) > MOST_HOURS) return null;
  return Number(text) * HOUR_MS;
}
