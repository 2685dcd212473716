// Options and variables that make a program run code that is not its own. Implements spec/catalogue.md clause 2.7.
// Twin of go/change/catalogue/inject.go.
// What the code does is told beside it: this says only that a program became somebody else's.

import { trimAscii } from "../../base/ascii.js";
import type { Deed } from "../deeds.js";
import type { Call } from "../reading.js";
import { text, type Value } from "../values.js";
import { isPlainText } from "./ordinary.js";
import { runsSomething } from "./roles.js";
import type { Use } from "./uses.js";

export function injectedDeeds(use: Pick<Use, "role" | "argument" | "inject">, call: Pick<Call, "name">): readonly Deed[] {
  if (use.inject === undefined || !runsSomething(use.role) || isPlain(use.argument.value, use.inject)) return [];
  return [{ kind: "operate", system: "program", operation: "inject_code", target: text(call.name), span: use.argument.span }];
}

/** A program of which nobody needs to be told: what `sort --compress-program=gzip` gives to gzip is sort's own. */
export function isOrdinaryProgram(use: Pick<Use, "role" | "argument" | "inject">): boolean {
  return use.role === "program" && use.inject !== undefined && isPlain(use.argument.value, use.inject);
}

/** One of the ordinary programs with plain words: what people write every day. */
function isPlain(value: Value, ordinary: readonly string[]): boolean {
  if (value.kind !== "text" || !isPlainText(value.text)) return false;
  const program = trimAscii(value.text).split(" ")[0] ?? "";
  const folder = ["/usr/bin/", "/bin/", "/usr/local/bin/"].find((one) => program.startsWith(one)) ?? "";
  return program === "" || ordinary.includes(program.slice(folder.length));
}
