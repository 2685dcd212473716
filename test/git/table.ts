// For the tests of git: calls from short command lines, with variables before them, and what they ask for in one line of text.

import type { GitFacts } from "../../src/change/model.js";
import { readGit } from "../../src/change/programs/git.js";
import type { Call, Reading } from "../../src/change/reading.js";
import type { Stdin, Value } from "../../src/change/values.js";
import { callOf, catalogueInSpec, FACTS, showDeed, words } from "../catalogue/table.js";

export const CATALOGUE = catalogueInSpec();

export const KNOWN_BRANCHES: GitFacts = {
  current_branch: "topic",
  default_branch: "main",
  upstream_remote: "origin",
  upstream_branch: "topic",
};

export interface Around {
  readonly git?: GitFacts;
  readonly stdin?: Stdin;
  readonly cwd?: string;
}

/** `A=1 B=2 git push`: the leading assignments are the variables of the line. */
export function gitCall(line: string, around: Around = {}): Call {
  const all = words(line);
  const environment: Record<string, Value> = Object.create(null);
  let first = 0;
  for (; first < all.length; first++) {
    const word = all[first];
    const prefix = word === undefined ? "" : word.kind === "text" ? word.text : word.kind === "unknown" ? word.prefix : word.glob;
    const equals = prefix.indexOf("=");
    if (word === undefined || equals <= 0 || prefix.startsWith("-") || (prefix.includes(" ", 0) && prefix.indexOf(" ") < equals)) break;
    const name = prefix.slice(0, equals);
    environment[name] =
      word.kind === "text" ? { kind: "text", text: word.text.slice(equals + 1) } : { kind: "unknown", prefix: "", many: false };
  }
  const stdin = around.stdin === undefined ? {} : { stdin: around.stdin };
  const call = callOf(CATALOGUE, all.slice(first), { environment, ...stdin });
  const facts = { ...FACTS, git: around.git ?? FACTS.git };
  return { ...call, facts, cwd: { kind: "text", text: around.cwd ?? "/w" } };
}

export function readLine(line: string, around: Around = {}): Reading {
  return readGit(gitCall(line, around));
}

export function deedsOf(line: string, around: Around = {}): string {
  return readLine(line, around).deeds.map(showDeed).join("; ");
}
