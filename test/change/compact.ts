// The compact form of effects in which vectors and tests say what they expect. Implements spec/change.md section 11.2.

import type { Effect } from "../../src/change/index.js";

export function compactEffect(effect: Effect): string {
  const carried = effect.via.length > 0 ? ` via ${effect.via.map(word).join(">")}` : "";
  const place = effect.place === "elsewhere" ? " elsewhere" : "";
  return `${body(effect)}${carried}${place} @${effect.span.start}-${effect.span.end}`;
}

/** Without the span, for tables where it would only be noise. */
export function withoutSpan(effect: Effect): string {
  const whole = compactEffect(effect);
  return whole.slice(0, whole.lastIndexOf(" @"));
}

function body(effect: Effect): string {
  switch (effect.kind) {
    case "read":
    case "write":
    case "delete":
      return [effect.kind, effect.extent, word(effect.target)].join(" ");
    case "exec":
      return [
        "exec",
        word(effect.program),
        ...(effect.path === "" ? [] : [`path=${word(effect.path)}`]),
        ...(effect.subcommand === "" ? [] : [`sub=${word(effect.subcommand)}`]),
        ...(effect.options.length === 0 ? [] : [`options=${effect.options.map(word).join(",")}`]),
        effect.harmless ? "harmless" : effect.known ? "known" : "unknown",
      ].join(" ");
    case "git":
      return ["git", effect.operation, word(effect.ref), word(effect.remote), effect.force].join(" ");
    case "network":
      return ["network", effect.direction, word(effect.host), word(effect.url), effect.data].join(" ");
    case "operate":
      return ["operate", effect.system, effect.operation, word(effect.target)].join(" ");
    case "call":
      return ["call", word(effect.server), word(effect.tool), effect.capability].join(" ");
    case "opaque":
      return ["opaque", effect.reason, ...(effect.detail === "" ? [] : [effect.detail])].join(" ");
  }
}

/** A string that is empty, or holds a blank, a quote, a comma, `>` or a control character, stands in JSON quotes. */
function word(text: string): string {
  const plain = text !== "" && [...text].every((character) => character > " " && !'",>'.includes(character) && character !== "\u007f");
  return plain ? text : JSON.stringify(text);
}
