// Effects that come from running a program at all. Implements spec/catalogue.md section 5. Twin of go/change/catalogue/templates.go.

import type { Deed } from "../deeds.js";
import type { Value } from "../values.js";
import { text } from "../values.js";
import { applies, extentOf } from "./conditions.js";
import type { Context } from "./context.js";
import type { EffectTemplate } from "./model.js";
import { joined, within } from "./value-parts.js";

/** A program that is asked for help prints it, and does nothing else. */
export function templateDeeds(context: Context): readonly Deed[] {
  const { effects } = context.located.program;
  if (effects === undefined || context.around.meanings.has("help")) return [];
  const templates = effects.filter((template) => applies(template, context.around));
  return templates.map((template) => deedOf(template, context));
}

function deedOf(template: EffectTemplate, context: Context): Deed {
  const { span } = context.call;
  const target = fill(template.target ?? "", context);
  const operation = textOrUnknown(fill(template.operation ?? "", context));
  switch (template.kind) {
    case "read":
    case "write":
    case "delete":
      return {
        kind: "file",
        effect: template.kind,
        path: within(context.folder, underHome(target, context)),
        extent: extentOf(template.tree, context.around),
        span,
      };
    case "network":
      return { kind: "network", destination: target, direction: template.direction ?? "receive", data: template.data ?? "none", span };
    case "operate":
      return {
        kind: "operate",
        system: template.system ?? "",
        operation,
        target: template.target === undefined ? targetWords(context) : target,
        span,
      };
    case "opaque":
      return { kind: "opaque", reason: operation, detail: "", span };
  }
}

function textOrUnknown(value: Value): string {
  return value.kind === "text" ? value.text : "unknown";
}

function underHome(path: Value, context: Context): Value {
  if (path.kind !== "text" || !path.text.startsWith("~/")) return path;
  const { home } = context.call.facts;
  return home === "" ? { kind: "unknown", prefix: "", many: false } : text(home + path.text.slice(1));
}

/** Replaces every `$name`, from left to right; known text around a hole stays known up to the hole. */
function fill(template: string, context: Context): Value {
  const parts: Value[] = [];
  let i = 0;
  let plain = "";
  while (i < template.length) {
    if (template[i] !== "$") {
      plain += template[i];
      i += 1;
      continue;
    }
    const name = nameAt(template, i + 1);
    parts.push(text(plain), variable(name, context));
    plain = "";
    i += 1 + name.length;
  }
  return joined([...parts, text(plain)], "");
}

function nameAt(template: string, start: number): string {
  const first = template[start] ?? "";
  if (first === "*" || (first >= "1" && first <= "9")) return first;
  let end = start;
  while (end < template.length && isNameUnit(template.charAt(end))) end += 1;
  return template.slice(start, end);
}

function isNameUnit(unit: string): boolean {
  return (unit >= "a" && unit <= "z") || (unit >= "A" && unit <= "Z") || (unit >= "0" && unit <= "9") || unit === "_" || unit === ":";
}

function variable(name: string, context: Context): Value {
  const { line, subcommands } = context.located;
  const operands = line.operands.map((operand) => operand.value);
  if (name === "*") return joined(operands, " ");
  if (name >= "1" && name <= "9" && name.length === 1) return operands[Number(name) - 1] ?? text("");
  if (name === "last") return operands.at(-1) ?? text("");
  if (name === "subcommand") return text(subcommands.at(-1) ?? "");
  if (name === "subcommands") return text(subcommands.join(" "));
  if (name === "target") return targetWords(context);
  if (!name.startsWith("option:")) return text("");
  const meaning = name.slice("option:".length);
  return line.options.find((one) => one.means === meaning && !one.negated)?.values[0]?.value ?? text("");
}

function targetWords(context: Context): Value {
  const words = context.uses.filter((use) => use.role === "target").map((use) => use.argument.value);
  return joined(words, " ");
}
