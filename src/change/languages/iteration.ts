// What a loop over a thing gives, and the lists that globs and folders stand for. Implements spec/languages.md section 5.4.
// Twin of go/change/languages/iteration.go.

import { choiceThing, escapeGlob, itemsPerhaps, listThing, type Thing, textOf, toValue, UNKNOWN } from "./things.js";
import type { World } from "./world.js";

/** One item of a thing: any of the known ones, a line of standard input, or unknown. */
export function elementOf(world: World, thing: Thing): Thing {
  const items = itemsPerhaps(thing);
  if (items !== null) return items.length === 0 ? UNKNOWN : choiceThing(items);
  if (thing.kind !== "object" || thing.type !== "stdin") return thing.kind === "hidden" ? thing : UNKNOWN;
  const { stdin } = world.context;
  if (stdin.kind === "lines") return choiceThing(stdin.globs.map((glob) => ({ kind: "value", value: { kind: "pattern", glob } })));
  if (stdin.kind !== "text") return UNKNOWN;
  return choiceThing(
    stdin.text.split("\n").flatMap((line) => (line === "" ? [] : [{ kind: "value", value: { kind: "text", text: line } } as const])),
  );
}

/** The items of a thing where they are known one by one. */
export function itemsOf(thing: Thing): readonly Thing[] | null {
  return thing.kind === "list" ? thing.items : null;
}

/** The list of paths that a glob or a folder stands for: `paths` of a glob, `paths_below` a glob in a folder, `names` in a folder. */
export function listing(kind: "paths" | "paths_below" | "names", self: Thing, first: Thing): Thing {
  if (kind === "names") return listThing([{ kind: "value", value: { kind: "pattern", glob: "*" } }]);
  const glob = textOf(first);
  const base = textOf(self);
  if (glob === null || (kind === "paths_below" && base === null)) return { kind: "object", type: "paths", of: UNKNOWN };
  const whole =
    kind === "paths_below" && base !== "" && base !== null ? `${escapeGlob(base.endsWith("/") ? base.slice(0, -1) : base)}/${glob}` : glob;
  return listThing([{ kind: "object", type: "path", of: { kind: "value", value: { kind: "pattern", glob: whole } } }]);
}

/** The one word of a thing for a command, or a word of any number where it is a list that nobody knows. */
export function isPattern(thing: Thing): boolean {
  return toValue(thing).kind === "pattern";
}
