// Time for a drill: microseconds that nobody sets and that all processes of this boot share, and waiting. Implements nothing.

export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((over) => {
    setTimeout(over, ms);
  });
}

/** False where it did not come within this time. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs: number, everyMs = 10): Promise<boolean> {
  const end = nowUs() + withinMs * 1_000;
  for (;;) {
    if (await holds()) return true;
    if (nowUs() > end) return false;
    await sleep(everyMs);
  }
}
