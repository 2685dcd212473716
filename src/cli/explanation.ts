// An explanation for people: the action with each effect's place marked under it, the rules that spoke, and what decided. Implements spec/cli.md section 3.

import type { Action } from "../change/index.js";
import type { ExplainedEffect, Explanation, Judgement } from "../policy/index.js";
import { oneLine } from "./one-line.js";
import { badge } from "./render.js";
import type { Terminal } from "./terminal.js";

export function renderExplanation(action: Action, judgement: Judgement, explanation: Explanation, terminal: Terminal): string {
  const { bold, dim } = terminal.colours;
  const head = [
    `${badge(judgement.verdict, terminal)} ${bold(oneLine(action.target, 160))}`,
    dim(`  in ${action.cwd}, workspace ${action.workspace_root}`),
    "",
  ];
  const effects = explanation.effects.flatMap((effect, index) => effectLines(effect, index + 1, action, terminal));
  const instead = judgement.instead === null ? [] : [`  ${bold("instead")}  ${oneLine(judgement.instead.text, 400)}`];
  const tail = [
    `  ${bold("verdict")}  ${judgement.verdict} by ${judgement.rule_id === "" ? "nothing: there are no effects" : judgement.rule_id} (${judgement.severity})`,
    `           ${oneLine(judgement.reason, 400)}`,
    ...instead,
    dim(`  policy   ${judgement.policy.id}@${judgement.policy.version} ${judgement.policy.digest}`),
  ];
  return `${[...head, ...effects, ...tail].join("\n")}\n`;
}

function effectLines(effect: ExplainedEffect, number: number, action: Action, terminal: Terminal): string[] {
  const { dim } = terminal.colours;
  const from = sourceOf(effect, action);
  const lines = [
    `  ${String(number).padStart(2)}. ${oneLine(effect.says, 120)}${effect.via.length > 0 ? dim(`, through ${effect.via.join(" → ")}`) : ""}`,
    dim(`      from \`${oneLine(from, 80)}\` (bytes ${effect.span.start}–${effect.span.end})`),
  ];
  for (const rule of effect.rules) {
    lines.push(`      ${badge(rule.verdict, terminal)} ${rule.id} (${rule.severity}, ${rule.pack})${rule.decides ? "  ← decides" : ""}`);
  }
  const { registry } = effect;
  if (registry !== undefined)
    lines.push(`      ${badge(registry.verdict, terminal)} ${registry.id} (${registry.severity}, the MCP registry)`);
  else if (effect.rules.length === 0)
    lines.push(
      dim(
        `      ${effect.verdict} by ${effect.source === "mcp_trust" ? "the trust in its server" : `the default${effect.source === "unknown" ? " for what cannot be known" : ""}`}`,
      ),
    );
  for (const exception of effect.exceptions)
    lines.push(
      `      excepted from ${exception.rule}: ${oneLine(exception.reason, 200)}${exception.until === "" ? "" : ` (until ${exception.until})`}`,
    );
  return lines;
}

function sourceOf(effect: ExplainedEffect, action: Action): string {
  return Buffer.from(action.target, "utf8").subarray(effect.span.start, effect.span.end).toString("utf8");
}
