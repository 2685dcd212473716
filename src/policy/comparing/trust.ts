// The trust in MCP servers in two policies. Implements spec/policy.md 9.4.

import { compareBytes, type JsonValue, VERDICTS, type Verdict } from "../../base/index.js";
import type { KindDefault, ServerTrust } from "../model.js";
import { tierVerdict } from "../trust.js";
import { plainDifference, textOf } from "./differences.js";
import { type Difference, type Direction, directionOf, type PolicyChange } from "./model.js";

const CAPABILITIES = ["read", "write", "execute", "network", "unknown"] as const;

export function trustChanges(a: readonly ServerTrust[], b: readonly ServerTrust[], calls: KindDefault): readonly PolicyChange[] {
  const [left, right] = [byName(a), byName(b)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort(compareBytes);
  return names.flatMap((name) => change(left.get(name), right.get(name), calls));
}

/** A server has one entry in each layer. */
function byName(trust: readonly ServerTrust[]): ReadonlyMap<string, ServerTrust> {
  return new Map(trust.map((entry) => [`${entry.server} ${entry.layer}`, entry]));
}

function change(a: ServerTrust | undefined, b: ServerTrust | undefined, calls: KindDefault): readonly PolicyChange[] {
  if (a === undefined) return b === undefined ? [] : [told(b, "added", addedDirection(b, calls), [])];
  if (b === undefined) return [told(a, "removed", turned(addedDirection(a, calls)), [])];
  if (textOf(a) === textOf(b)) return [];
  const direction = changedDirection(a, b);
  const kind = { stricter: "tightened", milder: "loosened", none: "reworded", open: "changed" } as const;
  return [told(b, kind[direction], direction, differences(a, b))];
}

function told(entry: ServerTrust, kind: PolicyChange["kind"], direction: Direction, what: readonly Difference[]): PolicyChange {
  return { subject: `mcp_trust.${entry.server}`, kind, direction, a: "", b: "", what };
}

function differences(a: ServerTrust, b: ServerTrust): readonly Difference[] {
  const [left, right] = [
    new Map(a.tools.map(({ tool, verdict }) => [tool, verdict])),
    new Map(b.tools.map(({ tool, verdict }) => [tool, verdict])),
  ];
  const tools = [...new Set([...left.keys(), ...right.keys()])].sort(compareBytes);
  return [
    ...plainDifference("tier", a.tier, b.tier),
    ...plainDifference("verdict", a.verdict, b.verdict),
    ...tools.flatMap((tool) =>
      plainDifference(`tools.${tool}`, (left.get(tool) ?? null) as JsonValue, (right.get(tool) ?? null) as JsonValue),
    ),
  ];
}

/** What the entry can say: for each capability, and for each of its tools. */
function verdictsOf({ tier, verdict, tools }: ServerTrust): readonly Verdict[] {
  return [...CAPABILITIES.map((capability) => verdict ?? tierVerdict(tier, capability)), ...tools.map((one) => one.verdict)];
}

// An entry of the host takes the default's place; one of a workspace only adds to it.
function addedDirection(entry: ServerTrust, calls: KindDefault): Direction {
  const levels = verdictsOf(entry).map((verdict) => VERDICTS.indexOf(verdict));
  const least = Math.max(VERDICTS.indexOf(calls.verdict), VERDICTS.indexOf(calls.unknown));
  return directionOf(
    entry.layer === "workspace" || levels.every((level) => level >= least),
    levels.every((level) => level === 0),
  );
}

function turned(direction: Direction): Direction {
  if (direction === "stricter") return "milder";
  return direction === "milder" ? "stricter" : direction;
}

// Tools are told apart by globs, which may overlap: only where both name the same ones can they be compared one by one.
function changedDirection(a: ServerTrust, b: ServerTrust): Direction {
  if (a.tools.map(({ tool }) => tool).join("\n") !== b.tools.map(({ tool }) => tool).join("\n")) return "open";
  const [left, right] = [verdictsOf(a), verdictsOf(b)].map((verdicts) => verdicts.map((verdict) => VERDICTS.indexOf(verdict)));
  return directionOf(
    (left ?? []).every((level, i) => (right?.[i] ?? 0) >= level),
    (left ?? []).every((level, i) => (right?.[i] ?? 0) <= level),
  );
}
