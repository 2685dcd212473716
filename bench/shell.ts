// How long does it take to read a command? The shell reader over the corpus, side by side with unbash (as it parses, and with its lazy parts
// resolved, which is what the reader gives at once). Run: node scripts/bench.mjs shell, or bundled.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { forEachChild, parse, type SyntaxNode } from "unbash";
import { readShell } from "../src/change/shell/index.js";
import { ascending, at, report } from "./report.js";

const WARM_UP_ROUNDS = 30;
const ROUNDS = 101;

const corpus = readFileSync(join(process.cwd(), "test/fixtures/corpus/commands-dev.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { command: string }).command);

const READERS: readonly { readonly name: string; readonly read: (text: string) => unknown }[] = [
  { name: "readShell", read: readShell },
  { name: "unbash", read: parse },
  { name: "unbash, all parts", read: resolved },
];

function resolved(text: string): unknown {
  const tree = parse(text);
  const visit = (node: SyntaxNode): void => forEachChild(node, visit);
  visit(tree);
  return tree;
}

/** Microseconds of every command, all readers in turns within each round. */
function measure(): readonly (readonly number[])[] {
  const times: number[][] = READERS.map(() => []);
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    READERS.forEach(({ read }, index) => {
      for (const command of corpus) {
        const start = process.hrtime.bigint();
        read(command);
        const micros = Number(process.hrtime.bigint() - start) / 1_000;
        if (round >= WARM_UP_ROUNDS) times[index]?.push(micros);
      }
    });
  }
  return times;
}

const measured = measure().map(ascending);
const base = at(measured[1] ?? [], 0.5);
const details = READERS.map(({ name }, index) => {
  const sorted = measured[index] ?? [];
  const ratio = (at(sorted, 0.5) / base).toFixed(2);
  return `${name.padEnd(18)} median ${at(sorted, 0.5).toFixed(2)} µs   p99 ${at(sorted, 0.99).toFixed(2)} µs   ${ratio} × unbash`;
});

const hostile = ["(".repeat(16_384), "$(".repeat(8_192), "a ".repeat(8_192), "<<E\n$(".repeat(2_700), '"`'.repeat(8_192)];
for (const text of hostile) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    readShell(text);
    best = Math.min(best, performance.now() - start);
  }
  details.push(`${`16 KB of ${JSON.stringify(text.slice(0, 6))}`.padEnd(28)} ${best.toFixed(2)} ms`);
}
report({ name: "shell", details: [`${corpus.length} commands, ${ROUNDS} rounds`, ...details], goals: [] });
