// Reads the fields of one mapping of the authoring form, each once and each with its type. Implements spec/catalogue.md clauses 1.2 and 1.4.
// No twin: only the compiled catalogue travels.

import type { Role } from "./model.js";
import { isRole, roleNames } from "./roles.js";
import { type Entry, type Place, type Problems, type Source, suggest } from "./source.js";

/** A mapping whose keys have been checked against the known ones. */
export class Fields {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #problems: Problems;
  readonly at: Place;

  constructor(source: Source, known: readonly string[], problems: Problems) {
    this.#problems = problems;
    this.at = source.at;
    const entries = source.kind === "map" ? source.entries : [];
    if (source.kind !== "map") problems.add(source.at, "a mapping is wanted here", `its keys are ${known.join(", ")}`);
    for (const entry of entries)
      if (!known.includes(entry.key)) problems.add(entry.at, `unknown key \`${entry.key}\``, suggest(entry.key, known));
    this.#entries = new Map(entries.map((entry) => [entry.key, entry]));
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  source(key: string): Source | null {
    return this.#entries.get(key)?.value ?? null;
  }

  flag(key: string): boolean {
    const source = this.source(key);
    if (source === null) return false;
    if (source.kind === "scalar" && typeof source.value === "boolean") return source.value;
    this.#problems.add(source.at, `\`${key}\` is true or false`);
    return false;
  }

  text(key: string): string {
    const source = this.source(key);
    return source === null ? "" : textOf(source, `\`${key}\` is a text`, this.#problems);
  }

  /** One of the words; `fallback` when the key is left out. */
  choice<const T extends string>(key: string, words: readonly T[], fallback: T): T {
    const source = this.source(key);
    if (source === null) return fallback;
    const value = textOf(source, `\`${key}\` is one word`, this.#problems);
    const found = words.find((word) => word === value);
    if (found === undefined) this.#problems.add(source.at, `\`${key}\` cannot be \`${value}\``, suggest(value, words));
    return found ?? fallback;
  }

  /** Names, as a list or as one string with blanks between them. */
  names(key: string): readonly string[] {
    const source = this.source(key);
    if (source === null) return [];
    if (source.kind === "list") return source.items.map((item) => textOf(item, `\`${key}\` is a list of names`, this.#problems));
    return textOf(source, `\`${key}\` is a list of names`, this.#problems)
      .split(" ")
      .filter((name) => name !== "");
  }

  /** A list of things, or the one thing itself. */
  items(key: string): readonly Source[] {
    const source = this.source(key);
    if (source === null) return [];
    return source.kind === "list" ? source.items : [source];
  }

  role(key: string): Role {
    const source = this.source(key);
    if (source !== null) return roleOf(source, this.#problems);
    this.#problems.add(this.at, `\`${key}\` is missing`);
    return "data";
  }

  roleMap(key: string): Readonly<Record<string, Role>> {
    const source = this.source(key);
    if (source === null) return {};
    if (source.kind !== "map") this.#problems.add(source.at, `\`${key}\` is a mapping of roles`);
    const entries = source.kind === "map" ? source.entries : [];
    return Object.fromEntries(entries.map((entry) => [entry.key, roleOf(entry.value, this.#problems)]));
  }
}

export function roleOf(source: Source, problems: Problems): Role {
  const role = textOf(source, "a role is a word", problems);
  if (!isRole(role)) problems.add(source.at, `unknown role \`${role}\``, suggest(role, roleNames()));
  return role;
}

export function textOf(source: Source, wanted: string, problems: Problems): string {
  if (source.kind === "scalar" && source.value !== null) return String(source.value);
  problems.add(source.at, wanted);
  return "";
}

/** Leaves out what has its default, so that the compiled catalogue stays small (spec/catalogue.md section 7). */
export function sparse<T extends object>(full: T): T {
  return Object.fromEntries(Object.entries(full).filter(([, value]) => !isDefault(value))) as T;
}

function isDefault(value: unknown): boolean {
  if (value === "" || value === false || value === 0 || value === undefined) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
