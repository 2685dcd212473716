// `cavra log`: the last decisions, one line each, and with --follow every one that comes. Implements spec/cli.md 11.5. It looks and changes nothing.

import { existsSync, type FSWatcher, watch } from "node:fs";
import { join } from "node:path";
import { formatDay } from "../../base/index.js";
import {
  type FoundRecord,
  followJournal,
  JOURNAL_FOLDER,
  type JournalFollower,
  lastItems,
  type RecordFilter,
  SYSTEM_CLOCK,
  stateDir,
} from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { isShown, logLine } from "../log-line.js";
import { openScreen, type Screen } from "../log-screen.js";
import { type FilterOptions, filterFrom } from "../record-filter.js";
import { report, type Terminal } from "../terminal.js";

export interface LogOptions extends FilterOptions {
  readonly follow?: boolean;
  readonly limit?: string;
  readonly json?: boolean;
}

/** Most lines that are shown before following. */
export const LOG_LIMIT = 10_000;

export async function log(terminal: Terminal, options: LogOptions): Promise<ExitStatus> {
  const limit = Number(options.limit ?? "20");
  if (!Number.isInteger(limit) || limit < 0 || limit > LOG_LIMIT)
    return report(
      terminal,
      { code: "bad_limit", message: `\`${options.limit}\` is no number from 0 to ${LOG_LIMIT}` },
      options.json === true,
    );
  const filter = filterFrom(options);
  if (!filter.ok) return report(terminal, filter.problem, options.json === true);
  const state = stateDir(terminal.env);
  // First the place from which is followed, then what was before it: what comes between is seen twice and shown once.
  const follower = options.follow ? followJournal(state) : null;
  const screen = openScreen(terminal, { json: options.json === true, interactive: options.follow === true && options.json !== true });
  const shown = new Set<string>();
  show(
    lastItems(state, limit, (item) => isShown(item, filter.value)),
    screen,
    terminal,
    options,
    shown,
  );
  if (follower !== null) await following(state, follower, filter.value, screen, terminal, options, shown);
  else if (shown.size === 0 && options.json !== true)
    terminal.complain("nothing is recorded that fits; `cavra log` without filters shows the last\n");
  return EXIT.done;
}

function show(items: readonly FoundRecord[], screen: Screen, terminal: Terminal, options: LogOptions, shown: Set<string>): void {
  const today = formatDay(SYSTEM_CLOCK.nowMs());
  for (const item of items) {
    if (shown.has(item.record.record_id)) continue;
    if (shown.size < REMEMBERED) shown.add(item.record.record_id);
    screen.add(options.json === true ? jsonLine(item) : logLine(item, terminal, screen.columns(), today), item);
  }
}

/** Records that can be met twice are those around the start. */
const REMEMBERED = 2 * LOG_LIMIT;

function jsonLine({ record, digest, file, offset, length }: FoundRecord): string {
  return JSON.stringify({ record, digest, position: { file, offset, length } });
}

/** Milliseconds between looks where the system does not tell of a change: on some file systems it never does. */
const LOOK_MS = 2_000;

/** Until the person or the system ends it. The system wakes us at each write; the slow look in between finds what it did not tell of. */
function following(
  state: string,
  follower: JournalFollower,
  filter: RecordFilter,
  screen: Screen,
  terminal: Terminal,
  options: LogOptions,
  shown: Set<string>,
): Promise<void> {
  return new Promise((done) => {
    let watcher: FSWatcher | null = null;
    const look = () => {
      watcher ??= watched(join(state, JOURNAL_FOLDER), look);
      show(
        follower.look().filter((item) => isShown(item, filter)),
        screen,
        terminal,
        options,
        shown,
      );
    };
    const timer = setInterval(look, LOOK_MS);
    const end = () => {
      clearInterval(timer);
      watcher?.close();
      screen.close();
      process.off("SIGINT", end).off("SIGTERM", end);
      done();
    };
    process.on("SIGINT", end).on("SIGTERM", end);
    screen.onEnd(end);
    look();
  });
}

function watched(folder: string, wake: () => void): FSWatcher | null {
  if (!existsSync(folder)) return null;
  try {
    const watcher = watch(folder, wake);
    // A folder that goes away is looked for again by the slow look.
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
