// Loaded ahead of both authorities of a drill: they end when the drill's process goes, however it goes; and the drilled one's wall clock is moved by as many
// milliseconds as stand in the file that CAVRA_DRILL_CLOCK names. A bundle of its own (dist/drill-ahead.cjs), and part of nothing that runs in production.

import { readFileSync } from "node:fs";

const file = process.env.CAVRA_DRILL_CLOCK ?? "";
const real = Date.now.bind(Date);
const EVERY_MS = 20;
let moved = 0;
let looked = 0;

// Standard input is held open by the drill's process and by nobody else.
const end = () => void process.kill(process.pid, "SIGTERM");
process.stdin.on("end", end).on("error", end).resume();
(process.stdin as unknown as { unref?: () => void }).unref?.();

if (file !== "") {
  Date.now = () => {
    const now = real();
    if (now - looked > EVERY_MS) {
      looked = now;
      moved = movedMs();
    }
    return now + moved;
  };
}

function movedMs(): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}
