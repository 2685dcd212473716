// SIGINT and SIGTERM while drills run: the one that runs is ended, written down and signed as far as it came. Implements spec/drills.md 5.3.

export interface StopSignal {
  readonly came: () => NodeJS.Signals | null;
  readonly end: () => void;
}

export function stopSignal(): StopSignal {
  let signal: NodeJS.Signals | null = null;
  const note = (name: NodeJS.Signals) => {
    signal = name;
  };
  process.on("SIGTERM", note).on("SIGINT", note);
  return { came: () => signal, end: () => void process.off("SIGTERM", note).off("SIGINT", note) };
}
