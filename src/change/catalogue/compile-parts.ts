// Compiles the parts of one program: options, operand slots, effects, standard input. Implements spec/catalogue.md clauses 2.3, 2.4, 2.6 and section 5.
// No twin: only the compiled catalogue travels.

import { Fields, roleOf, sparse, textOf } from "./fields.js";
import type { EffectTemplate, Option, Role, Slot, StdinUse } from "./model.js";
import type { Entry, Place, Problems, Source } from "./source.js";

const OPTION_KEYS = ["means", "role", "roles", "clears", "tree", "last", "keys", "inject", "ordinary", "when", "unless"];

/** The `options` mapping and the strings `flags` and `values`. One name twice is refused: the second would never be found. */
export function compileOptions(fields: Fields, problems: Problems): readonly Option[] {
  const source = fields.source("options");
  if (source !== null && source.kind !== "map") problems.add(source.at, "`options` is a mapping");
  const options = (source?.kind === "map" ? source.entries : []).map((entry) => compileOption(entry, problems));
  const flags = fields.names("flags").map((names) => ({ names: canonicalFirst(names.split(",")) }));
  const values = fields.names("values").map((names) => ({ names: canonicalFirst(names.split(",")), arity: 1 }));
  const all = [...options, ...flags, ...values];
  const seen = new Set<string>();
  for (const option of all) {
    for (const name of option.names) {
      if (seen.has(name)) problems.add(source?.at ?? fields.at, `the option \`${name}\` is described twice`);
      seen.add(name);
    }
  }
  return all;
}

function compileOption(entry: Entry, problems: Problems): Option {
  const { names, ...head } = optionHead(entry.key, entry.at, problems);
  const { value } = entry;
  const { arity } = head;
  if (value.kind === "map") return { names, ...sparse({ ...head, ...optionDetails(value, arity, problems) }) };
  if (value.kind === "scalar" && value.value === null) return { names, ...sparse(head) };
  if (arity === 0) return { names, means: textOf(value, "a meaning is a word", problems) };
  return { names, ...sparse({ ...head, roles: rolesOf(value.kind === "list" ? value.items : [value], problems) }) };
}

function optionDetails(source: Source, arity: number, problems: Problems): Omit<Option, "names" | "arity" | "optional" | "digits"> {
  const fields = new Fields(source, OPTION_KEYS, problems);
  const roles = rolesOf([...fields.items("role"), ...fields.items("roles")], problems);
  if (roles.length > arity) problems.add(source.at, "more roles than values", "the name says how many values: `-x=` one, `-x==` two");
  return {
    means: fields.text("means"),
    roles,
    clears: fields.names("clears"),
    tree: fields.text("tree"),
    last: fields.flag("last"),
    keys: fields.roleMap("keys"),
    inject: fields.names("inject"),
    ordinary: fields.names("ordinary"),
    ...conditions(fields),
  };
}

function rolesOf(sources: readonly Source[], problems: Problems): readonly Role[] {
  const roles = sources.map((source) => roleOf(source, problems));
  return roles.every((role) => role === "data") ? [] : roles;
}

/** `"-t, --target-directory="` → the names without what says the arity. A key of the dd form is a name that ends in `=` and takes the rest. */
function optionHead(
  key: string,
  at: Place,
  problems: Problems,
): { names: readonly string[]; arity: number; optional: boolean; digits: boolean } {
  const digits = key.endsWith("[0]");
  const optional = key.endsWith("[=]") || digits;
  const bare = optional ? key.slice(0, -3) : withoutEquals(key);
  const arity = optional ? 1 : key.length - bare.length;
  const names = canonicalFirst(bare.split(",").map((name) => name.trim()));
  if (names.some((name) => name === "" || name.includes(" ") || name.includes("="))) {
    problems.add(at, `\`${key}\` is no option`, "names with commas between them, then `=` for each value or `[=]`");
  }
  return { names, arity, optional, digits };
}

function withoutEquals(key: string): string {
  let end = key.length;
  while (key[end - 1] === "=") end -= 1;
  return key.slice(0, end);
}

// A stable sort: among names of one length the first written is canonical.
function canonicalFirst(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => b.length - a.length);
}

export function compileSlots(sources: readonly Source[], problems: Problems): readonly Slot[] {
  return sources.map((source) => {
    if (source.kind === "scalar") return { role: roleOf(source, problems) };
    const fields = new Fields(source, ["role", "take", "when", "unless", "tree", "place"], problems);
    const take = fields.choice("take", ["rest", "one", "all_but_last", "assignments", "every", "last"], "rest");
    const tree = fields.text("tree");
    return {
      role: fields.role("role"),
      ...(take === "rest" ? {} : { take }),
      ...conditions(fields),
      ...sparse({ tree }),
      ...placeOf(fields),
    };
  });
}

export function compileStdin(sources: readonly Source[], problems: Problems): readonly StdinUse[] {
  return sources.map((source) => {
    if (source.kind === "scalar") return { role: roleOf(source, problems) };
    const fields = new Fields(source, ["role", "when", "unless", "place"], problems);
    return { role: fields.role("role"), ...conditions(fields), ...placeOf(fields) };
  });
}

export function compileEffects(sources: readonly Source[], problems: Problems): readonly EffectTemplate[] {
  return sources.map((source) => {
    const known = ["kind", "system", "operation", "target", "direction", "data", "tree", "when", "unless"];
    const fields = new Fields(source, known, problems);
    const kind = fields.choice("kind", ["read", "write", "delete", "network", "operate", "opaque"], "operate");
    const direction = fields.choice("direction", ["receive", "send"], "receive");
    const data = fields.choice("data", ["none", "literal", "derived", "unknown"], "none");
    checkEffect(fields, kind, problems);
    return {
      kind,
      ...sparse({
        system: fields.text("system"),
        operation: fields.text("operation"),
        target: fields.text("target"),
        tree: fields.text("tree"),
      }),
      ...(direction === "receive" ? {} : { direction }),
      ...(data === "none" ? {} : { data }),
      ...conditions(fields),
    };
  });
}

function checkEffect(fields: Fields, kind: EffectTemplate["kind"], problems: Problems): void {
  const needed: Readonly<Record<EffectTemplate["kind"], readonly string[]>> = {
    read: ["target"],
    write: ["target"],
    delete: ["target"],
    network: ["target"],
    operate: ["system", "operation"],
    opaque: ["operation"],
  };
  for (const key of ["kind", ...needed[kind]]) if (!fields.has(key)) problems.add(fields.at, `an effect \`${kind}\` needs \`${key}\``);
}

export function conditions(fields: Fields): { when?: readonly string[]; unless?: readonly string[] } {
  return sparse({ when: fields.names("when"), unless: fields.names("unless") });
}

function placeOf(fields: Fields): { place?: "same" | "elsewhere" } {
  const place = fields.choice("place", ["child", "same", "elsewhere"], "child");
  return place === "child" ? {} : { place };
}
