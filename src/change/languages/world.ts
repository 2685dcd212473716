// The state of one reading: bindings, deeds, working folder, environment, and the work that is left. Implements spec/languages.md section 6.
// Twin of go/change/languages/world.go. One world lives as long as one call of readCode; nothing of it outlives the call.

import type { Span } from "../../base/span.js";
import type { Deed, Language, Scope } from "../deeds.js";
import type { Argument, Stdin, Value } from "../values.js";
import type { Arguments } from "./arguments.js";
import type { General } from "./scanner.js";
import type { LanguageTable } from "./table.js";
import { changedThing, choiceThing, grownThing, MAX_CHOICES, PLAIN, type Thing, toValue, UNKNOWN } from "./things.js";
import type { Token } from "./tokens.js";

export interface Context {
  readonly positional: readonly Argument[];
  readonly stdin: Stdin;
  readonly span: Span;
  /** Variables that are known to be in the environment of the code (`HOME`). */
  readonly environment?: Readonly<Record<string, Value>>;
}

export const MAX_STEPS = 200_000;
export const MAX_DEPTH = 96;
export const MAX_ENVIRONMENT = 64;
export const MAX_DEEDS = 2_000;

/** The readers that call each other in a circle; files below them reach them through the world, so that imports do not go in circles. */
export interface Engine {
  readonly expression: (world: World, cursor: Cursor) => Thing;
  /** One operand with its members, calls and subscripts. */
  readonly operand: (world: World, cursor: Cursor) => Thing;
  /** All statements up to the next closing bracket, or one of them. */
  readonly statements: (world: World, cursor: Cursor, one: boolean) => void;
  readonly invoke: (world: World, thing: Thing, args: Arguments) => Thing;
  readonly member: (world: World, thing: Thing, name: string) => Thing;
  /** A thing is given to something that may do anything with it. */
  readonly handOn: (world: World, thing: Thing) => void;
  /** Reads text as code of the same language in the same world. */
  readonly code: (world: World, code: string) => Thing;
}

export interface World {
  readonly engine: Engine;
  readonly language: General;
  readonly table: LanguageTable;
  readonly context: Context;
  readonly deeds: Deed[];
  readonly opaque: Set<string>;
  /** Name → what it was given last, and everything that it was given so far. */
  readonly bindings: Map<string, { last: Thing; readonly all: Thing[] }>;
  /** Variables of the comprehension or block that is read just now; they hide all others. */
  readonly pinned: Map<string, Thing>;
  readonly assigned: Map<string, Assigned>;
  /** Modules whose names were all imported (`from os import *`). */
  readonly open: string[];
  readonly environment: { name: string; value: Value }[];
  /** Results of code that was read for an argument, for the call to give. */
  readonly evaluated: Thing[];
  cwd: Thing | null;
  steps: number;
  depth: number;
  /** How many blocks, loops and functions stand around the place that is read. */
  block: number;
  /** A limit was met: what was read so far stands, and the rest is opaque. */
  exhausted: boolean;
}

/** How often a name is given a value, and whether always in a plain statement outside every block. */
export interface Assigned {
  readonly count: number;
  readonly straight: boolean;
  /** Something is put behind what it holds. */
  readonly grown: boolean;
  /** What it holds is changed in any other way. */
  readonly changed: boolean;
}

export interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  /** Before this place no list of names begins that is assigned to. */
  untupled: number;
}

export function cursorOf(tokens: readonly Token[]): Cursor {
  return { tokens, at: 0, untupled: 0 };
}

/** Counts one step of work; false when there is none left, and the reading ends as opaque. */
export function spend(world: World): boolean {
  if (world.steps > 0) {
    world.steps--;
    return true;
  }
  world.exhausted = true;
  return false;
}

