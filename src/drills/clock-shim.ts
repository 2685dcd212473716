// Loaded ahead of a drilled authority: its wall clock is moved by as many milliseconds as stand in the file that CAVRA_DRILL_CLOCK names. A bundle of its own
// (dist/clock-shim.cjs). It stands in for a machine's clock that somebody sets, and is part of nothing that runs in production.

import { readFileSync } from "node:fs";

const file = process.env.CAVRA_DRILL_CLOCK ?? "";
const real = Date.now.bind(Date);
const EVERY_MS = 20;
let moved = 0;
let looked = 0;

Date.now = () => {
  const now = real();
  if (now - looked > EVERY_MS) {
    looked = now;
    moved = movedMs();
  }
  return now + moved;
};

function movedMs(): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}
