// `cavra policy diff`: rule by rule what is stricter, milder, new, gone, moved or reworded, and what the second policy would have answered otherwise.
// Implements spec/cli.md 7.4 and 7.5. It records nothing.

import type { JsonValue, Verdict } from "../../../base/index.js";
import { comparePolicies, type Difference, openPolicy, type PolicyChange, type PolicyDiff, type Rulebook } from "../../../policy/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { type Replay, type ReplayedGroup, replayOver } from "../../policy-replay.js";
import { badge } from "../../render.js";
import { report, type Terminal } from "../../terminal.js";
import type { Window } from "../../window.js";
import { named } from "./named.js";
import { askedOf, caveats, type ReplayOptions, recordsIn } from "./simulate.js";

type Recorded = Replay & Window;

export function diff(terminal: Terminal, a: string, b: string, options: ReplayOptions): ExitStatus {
  const asked = askedOf(options);
  if ("code" in asked) return report(terminal, asked, options.json === true);
  const [left, right] = [named(terminal, a), named(terminal, b)];
  const compared = comparePolicies(left, right);
  const wanted = options.since !== undefined || options.until !== undefined;
  const recorded = wanted ? over(asked, left, right, terminal) : null;
  terminal.print(options.json ? `${JSON.stringify({ ...compared, recorded })}\n` : render(compared, recorded, terminal));
  return EXIT.done;
}

function over(asked: { readonly window: Window; readonly samples: number }, a: Rulebook, b: Rulebook, terminal: Terminal): Recorded {
  const records = recordsIn(asked.window, terminal);
  return { ...asked.window, ...replayOver(records, openPolicy(a), openPolicy(b), terminal.env, asked.samples) };
}

function render(diff: PolicyDiff, recorded: Recorded | null, terminal: Terminal): string {
  const { bold, dim } = terminal.colours;
  const lines = [
    `${bold(diff.a)} → ${bold(diff.b)}`,
    ...(diff.mode === null ? [] : [`  mode ${diff.mode.a} → ${diff.mode.b}`]),
    ...(diff.catalogue_changed ? ["  the catalogue of programs is another one"] : []),
    ...diff.changes.flatMap((change) => changeLines(change, terminal)),
    ...(diff.changes.length === 0 && diff.mode === null ? [dim("  no difference")] : []),
    ...(recorded === null ? [] : ["", ...recordedLines(recorded, terminal)]),
  ];
  return `${lines.join("\n")}\n`;
}

function changeLines(change: PolicyChange, terminal: Terminal): readonly string[] {
  const { dim, green, red, yellow } = terminal.colours;
  const paint = { added: green, tightened: green, removed: red, loosened: red, changed: yellow, moved: dim, reworded: dim };
  const show = (verdict: Verdict | ""): string => (verdict === "" ? dim("nothing") : badge(verdict, terminal));
  const verdicts = change.a === change.b ? "" : `  ${show(change.a)} → ${show(change.b)}`;
  const told = change.what.filter(({ key }) => key !== "verdict").flatMap((difference) => differenceLines(difference, terminal));
  return [
    `  ${paint[change.kind](change.kind.padEnd(9))} ${change.subject}${verdicts}${DIRECTIONS[change.kind]?.[change.direction] ?? ""}`,
    ...told,
  ];
}

/** What the kind of change does not say by itself. */
const DIRECTIONS: Readonly<Partial<Record<PolicyChange["kind"], Readonly<Partial<Record<PolicyChange["direction"], string>>>>>> = {
  added: { milder: "  (nothing gets stricter)", none: "  (changes no verdict)", open: "  (in place of the default it may be milder)" },
  removed: { stricter: "  (nothing gets milder)", none: "  (changes no verdict)", open: "  (the default in its place may be stricter)" },
  changed: { open: "  (which way is not proved)" },
};

function differenceLines({ key, a, b }: Difference, terminal: Terminal): readonly string[] {
  const { red, green } = terminal.colours;
  const line = (sign: string, value: JsonValue): string => `            ${sign} ${key}: ${oneLine(shown(value), 160)}`;
  return [...(a === null ? [] : [red(line("-", a))]), ...(b === null ? [] : [green(line("+", b))])];
}

function shown(value: JsonValue): string {
  if (typeof value === "string") return value;
  return Array.isArray(value)
    ? value.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(" ")
    : JSON.stringify(value);
}

const SAYS: Readonly<Record<ReplayedGroup["outcome"], string>> = {
  would_deny: "would be denied",
  would_ask: "would be asked about",
  would_warn: "would be warned of",
  would_allow: "would be let through",
  unchanged: "as before",
};

function recordedLines(recorded: Recorded, terminal: Terminal): readonly string[] {
  const { bold, dim } = terminal.colours;
  const until = recorded.until === "" ? "" : ` until ${recorded.until}`;
  return [
    `${bold("over what was decided")}: ${count(recorded.decisions, "decision")} since ${recorded.since}${until}`,
    ...caveats(recorded).map((line) => dim(`  ${line}`)),
    ...recorded.groups.flatMap((group) => [`  ${String(group.count).padStart(6)} ${SAYS[group.outcome]}`, ...sampleLines(group, terminal)]),
  ];
}

function sampleLines({ samples }: ReplayedGroup, { colours }: Terminal): readonly string[] {
  return samples.map(
    ({ whole, count: times, target, a, b, decision_id }) =>
      `         ${whole ? " " : "~"} ${String(times).padStart(4)} × ${oneLine(target, 70)}  ${a.verdict} by ${a.rule_id} → ${b.verdict} by ${b.rule_id}  ${colours.dim(decision_id)}`,
  );
}