/** Counts the work on texts: one step for every 16 units. */
export function charge(world: World, ...things: readonly Thing[]): void {
  for (const thing of things) {
    if (thing.kind === "value" && thing.value.kind === "text") world.steps -= thing.value.text.length >> 4;
    else if (thing.kind === "list" || thing.kind === "choice") {
      world.steps -= thing.items.length;
      if (thing.kind === "choice") for (const one of thing.items) if (one.kind === "list") world.steps -= one.items.length;
    }
  }
}

/** Sets a variable for everything that is started from here on. */
export function setEnvironment(world: World, name: string, value: Value): void {
  if (world.environment.length >= MAX_ENVIRONMENT) world.exhausted = true;
  else world.environment.push({ name, value });
}

export function emit(world: World, deed: Deed): void {
  if (world.deeds.length >= MAX_DEEDS) world.exhausted = true;
  else world.deeds.push(deed);
}

/** Says once that code in a language cannot be known. */
export function emitOpaque(world: World, reason: string, detail: string): void {
  const key = `${reason} ${detail}`;
  if (world.opaque.has(key)) return;
  world.opaque.add(key);
  // SECURITY: beyond MAX_DEEDS too. The temptation is `emit`: two thousand harmless deeds would then hide that there are more.
  world.deeds.push({ kind: "opaque", reason, detail, span: world.context.span });
}

export function emitUnknownCode(world: World, language: Language = world.language): void {
  emitOpaque(world, "unknown_code", language);
}

/** What an environment variable is known to hold. */
export function environmentValue(world: World, name: string): Thing {
  const set = world.environment.findLast((variable) => variable.name === name);
  if (set !== undefined) return { kind: "value", value: set.value };
  const given = world.context.environment;
  const value = given !== undefined && Object.hasOwn(given, name) ? given[name] : undefined;
  return value === undefined ? UNKNOWN : { kind: "value", value };
}

export function scopeHere(world: World): Scope {
  return { place: "child", cwd: world.cwd === null ? null : toValue(world.cwd), environment: [...world.environment], stdin: null };
}

/** The value of a name at this place, or null when nothing here ever gives it one. */
export function lookUp(world: World, name: string): Thing | null {
  const assigned = world.assigned.get(name);
  const thing = world.pinned.get(name) ?? given(world, name, assigned);
  if (thing === null || assigned === undefined) return thing;
  const longer = assigned.grown ? grownThing(thing) : thing;
  return assigned.changed ? changedThing(longer) : longer;
}

function given(world: World, name: string, assigned: Assigned | undefined): Thing | null {
  const bound = world.bindings.get(name);
  if (assigned === undefined || assigned.count === 0) return bound?.last ?? null;
  if (assigned.count === 1 || (assigned.straight && world.block === 0)) return bound?.last ?? UNKNOWN;
  // Given in several places: it may be any of them, and what is given further down is not known yet.
  const all = bound?.all ?? [];
  return choiceThing(all.length >= assigned.count ? all : [...all, UNKNOWN]);
}

export function bind(world: World, name: string, thing: Thing): void {
  const bound = world.bindings.get(name);
  if (bound === undefined) world.bindings.set(name, { last: thing, all: [thing] });
  else {
    bound.last = thing;
    const again = thing.kind === "name" && bound.all.some((one) => one.kind === "name" && one.name === thing.name);
    if (bound.all.length <= MAX_CHOICES) bound.all.push(again ? PLAIN : thing);
  }
}

export function peek(cursor: Cursor, ahead = 0): Token | undefined {
  return cursor.tokens[cursor.at + ahead];
}

export function skipNewlines(cursor: Cursor): void {
  while (peek(cursor)?.kind === "newline") cursor.at++;
}

export function isOperator(token: Token | undefined, text: string): boolean {
  return token?.kind === "operator" && token.text === text;
}

export function isName(token: Token | undefined, text: string): boolean {
  return token?.kind === "name" && token.text === text;
}

/** Moves on over an operator when it stands here. */
export function accept(cursor: Cursor, text: string): boolean {
  if (!isOperator(peek(cursor), text)) return false;
  cursor.at++;
  return true;
}
