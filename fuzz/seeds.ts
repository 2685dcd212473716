// Texts to start from: the command lines of the development corpus and of our own.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Bundles run from dist/, so paths are those of the checkout that the campaign runs in. */
const ROOT = process.cwd();

export function corpusLines(): readonly string[] {
  return [...linesOf("test/fixtures/corpus/commands-dev.jsonl"), ...linesOf("test/corpus/own-shell.jsonl")];
}

function linesOf(file: string): readonly string[] {
  return readFileSync(join(ROOT, file), "utf8")
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => (JSON.parse(row) as { readonly command: string }).command);
}

/** No half of a surrogate pair: what can be written as UTF-8 and read again. */
export function isWhole(text: string): boolean {
  return Buffer.from(text).toString() === text;
}
