// One open stream: its connection, how far it has read, and how far behind it may be. Implements spec/service.md section 8.

import type { ServerResponse } from "node:http";
import type { FoundDecision } from "../service.js";

/** What may wait for a reader, in bytes. */
export const BEHIND_BYTES = 1_048_576;
/** A reader of what is past is waited for so long before each. */
const PATIENCE_MS = 30_000;
/** What was written last may take so long to leave. */
const LAST_MS = 5_000;

export type LastEvent = "behind" | "bye";

export interface Reader {
  readonly isOpen: () => boolean;
  /** Ends the stream where too much waits. */
  readonly send: (found: FoundDecision) => void;
  readonly comment: () => void;
  /** True where there is room for another one; false where it ended, also because nobody reads. */
  readonly hasRoom: () => Promise<boolean>;
  readonly end: (last: LastEvent) => void;
}

export function openReader(raw: ServerResponse): Reader {
  let open = true;
  raw.once("close", () => {
    open = false;
  });
  raw.on("error", () => {
    open = false;
  });
  const end = (last: LastEvent): void => {
    if (!open) return;
    open = false;
    raw.end(`event: ${last}\ndata: {}\n\n`);
    // Who does not read has no right to what waits.
    setTimeout(() => raw.destroy(), LAST_MS).unref();
  };
  const write = (text: string): void => {
    if (!open) return;
    // Of what waits already: one decision, however long, gets through.
    if (raw.writableLength > BEHIND_BYTES) end("behind");
    else raw.write(text);
  };
  return {
    isOpen: () => open,
    send: (found) => write(`id: ${found.index}\nevent: decision\ndata: ${JSON.stringify(found)}\n\n`),
    comment: () => write(":\n\n"),
    hasRoom: async () => {
      if (open && raw.writableNeedDrain && !(await drained(raw))) end("behind");
      return open;
    },
    end,
  };
}

function drained(raw: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const over = (isDrained: boolean) => () => {
      clearTimeout(waiting);
      raw.off("drain", good);
      raw.off("close", bad);
      resolve(isDrained);
    };
    const [good, bad] = [over(true), over(false)];
    const waiting = setTimeout(bad, PATIENCE_MS);
    raw.once("drain", good);
    raw.once("close", bad);
  });
}
