// All open streams: what is new is asked for once and handed to each; what is past each reads by itself until it has caught up. Implements spec/service.md section 8.
// INVARIANT: a stream has sent all that it wants below `next`, and nothing from there on: none is left out, and none comes twice.

import type { FoundDecision, StreamPage } from "../service.js";
import type { Reader } from "./reader.js";
import { candidateOf, type Wanted, wantedTest } from "./wanted.js";

export const MOST_STREAMS = 1_024;
/** How often what is new is asked for. */
export const LOOK_MS = 500;
export const COMMENT_MS = 15_000;
/** How often it is asked whether a caller may still read. */
export const CHECK_MS = 4_000;
const PAGE = 256;

export interface StreamsOptions {
  /** Behind an index, for a caller of these workspaces. Rejects where the ledger cannot be used now. */
  readonly following: (wanted: Wanted, after: number, limit: number) => Promise<StreamPage>;
}

export interface StreamWish {
  readonly reader: Reader;
  readonly wanted: Wanted;
  /** The index that comes next. */
  readonly next: number;
  /** Of the ledger, as it was just now. */
  readonly size: number;
  readonly mayStill: () => Promise<boolean>;
}

export interface Streams {
  readonly count: () => number;
  readonly open: (wish: StreamWish) => void;
  /** Says goodbye to all. */
  readonly close: () => void;
}

interface Open {
  readonly reader: Reader;
  readonly wanted: Wanted;
  readonly fits: ReturnType<typeof wantedTest>;
  readonly mayStill: () => Promise<boolean>;
  next: number;
  isLive: boolean;
}

const NOWHERE = -1;

/** Everything, for whoever hands it on. */
const ALL: Wanted = { filter: {}, words: [], workspaces: ["*"] };

export function newStreams({ following }: StreamsOptions): Streams {
  const all = new Set<Open>();
  // Everything below it was handed on; while nobody reads there is none.
  let position = NOWHERE;
  let timers: readonly NodeJS.Timeout[] = [];
  let looking = false;

  function sweep(): void {
    for (const one of all) if (!one.reader.isOpen()) all.delete(one);
    if (all.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    [timers, position] = [[], NOWHERE];
  }

  /** One look at a time; what keeps the ledger from answering passes, and the next look goes on from here. */
  async function look(): Promise<void> {
    sweep();
    if (looking || position === NOWHERE) return;
    looking = true;
    try {
      for (let isMore = true; isMore; ) {
        const { items, size } = await following(ALL, position - 1, PAGE);
        isMore = items.length === PAGE;
        const until: number = isMore ? (items.at(-1)?.index ?? 0) + 1 : Math.max(size, position);
        handOn(items, until);
        position = until;
      }
    } catch {
      // The next look tries again: readers see that nothing comes, and comments that somebody is there.
    } finally {
      looking = false;
    }
  }

  function handOn(items: readonly FoundDecision[], until: number): void {
    const candidates = items.map(candidateOf);
    for (const one of all) {
      if (!one.isLive) continue;
      for (const candidate of candidates)
        if ((candidate.found.index ?? -1) >= one.next && one.fits(candidate)) one.reader.send(candidate.found);
      one.next = Math.max(one.next, until);
    }
  }

  async function catchUp(one: Open): Promise<void> {
    while (await one.reader.hasRoom()) {
      if (one.next >= position) {
        one.isLive = true;
        return;
      }
      try {
        const { items, size } = await following(one.wanted, one.next - 1, PAGE);
        for (const item of items) if (await one.reader.hasRoom()) one.reader.send(item);
        one.next = items.length === PAGE ? (items.at(-1)?.index ?? 0) + 1 : Math.max(size, one.next);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  return {
    count: () => {
      sweep();
      return all.size;
    },
    open: ({ reader, wanted, next, size, mayStill }) => {
      const one: Open = { reader, wanted, fits: wantedTest(wanted), mayStill, next, isLive: false };
      all.add(one);
      if (position === NOWHERE) position = size;
      if (timers.length === 0)
        timers = [
          setInterval(() => void look(), LOOK_MS),
          setInterval(() => all.forEach((each) => void each.reader.comment()), COMMENT_MS),
          setInterval(() => all.forEach((each) => void check(each)), CHECK_MS),
        ];
      void catchUp(one);
    },
    close: () => {
      for (const { reader } of all) reader.end("bye");
      sweep();
    },
  };
}

async function check({ reader, mayStill }: Open): Promise<void> {
  const may = await mayStill().catch(() => true);
  if (!may) reader.end("bye");
}
