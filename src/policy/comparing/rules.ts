// One rule in two policies: what differs, and what that does to verdicts. Implements spec/policy.md 9.2 and 9.3.

import { isStricter, VERDICTS } from "../../base/index.js";
import type { EffectKind } from "../../change/index.js";
import { type Defaults, type Exception, OVERRIDABLE, type Rule } from "../model.js";
import { matchesAll, type RuleView, viewOf } from "../reasoning/index.js";
import { ruleDifferences, textOf } from "./differences.js";
import { type ChangeKind, type Difference, type Direction, directionOf, type PolicyChange } from "./model.js";

/** A rule with what one policy says of it. */
export interface Side {
  readonly rule: Rule;
  readonly exceptions: readonly Exception[];
}

export function addedRule({ rule }: Side, defaults: Defaults): PolicyChange {
  return {
    subject: rule.id,
    kind: "added",
    direction: directionOf(addsNoMilder(rule, defaults), addsNoStricter(rule)),
    a: "",
    b: rule.verdict,
    what: [],
  };
}

export function removedRule({ rule }: Side, defaults: Defaults): PolicyChange {
  return {
    subject: rule.id,
    kind: "removed",
    direction: directionOf(addsNoStricter(rule), addsNoMilder(rule, defaults)),
    a: rule.verdict,
    b: "",
    what: [],
  };
}

/** Null where nothing differs. */
export function changedRule(a: Side, b: Side, defaults: Defaults): PolicyChange | null {
  const what = ruleDifferences(a.rule, b.rule, { a: a.exceptions, b: b.exceptions });
  if (what.length === 0) return null;
  const direction = ruleDirection(a, b, defaults);
  return { subject: b.rule.id, kind: kindOf(what, direction, a.rule, b.rule), direction, a: a.rule.verdict, b: b.rule.verdict, what };
}

/** The same rule under another id. */
export function isRenamed(a: Rule, b: Rule): boolean {
  const bare = (rule: Rule): string => textOf({ ...rule, id: "", pack: "", layer: "" });
  return bare(a) === bare(b);
}

const MOVES = new Set(["id", "pack", "layer"]);

function kindOf(what: readonly Difference[], direction: Direction, a: Rule, b: Rule): ChangeKind {
  // A pack's name is told with every change, and makes a move only by itself.
  const rest = what.filter(({ key }) => !MOVES.has(key));
  if (rest.length === 0 && direction === "none") return "moved";
  const who = OVERRIDABLE.indexOf(b.overridable) - OVERRIDABLE.indexOf(a.overridable);
  if (direction === "stricter") return who > 0 ? "changed" : "tightened";
  if (direction === "milder") return who < 0 ? "changed" : "loosened";
  if (direction === "open") return "changed";
  if (who !== 0) return who < 0 ? "tightened" : "loosened";
  return "reworded";
}

function ruleDirection(a: Side, b: Side, defaults: Defaults): Direction {
  const [before, after] = [viewFor(a, defaults), viewFor(b, defaults)];
  // Under a default that a workspace made stricter a rule of the host is read in two ways, and only one is looked into.
  const isRaised = kindsOf([...a.rule.match, ...b.rule.match]).some((kind) => defaults[kind].host !== undefined);
  const isOpen = isRaised && JSON.stringify(partsOf(a)) !== JSON.stringify(partsOf(b));
  const [grows, shrinks] = [isOpen || !holdsAll(before, after), isOpen || !holdsAll(after, before)];
  const [left, right] = [a.rule, b.rule];
  const layers = layerSteps(left, right);
  return directionOf(
    !isStricter(left.verdict, right.verdict) &&
      layers.noMilder &&
      (!grows || addsNoMilder(right, defaults)) &&
      (!shrinks || addsNoStricter(left)),
    !isStricter(right.verdict, left.verdict) &&
      layers.noStricter &&
      (!grows || addsNoStricter(right)) &&
      (!shrinks || addsNoMilder(left, defaults)),
  );
}

function partsOf({ rule: { match, unless }, exceptions }: Side): readonly unknown[] {
  return [match, unless, exceptions];
}

function viewFor({ rule, exceptions }: Side, defaults: Defaults): RuleView {
  return viewOf(rule, { defaults, exceptions });
}

/** Proved: whatever `narrow` matches, `wide` matches. */
function holdsAll(wide: RuleView, narrow: RuleView): boolean {
  return [...narrow.kinds].every(([kind, view]) => {
    if (view.holds.length === 0) return true;
    const other = wide.kinds.get(kind);
    return other !== undefined && matchesAll(other, view);
  });
}

// A rule of the host takes the default's place; one of a workspace leaves it standing.
function layerSteps(a: Rule, b: Rule): { readonly noMilder: boolean; readonly noStricter: boolean } {
  if (a.layer === b.layer) return { noMilder: true, noStricter: true };
  return { noMilder: b.layer === "workspace", noStricter: a.layer === "workspace" };
}

/** Where the rule comes to match what it did not, no verdict gets milder. */
function addsNoMilder({ layer, verdict, match }: Rule, defaults: Defaults): boolean {
  return layer === "workspace" || kindsOf(match).every((kind) => VERDICTS.indexOf(verdict) >= Math.max(...levels(defaults, kind)));
}

/** Where the rule comes to match what it did not, no verdict gets stricter. A verdict below the default's may still be above another rule's. */
function addsNoStricter({ verdict }: Rule): boolean {
  return verdict === "allow";
}

function kindsOf(match: Rule["match"]): readonly EffectKind[] {
  return [...new Set(match.flatMap(({ effect }) => effect))];
}

function levels(defaults: Defaults, kind: EffectKind): readonly number[] {
  return [VERDICTS.indexOf(defaults[kind].verdict), VERDICTS.indexOf(defaults[kind].unknown)];
}
