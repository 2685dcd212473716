// Makes a mismatch small: leaves out of target, arguments and facts what it does not need. Implements spec/parity.md 3.3.
// What remains differs at the same place as before, so that one defect is not traded for another on the way.

import type { Evaluation } from "../backend/index.js";
import type { Facts } from "../change/index.js";
import type { SecondEngine } from "./asker.js";
import { type Case, wellFormed } from "./cases/index.js";
import type { Engine } from "./engine.js";
import { type Mismatch, openLane } from "./lane.js";

/** Candidates that are asked for one mismatch, in all. */
export const SHRINK_CANDIDATES = 4_000;

export interface Shrinker {
  readonly shrink: (mismatch: Mismatch) => Promise<Mismatch>;
  readonly stop: () => void;
}

export function openShrinker(engine: Engine, second: SecondEngine): Shrinker {
  const candidates: Evaluation[] = [];
  const lane = openLane(engine, second, (index) => asCase(candidates[index] ?? EMPTY));
  /** The first of these that differs at the same place. */
  const firstOf = async (evaluations: readonly Evaluation[], place: string): Promise<Mismatch | null> => {
    const from = candidates.length;
    candidates.push(...evaluations);
    const { mismatches } = await lane.run({ from, to: candidates.length });
    const same = mismatches.filter(({ at, second: said }) => placeOf(at, said) === place);
    return same.reduce<Mismatch | null>((least, one) => (least === null || one.index < least.index ? one : least), null);
  };
  const shrink = async (mismatch: Mismatch): Promise<Mismatch> => {
    const [place, most] = [placeOf(mismatch.at, mismatch.second), candidates.length + SHRINK_CANDIDATES];
    let least = mismatch;
    for (let size = longest(least); size > 0 && candidates.length < most; ) {
      const smaller = await firstOf([...withoutFacts(least.evaluation), ...withoutText(least.evaluation, size)], place);
      if (smaller === null) size = size === 1 ? 0 : Math.ceil(size / 2);
      else least = { ...smaller, index: mismatch.index, family: mismatch.family };
    }
    return least;
  };
  return { shrink, stop: lane.stop };
}

function longest({ evaluation }: Mismatch): number {
  const { target, arguments: args } = evaluation.action;
  return Math.max(1, Math.ceil(Math.max(target.length, args.length) / 2));
}

/** Where two judgements differ, without the numbers and texts that a smaller case has others of. */
export function placeOf(at: string, second: string): string {
  if (at === "") return second.startsWith("refused: ") ? second : "no answer";
  return (at.split(": ")[0] ?? at).replaceAll(/\d+/g, "N");
}

function* cuts(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield wellFormed(text.slice(0, at) + text.slice(at + size));
}

function withoutText(evaluation: Evaluation, size: number): readonly Evaluation[] {
  const { action } = evaluation;
  return [
    ...[...cuts(action.target, size)].map((target) => ({ ...evaluation, action: { ...action, target } })),
    ...[...cuts(action.arguments, size)].map((args) => ({ ...evaluation, action: { ...action, arguments: args } })),
  ];
}

const EMPTY_FACTS: Facts = {
  home: "/home/p",
  temp_roots: [],
  environment: {},
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
};
const PLAIN_SUBJECT = { agent: "", user: "", now: "" };
const EMPTY: Evaluation = {
  action: { action_type: "read_file", target: "", operation: "", arguments: "", cwd: "/srv/app", workspace_root: "/srv/app" },
  facts: EMPTY_FACTS,
  subject: PLAIN_SUBJECT,
};

/** Each fact, the subject and the place, put back to what says nothing; and of records each member alone. */
function withoutFacts(evaluation: Evaluation): readonly Evaluation[] {
  const { facts, subject, action } = evaluation;
  const changed: Evaluation[] = [];
  for (const key of Object.keys(EMPTY_FACTS) as (keyof Facts)[]) {
    if (JSON.stringify(facts[key]) !== JSON.stringify(EMPTY_FACTS[key]))
      changed.push({ ...evaluation, facts: { ...facts, [key]: EMPTY_FACTS[key] } });
  }
  for (const key of ["environment", "links", "listings", "scripts"] as const) {
    const names = Object.keys(facts[key]);
    if (names.length < 2) continue;
    for (const name of names) {
      const { [name]: _, ...rest } = facts[key];
      changed.push({ ...evaluation, facts: { ...facts, [key]: rest } });
    }
  }
  if (subject.agent + subject.user + subject.now !== "") changed.push({ ...evaluation, subject: PLAIN_SUBJECT });
  const { cwd, workspace_root } = EMPTY.action;
  if (action.cwd !== cwd || action.workspace_root !== workspace_root)
    changed.push({ ...evaluation, action: { ...action, cwd, workspace_root } });
  return changed;
}

function asCase(evaluation: Evaluation): Case {
  return { evaluation, family: "shrunk", hostile: false, constructs: [], entries: [] };
}
