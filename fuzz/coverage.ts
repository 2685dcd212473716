// Which blocks of the program under test have run, as V8 counts them. Only scripts whose name ends in `.fuzz.mjs` count.

import { type Profiler, Session } from "node:inspector";

export interface Coverage {
  /** Blocks reached so far. */
  readonly size: number;
  /** Whether a block was reached since the last question that was never reached before. Does not add it. */
  hasNew(): boolean;
  /** The same, and adds them. */
  addNew(): boolean;
}

export function startCoverage(): Coverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const known = new Set<string>();
  const take = (): readonly string[] => {
    let reached: readonly string[] = [];
    session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error !== null) throw error;
      reached = result.filter(({ url }) => url.endsWith(".fuzz.mjs")).flatMap(blocksOf);
    });
    return reached;
  };
  return {
    get size() {
      return known.size;
    },
    hasNew: () => take().some((block) => !known.has(block)),
    addNew() {
      const before = known.size;
      for (const block of take()) known.add(block);
      return known.size > before;
    },
  };
}

function blocksOf({ functions }: Profiler.ScriptCoverage): readonly string[] {
  return functions.flatMap(({ ranges }) =>
    ranges.flatMap(({ startOffset, endOffset, count }) => (count > 0 ? [`${startOffset}-${endOffset}`] : [])),
  );
}
