// Reads a clause of `match`, `unless` or an exception. Implements spec/policy.md section 2.4.
// A key that cannot hold for the named effects is refused: a rule that silently never matches protects nobody.

import { compileGlob, compileTextGlob, sortedByBytes } from "../base/index.js";
import type { EffectKind } from "../change/index.js";
import { DEFAULT_BRANCH } from "./clause.js";
import { type Clause, EFFECT_KINDS } from "./model.js";
import { flag, inside, listOf, mapping, missing, type Place, report, text, word } from "./shape.js";
import type { Tree } from "./yaml-tree.js";

export const MAX_ITEMS = 500;

const FILES: readonly EffectKind[] = ["read", "write", "delete"];

type KeyForm = "path" | "text" | "word" | "flag";

/** Every key of a clause: what it holds, and the effects that have it. */
const KEYS: Readonly<
  Record<
    Exclude<keyof Clause, "effect">,
    { readonly form: KeyForm; readonly kinds: readonly EffectKind[]; readonly words?: readonly string[] }
  >
> = {
  unknown: { form: "flag", kinds: EFFECT_KINDS.filter((kind) => kind !== "opaque") },
  place: { form: "word", kinds: EFFECT_KINDS, words: ["here", "elsewhere"] },
  via: { form: "text", kinds: EFFECT_KINDS },
  agent: { form: "text", kinds: EFFECT_KINDS },
  user: { form: "text", kinds: EFFECT_KINDS },
  path: { form: "path", kinds: FILES },
  covers: { form: "path", kinds: FILES },
  extent: { form: "word", kinds: FILES, words: ["exact", "tree", "contents", "pattern", "unknown"] },
  inside_workspace: { form: "flag", kinds: FILES },
  in_temp: { form: "flag", kinds: FILES },
  program: { form: "text", kinds: ["exec"] },
  subcommand: { form: "text", kinds: ["exec"] },
  options: { form: "word", kinds: ["exec"] },
  known: { form: "flag", kinds: ["exec"] },
  harmless: { form: "flag", kinds: ["exec"] },
  host: { form: "text", kinds: ["network"] },
  direction: { form: "word", kinds: ["network"], words: ["receive", "send"] },
  data: { form: "word", kinds: ["network"], words: ["none", "literal", "derived", "unknown"] },
  operation: { form: "text", kinds: ["git", "operate"] },
  ref: { form: "text", kinds: ["git"] },
  remote: { form: "text", kinds: ["git"] },
  force: { form: "word", kinds: ["git"], words: ["none", "lease", "force"] },
  system: { form: "text", kinds: ["operate"] },
  target: { form: "text", kinds: ["operate"] },
  server: { form: "text", kinds: ["call"] },
  tool: { form: "text", kinds: ["call"] },
  capability: { form: "word", kinds: ["call"], words: ["read", "write", "execute", "network", "unknown"] },
  reason: { form: "text", kinds: ["opaque"] },
  detail: { form: "text", kinds: ["opaque"] },
};
const NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[];

/** `effect` may be left out of exceptions; it is then every kind that has all of the keys. */
export function readClause(tree: Tree, place: Place, effectNeeded: boolean): Clause | null {
  if (tree.kind !== "mapping") {
    mapping(tree, [], place);
    return null;
  }
  const fields = mapping(tree, ["effect", ...NAMES], place);
  const values: Record<string, unknown> = {};
  for (const name of NAMES) {
    const value = fields.get(name);
    if (value !== null) values[name] = readKey(name, value, inside(place, name));
  }
  const given = fields.get("effect");
  if (given === null && effectNeeded) missing(fields, "effect");
  if (given === null && Object.keys(values).length === 0)
    report(place, tree.at, "empty_clause", `\`${place.path}\` says nothing, so it would hold for everything`);
  const named = given === null ? null : listOf(given, inside(place, "effect"), (item, at) => word(item, EFFECT_KINDS, at), MAX_ITEMS);
  const fitting = EFFECT_KINDS.filter((kind) => NAMES.every((name) => !(name in values) || KEYS[name].kinds.includes(kind)));
  if (named === null && fitting.length === 0) report(place, tree.at, "key_does_not_fit", `no effect has all keys of \`${place.path}\``);
  for (const kind of named ?? []) {
    const misfit = NAMES.find((name) => name in values && !KEYS[name].kinds.includes(kind));
    if (misfit !== undefined)
      report(
        place,
        fields.get(misfit)?.at ?? tree.at,
        "key_does_not_fit",
        `\`${misfit}\` says nothing about the effect \`${kind}\``,
        `it is for ${KEYS[misfit].kinds.join(", ")}`,
      );
  }
  return { effect: sortedByBytes(named ?? fitting) as readonly EffectKind[], ...values };
}

function readKey(name: keyof typeof KEYS, tree: Tree, place: Place): unknown {
  const { form, words } = KEYS[name];
  if (form === "flag") return flag(tree, place);
  const read = (item: Tree, at: Place): string | null => (words === undefined ? text(item, at) : word(item, words, at));
  const values = listOf(tree, place, read, MAX_ITEMS);
  if (form === "path" || form === "text") for (const value of values) checkGlob(name, value, form, tree.at, place);
  return sortedByBytes(values);
}

function checkGlob(name: string, glob: string, form: KeyForm, at: string, place: Place): void {
  if (glob === "" || (name === "ref" && glob === DEFAULT_BRANCH)) return;
  const result = form === "path" ? compileGlob(glob, true) : compileTextGlob(glob, true);
  if (!result.ok) report(place, at, result.problem.code, result.problem.message);
  else if (form === "text" && glob.startsWith("${"))
    report(place, at, "bad_glob", `\`${glob}\`: only \`ref\` may use a variable, and only \`${DEFAULT_BRANCH}\``);
}
